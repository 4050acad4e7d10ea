"""Who may see and change what: on one's own machine, behind a proxy, and as a stranger."""

from __future__ import annotations

from types import SimpleNamespace

import gradio as gr
import httpx
import pytest
from made_runs import make_untrained_run
from small_page import idle_services

from resnet_demo.library.visitors import Visitor
from resnet_demo.services import Services
from resnet_demo.ui.visitor import FORWARDED, visitor


def request(host: str = "127.0.0.1", **headers: str) -> SimpleNamespace:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SimpleNamespace(headers=named, client=SimpleNamespace(host=host))


@pytest.fixture
def services(tmp_path) -> Services:
    return Services.create(idle_services(tmp_path).places, local=True)


def test_on_ones_own_machine_everything_is_ones_own(services):
    who = visitor(services, request())
    assert who.local and who.ids is None and who.key("any") is None


@pytest.mark.parametrize("header", FORWARDED)
def test_whoever_comes_through_a_proxy_is_a_stranger(services, header):
    who = visitor(services, request(**{header: "203.0.113.9"}))
    assert not who.local and who.ids == () and who.key("any") == ""


def test_without_a_request_nobody_is_local(services, tmp_path):
    assert not visitor(services, None).local
    public = idle_services(tmp_path / "public")
    assert not visitor(public, request()).local


@pytest.mark.parametrize(
    "host, counted",
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2::3", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::3", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_limits_count_by_the_address_of_a_visitor(services, host, counted):
    assert visitor(services, request(host)).address == counted
    assert visitor(services, request(host, x_forwarded_for="1.1.1.1")).address == counted


@pytest.mark.parametrize(
    "trusted, addresses",
    [
        ("", ["127.0.0.1"] * 3),
        ("10.0.0.0/8", ["127.0.0.1"] * 3),
        ("127.0.0.1, 10.0.0.0/8", ["198.51.100.7", "198.51.100.8", "2001:db8::/64"]),
    ],
)
def test_only_a_trusted_proxy_says_where_a_visitor_is(services, monkeypatch, trusted, addresses):
    """The first address is anybody's words, the last ones are those that proxies saw."""
    from pages import served

    from resnet_demo import server as app

    def address(request: gr.Request) -> list:
        who = visitor(services, request)
        return [who.address, who.local]

    monkeypatch.setenv("FORWARDED_ALLOW_IPS", app.networks(trusted))
    with gr.Blocks(analytics_enabled=False) as demo:
        gr.api(address, api_name="address")
    with served(demo) as place:
        for number, seen in enumerate(("198.51.100.7", "198.51.100.8", "2001:db8::9")):
            answer = httpx.post(
                f"{place}gradio_api/run/address",
                json={"data": []},
                headers={"X-Forwarded-For": f"203.0.113.{number}, {seen}, 10.1.2.3"},
            )
            assert answer.json()["data"] == [[addresses[number], False]]


@pytest.mark.parametrize("space, expected", [("", ""), ("me/demo", "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7")])
def test_proxies_are_trusted_on_a_space_only_unless_they_are_named(monkeypatch, space, expected):
    from resnet_demo import server as app

    monkeypatch.setenv("SPACE_ID", space)
    monkeypatch.delenv("RESNET_DEMO_TRUSTED_PROXIES", raising=False)
    assert app.make_parser().parse_args([]).trusted_proxies == expected
    monkeypatch.setenv("RESNET_DEMO_TRUSTED_PROXIES", "192.0.2.1, 2001:db8::/32")
    assert app.make_parser().parse_args([]).trusted_proxies == "192.0.2.1/32,2001:db8::/32"


@pytest.mark.parametrize("written", ["*", "everybody", "10.0.0.0/99"])
def test_what_is_no_network_is_not_trusted(written, capsys):
    from resnet_demo import server as app

    with pytest.raises(SystemExit):
        app.make_parser().parse_args(["--trusted-proxies", written])
    assert "accepted are addresses and networks" in capsys.readouterr().err


@pytest.mark.parametrize("kept", [None, [], "x", {1: "a", "b": 2, "c": None}, {"a": ["x"]}])
def test_whatever_a_browser_sends_is_no_key(services, kept):
    assert visitor(services, request(x_forwarded_for="1.1.1.1"), kept).keys == {}


def test_strangers_see_published_runs_and_theirs(services):
    make_untrained_run(services.places.weights, "published")
    for name in ("mine", "yours"):
        make_untrained_run(services.places.runs, name)
    stranger = Visitor({"mine": "key"})
    assert [run.id for run in stranger.runs(services.runs)] == ["published", "mine"]
    assert {run.id for run in Visitor(local=True).runs(services.runs)} == {"published", "mine", "yours"}
    assert [one.id for one in services.catalogue.ready(stranger.ids)] == ["published", "mine"]
    assert len(services.catalogue.ready(None)) == 3

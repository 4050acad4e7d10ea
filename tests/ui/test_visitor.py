"""Who may see and change what: on one's own machine, behind a proxy, and as a stranger."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from made_runs import make_untrained_run
from small_page import idle_services

from resnet_demo.services import Services
from resnet_demo.ui.visitor import FORWARDED, Visitor, visitor


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


def test_an_address_is_the_one_that_the_nearest_proxy_saw(services):
    assert visitor(services, request("10.0.0.1")).address == "10.0.0.1"
    assert visitor(services, request(x_forwarded_for="1.1.1.1, 2.2.2.2")).address == "2.2.2.2"


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

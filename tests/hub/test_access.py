"""Signing in on the Hub: the flow against the stand-in, whose token is used, and that it shows nowhere."""

from __future__ import annotations

import logging
import pickle
import threading
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from hub_api import as_the_hub
from huggingface_hub import HfApi, get_session
from small_page import idle_services
from starlette.applications import Starlette
from starlette.testclient import TestClient

from resnet_demo.errors import Refusal
from resnet_demo.hub import access
from resnet_demo.hub.access import Access, OAuth, local_path
from resnet_demo.hub.account import Account, account_of, ask_hub
from resnet_demo.services import Services
from resnet_demo.ui.shared import hub_account
from resnet_demo.ui.text import LANGUAGES

SECRET = "hf_a-token-that-nobody-sees"


@pytest.fixture
def hub(monkeypatch, tmp_path):
    with as_the_hub(monkeypatch, tmp_path / "home") as hub:
        hub.add_account(SECRET, "ada", orgs=("lab",))
        hub.add_account("hf_read", "ada", role="read")
        yield hub


@pytest.fixture
def space(hub, tmp_path):
    """Services of a Space, and a client that is a browser there."""
    oauth = OAuth("client", "client-secret", hub.address, "http://testserver")
    services = idle_services(tmp_path)
    object.__setattr__(services, "hub", Access(oauth))
    app = Starlette(routes=hub_account.routes(services))
    return SimpleNamespace(services=services, hub=hub, client=TestClient(app, follow_redirects=False))


def sign_in(space, purpose="save", back="/zh?tab=train"):
    """As a browser goes: to the page's address, to the Hub, and back."""
    begun = space.client.get("/hub/sign-in", params={"for": purpose, "back": back})
    assert begun.status_code == 303
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    returned = get_session().get(begun.headers["location"], follow_redirects=False).headers["location"]
    return asked, space.client.get(returned.removeprefix("http://testserver"))


def asks(space, **headers):
    """A request of the page itself, with the browser's cookies."""
    return SimpleNamespace(
        headers={"host": "testserver", "sec-fetch-site": "same-origin", **headers},
        cookies=dict(space.client.cookies), client=None,
    )  # fmt: skip


def test_who_signs_in_is_asked_for_no_more_than_needed_and_comes_back(space):
    space.hub.signed_in = SECRET
    asked, done = sign_in(space)
    assert asked["scope"] == ["openid profile contribute-repos"]
    assert (done.status_code, done.headers["location"]) == (303, "/zh?tab=train")
    account = hub_account.find_account(space.services, asks(space))
    assert (account.name, account.namespaces) == ("ada", ("ada", "lab"))
    assert hub_account.require_account(space.services, asks(space)).token == SECRET
    with pytest.raises(Refusal, match="Sign in"):  # jobs take another scope
        hub_account.require_account(space.services, asks(space), "jobs")
    hub_account.sign_out(space.services, asks(space))
    assert hub_account.find_account(space.services, asks(space)) is None


def test_a_cookie_holds_no_token_and_no_script_reads_it(space):
    space.hub.signed_in = SECRET
    before = space.client.get("/hub/sign-in", params={"for": "save", "back": "/"}).cookies[hub_account.COMING_BACK]
    _, done = sign_in(space)
    cookie = next(line for line in done.headers.get_list("set-cookie") if line.startswith(f"{hub_account.COOKIE}="))
    assert "HttpOnly" in cookie and SECRET not in str(done.headers) and before not in cookie


def test_on_a_space_the_cookie_works_in_the_frame_and_over_https_only(hub, tmp_path):
    services = idle_services(tmp_path)
    oauth = OAuth("client", "client-secret", hub.address, "https://ada-net.hf.space")
    object.__setattr__(services, "hub", Access(oauth))
    begun = TestClient(Starlette(routes=hub_account.routes(services)), follow_redirects=False).get(
        "/hub/sign-in?for=save&back=/"
    )
    told = begun.headers["set-cookie"].lower()
    assert "secure" in told and "samesite=none" in told and "httponly" in told
    assert "redirect_uri=https%3A%2F%2Fada-net.hf.space%2Flogin%2Fcallback" in begun.headers["location"]


def test_another_browser_cannot_finish_and_nothing_twice(space):
    space.hub.signed_in = SECRET
    begun = space.client.get("/hub/sign-in?for=save&back=/")
    returned = get_session().get(begun.headers["location"], follow_redirects=False).headers["location"]
    path = returned.removeprefix("http://testserver")
    other = TestClient(space.client.app, follow_redirects=False).get(path)  # no cookie of this sign-in
    assert other.status_code == 400 and "set-cookie" not in other.headers
    assert space.client.get(path).status_code == 303
    assert space.client.get(path).status_code == 400


def test_whoever_declines_is_not_signed_in(space):
    _, done = sign_in(space)
    assert done.headers["location"] == "/zh?tab=train"
    assert hub_account.find_account(space.services, asks(space)) is None


def test_a_hub_that_does_not_give_the_token_is_a_sentence(space):
    space.hub.signed_in = SECRET
    space.hub.fail("/oauth/token", 500)
    _, done = sign_in(space)
    assert done.status_code == 400 and "did not succeed" in done.text
    space.hub.fail("/oauth/token", 0)
    _, done = sign_in(space)
    assert done.status_code == 400 and "cannot be reached" in done.text


def test_a_token_expires(space, monkeypatch):
    space.hub.signed_in = SECRET
    sign_in(space)
    now = access.time.monotonic()
    monkeypatch.setattr(access.time, "monotonic", lambda: now + 28801)
    assert hub_account.find_account(space.services, asks(space)) is None


def test_sign_ins_are_bounded_for_each_address(space):
    for _ in range(access.MOST_PER_ADDRESS + 5):
        space.services.hub.begin("save", "/", "10.0.0.1")
    assert len(space.services.hub._begun) == access.MOST_PER_ADDRESS


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb", "evil"])
def test_nobody_is_sent_to_another_server(back):
    assert local_path(back) == "/"


def test_another_page_in_the_browser_has_no_account(space):
    space.hub.signed_in = SECRET
    sign_in(space)
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "", "origin": "https://evil.example"}):
        assert hub_account.find_account(space.services, asks(space, **headers)) is None


@pytest.fixture
def at_home(hub, monkeypatch, tmp_path):
    monkeypatch.setenv("HF_TOKEN", SECRET)
    idle = idle_services(tmp_path)
    return Services.create(idle.places, local=True)


def local_request(**headers):
    client = SimpleNamespace(host="127.0.0.1")
    return SimpleNamespace(headers={"host": "127.0.0.1:7860", **headers}, cookies={}, client=client)


def test_the_token_of_the_machine_is_for_who_sits_there(at_home, hub):
    assert hub_account.find_account(at_home, local_request()).name == "ada"
    assert hub_account.find_account(at_home, local_request()).name == "ada"
    assert hub.asked.count("GET /api/whoami-v2") == 1  # the Hub answers this question rarely
    for headers in (
        {"host": "rebound.example:7860"},
        {"x-forwarded-for": "10.0.0.9"},
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
    ):
        assert hub_account.find_account(at_home, local_request(**headers)) is None


def test_a_server_of_others_never_uses_it(at_home, tmp_path):
    public = Services.create(at_home.places, local=False)
    assert hub_account.find_account(public, local_request()) is None
    with pytest.raises(Refusal, match="Nobody can sign in"):
        hub_account.require_account(public, local_request())


def test_no_token_and_a_wrong_one_are_sentences(at_home, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    with pytest.raises(Refusal, match="does not accept the token"):
        hub_account.find_account(at_home, local_request())
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(Refusal, match="No token"):
        hub_account.require_account(at_home, local_request())


def test_a_token_is_in_no_word_log_or_pickle(hub, caplog):
    caplog.set_level(logging.DEBUG)
    account = account_of(SECRET)
    assert account.namespaces == ("ada", "lab") and not account.read_only and account_of("hf_read").read_only
    with pytest.raises(TypeError):
        pickle.dumps(account)
    hub.fail("whoami", 403)
    with pytest.raises(Refusal) as refused:
        account_of(SECRET)
    assert refused.value.__suppress_context__
    assert SECRET not in caplog.text + repr(account) + str(refused.value) + repr(OAuth("a", "b", "c", "d"))


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "hub.missing"), (403, "hub.rights"), (402, "hub.quota"), (413, "hub.quota"), (429, "hub.rate"),
     (409, "hub.changed"), (500, "hub.refused"), (0, "hub.offline")],
)  # fmt: skip
def test_each_failure_has_a_sentence(hub, status, code):
    hub.fail("/api/models/", status)
    with pytest.raises(Refusal) as refused:
        ask_hub(lambda: HfApi(token=SECRET).model_info("ada/net"), repository="ada/net")
    assert refused.value.code == code


def test_a_hub_that_does_not_answer_is_left(hub):
    with pytest.raises(Refusal, match="cannot be reached"):
        ask_hub(threading.Event().wait, seconds=0.05)


def test_what_a_space_gives_is_read():
    given = {
        "OAUTH_CLIENT_ID": "a", "OAUTH_CLIENT_SECRET": "b", "OPENID_PROVIDER_URL": "https://huggingface.co/",
        "SPACE_HOST": "ada-net.hf.space, net.example",
    }  # fmt: skip
    assert OAuth.from_environment(given).callback == "https://ada-net.hf.space/login/callback"
    assert OAuth.from_environment({**given, "OAUTH_CLIENT_SECRET": ""}) is None


def test_the_link_keeps_the_page():
    address = hub_account.sign_in_address(LANGUAGES["zh"], "save", {"tab": "train", "run": "a-0123"})
    assert address == "hub/sign-in?for=save&back=%2Fzh%3Ftab%3Dtrain%26run%3Da-0123"
    assert Account("ada", "x").has(frozenset({"jobs"}))


def test_the_space_asks_for_the_scopes_that_are_used_and_no_others():
    front = yaml.safe_load((Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8").split("---\n")[1])
    assert front["hf_oauth"] is True
    assert set(front["hf_oauth_scopes"]) == set().union(*access.SCOPES.values())

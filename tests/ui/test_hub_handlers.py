"""Saving to the Hub and loading from it, without a browser: what is shown to whom, and that no token is."""

from __future__ import annotations

import logging
from dataclasses import fields
from types import SimpleNamespace

import pytest
from hub_api import as_the_hub
from made_runs import make_trained_run, make_untrained_run
from managed import make_places

from resnet_demo.hub.access import Access, OAuth
from resnet_demo.hub.account import Account
from resnet_demo.runs.exchange.hub_push import push
from resnet_demo.services import Services
from resnet_demo.ui.shared import hub_load, hub_save
from resnet_demo.ui.shared.hub_account import COOKIE
from resnet_demo.ui.text import LANGUAGES

ENGLISH = LANGUAGES["en"]
SECRET = "hf_a-token-that-nobody-sees"
PARTS = hub_save.Parts(**{field.name: field.name for field in fields(hub_save.Parts)})
HERE = SimpleNamespace(headers={"host": "127.0.0.1:7860"}, client=SimpleNamespace(host="127.0.0.1"), cookies={})
RUN = "trained"


@pytest.fixture
def hub(monkeypatch, tmp_path):
    with as_the_hub(monkeypatch, tmp_path / "home", SECRET) as hub:
        hub.add_account(SECRET, "ada")
        yield hub


@pytest.fixture
def services(tmp_path, hub):
    places = make_places(tmp_path)
    make_trained_run(places.weights, RUN, evaluate=True)
    services = Services.create(places, local=True)
    yield services
    services.close()


@pytest.fixture
def handlers(services, monkeypatch):
    made = hub_save.Handlers(services, ENGLISH, PARTS)
    monkeypatch.setattr(made, "_draw", lambda matrix, title: b"\x89PNG picture")
    return made


def on_a_space(services, hub):
    """The same server on a Space, and a request from a browser whose visitor has signed in there."""
    access = Access(OAuth("client", "client-secret", hub.address, "https://ada-net.hf.space"))
    access._signed_in["number"] = (Account("ada", SECRET, scopes=frozenset({"contribute-repos"})), 1e12)
    object.__setattr__(services, "hub", access)
    headers = {"host": "ada-net.hf.space", "sec-fetch-site": "same-origin"}
    return SimpleNamespace(headers=headers, client=SimpleNamespace(host="192.0.2.1"), cookies={COOKIE: "number"})


def test_with_a_token_on_this_machine_a_name_is_proposed(handlers):
    shown = handlers.open(RUN, HERE)
    assert "As ada, with the token on this machine." in shown["who"] and shown["form"]["visible"]
    assert shown["repository"] == "ada/resnet8-a-shapes" and not shown["sign_in"]["visible"]
    assert not shown["sign_out"]["visible"]


def test_without_one_it_says_what_to_do(handlers, monkeypatch):
    monkeypatch.delenv("HF_TOKEN")
    shown = handlers.open(RUN, HERE)
    assert "hf auth login" in shown["who"] and not shown["form"]["visible"]


def test_with_a_wrong_one_too(handlers, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    shown = handlers.open(RUN, HERE)
    assert "does not accept the token" in shown["who"] and not shown["form"]["visible"]


def test_on_a_space_one_signs_in_and_out(handlers, services, hub):
    signed_in = on_a_space(services, hub)
    stranger = SimpleNamespace(headers=signed_in.headers, client=signed_in.client, cookies={})
    shown = handlers.open(RUN, stranger)
    assert shown["sign_in"]["visible"] and not shown["form"]["visible"]
    assert shown["sign_in"]["link"] == f"hub/sign-in?for=save&back=%2F%3Ftab%3Dtrain%26run%3D{RUN}"
    shown = handlers.open(RUN, signed_in)
    assert "Signed in as ada." in shown["who"] and shown["sign_out"]["visible"]
    shown = handlers.leave(RUN, signed_in)
    assert shown["sign_in"]["visible"] and handlers.open(RUN, signed_in)["sign_in"]["visible"]


def test_a_run_is_saved_and_its_place_linked(handlers, hub):
    *before, last = handlers.save(RUN, " ada/net ", "mit", True, HERE)
    assert last["status"]["text"] == "" and f'href="{hub.address}/ada/net"' in last["saved"]
    assert hub.repo("ada/net").private and "model.safetensors" in hub.repo("ada/net").files
    assert all("…" in values["status"]["text"] for values in before)


@pytest.mark.parametrize(
    ("run", "name", "words"),
    [(RUN, "no name", "is no name"), ("gone", "ada/net", "run"), (RUN, "bob/net", "no right")],
)
def test_what_cannot_be_saved_is_a_sentence(handlers, run, name, words):
    *_, last = handlers.save(run, name, "mit", True, HERE)
    assert last["status"]["error"] and words in last["status"]["text"]


def test_nobody_else_s_page_saves_with_the_token_of_this_machine(handlers, hub):
    other = SimpleNamespace(**{**vars(HERE), "headers": {**HERE.headers, "sec-fetch-site": "cross-site"}})
    *_, last = handlers.save(RUN, "ada/net", "mit", True, other)
    assert last["status"]["error"] and not hub.store.repos


def test_no_token_is_shown_or_logged(handlers, services, hub, caplog):
    caplog.set_level(logging.DEBUG)
    shown = [handlers.open(RUN, HERE), *handlers.save(RUN, "ada/net", "mit", True, HERE)]
    hub.fail("/commit/", 500, 9)
    shown += handlers.save(RUN, "ada/other", "mit", True, HERE)
    assert SECRET not in str(shown) + caplog.text
    files = [path for root in (services.places.runs, services.places.cache) for path in root.rglob("*")]
    assert not any(SECRET.encode() in path.read_bytes() for path in files if path.is_file())


def test_it_is_offered_for_what_has_ended_where_somebody_can_have_an_account(services, hub, tmp_path):
    trained, untrained = services.runs.get(RUN), make_untrained_run(services.places.runs, "untrained")
    assert hub_save.can_save(services, trained, local=True)
    assert not hub_save.can_save(services, trained, local=False)
    assert not hub_save.can_save(services, untrained, local=True) and not hub_save.can_save(services, None, local=True)
    on_a_space(services, hub)
    assert hub_save.can_save(services, trained, local=False)


def load(services, name, private=False, request=HERE):
    *_, (status, made) = hub_load.loaded(services, ENGLISH, name, private, "hub.load.done", request)
    return status, made


def test_a_model_is_loaded_as_a_run_of_the_visitor_s(services, hub):
    push(services.runs.get(RUN), "ada/net", Account("ada", SECRET), lambda *_: b"", private=True)
    status, made = load(services, "ada/net")  # the token of this machine is not used unless asked for
    assert made is None and status["error"] and "is private" in status["text"]
    status, made = load(services, " ada/net ", private=True)
    assert "ResNet-8 has been loaded from ada/net" in status["text"]
    assert services.manager.owns(made.run.id, made.token) and made.run.predictions()
    assert not list(services.places.cache.glob("hub-*"))  # what was downloaded is gone


@pytest.mark.parametrize(("name", "words"), [("", "Enter the name"), (None, "Enter"), ("x", "is no name")])
def test_a_name_is_needed(services, name, words):
    status, made = load(services, name)
    assert made is None and status["error"] and words in status["text"]


def test_a_model_counts_as_an_upload_of_the_address(services, hub, monkeypatch):
    push(services.runs.get(RUN), "ada/net", Account("ada", SECRET), lambda *_: b"")
    monkeypatch.setattr(services.uploads, "address", 1000)
    status, made = load(services, "ada/net")
    assert made is None and status["error"] and "/resolve/" not in "".join(hub.asked[-1:])

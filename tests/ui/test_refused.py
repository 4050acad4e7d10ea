"""What a handler cannot do is said where the answer would stand: in Confusion, in Train, and in both languages."""

from __future__ import annotations

import signal
from signal import SIGKILL
from types import SimpleNamespace

import gradio as gr
import pytest
from made_runs import make_trained_run, make_untrained_run
from starlette.applications import Starlette
from starlette.testclient import TestClient

from resnet_demo.inference.classifier import InferenceError
from resnet_demo.places import Places
from resnet_demo.processes import Processes
from resnet_demo.services import Services
from resnet_demo.ui.confusion import cells, takeaway
from resnet_demo.ui.confusion.choosing import Choice
from resnet_demo.ui.confusion.differing import Differing
from resnet_demo.ui.confusion.opened import Opened
from resnet_demo.ui.text import LANGUAGES
from resnet_demo.ui.train import launching, viewing
from resnet_demo.ui.turns import Turns
from resnet_demo.ui.visitor import NOBODY

REFUSAL = InferenceError("There is nothing.", "no_weights", name="the run")


@pytest.fixture
def services(tmp_path):
    places = Places(data=None, **{name: tmp_path / name for name in ("cache", "runs", "weights")})
    return Services.create(places, local=True)


def handlers(page: gr.Blocks) -> dict[str, object]:
    return {one.fn.__name__: one.fn for one in page.fns.values() if one.fn is not None}


def refuse(*args, **options):
    raise REFUSAL


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_that_cannot_be_looked_into_says_why(services, language, monkeypatch):
    text, found = LANGUAGES[language], SimpleNamespace(network="n")
    answer = [(found, ""), (None, "It is gone.")]
    choice = Choice(*[None] * len(Choice._fields))
    with gr.Blocks() as page:
        opened = Opened(services, text)
        chosen = [gr.State(None) for _ in choice]
        doors = {"pictures": gr.State(), "classify": gr.State()}
        opened.wire(SimpleNamespace(tabs=gr.State(), doors=doors), chosen, lambda choice, request: answer[0])
    monkeypatch.setattr(cells, "looked", refuse)
    pick, turn = handlers(page)["pick"], handlers(page)["turned"]
    shown = pick(SimpleNamespace(index=0), None, *choice)
    assert shown[1]["message"] == text("error.no_weights", name="the run") and shown[0]["visible"] is True
    del answer[0]  # the whole answers cannot be had
    assert pick(SimpleNamespace(index=0), None, *choice)[1]["message"] == "It is gone."
    assert turn(None, (0, 1), 0, *choice)[0] == {"note": "It is gone.", "items": []}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_that_one_side_gets_right_say_why_there_are_none(services, language, monkeypatch):
    text, choice = LANGUAGES[language], Choice(*[None] * len(Choice._fields))
    with gr.Blocks() as page:
        differing = Differing(services, text)
        differing.output()
        differing.wire([gr.State(None) for _ in choice])
    monkeypatch.setattr(differing, "both", refuse)
    shown = handlers(page)["looked"](None, "this", 0, None, None, None, *choice)
    assert shown[0] == {"note": text("error.no_weights", name="the run"), "items": []}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_epoch_that_cannot_be_shown_says_why(services, language, monkeypatch):
    text, run = LANGUAGES[language], make_untrained_run(services.places.weights, "one")
    monkeypatch.setattr(viewing, "is_here", lambda services, data: True)
    monkeypatch.setattr(viewing, "is_prepared", lambda **where: True)
    monkeypatch.setattr(launching, "load_dataset", lambda **where: launching.check_data(services, "own:nothing"))
    note = viewing.epoch(services, run, None, NOBODY, text).mistakes["note"]
    assert "own:nothing" in note and (language == "en") == ("known are" in note)


def test_a_file_whose_drawing_process_is_killed_says_so(services, monkeypatch):
    make_trained_run(services.places.weights, "one", evaluate=True)
    submit = Processes._submit
    monkeypatch.setattr(Processes, "_submit", lambda self, *work, **how: submit(self, signal.raise_signal, SIGKILL))
    client = TestClient(Starlette(routes=takeaway.routes(services, Turns(services))))
    try:
        for language, text in LANGUAGES.items():
            answer = client.get(f"/confusion/one/test/matrix.png?language={language}")
            assert (answer.status_code, answer.text) == (400, text("error.process.ended"))
    finally:
        services.close()

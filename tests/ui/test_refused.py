"""What a handler cannot do is said where the answer would stand: in Confusion, in Train, and in both languages."""

from __future__ import annotations

import signal
from dataclasses import replace
from signal import SIGKILL
from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest
from made_runs import make_trained_run, make_untrained_run
from starlette.applications import Starlette
from starlette.testclient import TestClient

from resnet_demo.data.sizes import memory_size
from resnet_demo.errors import Refusal
from resnet_demo.library import datasets
from resnet_demo.library.answers import Answers
from resnet_demo.library.launching import check_data
from resnet_demo.library.visitors import NOBODY
from resnet_demo.places import Places
from resnet_demo.processes import Processes
from resnet_demo.runs.accounts import MEGABYTE, Account
from resnet_demo.services import Services
from resnet_demo.ui.confusion import bringing as module
from resnet_demo.ui.confusion import cells, takeaway
from resnet_demo.ui.confusion.bringing import Bringing
from resnet_demo.ui.confusion.choosing import Brought, Choice, held
from resnet_demo.ui.confusion.differing import Differing
from resnet_demo.ui.confusion.opened import Opened
from resnet_demo.ui.shared import epoch_views
from resnet_demo.ui.shared.epoch_views import epoch_of
from resnet_demo.ui.text import LANGUAGES
from resnet_demo.ui.turns import Turns

REFUSAL = Refusal("no_weights", name="the run")


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
        shared = {"pictures": gr.State(), "classify": gr.State()}
        opened.wire(SimpleNamespace(tabs=gr.State(), shared=shared), chosen, lambda choice, request: answer[0])
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
    monkeypatch.setattr(epoch_views, "is_available", lambda services, data: True)
    monkeypatch.setattr(epoch_views, "is_prepared", lambda **where: True)
    monkeypatch.setattr(datasets, "load_dataset", lambda **where: check_data(services, "own:nothing"))
    note = epoch_of(services, run, None, NOBODY, text).mistakes["note"]
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


@pytest.fixture
def bringing(services):
    """`bringing(text)`: the handlers of what visitors upload to Confusion."""

    def make(text) -> dict[str, object]:
        with gr.Blocks() as page:
            frame = SimpleNamespace(kept=gr.State())
            Bringing(services, text).wire(frame, gr.Dropdown(), gr.State(), gr.State(), lambda which, kept: None)
        return handlers(page)

    return make


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("moment", ["before its columns are shown", "while it is opened", "while it is opened again"])
def test_predictions_that_are_deleted_while_they_are_read_are_a_sentence(
    bringing, tmp_path, monkeypatch, language, moment
):
    text, path = LANGUAGES[language], tmp_path / "first.csv"
    path.write_text("first,second\ncat,dog\n")
    read = bringing(text)["read"]
    asked = read(str(path), None)
    assert asked[0]["text"] == text("columns.ask", name="first.csv") and not asked[0]["error"]
    expected = text("error.data.expired", name="first.csv", minutes=60)
    if moment == "before its columns are shown":
        real = module.read_predictions

        def deleted(*given, **options):
            try:
                return real(*given, **options)
            finally:
                path.unlink()

        monkeypatch.setattr(module, "read_predictions", deleted)
    else:
        expected = text("error.table.no_file", name="first.csv")
        moments = iter((moment == "while it is opened", True))
        is_file = type(path).is_file

        def deleted(file) -> bool:
            there = is_file(file)
            if file == path and next(moments):
                path.unlink(missing_ok=True)
            return there

        monkeypatch.setattr(type(path), "is_file", deleted)
    told = read(str(path), None)
    assert told[0]["error"] and told[0]["text"] == expected


def test_what_a_page_keeps_of_answers_is_counted_with_their_matrix(services):
    """The matrix of many classes is larger than the answers, and kept as long as they are."""
    rows = np.zeros(10, np.int64)
    answers = Answers(tuple(f"class {number}" for number in range(1000)), rows, rows)
    with pytest.raises(Refusal):
        held(replace(services, memory=Account("memory", 4 * MEGABYTE)), Brought("many.csv", answers), NOBODY)
    account = Account("memory", 16 * MEGABYTE)
    kept = held(replace(services, memory=account), Brought("many.csv", answers), NOBODY)
    before = account.used()
    assert before > kept.answers.matrix.counts.nbytes == 8_000_000
    shares = np.full((10, 2), 0.5, np.float32)
    answers = Answers(("cat", "dog"), rows, rows, shares)
    size = memory_size(answers)
    assert memory_size(answers) == size and answers.confidence.nbytes == 40
    assert memory_size(answers) >= size + 40

"""What a handler cannot do is said where the answer would stand: in Confusion, in Train, and in both languages."""

from __future__ import annotations

import signal
from dataclasses import replace
from signal import SIGKILL
from types import SimpleNamespace

import numpy as np
import pytest
from made_runs import make_trained_run, make_untrained_run
from named_parts import named_parts
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
from resnet_demo.ui.confusion import cell_handlers, cell_views, difference_handlers, predictions_handlers, takeaway
from resnet_demo.ui.confusion.cell_handlers import CellHandlers
from resnet_demo.ui.confusion.cell_layout import CellParts
from resnet_demo.ui.confusion.choice import Choice, OwnAnswers, Selection, hold_in_memory
from resnet_demo.ui.confusion.difference_handlers import DifferenceHandlers
from resnet_demo.ui.confusion.difference_layout import DifferenceParts
from resnet_demo.ui.confusion.predictions_handlers import PredictionsHandlers
from resnet_demo.ui.confusion.predictions_layout import PredictionsParts
from resnet_demo.ui.shared import epoch_views
from resnet_demo.ui.shared.epoch_views import epoch_of
from resnet_demo.ui.text import LANGUAGES
from resnet_demo.ui.turns import Turns

REFUSAL = Refusal("no_weights", name="the run")


@pytest.fixture
def services(tmp_path):
    places = Places(data=None, **{name: tmp_path / name for name in ("cache", "runs", "weights")})
    return Services.create(places, local=True)


def refuse(*args, **options):
    raise REFUSAL


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_that_cannot_be_looked_into_says_why(services, language, monkeypatch):
    text, selected = LANGUAGES[language], [Selection(SimpleNamespace(network="n")), Selection(None, "It is gone.")]
    cell, event = CellHandlers(services, text, named_parts(CellParts)), SimpleNamespace(index=0)
    monkeypatch.setattr(cell_handlers, "select", lambda *chosen: selected[0])
    monkeypatch.setattr(cell_views, "explained", refuse)
    shown = cell.explain(event, None, *Choice())
    assert shown["heat"]["message"] == text("error.no_weights", name="the run")
    del selected[0]  # the answers cannot be read at all
    assert cell.explain(event, None, *Choice())["heat"]["message"] == "It is gone."
    assert cell.next_page(None, (0, 1), 0, *Choice())["images"] == {"note": "It is gone.", "items": []}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_that_one_side_gets_right_say_why_there_are_none(services, language, monkeypatch):
    text = LANGUAGES[language]
    difference = DifferenceHandlers(services, text, named_parts(DifferenceParts))
    monkeypatch.setattr(difference_handlers, "chosen_answers", refuse)
    shown = difference.choose_side(None, "this", 0, None, *Choice())
    assert shown["images"] == {"note": text("error.no_weights", name="the run"), "items": []}


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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("moment", ["before its columns are shown", "while it is opened", "while it is opened again"])
def test_predictions_that_are_deleted_while_they_are_read_are_a_sentence(
    services, tmp_path, monkeypatch, language, moment
):
    text, path = LANGUAGES[language], tmp_path / "first.csv"
    path.write_text("first,second\ncat,dog\n")
    read = PredictionsHandlers(services, text, named_parts(PredictionsParts)).read
    status = read(str(path), None)["status"]
    assert status["text"] == text("columns.ask", name="first.csv") and not status["error"]
    expected = text("error.data.expired", name="first.csv", minutes=60)
    if moment == "before its columns are shown":
        real = predictions_handlers.read_uploaded

        def deleted(*given, **options):
            try:
                return real(*given, **options)
            finally:
                path.unlink()

        monkeypatch.setattr(predictions_handlers, "read_uploaded", deleted)
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
    status = read(str(path), None)["status"]
    assert status["error"] and status["text"] == expected


def test_what_a_page_keeps_of_answers_is_counted_with_their_matrix(services):
    """The matrix of many classes is larger than the answers, and kept as long as they are."""
    rows = np.zeros(10, np.int64)
    answers = Answers(tuple(f"class {number}" for number in range(1000)), rows, rows)
    with pytest.raises(Refusal):
        hold_in_memory(
            replace(services, memory=Account("memory", 4 * MEGABYTE)), OwnAnswers("many.csv", answers), NOBODY
        )
    account = Account("memory", 16 * MEGABYTE)
    kept = hold_in_memory(replace(services, memory=account), OwnAnswers("many.csv", answers), NOBODY)
    before = account.used()
    assert before > kept.answers.matrix.counts.nbytes == 8_000_000
    shares = np.full((10, 2), 0.5, np.float32)
    answers = Answers(("cat", "dog"), rows, rows, shares)
    size = memory_size(answers)
    assert memory_size(answers) == size and answers.confidence.nbytes == 40
    assert memory_size(answers) >= size + 40

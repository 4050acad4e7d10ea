"""What was read of files is kept while they are the same on disk."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from made_runs import make_trained_run
from small_page import idle_services

from resnet_demo.engine.events import StepMetrics, to_line
from resnet_demo.library.visitors import Visitor
from resnet_demo.runs import log, records
from resnet_demo.runs.files import LOG, META, PREDICTIONS
from resnet_demo.runs.folder import RunError
from resnet_demo.runs.index import RunIndex
from resnet_demo.runs.kept import ARRAYS, Files
from resnet_demo.runs.log import read_log


@pytest.fixture
def opened(monkeypatch) -> Counter:
    """How often each file of a run has been opened, by its name."""
    counted, real = Counter(), records.open_file

    def count(path):
        file = real(path)
        counted[f"{path.parent.name}/{path.name}"] += 1
        return file

    for module in (records, log):
        monkeypatch.setattr(module, "open_file", count)
    return counted


@pytest.fixture
def index(tmp_path):
    make_trained_run(tmp_path, "one", evaluate=True)
    return RunIndex([tmp_path])


def test_each_file_is_opened_once_whoever_asks(index, opened):
    for _ in range(3):
        run = index.get("one")
        assert run.config and run.state() and run.events() and run.last_report() and run.predictions() and not run.note
    assert opened and set(opened.values()) == {1}


def test_a_file_that_was_replaced_is_read_anew(index, opened):
    assert index.get("one").name == ""
    path = index.get("one").path / META
    for name in ("first", "other"):  # as many bytes
        (path.parent / "scratch").write_text(f'{{"name": "{name}"}}')
        (path.parent / "scratch").replace(path)
        assert index.get("one").name == name == index.get("one").name
    path.unlink()
    assert index.get("one").name == ""


def test_of_a_log_that_grows_only_the_new_lines_are_read(index, opened, monkeypatch):
    parsed = []
    monkeypatch.setattr(log, "from_line", lambda line, real=log.from_line: parsed.append(line) or real(line))
    before = index.get("one").events()
    parsed.clear()
    last = next(event for event in reversed(before) if isinstance(event, StepMetrics))
    line = to_line(last)
    with open(index.get("one").path / LOG, "a") as file:
        file.write(line + "\n" + line[:20])
    assert index.get("one").events()[-1] == last and len(parsed) == 1
    with open(index.get("one").path / LOG, "a") as file:
        file.write(line[20:] + "\n{}\n")
    for _ in range(2):
        with pytest.raises(RunError, match=f"line {len(before) + 3} is damaged"):
            index.get("one").events()
    kept = index.get("one")._log().lines[-1].error
    assert kept.__traceback__ is None  # else it would keep the frames of all who were refused, and what they hold
    assert len(parsed) == 3 and index.get("one").state() == "finished"


def test_a_log_that_begins_anew_is_not_continued(tmp_path):
    path, files = tmp_path / "run" / LOG, Files()
    path.parent.mkdir()
    lines = [to_line(StepMetrics(step, 0.1, 0.1, 1.0, 0.5, 0.1, 10.0, 1.0, 100.0)) + "\n" for step in (1, 2, 3)]
    path.write_text("".join(lines))
    assert len(files.follow(path, lambda before: read_log(path, before)).lines) == 3
    path.write_text(lines[1])
    assert [event.step for event in files.follow(path, lambda before: read_log(path, before)).events()] == [2]


def test_what_is_kept_is_bounded_and_the_latest_stays(tmp_path):
    files, made = Files(most_bytes=4000), []
    paths = [tmp_path / str(number) for number in range(3)]
    for path in paths:
        path.write_bytes(b"x")

    def load(path, size=1500):
        return files.read(path, lambda: made.append(path) or np.zeros(size, np.uint8), ARRAYS)

    for path in (*paths[:2], paths[0], paths[2], paths[0]):
        load(path)
    assert made == paths
    load(paths[1])
    assert made == [*paths, paths[1]]
    load(tmp_path / "large", 3000) if (tmp_path / "large").write_bytes(b"x") else None
    load(tmp_path / "large", 3000)
    assert made[-2:] == [tmp_path / "large"] * 2  # more than half of all: not worth the others


def test_arrays_that_many_are_given_cannot_be_changed(index):
    logits = index.get("one").predictions()["test"].logits
    with pytest.raises(ValueError, match="read-only"):
        logits[0] = 0
    assert (index.get("one").path / PREDICTIONS).is_file()


def test_opening_a_tab_opens_no_file_of_a_run_twice(tmp_path, opened):
    from resnet_demo.library.answers import answer_sets, answers
    from resnet_demo.ui.text import LANGUAGES
    from resnet_demo.ui.train import listing

    services, who = idle_services(tmp_path), Visitor({"one": "", "two": ""})
    for name in ("one", "two"):
        make_trained_run(services.places.runs, name, evaluate=True)
    opened.clear()
    value, runs = listing.rows(services, who, LANGUAGES["en"])
    assert len(value["rows"]) == 2
    for run in (*runs, *runs):
        assert services.manager.status(run.id).state == "finished"
        assert answers(services, services.runs.get(run.id), answer_sets(run)[0])
    assert len(opened) == 6 and set(opened.values()) == {1}, opened  # configuration, log and predictions

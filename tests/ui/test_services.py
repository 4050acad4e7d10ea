"""The index of runs, the words of the page, and its handlers without a browser."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from threading import Event

import pytest
from in_process import prepare
from made_runs import make_untrained_run

from resnet_demo import server
from resnet_demo.places import Places
from resnet_demo.runs.files import WEIGHTS
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.index import RunIndex, UnknownRun
from resnet_demo.services import Services


@pytest.fixture
def empty(tmp_path) -> Services:
    root = tmp_path
    return Services.create(Places(data=None, cache=root / "c", runs=root / "runs", weights=root / "weights"))


def test_the_index_lists_published_runs_first_then_the_newest(empty):
    assert empty.runs.list() == []
    for age, name in enumerate(("newest", "older", "oldest")):
        run = make_untrained_run(empty.places.runs, name)
        os.utime(run.path / "config.json", (1e9 - age, 1e9 - age))
    make_untrained_run(empty.places.weights, "z-published")
    (empty.places.runs / "no-run").mkdir()
    (empty.places.runs / "broken").mkdir()
    (empty.places.runs / "broken" / "config.json").write_text("{")
    (empty.places.runs / "older" / WEIGHTS).unlink()
    assert [run.id for run in empty.runs.list()] == ["z-published", "newest", "older", "oldest"]
    assert [run.id for run in empty.runs.with_weights()] == ["z-published", "newest", "oldest"]
    published = empty.runs.get("z-published")
    assert empty.runs.is_published(published) and not empty.runs.is_published(empty.runs.get("newest"))


@pytest.mark.parametrize("name", ["../weights/a", "a/", ".", "..", "", "/", "A", "a\0", "${x}"])
def test_an_id_is_looked_up_and_never_joined_to_a_path(empty, name):
    make_untrained_run(empty.places.weights, "a")
    with pytest.raises(UnknownRun) as caught:
        empty.runs.get(name)
    assert str(caught.value).startswith("There is no run called")
    assert empty.runs.get("a").path == empty.places.weights / "a"


@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket")  # on which Gradio tries the port
def test_a_port_in_use_gives_one_sentence(tmp_path, monkeypatch, capsys):
    prepare(monkeypatch, runs=tmp_path, weights=tmp_path)
    monkeypatch.setattr("resnet_demo.ui.build.TABS", ())  # it listens in vain whatever is on the page
    with socket.create_server(("127.0.0.1", 0)) as used:
        port = used.getsockname()[1]
        assert server.main(["--port", str(port)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.strip() == f"app.py: cannot listen on port {port} of 127.0.0.1; choose another with --port"


def test_a_title_says_network_data_and_where_from(empty):
    from resnet_demo.ui.runs import run_title
    from resnet_demo.ui.text import LANGUAGES

    published = make_untrained_run(empty.places.weights, "a")
    mine = make_untrained_run(empty.places.runs, "b")
    assert run_title(empty.runs, published, LANGUAGES["en"]) == "ResNet-8 A · own, 1 epoch"
    further = make_untrained_run(empty.places.weights, "c", length=5.0, seed=2)
    assert run_title(empty.runs, further, LANGUAGES["en"]) == "ResNet-8 A · own, 5 epochs, seed 2"
    assert [run.id for run in empty.runs.list()] == ["c", "a", "b"], "the longer one of equal data comes first"
    Path(mine.path / "meta.json").write_text('{"name": "my first"}')
    assert run_title(empty.runs, mine, LANGUAGES["en"]).startswith("my first · ResNet-8 A, own, 20")
    assert isinstance(RunIndex([]).list(), list) and RunFolder(mine.path).id == "b"


def test_cleaning_up_goes_on_after_an_error(empty, monkeypatch, caplog):
    stop, times = Event(), []

    def clean_up() -> None:
        times.append(1)
        if len(times) == 3:
            stop.set()
        raise RuntimeError("something is wrong with my-secret.png")

    monkeypatch.setattr(empty.manager, "clean_up", clean_up)
    empty.clean_up_regularly(stop, seconds=0)
    assert len(times) == 3 and "cleaning up failed: RuntimeError" in caplog.text and "secret" not in caplog.text

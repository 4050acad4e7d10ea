"""Weights that many visitors of one server ask for. How a download goes is held by tests/data/test_download.py."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hub_server import serving

from resnet_demo.data.errors import DataError
from resnet_demo.errors import Refusal
from resnet_demo.inference.catalogue import Catalogue
from resnet_demo.inference.imagenet import PRETRAINED, Pretrained, fetched_to
from resnet_demo.places import Places
from resnet_demo.runs.index import RunIndex
from resnet_demo.ui.errors import sentence
from resnet_demo.ui.text import LANGUAGES

CONTENT = bytes(range(251)) * 5000  # 1.3 MB
TINY = Pretrained(18, "resnet18-f37072fd.pth", len(CONTENT), hashlib.sha256(CONTENT).hexdigest()[:12])


@pytest.fixture
def hub(monkeypatch):
    with serving(monkeypatch, {"model.safetensors": CONTENT}) as hub:
        yield hub


@pytest.fixture
def places(tmp_path) -> Places:
    return Places(None, *(tmp_path / name for name in ("cache", "runs", "weights")))


def test_visitors_who_ask_at_once_share_one_download(hub, places, monkeypatch):
    monkeypatch.setattr("resnet_demo.inference.catalogue.PRETRAINED", (TINY, *PRETRAINED[1:]))
    hub.gate = threading.Event()
    catalogue = Catalogue(RunIndex([places.weights, places.runs]), places)
    seen: dict[int, set] = {}

    def ask(visitor: int):
        def report(done: int, total: int) -> None:
            seen.setdefault(visitor, set()).add(threading.get_ident())
            if len(seen) == 6:
                hub.gate.set()

        return catalogue.fetch(TINY, report), threading.get_ident()

    assert TINY in catalogue.missing() and catalogue.ready() == []
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(ask, range(6)))
    assert hub.asked.count("GET") == 1
    assert {found.weights for found, _ in answers} == {fetched_to(TINY, places)}
    assert [seen[visitor] for visitor in range(6)] == [{thread} for _, thread in answers], "reports in their own thread"
    assert catalogue.ready()[0].id == "imagenet/resnet18" and TINY not in catalogue.missing()


def test_a_visitor_who_leaves_takes_nobodys_download_along(hub, places):
    hub.gate = threading.Event()
    catalogue = Catalogue(RunIndex([places.weights, places.runs]), places)

    def leave(done: int, total: int) -> None:
        hub.gate.set()
        raise RuntimeError("gone")

    with pytest.raises(RuntimeError, match="gone"):
        catalogue.fetch(TINY, leave)
    assert catalogue.fetch(TINY).weights.read_bytes() == CONTENT
    assert hub.asked.count("GET") == 1


def test_a_failure_is_told_to_all_and_the_next_try_starts_anew(hub, places):
    hub.status = 404
    catalogue = Catalogue(RunIndex([places.weights, places.runs]), places)
    with pytest.raises(DataError, match="HTTP 404"):
        catalogue.fetch(TINY)
    hub.status = 200
    assert catalogue.fetch(TINY).weights.read_bytes() == CONTENT


def test_a_download_that_cannot_be_loaded_is_deleted_and_offered_again(hub, places, monkeypatch, tmp_path):
    monkeypatch.setattr("resnet_demo.inference.catalogue.PRETRAINED", (TINY, *PRETRAINED[1:]))
    catalogue = Catalogue(RunIndex([places.weights, places.runs]), places)
    one = catalogue.fetch(TINY)
    with pytest.raises(Refusal, match="deleted and can be downloaded anew") as caught:
        one.loader()
    assert sentence(caught.value, LANGUAGES["en"]) == str(caught.value) != sentence(caught.value, LANGUAGES["zh"])
    assert not one.weights.exists() and TINY in catalogue.missing()
    mine = replace(places, imagenet=tmp_path / "mine")
    mine.imagenet.mkdir()
    (mine.imagenet / "resnet18.safetensors").write_bytes(CONTENT)
    one = Catalogue(RunIndex([]), mine).get(TINY.id)
    with pytest.raises(Refusal, match="cannot be loaded") as caught:
        one.loader()
    assert caught.value.code == "damaged_weights" and one.weights.exists()

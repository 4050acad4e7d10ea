"""What the tab Train begins with, without a browser."""

from __future__ import annotations

import os
import time
from dataclasses import replace

import pytest
from made_runs import make_untrained_run

from resnet_demo.library.runs import first_run
from resnet_demo.library.visitors import NOBODY, Visitor
from resnet_demo.places import Places
from resnet_demo.runs.files import CONFIG, LOG
from resnet_demo.runs.queue.manager import Status
from resnet_demo.services import Services


@pytest.fixture
def services(tmp_path):
    """With two published runs; those of visitors are of yesterday."""
    places = Places(data=None, **{name: tmp_path / name for name in ("cache", "runs", "weights")})
    for name in ("one", "two"):
        make_untrained_run(places.weights, name)
    services = Services.create(places, local=False)
    for name in ("older", "newer"):
        make_untrained_run(places.runs, name)
        written_to(services, name, 86_400 + 60 * (name == "older"))
    return services


def written_to(services, name: str, ago: float, *, made: float | None = None) -> None:
    run = services.places.runs / name
    for file, seconds in ((LOG, ago), (CONFIG, ago if made is None else made)):
        (run / file).touch()
        os.utime(run / file, (time.time() - seconds,) * 2)


def first(services, *keys: str, asked: str = "") -> str:
    visitor = Visitor({key: "a key" for key in keys})
    return first_run(services, visitor, asked, "shapes").id


def test_it_begins_with_a_published_run_and_with_the_one_that_an_address_names(services):
    published = {run.id for run in services.runs.list() if services.runs.is_published(run)}
    assert first(services) in published and first(services, "older", "newer") in published
    assert first(services, asked="older") == "older" and first(services, asked="gone") in published


def test_a_run_that_was_written_to_lately_is_found_again_by_its_visitor_only(services):
    written_to(services, "older", 600, made=86_400)  # it trained for a day and ended ten minutes ago
    assert first(services, "older", "newer") == "older"
    assert first(services, "newer") != "older" and first_run(services, NOBODY, "", "shapes").id != "older"
    local = replace(NOBODY, local=True)
    assert first_run(services, local, "", "shapes").id == "older"


def test_a_run_that_trains_comes_before_one_that_has_ended(services, monkeypatch):
    written_to(services, "newer", 5)
    monkeypatch.setattr(services.manager, "status", lambda id: Status("running" if id == "older" else "stopped"))
    assert first(services, "older", "newer") == "older" and first(services, "newer") == "newer"

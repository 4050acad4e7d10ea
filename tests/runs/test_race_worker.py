"""Races in real processes: trained, stopped, resumed, killed, and left by their server."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace

import pytest
from managed import make_manager, make_pictures, make_places, picture_config, wait_until

from resnet_demo.engine.events import Resumed, RunFinished, RunStarted
from resnet_demo.runs.comparison.races import equality
from resnet_demo.runs.files import CONFIG
from resnet_demo.runs.lock import is_locked
from resnet_demo.runs.writer import json_bytes

pytestmark = pytest.mark.timeout(1200)


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    return make_places(tmp_path_factory.mktemp("places"))


@pytest.fixture(scope="module")
def manager(places):
    manager = make_manager(places)
    yield manager
    manager.close()


@pytest.fixture(scope="module")
def configs(places, tmp_path_factory):
    base = picture_config(make_pictures(tmp_path_factory.mktemp("race") / "pictures"), places.cache)
    return [replace(base, model=replace(base.model, shortcut=shortcut)) for shortcut in ("A", "B", "none")]


def for_seconds(configs, length):
    return [replace(config, unit="seconds", length=length) for config in configs]


def trains(runs):
    wait_until(lambda: all(run.last_report() for run in runs), "the race did not begin to train")


def ended(manager, runs):
    """The states of all members, once nothing of the race waits or trains."""
    wait_until(lambda: not any(map(manager.queue.is_busy, runs)), "the race did not end")
    return [manager.status(run.id).state for run in runs]


def test_a_race_is_trained_and_every_member_evaluated_in_one_process(manager, configs):
    runs = manager.submit_race(configs).runs
    assert ended(manager, runs) == ["finished"] * 3
    assert all(set(run.predictions()) >= {"train", "validation"} and run.has_weights() for run in runs)
    found = equality(runs)
    assert found.shared == found.equal > 20 and found.batches_compared == found.batches_equal == 2
    assert len([run for run in runs if (run.path / "output.txt").exists()]) == 1


def test_stopping_and_resuming_any_member_is_so_for_all(manager, configs):
    runs = manager.submit_race([replace(config, length=1_000_000) for config in configs]).runs
    trains(runs)
    manager.stop(runs[2].id, None)
    assert ended(manager, runs) == ["stopped"] * 3
    (before,) = {run.last_turn().step for run in runs}
    manager.resume(runs[1].id, None)
    # not before an epoch's end, the only place where batches are compared
    wait_until(lambda: all(run.last_report().step > before for run in runs) and equality(runs).batches_compared)
    manager.stop(runs[0].id, None)
    assert ended(manager, runs) == ["stopped"] * 3
    for run in runs:
        assert [event.step for event in run.raw_events() if isinstance(event, Resumed)] == [before]
    found = equality(runs)
    assert found.batches_compared == found.batches_equal > 0


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_kill_9_fails_all_members_with_advice_and_the_race_can_be_resumed(manager, configs):
    runs = manager.submit_race(for_seconds(configs, 3600.0)).runs
    trains(runs)
    os.kill(manager.queue.trains(runs[0].id).task.pid, signal.SIGKILL)
    assert ended(manager, runs) == ["failed"] * 3
    for run in runs:
        assert "SIGKILL" in manager.status(run.id).reason and "Resume the run" in manager.status(run.id).reason
    length = max(run.last_report().seconds for run in runs) + 1
    for run in runs:  # a race that was so short from the first might have ended before it was killed
        (run.path / CONFIG).write_bytes(json_bytes(replace(run.config, length=length).to_dict()))
    manager.resume(runs[2].id, None)
    assert ended(manager, runs) == ["finished"] * 3
    assert len({run.last_turn().step for run in runs}) == 1
    assert all(run.last_turn().seconds >= length for run in runs)


def test_a_server_that_ends_leaves_a_race_interrupted_which_another_one_resumes(places, configs):
    earlier = make_manager(places)
    runs = earlier.submit_race(for_seconds(configs[:2], 3600.0)).runs
    trains(runs)
    earlier.close()
    wait_until(lambda: not any(is_locked(run.path / "lock") for run in runs))
    manager = make_manager(places)
    assert [manager.status(run.id).state for run in runs] == ["interrupted"] * 2
    assert not any(isinstance(event, RunFinished) for run in runs for event in run.raw_events())
    manager.delete(runs[0].id, None)
    manager.resume(runs[1].id, None)
    wait_until(lambda: any(isinstance(event, Resumed) for event in runs[1].raw_events()))
    manager.stop(runs[1].id, None)
    assert ended(manager, runs[1:]) == ["stopped"]
    manager.close()


def test_a_race_takes_longer_than_is_allowed_and_is_stopped_as_one(places, configs):
    manager = make_manager(places, limits=replace(make_manager(places).limits, seconds=0.5))
    runs = manager.submit_race([replace(config, length=1_000_000) for config in configs[:2]]).runs
    assert ended(manager, runs) == ["stopped"] * 2
    assert {manager.status(run.id).code for run in runs} == {"ended.longest"}
    assert [type(run.events()[0]) for run in runs] == [RunStarted] * 2
    manager.close()

"""Queue, stopping and resuming, limits, deleting and cleaning up; nothing here trains, an executor waits to be told."""

from __future__ import annotations

import contextvars
import math
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from managed import Puppets, make_manager, make_places, wait_until
from tiny import tiny_config, tiny_dataset

from resnet_demo.engine.events import CheckpointSaved, Resumed, RunFinished, RunStarted, StepMetrics
from resnet_demo.errors import Refusal
from resnet_demo.logs import short_id
from resnet_demo.models import build_model
from resnet_demo.runs.execute import begins_anew, can_resume, load_initial
from resnet_demo.runs.files import RESUME, STOP, WEIGHTS
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.index import UnknownRun
from resnet_demo.runs.queue import run_queue
from resnet_demo.runs.queue.endings import Ending
from resnet_demo.runs.queue.limits import Limits
from resnet_demo.runs.queue.waiting import expected_wait
from resnet_demo.runs.writer import create_run, open_writer

CONFIG = tiny_config(tiny_dataset())
BEGUN = RunStarted(6, 12, {}, "a machine", "fp32", time=1.0)
NONE = Limits.none()


def report(step: int, seconds: float, progress: float) -> StepMetrics:
    return StepMetrics(step, 0.1, progress, seconds, 1.0, 0.5, 0.1, 1.0, 100.0)


@pytest.fixture
def puppets():
    return Puppets()


@pytest.fixture
def make(tmp_path, puppets):
    """`make(limits=…, slots=…)`: a manager whose jobs are `puppets`."""
    made = []

    def make(**options):
        manager = make_manager(make_places(tmp_path), **{"executor": puppets} | options)
        made.append(manager)
        return manager

    yield make
    for manager in made:
        manager.close()


def begin(puppets, run: RunFolder, *events) -> None:
    """The run's job has begun and logged `events`."""
    wait_until(lambda: puppets.begun and puppets.begun[-1].path == run.path)
    puppets.log(run.path, *(events or (BEGUN,)))


def state(manager, run: RunFolder) -> str:
    return manager.status(run.id).state


def ended(manager, run: RunFolder):
    """The run's status, once it neither waits nor trains."""
    wait_until(lambda: state(manager, run) not in ("queued", "running"))
    return manager.status(run.id)


def test_nothing_is_started_or_looked_for_before_the_first_run(make, monkeypatch):
    monkeypatch.setattr(run_queue, "find_slots", lambda: pytest.fail("devices were looked for"))
    before = set(threading.enumerate())
    manager = make(slots=None)
    run = create_run(manager.places.runs, CONFIG)
    assert state(manager, run) == "interrupted" and manager.clean_up() == []
    assert set(threading.enumerate()) <= before  # those of other tests may end meanwhile


def test_first_in_first_out_with_position_and_expected_wait(make, puppets):
    manager = make()
    seconds = replace(CONFIG, unit="seconds", length=30.0)
    first, second, third, steps, last = (
        manager.submit(config).run for config in (seconds, seconds, seconds, CONFIG, seconds)
    )
    begin(puppets, first, BEGUN, report(3, 10.0, 1 / 3))
    assert manager.status(first.id) == manager.status(first.id) and state(manager, first) == "running"
    for place, (run, wait) in enumerate(((second, 20), (third, 50), (steps, 80), (last, None)), 1):
        status = manager.status(run.id)
        assert (status.state, status.position, status.wait) == (
            "queued",
            place,
            wait,
        )  # nobody knows how long steps take
    for number, run in enumerate((first, second, third, steps, last), 1):
        wait_until(lambda number=number: len(puppets.begun) == number)
        assert puppets.begun[-1].path == run.path
        puppets.finish(run.path)
        assert ended(manager, run).state == "finished"


def test_many_who_start_at_once_keep_their_order(make, puppets):
    manager = make(slots=["cuda:0", "cuda:1"])
    with ThreadPoolExecutor(5) as pool:
        runs = {made.run.id for made in pool.map(lambda _: manager.submit(CONFIG), range(5))}
    wait_until(lambda: len(puppets.begun) == 2)
    assert {job.device for job in puppets.begun} == {"cuda:0", "cuda:1"}
    order = sorted((manager.status(run).position, run) for run in runs)
    assert [place for place, _ in order] == [0, 0, 1, 2, 3]
    for _, run in order[2:]:
        device = puppets.begun[0].device
        puppets.finish(puppets.begun.pop(0).path)
        wait_until(lambda run=run: puppets.begun[-1].path.name == run)
        assert puppets.begun[-1].device == device


def test_several_processes_take_several_gpus_and_nobody_overtakes(make, puppets):
    manager = make(slots=[f"cuda:{i}" for i in range(3)])
    one = manager.submit(CONFIG).run
    three = manager.submit(CONFIG, processes=3)
    small = manager.submit(CONFIG).run
    assert state(manager, three.run) == state(manager, small) == "queued"
    with pytest.raises(Refusal, match="4 processes need as many GPUs; this machine has 3"):
        manager.submit(CONFIG, processes=4)
    puppets.finish(one.path)
    begin(puppets, three.run)
    assert puppets.begun[-1].devices == ("cuda:0", "cuda:1", "cuda:2") and puppets.begun[-1].processes == 3
    assert manager.status(small.id).position == 1
    (three.run.path / RESUME).touch()
    manager.stop(three.run.id, three.token)
    puppets.end(three.run.path, RunFinished("stopped", 1, 1.0))
    begin(puppets, small)
    manager.resume(three.run.id, three.token)
    puppets.finish(small.path)
    wait_until(lambda: len(puppets.begun) == 4)
    assert puppets.begun[-1].processes == 3 and puppets.begun[-1].resume


def test_on_a_cpu_several_processes_share_the_one_place(make, puppets):
    manager = make()
    manager.submit(CONFIG, processes=2)
    wait_until(lambda: puppets.begun)
    assert puppets.begun[0].devices == ("cpu",) and puppets.begun[0].processes == 2


@pytest.mark.parametrize(
    ("free", "training", "before", "devices", "wait"),
    [
        (1, [], [], 1, 0.0),
        (0, [(1, 20.0)], [], 1, 20.0),
        (0, [(1, 20.0)], [(1, 5.0)], 1, 25.0),
        (0, [(1, 20.0), (1, 3.0)], [(1, 5.0)], 1, 8.0),
        (0, [(1, 20.0), (1, math.inf)], [(1, 5.0)], 1, 25.0),
        (0, [(1, math.inf)], [], 1, None),
        (1, [(1, 20.0)], [(2, 5.0)], 1, 25.0),
        (1, [(1, 7.0)], [], 2, 7.0),
        (1, [], [], 2, None),
    ],
)
def test_the_expected_wait_follows_from_what_is_before(free, training, before, devices, wait):
    assert expected_wait(free, training, before, devices) == wait


def test_what_waits_is_stopped_at_once_and_resumed_from_the_beginning(make, puppets):
    manager = make()
    first, second = manager.submit(CONFIG), manager.submit(CONFIG)
    manager.stop(second.run.id, second.token)
    status = manager.status(second.run.id)
    assert (status.state, status.reason) == ("stopped", "Stopped on request; it can be resumed.")
    with pytest.raises(Refusal, match="nothing to stop"):
        manager.stop(second.run.id, second.token)
    manager.resume(second.run.id, second.token)
    assert state(manager, second.run) == "queued"
    with pytest.raises(Refusal, match="waiting for its turn already"):
        manager.resume(second.run.id, second.token)
    puppets.finish(first.run.path)
    begin(puppets, second.run)
    assert second.run.events() == [BEGUN]  # its end before the beginning no longer counts
    puppets.finish(second.run.path)
    assert ended(manager, second.run).state == "finished"


def test_what_failed_and_waits_again_is_failed_again_when_it_leaves_the_queue(make, puppets):
    manager = make()
    run = manager.submit(CONFIG).run
    puppets.end(run.path, BEGUN, RunFinished("failed", 3, 1.0, "diverged"))
    assert ended(manager, run).reason == "diverged"
    (run.path / RESUME).touch()
    other = manager.submit(CONFIG).run
    manager.resume(run.id, None)
    assert state(manager, run) == "queued"
    manager.stop(run.id, None)
    assert manager.status(run.id).state == "failed"
    puppets.finish(other.path)


def test_what_trains_is_asked_and_in_the_end_made_to_stop(make, puppets, monkeypatch):
    monkeypatch.setattr(run_queue, "STOP_SECONDS", 0.05)
    looked, kill = threading.Event(), puppets.kill
    monkeypatch.setattr(puppets, "kill", lambda job: looked.wait(240) and kill(job))
    manager = make()
    made = manager.submit(CONFIG)
    begin(puppets, made.run, BEGUN, report(3, 4.5, 0.25))
    assert not manager.status(made.run.id).stopping
    manager.stop(made.run.id, made.token)
    assert (made.run.path / STOP).exists() and manager.status(made.run.id).stopping
    manager.stop(made.run.id, made.token)  # impatience changes nothing
    looked.set()
    assert ended(manager, made.run).state == "stopped"
    assert len(puppets.killed) == 1
    last = made.run.events()[-1]
    assert (last.step, last.seconds) == (3, 4.5)


def test_what_has_not_begun_to_train_is_stopped_at_once(make, puppets):
    manager = make()
    made = manager.submit(CONFIG)
    wait_until(lambda: puppets.begun)
    manager.stop(made.run.id, made.token)
    assert ended(manager, made.run).state == "stopped" and len(puppets.killed) == 1


def test_a_run_of_a_terminal_is_asked_to_stop(make):
    manager = make()
    run = create_run(manager.places.runs, CONFIG)
    with open_writer(run) as writer:
        writer.append(BEGUN)
        assert state(manager, run) == "running"
        with pytest.raises(Refusal, match="being trained"):
            manager.resume(run.id, None)
        with pytest.raises(Refusal, match="being trained"):
            manager.delete(run.id, None)
        manager.stop(run.id, None)
        assert (run.path / STOP).exists()
    assert state(manager, run) == "interrupted"


def test_a_crash_is_a_failed_run_with_its_last_lines_and_the_next_one_begins(make, puppets):
    manager = make()
    first, second = manager.submit(CONFIG).run, manager.submit(CONFIG).run
    begin(puppets, first, BEGUN, CheckpointSaved(0), report(3, 4.5, 0.25))
    puppets.end(first.path, ending=Ending(None, "SIGSEGV", ("Fatal Python error", "in step")))
    status = ended(manager, first)
    assert status.state == "failed" and status.reason.splitlines()[1:] == ["Fatal Python error", "in step"]
    assert "crashed (SIGSEGV). Resume the run" in status.reason
    assert (first.events()[-1].step, first.events()[-1].seconds) == (3, 4.5)
    begin(puppets, second)
    puppets.end(second.path, ending=RuntimeError("no quota is left"))
    assert "RuntimeError: no quota is left" in ended(manager, second).reason


def test_a_resumed_run_that_dies_before_its_first_line_is_failed_anew(make, puppets):
    manager = make()
    run = manager.submit(CONFIG).run
    puppets.end(run.path, BEGUN, RunFinished("stopped", 3, 1.0, "before"))
    ended(manager, run)
    (run.path / RESUME).touch()
    manager.resume(run.id, None)
    puppets.end(run.path, ending=Ending(1, "", ("gone",)))
    assert "gone" in ended(manager, run).reason
    assert sum(isinstance(event, RunFinished) for event in run.raw_events()) == 2


def test_a_damaged_log_is_a_damaged_run_and_stops_nothing(make, puppets):
    manager = make()
    run = manager.submit(CONFIG).run
    wait_until(lambda: puppets.begun)
    (run.path / "events.jsonl").write_text('{"event": "RunStarted", nonsense\n')
    puppets.end(run.path, ending=Ending(1, "", ("ended",)))
    assert "ended" in ended(manager, run).reason
    (run.path / "events.jsonl").write_text('{"event": "RunStarted", nonsense\n')
    assert state(manager, run) == "damaged" and "events.jsonl" in manager.status(run.id).reason


def test_what_cannot_be_resumed_says_why(make, puppets):
    manager = make()
    finished = manager.submit(CONFIG).run
    with pytest.raises(Refusal, match="being trained"):
        manager.resume(finished.id, None)
    puppets.finish(finished.path)
    ended(manager, finished)
    with pytest.raises(Refusal, match="is finished"):
        manager.resume(finished.id, None)
    stopped = manager.submit(CONFIG).run
    puppets.end(stopped.path, BEGUN, CheckpointSaved(3), RunFinished("stopped", 3, 1.0))
    ended(manager, stopped)
    with pytest.raises(Refusal, match="keeps no checkpoint"):
        manager.resume(stopped.id, None)
    uploaded = create_run(manager.places.runs, CONFIG)
    puppets.log(uploaded.path, BEGUN, RunFinished("stopped", 3, 1.0))
    (uploaded.path / WEIGHTS).touch()  # which would be lost if it began anew
    with pytest.raises(Refusal, match="keeps no checkpoint"):
        manager.resume(uploaded.id, None)


def test_a_run_that_was_ended_before_its_first_checkpoint_begins_anew(make, puppets):
    manager = make()
    for logged in ([], [BEGUN]):
        run = manager.submit(CONFIG).run
        puppets.end(run.path, *logged, ending=Ending(None, "SIGKILL"))
        assert ended(manager, run).state == "failed" and can_resume(run) and begins_anew(run)
        manager.resume(run.id, None)
        wait_until(lambda: puppets.begun[-1].resume)
        puppets.end(run.path, BEGUN, CheckpointSaved(0), RunFinished("finished", 6, 1.0))
        assert ended(manager, run).state == "finished" and not begins_anew(run)
        assert run.events()[0] == BEGUN and len(run.events()) == 3


def test_a_run_that_is_stopped_with_a_damaged_log_is_ended(make, puppets):
    manager = make()
    run = manager.submit(CONFIG).run
    wait_until(lambda: puppets.begun)
    (run.path / "events.jsonl").write_text('{"event": "RunStarted", nonsense\n')
    manager.stop(run.id, None)
    assert ended(manager, run).state == "stopped"


def test_what_an_executor_raises_is_logged_with_where_it_was_raised(make, puppets, caplog):
    manager = make()
    run = manager.submit(CONFIG).run
    puppets.end(run.path, ending=RuntimeError("no quota is left"))
    assert ended(manager, run).state == "failed"
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.name == run_queue.__name__ and short_id(run.id) in record.getMessage()
    assert "RuntimeError" in record.getMessage() and "managed.py" in record.getMessage()


def test_a_run_that_an_earlier_server_never_began_is_interrupted_and_begins_when_resumed(make, puppets):
    earlier = make()
    earlier.submit(CONFIG)
    waiting = earlier.submit(CONFIG)
    wait_until(lambda: puppets.begun)
    earlier.close()
    manager = make()
    assert state(manager, waiting.run) == "interrupted"
    manager.resume(waiting.run.id, waiting.token)
    begin(puppets, waiting.run)
    puppets.finish(waiting.run.path)
    assert ended(manager, waiting.run).state == "finished"


def test_closing_ends_what_trains_without_an_end_in_its_log(make, puppets):
    manager = make()
    first, second = manager.submit(CONFIG).run, manager.submit(CONFIG).run
    begin(puppets, first)
    manager.close()
    assert [job.path for job in puppets.killed] == [first.path] and len(puppets.begun) == 1
    assert state(manager, first) == state(manager, second) == "interrupted"
    with pytest.raises(Refusal, match="being closed"):
        manager.submit(CONFIG)


def test_a_run_that_was_resumed_goes_on_where_it_was(make, puppets):
    manager = make()
    run = manager.submit(CONFIG).run
    puppets.end(run.path, BEGUN, report(6, 2.0, 0.5), RunFinished("stopped", 6, 2.0))
    ended(manager, run)
    (run.path / RESUME).touch()
    (run.path / STOP).touch()
    manager.resume(run.id, None)
    assert not (run.path / STOP).exists()
    wait_until(lambda: len(puppets.begun) == 2)
    assert puppets.begun[-1].resume and not puppets.begun[0].resume
    later = manager.submit(CONFIG).run
    puppets.log(run.path, Resumed(6, {}, ""), report(6, 2.0, 0.5))
    assert manager.status(later.id).wait == pytest.approx(2.0)
    puppets.finish(run.path)


def test_a_thread_keeps_the_context_of_whoever_asked(tmp_path):
    visitor = contextvars.ContextVar("visitor", default="nobody")
    seen = []

    class Asks(Puppets):
        def run(self, job):
            seen.append(visitor.get())
            return Ending(0)

    manager = make_manager(make_places(tmp_path), executor=Asks())
    visitor.set("somebody")
    run = manager.submit(CONFIG).run
    visitor.set("nobody again")
    ended(manager, run)
    assert seen == ["somebody"]
    manager.close()


def test_the_values_to_begin_from_travel_with_the_run(make):
    manager = make()
    state = build_model(CONFIG.model, seed=7).state_dict()
    run = manager.submit(replace(CONFIG, initial="elsewhere"), initial=state).run
    assert load_initial(run).keys() == state.keys()
    with pytest.raises(ValueError):
        manager.submit(CONFIG, initial=build_model(replace(CONFIG.model, input_size=16, name="resnet14")).state_dict())
    assert [found.id for found in manager.index.list()] == [run.id]  # nothing is left of the other one


def test_a_configuration_that_was_never_fitted_is_refused(make):
    with pytest.raises(ValueError, match="fitted to its data"):
        make().submit(replace(CONFIG, classes=(), mean=(), std=()))


def test_deleting_can_be_undone(make, puppets):
    manager = make()
    first, second = manager.submit(CONFIG).run, manager.submit(CONFIG, name="kept").run
    begin(puppets, first)
    with pytest.raises(Refusal, match="stop it first"):
        manager.delete(first.id, None)
    manager.delete(second.id, None)
    assert [run.id for run in manager.index.list()] == [first.id]
    with pytest.raises(UnknownRun):
        manager.status(second.id)
    puppets.finish(first.path)
    ended(manager, first)
    assert len(puppets.begun) == 1  # it has left the queue
    manager.restore(second.id, None)
    assert second.name == "kept" and state(manager, second) == "interrupted"
    with pytest.raises(UnknownRun):
        manager.restore(second.id, None)


def test_an_upload_belongs_to_who_brought_it_and_counts(make):
    manager = make(limits=replace(NONE, stored_per_address=1))
    made = manager.adopt(lambda root: create_run(root, CONFIG, "uploaded"), "192.0.2.1")
    assert manager.owns("uploaded", made.token) and not manager.owns("uploaded", "") and made.run.id == "uploaded"
    with pytest.raises(Refusal, match="1 runs from your address are kept"):
        manager.adopt(lambda root: pytest.fail("unpacked"), "192.0.2.1")


def test_a_public_server_bounds_queue_length_and_storage(make, puppets):
    limits = Limits(
        waiting=2, waiting_per_address=2, seconds=60, stored_per_address=3, stored_bytes=math.inf, days=math.inf
    )
    manager = make(limits=limits)
    with pytest.raises(Refusal, match="60 seconds") as refusal:
        manager.submit(replace(CONFIG, unit="seconds", length=61.0))
    assert refusal.value.code == "too_long" and refusal.value.values == {"seconds": 60}
    first = manager.submit(replace(CONFIG, unit="seconds", length=60.0), address="a").run
    wait_until(lambda: puppets.begun)
    assert puppets.begun[0].seconds == 60  # a run in steps is stopped then
    manager.submit(CONFIG, address="a")
    with pytest.raises(Refusal, match="from your address train or wait"):
        manager.submit(CONFIG, address="a")
    manager.submit(CONFIG, address="b")
    with pytest.raises(Refusal, match="2 runs are waiting already"):
        manager.submit(CONFIG, address="c")
    puppets.end(first.path, BEGUN, report(9, 60.2, 1.0), RunFinished("stopped", 9, 60.2))
    ended(manager, first)
    (first.path / RESUME).touch()
    with pytest.raises(Refusal, match="60 seconds"):
        manager.resume(first.id, None, "a")
    manager.submit(CONFIG, address="c")
    wait_until(lambda: len(puppets.begun) == 2)
    puppets.finish(puppets.begun[1].path)
    wait_until(lambda: len(puppets.begun) == 3)
    manager.submit(CONFIG, address="a")
    puppets.finish(puppets.begun[2].path)
    wait_until(lambda: len(puppets.begun) == 4)
    with pytest.raises(Refusal, match="3 runs from your address are kept"):
        manager.submit(CONFIG, address="a")


def aged(run: RunFolder, days: float, size: int = 0) -> RunFolder:
    """The run as it was left so many days ago, with `size` bytes more."""
    (run.path / "padding").write_bytes(b"0" * size)
    for path in run.path.iterdir():
        os.utime(path, (time.time() - 86_400 * days,) * 2)
    return run


def test_cleaning_up_takes_what_is_old_and_the_oldest_of_what_is_too_much(make, puppets):
    manager = make(limits=replace(NONE, days=3, stored_bytes=250_000))
    busy, waiting = manager.submit(CONFIG).run, manager.submit(CONFIG).run
    for run in (busy, waiting):
        aged(run, 9, 50_000)
    published = aged(create_run(manager.places.weights, CONFIG), 99, 500_000)
    runs = [aged(create_run(manager.places.runs, CONFIG), days, 60_000) for days in (5, 2, 1, 0.5)]
    assert manager.clean_up() == [runs[0].id, runs[1].id]
    assert {run.id for run in manager.index.list()} == {run.id for run in (busy, waiting, published, *runs[2:])}
    assert manager.clean_up() == []


def test_no_room_is_a_sentence_where_nothing_may_be_removed(make, puppets):
    manager = make(limits=replace(NONE, stored_bytes=50_000))
    aged(manager.submit(CONFIG).run, 0, 60_000)
    with pytest.raises(Refusal, match="disk space for visitors is full"):
        manager.submit(CONFIG)


def test_what_was_deleted_goes_after_a_day_or_first_where_there_is_too_much(make):
    manager = make(limits=replace(NONE, stored_bytes=100_000))
    runs = [aged(create_run(manager.places.runs, CONFIG), 1, 20_000) for _ in range(3)]
    for run in runs[:2]:
        manager.delete(run.id, None)
    os.utime(manager.places.runs / ".trash" / runs[0].id, (time.time() - 90_000,) * 2)
    assert manager.clean_up() == []
    with pytest.raises(UnknownRun):
        manager.restore(runs[0].id, None)
    manager.restore(runs[1].id, None)
    manager.delete(runs[1].id, None)
    aged(runs[2], 0, 90_000)
    assert manager.clean_up() == [] and not list((manager.places.runs / ".trash").iterdir())

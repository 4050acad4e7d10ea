"""Races in the manager: one entry in the queue, one token, stopped and resumed together, deleted one by one."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from managed import Puppets, make_manager, make_places, wait_until
from tiny import tiny_config, tiny_dataset

from resnet_demo.engine.events import EpochDone, Resumed, RunFinished, RunStarted, StepMetrics, to_line
from resnet_demo.engine.reasons import because
from resnet_demo.errors import Refusal
from resnet_demo.models import ModelSpec, build_model
from resnet_demo.runs.checks import checked_config, checked_events
from resnet_demo.runs.comparison.races import Equality, equality, members, of_race
from resnet_demo.runs.exchange.publish import public_config
from resnet_demo.runs.execute import load_initial
from resnet_demo.runs.files import RESUME, STOP
from resnet_demo.runs.queue import run_queue
from resnet_demo.runs.queue.endings import Ending
from resnet_demo.runs.queue.limits import Limits
from resnet_demo.runs.queue.worker import Job
from resnet_demo.runs.queue.zerogpu import LONGEST, MARGIN, ZeroGpuExecutor, call_seconds
from resnet_demo.runs.tail import Tails
from resnet_demo.runs.writer import create_run, open_writer

BASE = tiny_config(tiny_dataset())
NONE = Limits.none()
DIVERGED = RunFinished("failed", 3, 1.0, **because("ended.loss", step=3, lr=0.1))


def configs(*variants, **changes):
    specs = [replace(BASE.model, shortcut=v, name="plain8" if v == "none" else "resnet8") for v in variants]
    return [replace(BASE, model=spec, **changes) for spec in specs]


def begun(**changes) -> RunStarted:
    return replace(RunStarted(6, 12, {}, "a machine", "fp32", time=1.0), **changes)


def report(step: int, seconds: float, progress: float = 0.5) -> StepMetrics:
    return StepMetrics(step, 0.1, progress, seconds, 1.0, 0.5, 0.1, 1.0, 100.0)


@pytest.fixture
def puppets():
    return Puppets()


@pytest.fixture
def make(tmp_path, puppets):
    made = []

    def make(**options):
        made.append(make_manager(make_places(tmp_path), **{"executor": puppets} | options))
        return made[-1]

    yield make
    for manager in made:
        manager.close()


@pytest.fixture
def manager(make):
    return make()


def states(manager, runs):
    return [manager.status(run.id).state for run in runs]


def all_begin(puppets, runs, *events):
    wait_until(lambda: puppets.begun and puppets.begun[-1].path == runs[0].path)
    for run in runs:
        puppets.log(run.path, *(events or (begun(),)))


def all_end(manager, puppets, runs, status="finished", **why):
    """The race ends by itself, each member with an end in its log."""
    for run in runs[1:]:
        puppets.log(run.path, RunFinished(status, 6, 1.0, **why))
    puppets.end(runs[0].path, RunFinished(status, 6, 1.0, **why))
    over(manager, runs)


def over(manager, runs):
    wait_until(lambda: not manager.queue.trains(runs[0].id))


def test_a_race_is_one_entry_with_one_token_and_a_folder_for_each(manager, puppets):
    made = manager.submit_race(configs("A", "B", "none"), name="Mine", address="a")
    other = manager.submit_race(configs("A", "C"))
    alone = manager.submit(BASE)
    assert [run.config.model.shortcut for run in made.runs] == ["A", "B", "none"]
    assert [run.name for run in made.runs] == ["Mine A", "Mine B", "Mine plain"] and other.runs[0].name == ""
    assert {run.config.race for run in made.runs} == {made.race} != {other.race} and alone.run.config.race == ""
    assert all(manager.owns(run.id, made.token) and not manager.owns(run.id, other.token) for run in made.runs)
    all_begin(puppets, made.runs)
    assert states(manager, made.runs) == ["running"] * 3
    assert puppets.begun[0].paths == tuple(run.path for run in made.runs)
    assert [manager.status(run.id).position for run in (*other.runs, alone.run)] == [1, 1, 2]
    assert len(manager.queue.waiting()) == 2 and len(manager.queue.training()) == 1
    all_end(manager, puppets, made.runs)
    assert states(manager, made.runs) == ["finished"] * 3


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([], "1 to 8 members, not 0"),
        (configs("A", "A"), "named twice"),
        ([*configs("A"), *configs("B", lr=0.5, seed=3)], "not in lr, seed"),
        ([*configs("A"), replace(BASE, model=replace(BASE.model, shortcut="B", input_size=32))], "not in input_size"),
        (configs("A", "B", classes=(), mean=(), std=()), "fitted to its data"),
    ],
)
def test_what_is_no_race_is_refused_and_leaves_nothing(manager, wrong, said):
    with pytest.raises(ValueError, match=said):
        manager.submit_race(wrong)
    assert manager.index.list() == []


def test_values_to_begin_from_have_to_fit_every_member(manager):
    values = build_model(BASE.model, seed=7).state_dict()
    with pytest.raises(ValueError, match="downsample"):
        manager.submit_race(configs("A", "B"), initial=values)
    assert manager.index.list() == []
    runs = manager.submit_race(configs("A", "none"), initial=values).runs
    assert all(load_initial(run)["conv1.weight"].equal(values["conv1.weight"]) for run in runs)


def test_members_are_found_by_the_race_and_whoever_else_claims_to_be_one_is_not(manager, puppets):
    made = manager.submit_race(configs("none", "C", "A"))
    foreign = replace(BASE, model=replace(BASE.model, shortcut="B"), race=made.race)
    manager.adopt(lambda root: create_run(root, foreign, "intruder"))
    found = of_race(manager.index, made.race)
    assert [run.config.model.shortcut for run in found] == ["A", "C", "none"]
    assert {run.id for run in found} == {run.id for run in made.runs}
    assert all([one.id for one in members(manager.index, run)] == [one.id for one in found] for run in made.runs)
    intruder = manager.index.get("intruder")
    assert [run.id for run in members(manager.index, intruder)] == ["intruder"]
    alone = manager.submit(BASE).run
    assert members(manager.index, alone) == (alone,)
    assert of_race(manager.index, "") == of_race(manager.index, "race-0") == ()
    assert public_config(made.runs[0].config).race == ""


def test_a_race_that_waits_is_stopped_and_resumed_as_one(manager, puppets):
    first = manager.submit(BASE)
    made = manager.submit_race(configs("A", "B"))
    manager.stop(made.runs[1].id, made.token)
    assert states(manager, made.runs) == ["stopped"] * 2 and manager.queue.waiting() == []
    with pytest.raises(Refusal, match="nothing to stop"):
        manager.stop(made.runs[0].id, made.token)
    manager.resume(made.runs[1].id, made.token)
    with pytest.raises(Refusal, match="waiting"):
        manager.resume(made.runs[0].id, made.token)
    assert states(manager, made.runs) == ["queued"] * 2
    puppets.finish(first.run.path)
    all_begin(puppets, made.runs)
    assert puppets.begun[-1].resume
    all_end(manager, puppets, made.runs)


def test_a_race_that_trains_is_asked_and_in_the_end_made_to_stop(manager, puppets, monkeypatch):
    monkeypatch.setattr(run_queue, "STOP_SECONDS", 0.05)
    made = manager.submit_race(configs("A", "B", "C"))
    all_begin(puppets, made.runs, begun(), report(3, 4.5))
    manager.stop(made.runs[2].id, made.token)
    assert any((run.path / STOP).exists() for run in made.runs)
    over(manager, made.runs)
    assert states(manager, made.runs) == ["stopped"] * 3 and len(puppets.killed) == 1
    assert [(run.events()[-1].step, run.events()[-1].seconds) for run in made.runs] == [(3, 4.5)] * 3


def test_a_race_that_has_not_begun_is_stopped_at_once(manager, puppets):
    made = manager.submit_race(configs("A", "B"))
    wait_until(lambda: puppets.begun)
    manager.stop(made.runs[1].id, made.token)
    over(manager, made.runs)
    assert states(manager, made.runs) == ["stopped"] * 2 and len(puppets.killed) == 1


def test_only_the_owner_changes_a_race(manager):
    made = manager.submit_race(configs("A", "B"))
    for change in (manager.stop, manager.resume, manager.delete):
        with pytest.raises(Refusal, match="somebody else"):
            change(made.runs[1].id, "no token")


def test_a_killed_worker_fails_all_members_and_the_race_can_be_resumed(manager, puppets):
    made = manager.submit_race(configs("A", "B", "C"))
    all_begin(puppets, made.runs, begun(), report(3, 4.5))
    for run in made.runs:
        (run.path / RESUME).touch()
    puppets.end(made.runs[0].path, ending=Ending(None, "SIGKILL", ("the last line",)))
    over(manager, made.runs)
    for run in made.runs:
        status = manager.status(run.id)
        assert status.state == "failed" and "SIGKILL" in status.reason and "the last line" in status.reason
    manager.resume(made.runs[1].id, made.token)
    wait_until(lambda: len(puppets.begun) == 2)
    assert puppets.begun[-1].paths == tuple(run.path for run in made.runs) and puppets.begun[-1].resume


def test_a_member_that_diverges_is_failed_while_the_others_train_and_stays_so_when_they_are_resumed(manager, puppets):
    made = manager.submit_race(configs("A", "B", "C"))
    all_begin(puppets, made.runs)
    puppets.log(made.runs[1].path, DIVERGED)
    assert states(manager, made.runs) == ["running", "failed", "running"]
    status = manager.status(made.runs[1].id)
    assert (status.code, status.values) == ("ended.loss", {"step": 3, "lr": 0.1}) and "diverged" in status.reason
    told = Tails(manager.index, manager.status).poll({"runs": {run.id: 0 for run in made.runs}})
    assert [told[run.id]["state"] for run in made.runs] == ["running", "failed", "running"]
    with pytest.raises(Refusal, match="being trained"):
        manager.resume(made.runs[1].id, made.token)
    for run in made.runs:
        (run.path / RESUME).touch()
    manager.stop(made.runs[0].id, made.token)
    puppets.log(made.runs[2].path, RunFinished("stopped", 6, 1.0))
    puppets.end(made.runs[0].path, RunFinished("stopped", 6, 1.0))
    over(manager, made.runs)
    assert states(manager, made.runs) == ["stopped", "failed", "stopped"]
    manager.resume(made.runs[1].id, made.token)
    wait_until(lambda: len(puppets.begun) == 2)
    assert puppets.begun[-1].paths == (made.runs[0].path, made.runs[2].path)
    assert states(manager, made.runs) == ["running", "failed", "running"]
    all_end(manager, puppets, [made.runs[0], made.runs[2]])
    manager.resume(made.runs[0].id, made.token)  # only it is left, and it may be tried again
    wait_until(lambda: len(puppets.begun) == 3)
    assert puppets.begun[-1].paths == (made.runs[1].path,)
    puppets.finish(made.runs[1].path)
    over(manager, made.runs[1:])
    with pytest.raises(Refusal, match="is finished"):
        manager.resume(made.runs[0].id, made.token)


def test_a_member_is_deleted_and_the_others_are_resumed(manager, puppets):
    made = manager.submit_race(configs("A", "B", "C"))
    all_begin(puppets, made.runs)
    with pytest.raises(Refusal, match="stop it first"):
        manager.delete(made.runs[1].id, made.token)
    for run in made.runs:
        (run.path / RESUME).touch()
    all_end(manager, puppets, made.runs, "stopped")
    manager.delete(made.runs[0].id, made.token)
    manager.resume(made.runs[2].id, made.token)
    wait_until(lambda: len(puppets.begun) == 2)
    assert puppets.begun[-1].paths == (made.runs[1].path, made.runs[2].path)


def test_a_member_deleted_while_the_race_waits_leaves_the_others_their_place(manager, puppets):
    first = manager.submit(BASE)
    made, last = manager.submit_race(configs("A", "B", "C")), manager.submit(BASE)
    manager.delete(made.runs[0].id, made.token)
    assert [manager.status(run.id).position for run in (*made.runs[1:], last.run)] == [1, 1, 2]
    puppets.finish(first.run.path)
    all_begin(puppets, made.runs[1:])
    assert puppets.begun[-1].paths == tuple(run.path for run in made.runs[1:])
    all_end(manager, puppets, made.runs[1:])
    waiting = manager.submit_race(configs("A", "B"))
    for run in waiting.runs:
        manager.delete(run.id, waiting.token)
    assert manager.queue.waiting() == []
    puppets.finish(last.run.path)


def test_a_race_of_an_earlier_server_is_interrupted_and_goes_on_together(make, puppets):
    earlier = make()
    made, waiting = earlier.submit_race(configs("A", "B")), earlier.submit_race(configs("A", "C"))
    all_begin(puppets, made.runs)
    for run in made.runs:
        (run.path / RESUME).touch()
    earlier.close()
    manager = make()
    assert states(manager, (*made.runs, *waiting.runs)) == ["interrupted"] * 4
    manager.resume(made.runs[1].id, made.token)
    manager.resume(waiting.runs[1].id, waiting.token)
    wait_until(lambda: len(puppets.begun) == 2)
    assert puppets.begun[-1].paths == tuple(run.path for run in made.runs)
    all_end(manager, puppets, made.runs)
    all_begin(puppets, waiting.runs)
    all_end(manager, puppets, waiting.runs)


def test_a_race_in_a_terminal_is_asked_to_stop_by_any_of_its_members(manager):
    runs = [create_run(manager.places.runs, config) for config in configs("A", "B", race="race-terminal")]
    with open_writer(runs[0]) as one, open_writer(runs[1]) as other:
        one.append(begun())
        other.append(begun())
        with pytest.raises(Refusal, match="being trained"):
            manager.resume(runs[0].id, None)
        other.append(DIVERGED)
        manager.stop(runs[1].id, None)
        assert (runs[0].path / STOP).exists()


def test_limits_count_a_race_once_in_the_queue_and_each_member_where_runs_are_kept(make, puppets):
    limits = Limits(
        waiting=1, waiting_per_address=2, seconds=60, stored_per_address=5, stored_bytes=math.inf, days=math.inf
    )
    manager = make(limits=limits)
    with pytest.raises(Refusal, match="60 seconds"):
        manager.submit_race(configs("A", "B", unit="seconds", length=61.0))
    made = manager.submit_race(configs("A", "B"), address="a")
    wait_until(lambda: puppets.begun)
    assert puppets.begun[0].seconds == 60
    with pytest.raises(Refusal, match="2 runs from your address are kept here, and 4 more") as refusal:
        manager.submit_race(configs("A", "B", "C", "none"), address="a")
    assert refusal.value.values == {"stored": 2, "more": 4}
    manager.submit_race(configs("A", "C"), address="a")
    with pytest.raises(Refusal, match="1 runs are waiting"):
        manager.submit_race(configs("A", "B"), address="b")
    for run in made.runs:
        (run.path / RESUME).touch()
        puppets.log(run.path, begun(), report(9, 60.2))
    all_end(manager, puppets, made.runs, "stopped")
    with pytest.raises(Refusal, match="60 seconds"):
        manager.resume(made.runs[0].id, None, "a")


def test_the_wait_behind_a_race_is_that_of_one_run(manager, puppets):
    seconds = dict(unit="seconds", length=30.0)
    made = manager.submit_race(configs("A", "B", "C", **seconds))
    waiting = manager.submit_race(configs("A", "B", **seconds))
    last = manager.submit(BASE)
    all_begin(puppets, made.runs, begun(), report(3, 10.0))
    puppets.log(made.runs[1].path, DIVERGED)
    assert manager.status(waiting.runs[1].id).wait == 20 and manager.status(last.run.id).wait == 50


def test_a_race_where_gpus_are_lent_takes_one_call_of_its_length(tmp_path):
    runs = [create_run(tmp_path, config) for config in configs("A", "B", unit="seconds", length=40.0)]
    job = Job(runs[0].path, tmp_path, tmp_path, others=(runs[1].path,), devices=("cuda",), resume=True)
    assert call_seconds(job) == 40 + MARGIN and Job.from_json(job.to_json()) == job
    for run, seconds in zip(runs, (15.0, 12.0), strict=True):
        with open_writer(run) as writer:
            writer.append(report(3, seconds))
    assert call_seconds(job) == 25 + MARGIN
    asked = []
    ZeroGpuExecutor(lambda duration: lambda function: asked.append).task(job).run()
    assert asked[0].seconds == 15 + LONGEST - MARGIN and asked[0].paths == job.paths


def epoch(step: int, batches: str | None) -> EpochDone:
    return EpochDone(step, step / 6, 1.0, 1.0, 0.5, 1.0, 0.5, batches=batches)


def test_the_evidence_is_read_from_the_logs(tmp_path):
    runs = [create_run(tmp_path, config) for config in configs("A", "B", "none")]
    names = [dict(build_model(run.config.model).named_parameters()) for run in runs]
    shared = len(names[0])
    assert names[0].keys() == names[2].keys() < names[1].keys()

    def log(number, epochs, **other):
        digests = {name: "0" * 16 for name in names[number]} | other
        with open_writer(runs[number]) as writer:
            for event in (begun(initial=digests), *epochs):
                writer.append(event)

    assert equality(runs) == Equality(0, 0, 0, 0)
    log(0, [epoch(6, "a"), epoch(12, "b"), epoch(18, "c")])
    assert equality(runs) == Equality(0, 0, 0, 0)
    log(1, [epoch(6, "a"), epoch(12, "x"), Resumed(6, {}, ""), epoch(12, "b")])
    assert equality(runs) == Equality(shared, shared, 2, 2)
    log(2, [epoch(6, "a"), epoch(12, "other")], **{"fc.weight": "1" * 16})
    assert equality(runs) == Equality(shared, shared - 1, 2, 1)
    (runs[2].path / "events.jsonl").write_text('{"event": nonsense}\n')
    assert equality(runs) == Equality(shared, shared, 2, 2)


def test_parameters_of_other_shapes_are_not_shared(tmp_path):
    specs = [ModelSpec.from_name("resnet29", block=block) for block in ("bottleneck",)] + [
        ModelSpec.from_name("resnet8")
    ]
    runs = [create_run(tmp_path, replace(BASE, model=replace(spec, num_classes=4, input_size=16))) for spec in specs]
    for run in runs:
        with open_writer(run) as writer:
            writer.append(begun(initial={name: run.id for name, _ in build_model(run.config.model).named_parameters()}))
    found = equality(runs)
    assert 0 < found.shared and found.equal == 0
    names = [{n: p.shape for n, p in build_model(run.config.model).named_parameters()} for run in runs]
    assert found.shared == len(names[0].items() & names[1].items()) < len(names[0].keys() & names[1].keys())


def test_a_member_that_is_uploaded_elsewhere_keeps_its_log_and_is_in_no_race():
    known = begun(initial={"conv1.weight": "0" * 16})
    lines = [to_line(event) + "\n" for event in (known, epoch(6, "a" * 16))]
    assert list(checked_events(lines, 10)) == [known, epoch(6, "a" * 16)]
    for bad in (begun(initial={"conv1.weight": "\x1b[2J"}), begun(initial=["x"]), epoch(6, "x" * 1000)):
        with pytest.raises(ValueError):
            list(checked_events([to_line(bad) + "\n"], 10))
    assert checked_config(json.dumps(replace(BASE, race="race-0").to_dict()).encode()).race == ""


def test_what_a_configuration_says_of_a_race_is_a_name():
    with pytest.raises(ValueError, match="race must be text"):
        replace(BASE, race=3)
    old = {name: value for name, value in json.loads(json.dumps(BASE.to_dict())).items() if name != "race"}
    assert type(BASE).from_dict(old) == BASE

"""Races: several runs in one loop, in step, from equal values and on equal batches, and each as if it were alone."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import pytest
import torch
from tiny import tiny_config, tiny_dataset

from resnet_demo.data.augment import EpochPlan
from resnet_demo.engine import batches as feeding
from resnet_demo.engine import train as loop
from resnet_demo.engine.batches import Batch
from resnet_demo.engine.distributed import World
from resnet_demo.engine.events import EpochDone, Resumed, RunFinished, RunStarted, StepMetrics
from resnet_demo.engine.learner import Learner, make_learners
from resnet_demo.engine.pace import Pace
from resnet_demo.engine.train import race, train
from resnet_demo.models import ModelSpec, build_model

CPU = torch.device("cpu")
VARIANTS = ("A", "B", "C", "none")
DATA = tiny_dataset(size=8)


@pytest.fixture(autouse=True)
def report_each_step(monkeypatch):
    monkeypatch.setattr(loop, "REPORT_SECONDS", 0)


@pytest.fixture
def steady_clock(monkeypatch):
    """Some steps fit into a part of a second, however slow the machine is."""
    ticks = itertools.count()
    monkeypatch.setattr(loop, "time", SimpleNamespace(perf_counter=lambda: next(ticks) / 50))


def configs(variants=VARIANTS, name="resnet8", **changes):
    specs = [replace(ModelSpec.from_name(name, shortcut=v), num_classes=4, input_size=8) for v in variants]
    return [replace(tiny_config(DATA, **{"length": 8, "race": "r"} | changes), model=spec) for spec in specs]


class Recorded:
    """What a race yields and saves, by member."""

    def __init__(self, members, ends=None, **options):
        self.events = [[] for _ in members]
        self.saved = [{} for _ in members]  # by step
        self.order = []
        events = race(members, DATA, device=CPU, save=self._save, **options)
        for number, event in itertools.islice(events, ends):
            self.events[number].append(event)
            self.order.append((number, event))
        events.close()

    def _save(self, number, state):
        buffer = io.BytesIO()
        torch.save(state, buffer)
        self.saved[number][state["step"]] = buffer.getvalue()

    def state(self, number, step):
        return torch.load(io.BytesIO(self.saved[number][step]), weights_only=True)

    def last(self, number):
        return self.state(number, max(self.saved[number]))

    def of(self, number, kind):
        return [event for event in self.events[number] if isinstance(event, kind)]


@cache
def recorded(**changes):
    """The usual race, for all who compare with it."""
    return Recorded(configs(**changes))


def assert_same(one, other):
    """Two states hold the same weights, momenta and sums, bit for bit."""
    assert one["step"] == other["step"] and one["epoch_loss"] == other["epoch_loss"]
    assert one["model"].keys() == other["model"].keys()
    assert all(torch.equal(value, other["model"][name]) for name, value in one["model"].items())
    for index, values in one["optimizer"]["state"].items():
        assert torch.equal(values["momentum_buffer"], other["optimizer"]["state"][index]["momentum_buffer"])
    assert torch.equal(one["predicted"], other["predicted"])


def alone(config, **options):
    saved = []
    for _ in train(
        config,
        DATA,
        device=CPU,
        save=lambda state: saved.append(io.BytesIO()) or torch.save(state, saved[-1]),
        **options,
    ):
        pass
    saved[-1].seek(0)
    return torch.load(saved[-1], weights_only=True)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_each_member_becomes_what_it_becomes_alone(precision):
    found = recorded(precision=precision)
    for number, config in enumerate(configs(precision=precision)):
        assert_same(found.last(number), alone(replace(config, race="")))
        assert found.events[number][-1].status == "finished" and found.events[number][-1].step == 8


def test_networks_of_other_depths_race_as_well():
    members = [*configs(("A",), "resnet14", length=3), *configs(("none",), "plain8", length=3)]
    found = Recorded(members)
    for number, config in enumerate(members):
        assert_same(found.last(number), alone(replace(config, race="")))


def test_all_are_fed_the_same_and_step_k_of_all_comes_before_step_k_plus_1_of_any(monkeypatch):
    monkeypatch.setattr(loop, "REPORT_SECONDS", 100)  # several steps a report
    fed, real = [], Learner.do_step

    def do_step(learner, progress, last):
        hook = learner.model.register_forward_pre_hook(
            lambda _, given: fed.append((learner, learner.step, given[0].clone()))
        )
        real(learner, progress, last)
        hook.remove()

    monkeypatch.setattr(Learner, "do_step", do_step)
    Recorded(configs())
    assert len(fed) == 4 * 8
    for step in range(8):
        group = fed[4 * step : 4 * step + 4]
        assert {at for _, at, _ in group} == {step} and len({id(learner) for learner, _, _ in group}) == 4
        assert all(torch.equal(pictures, group[0][2]) for _, _, pictures in group)
    firsts = [fed[4 * step][2] for step in range(8)]
    assert not any(torch.equal(one, other) for one, other in itertools.combinations(firsts, 2))


def test_shared_tensors_begin_equal_and_the_logs_prove_it():
    found = recorded(precision="fp32")
    first = [found.state(number, 0)["model"] for number in range(4)]
    told = [found.of(number, RunStarted)[0].initial for number in range(4)]
    for one, other in itertools.combinations(range(4), 2):
        shared = first[one].keys() & first[other].keys()
        assert {"conv1.weight", "layer3.0.conv2.weight", "fc.weight"} <= shared
        assert all(torch.equal(first[one][name], first[other][name]) for name in shared)
        names = told[one].keys() & told[other].keys()
        assert names == {name for name in shared if "running" not in name and "tracked" not in name}
        assert all(told[one][name] == told[other][name] for name in names)
    batches = [[event.batches for event in found.of(number, EpochDone)] for number in range(4)]
    assert batches[0] == batches[1] == batches[2] == batches[3] and len(set(batches[0])) == 2
    assert all(len(checksum) == 16 for checksum in batches[0])


def test_the_evidence_would_show_another_beginning_and_other_batches():
    one, other = (Recorded(configs(("A",), seed=seed)) for seed in (0, 1))
    started, epochs = ([run.of(0, kind)[0] for run in (one, other)] for kind in (RunStarted, EpochDone))
    assert started[0].initial["conv1.weight"] != started[1].initial["conv1.weight"]
    assert epochs[0].batches != epochs[1].batches


def test_a_checksum_sees_values_places_and_labels():
    pictures, labels, order = torch.rand(3, 4, 4, 3), torch.tensor([1, 2, 3]), torch.arange(3)
    sums = {Batch(order, pictures, labels).checksum().item()}
    moved = pictures.clone()
    moved[1, 2, 3, 0] = torch.nextafter(moved[1, 2, 3, 0], torch.tensor(2.0))
    for other in (moved, pictures.flip(0), pictures.flip(2), pictures.flip(3)):
        sums.add(Batch(order, other, labels).checksum().item())
    sums.add(Batch(order, pictures, labels.flip(0)).checksum().item())
    assert len(sums) == 6
    assert Batch(order, pictures.clone(), labels.clone()).checksum().item() in sums


def test_a_run_by_itself_records_no_evidence():
    events = list(train(tiny_config(DATA, length=1), DATA, device=CPU))
    assert events[0].initial is None and [e.batches for e in events if isinstance(e, EpochDone)] == [None]


@pytest.mark.parametrize("length", [dict(length=8), dict(unit="seconds", length=0.8)], ids=["steps", "seconds"])
def test_clock_progress_and_learning_rates_are_the_races(length, steady_clock):
    found = Recorded(configs(("A", "C", "none"), **length))
    told = [[(e.step, e.seconds, e.progress, e.lr) for e in found.of(number, StepMetrics)] for number in range(3)]
    assert told[0] == told[1] == told[2] and len(told[0]) >= 2
    assert [found.events[number][-1].status for number in range(3)] == ["finished"] * 3
    if "unit" in length:
        assert found.events[0][-1].seconds >= 0.8 and told[0][-1][2] == 1.0


@pytest.mark.parametrize("stop_after", [1, 4, 5])
def test_a_stopped_and_resumed_race_equals_one_that_never_stopped(stop_after):
    members, whole = configs(("A", "B", "none")), recorded(variants=("A", "B", "none"))
    asked = itertools.count(1)
    first = Recorded(members, should_stop=lambda: next(asked) >= stop_after)
    assert [events[-1].status for events in first.events] == ["stopped"] * 3
    rest = Recorded(members, resume=[first.last(number) for number in range(3)])
    for number in range(3):
        assert isinstance(rest.events[number][0], Resumed) and rest.events[number][0].step == stop_after
        assert_same(whole.last(number), rest.last(number))
        assert whole.of(number, EpochDone)[-1].batches == rest.of(number, EpochDone)[-1].batches


def test_checkpoints_at_different_steps_catch_up_first():
    members = configs(("A", "B", "none"), checkpoint_seconds=0)
    whole = Recorded(members)
    rest = Recorded(members, resume=[whole.state(0, 6), whole.state(1, 3), None])
    steps = [(number, event.step) for number, event in rest.order if isinstance(event, StepMetrics)]
    assert steps[:3] == [(2, 1), (2, 2), (2, 3)]
    assert steps[3:9] == [(1, 4), (2, 4), (1, 5), (2, 5), (1, 6), (2, 6)]
    assert steps[9:] == [(number, step) for step in (7, 8) for number in range(3)]
    assert [type(rest.events[number][0]) for number in range(3)] == [Resumed, Resumed, RunStarted]
    for number in range(3):
        assert_same(whole.last(number), rest.last(number))
        assert rest.events[number][-1].status == "finished"
        seconds = [event.seconds for event in rest.of(number, StepMetrics)]
        assert seconds == sorted(seconds)


def test_who_catches_up_in_seconds_learns_at_the_rates_of_the_others_and_costs_no_time():
    members = configs(("A", "C"), unit="seconds", length=3600.0, checkpoint_seconds=0, warmup=0.5)
    before = Recorded(members, ends=2 * 2 + 2 * 2 * 9)  # beginnings, then reports and checkpoints: killed after step 8
    reached = max(before.saved[0])
    rest = Recorded(members, resume=[before.state(0, reached), before.state(1, 3)], ends=40)
    rates = {event.step: event.lr for event in before.of(0, StepMetrics)}
    caught_up = [event for event in rest.of(1, StepMetrics) if event.step <= reached]
    assert [event.step for event in caught_up] == list(range(4, reached + 1)) and len(set(rates.values())) > 2
    assert {event.step: event.lr for event in caught_up} == {step: rates[step] for step in range(4, reached + 1)}
    assert_same(rest.state(1, reached), before.state(1, reached))
    clock = before.state(0, reached)["seconds"]
    assert caught_up[-1].seconds == pytest.approx(clock) and rest.of(0, StepMetrics)[0].seconds > clock
    together = [[(e.step, e.seconds, e.lr) for e in rest.of(n, StepMetrics) if e.step > reached] for n in (0, 1)]
    both = [*zip(*together, strict=False)]  # the last report of one may have been the last event that was asked for
    assert both and all(one == other for one, other in both)


def test_who_is_behind_when_the_seconds_are_over_still_arrives(steady_clock):
    members = configs(("A", "C"), unit="seconds", length=0.5, checkpoint_seconds=0)
    before = Recorded(members)
    end = max(before.saved[0])
    rest = Recorded(members, resume=[before.last(0), before.state(1, 1)])
    assert rest.of(0, StepMetrics) == [] and rest.of(1, StepMetrics)[-1].step == end
    assert [events[-1].status for events in rest.events] == ["finished"] * 2
    assert_same(rest.last(1), before.last(1))


def poisoned(config):
    values = build_model(config.model, seed=config.seed).state_dict()
    return {**values, "fc.weight": torch.full_like(values["fc.weight"], 1e38)}


def test_a_member_that_diverges_ends_and_the_others_go_on():
    members = configs(("A", "B", "none"))
    found = Recorded(members, initial=[None, poisoned(members[1]), None])
    failed = found.events[1][-1]
    assert failed.status == "failed" and failed.code == "ended.loss" and failed.step == 1
    for number in (0, 2):
        assert found.events[number][-1].status == "finished"
        assert_same(found.last(number), alone(replace(members[number], race="")))


def test_where_all_diverge_all_end():
    members = configs(("A", "B"))
    found = Recorded(members, initial=[poisoned(config) for config in members])
    assert [(events[-1].status, events[-1].step) for events in found.events] == [("failed", 1)] * 2


def test_where_memory_does_not_suffice_all_who_are_left_end_with_advice(monkeypatch):
    members = configs(("A", "B", "none"))
    real = feeding.augment

    def full(images, part: EpochPlan, augmentation):
        if next(made) == 3:
            raise MemoryError
        return real(images, part, augmentation)

    made = itertools.count()
    monkeypatch.setattr(feeding, "augment", full)
    found = Recorded(members, initial=[None, poisoned(members[1]), None])
    assert [events[-1].code for events in found.events] == ["ended.memory", "ended.loss", "ended.memory"]
    assert [events[-1].step for events in found.events] == [3, 1, 3]
    assert [len(found.of(number, RunFinished)) for number in range(3)] == [1, 1, 1]


def test_members_share_the_pictures_and_the_host_waits_once_a_report(monkeypatch):
    learners = make_learners(configs(), DATA, CPU, World(), [None] * 4)
    assert len({learner.batches.images.data_ptr() for learner in learners}) == 1
    assert learners[0].batches.at(3) is learners[1].batches.at(3)
    fetched, real = [], torch.Tensor.tolist

    def tolist(values):
        if values.shape == (4, 3):  # the sums of a report
            fetched.append(values)
        return real(values)

    monkeypatch.setattr(torch.Tensor, "tolist", tolist)
    monkeypatch.setattr(torch.Tensor, "item", lambda values: 1 / 0)
    steps = race(configs(length=100), DATA, device=CPU)
    reports = [event for _, event in itertools.islice(steps, 8 + 16) if isinstance(event, StepMetrics)]
    steps.close()
    assert len(reports) == 16 and len(fetched) == 4


def test_a_pace_forgets_what_a_new_report_takes_back_and_survives_its_state():
    pace = Pace()
    assert pace.at(5) == 0.0 and pace.state().shape == (0, 2)
    for step, seconds in ((0, 0.0), (4, 1.5), (9, 2.5)):
        pace.begin(step, seconds)
    for known in (pace, Pace(pace.state())):
        assert [known.at(step) for step in (0, 3, 4, 8, 9, 50)] == [0.0, 0.0, 1.5, 1.5, 2.5, 2.5]
    pace.begin(4, 7.0)
    assert [pace.at(step) for step in (3, 4, 9)] == [0.0, 7.0, 7.0] and len(pace.state()) == 2

"""The one training loop: a generator of events, of one run or of several that race.

Contract: equal configuration, initial values, data, device kind and thread count give equal parameters bit for bit on
the CPU, also when the run is stopped and resumed (lengths in steps and epochs), and also when it is a member of a race.
Data lie on the device, once for all members; the host waits for the device once per report, about five times a second,
and else only for checkpoints and at the end of an epoch.

Clocks, lengths and reports are here, a step itself is `Learner`'s. Must not depend on files, processes or pages:
checkpoints leave through `save`, requests to stop come in through `should_stop`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from ..data.dataset import Dataset
from .config import TrainConfig
from .device import hardware_name, pick_device, versions
from .distributed import World
from .events import CheckpointSaved, End, Event, Resumed, RunFinished, RunStarted, StepMetrics
from .learner import Initial, Learner, State, make_learners
from .pace import Pace
from .reasons import because

REPORT_SECONDS = 0.2
MAX_STEPS_PER_REPORT = 500
FROZEN_CHECKPOINT_SECONDS = 5.0  # at least so long between two of a frozen network, whose epochs are shorter
OUT_OF_MEMORY = ("can't allocate memory", "not enough memory", "out of memory", "ALLOC_FAILED")


def train(
    config: TrainConfig,
    dataset: Dataset,
    *,
    device: torch.device | None = None,
    resume: State | None = None,
    initial: Initial | None = None,
    save: Callable[[State], None] = lambda state: None,
    should_stop: Callable[[], bool] = lambda: False,
    world: World | None = None,
) -> Generator[Event, None, None]:
    """Train and yield events, from RunStarted (or Resumed) to RunFinished.

    config: must have been fitted to the data (`TrainConfig.for_dataset`). resume: a state once given to `save`.
    initial: values to begin from instead of those of the seed (`initial.fit_initial`); without effect on resuming.
    save: is called with everything that resuming needs before the first step, at least every
    `config.checkpoint_seconds`, after each epoch (of a frozen network: at most every FROZEN_CHECKPOINT_SECONDS) and at
    the end. should_stop: asked once per report.
    world: the processes that train together; `save` is called, and events count, in the main one only.

    A loss that is not finite, and memory that does not suffice, end the run with RunFinished("failed") and advice.
    Raises ValueError before anything is built if the configuration does not fit the data or the machine.
    """
    alone = race(
        [config],
        dataset,
        device=device,
        resume=[resume],
        initial=[initial],
        save=lambda _, state: save(state),
        should_stop=should_stop,
        world=world,
    )
    for _, event in alone:
        yield event


def race(
    configs: Sequence[TrainConfig],
    dataset: Dataset,
    *,
    device: torch.device | None = None,
    resume: Sequence[State | None] = (),
    initial: Sequence[Initial | None] = (),
    save: Callable[[int, State], None] = lambda member, state: None,
    should_stop: Callable[[], bool] = lambda: False,
    world: World | None = None,
) -> Iterator[tuple[int, Event]]:
    """Train several runs that differ in their networks alone, and yield (place in `configs`, event).

    Step k of each comes before step k + 1 of any: those with the fewest steps go next, so that members whose
    checkpoints lie at different steps first catch up, with the learning rates of those before them. Clock and length
    belong to the race. A member that diverges ends, the others go on; where memory does not suffice all end.
    resume, initial: one for each, or none at all. All else is as in `train`, which is a race of one.
    """
    world, device = world or World(), device or pick_device()
    states: list[State | None] = list(resume) or [None] * len(configs)
    values: list[Initial | None] = list(initial) or [None] * len(configs)
    reached = [(state["step"], float(state["seconds"])) if state else (0, 0.0) for state in states]
    going = dict(enumerate(configs))  # those that have not come to their end
    try:
        begin = [None if state else one for state, one in zip(states, values, strict=True)]
        loop = _Loop(make_learners(configs, dataset, device, world, begin), states, save, should_stop)
        for number, event in loop.run():
            reached[number] = loop.members[number].learner.step, loop.seconds_at(loop.members[number].learner.step)
            if isinstance(event, RunFinished):
                del going[number]
            yield number, event
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        for number, config in going.items():
            step, seconds = reached[number]
            why = because("ended.memory", step=step, batch=config.batch_size)
            yield number, RunFinished("failed", step, seconds, **why)


@dataclass(eq=False)
class _Member:
    """One of the runs of a loop. saved_at: the race's seconds at its latest checkpoint."""

    number: int
    learner: Learner
    resumed: bool
    saved_at: float

    @property
    def step(self) -> int:
        return self.learner.step


class _Loop:
    """The clock of a race: when to report, to validate, to save, to stop. A single run is a race of one."""

    def __init__(
        self,
        learners: Sequence[Learner],
        states: Sequence[State | None],
        save: Callable[[int, State], None],
        should_stop: Callable[[], bool],
    ):
        """states: what each one goes on from; ValueError if it is that of another configuration."""
        self.save, self.should_stop = save, should_stop
        self.config, self.world, self.device = learners[0].config, learners[0].world, learners[0].device
        self.steps_per_epoch = learners[0].steps_per_epoch
        self.total_steps: int | None = None  # where the length is in seconds
        if self.config.unit == "steps":
            self.total_steps = int(self.config.length)
        elif self.config.unit == "epochs":
            self.total_steps = max(1, round(self.config.length * self.steps_per_epoch))
        self.members = []
        for number, (learner, state) in enumerate(zip(learners, states, strict=True)):
            if state is not None:
                learner.restore(state)
            self.members.append(_Member(number, learner, state is not None, float(state["seconds"]) if state else 0.0))
        self.going = list(self.members)  # those that have not come to their end
        self.seconds = max(member.saved_at for member in self.members)
        self.front = max(member.step for member in self.members)  # steps that the race has done
        furthest = next((state for state in states if state and state["step"] == self.front), None)
        self.pace = Pace(furthest.get("pace") if furthest else None)

    def run(self) -> Iterator[tuple[int, Event]]:
        """All events of the race, from its first to its last."""
        for member in self.members:
            for event in self._begin(member):
                yield member.number, event
        self.began = time.perf_counter() - self.seconds
        count = 1
        over = self.is_over()
        while self.going and not over:
            step = min(member.step for member in self.going)
            group = [member for member in self.going if member.step == step]
            live = step == self.front  # else they catch up, which is not on the race's clock
            if live and self.config.race:
                self.pace.begin(step, self.seconds)
            progress = self._progress_of_next(step, count)
            window_began = time.perf_counter()
            measured = self._steps(group, progress)
            took = time.perf_counter() - window_began  # the device has caught up: `_steps` waited for it
            wanted = max(1, round(REPORT_SECONDS * len(progress) / max(took, 1e-9)))
            self.front = max(self.front, step + len(progress))
            count, stop = map(int, self._agree(live, wanted, self.should_stop()))
            for member, (loss, accuracy, norm) in zip(group, measured, strict=True):
                rate = len(progress) * member.learner.batch / took
                yield member.number, self._metrics(member, loss, accuracy, norm, rate)
                if not math.isfinite(loss):
                    yield self._end(member, "failed", **self._diverged(member, "ended.loss"))
            group = [member for member in group if member in self.going]
            over = self.is_over()
            epoch_ended = (step + len(progress)) % self.steps_per_epoch == 0
            if over or epoch_ended:
                for member in group:
                    yield member.number, member.learner.epoch_done(self.seconds_at(member.step))
            self._agree(live)
            for member in group:
                since = self.seconds_at(member.step) - member.saved_at
                late = since >= self.config.checkpoint_seconds
                due = epoch_ended and (not self.config.freeze or since >= FROZEN_CHECKPOINT_SECONDS)
                if not (over or stop or due or late):
                    continue
                if member.learner.weights_are_finite():
                    yield member.number, self._checkpoint(member)
                else:  # a finite loss may have been followed by a ruinous step
                    yield self._end(member, "failed", **self._diverged(member, "ended.weights"))
            if stop and not over:
                for member in list(self.going):
                    yield self._end(member, "stopped", **because("ended.asked"))
        for member in list(self.going):
            yield self._end(member, "finished")

    def is_over(self) -> bool:
        """Whether the race has reached its length, with nobody behind."""
        if any(member.step < self.front for member in self.going):
            return False
        return self.seconds >= self.config.length if self.total_steps is None else self.front >= self.total_steps

    def seconds_at(self, step: int) -> float:
        """The race's seconds after so many steps: its clock, or where it was earlier."""
        return self.seconds if step >= self.front else self.pace.at(step)

    def progress(self, step: int) -> float:
        """How much of the race is done after `step` steps, 0 … 1. In seconds it moves once per report, equally in all
        processes and for all members, and does not look ahead."""
        if self.total_steps is not None:
            return step / self.total_steps
        return min(1.0, self.seconds_at(step) / self.config.length)

    def _begin(self, member: _Member) -> Iterator[Event]:
        learner = member.learner
        # before the clock runs, so that compiling does not eat a length in seconds
        compiled = learner.warm_up() if self.config.compile else None
        record: dict[str, Any] = dict(
            versions=versions(),
            hardware=hardware_name(learner.device),
            precision=learner.precision,
            processes=self.world.size,
            compile_seconds=compiled.seconds if compiled else 0.0,
            notice=compiled.notice if compiled else "",
        )
        if member.resumed:
            yield Resumed(learner.step, **record)
            return
        checkpoint = self._checkpoint(member)  # so that a run killed at any moment can be loaded and resumed
        initial = learner.digests() if self.config.race else None
        yield RunStarted(self.steps_per_epoch, self.total_steps, **record, initial=initial)
        yield checkpoint

    def _progress_of_next(self, step: int, count: int) -> list[float]:
        """The progress at each of the next steps: `count`, or fewer where the epoch or the race ends before, or where
        those who do them meet others."""
        bounds = [step + MAX_STEPS_PER_REPORT, (step // self.steps_per_epoch + 1) * self.steps_per_epoch]
        bounds += [] if self.total_steps is None else [self.total_steps]
        bounds += [met for met in (self.front, *(member.step for member in self.going)) if met > step]
        return [self.progress(ahead) for ahead in range(step, min(step + count, *bounds))]

    def _steps(self, group: Sequence[_Member], progress: Sequence[float]) -> list[tuple[float, float, float]]:
        """Do a report's steps, each of them with all of `group` in turn; see `Learner.report`."""
        learners = [member.learner for member in group]
        for learner in learners:
            if learner.position == 0:
                learner.start_epoch()
            learner.begin_report()
        for number, reached in enumerate(progress, 1):
            for learner in learners:
                learner.do_step(reached, last=number == len(progress))
        summed = self.world.sum(torch.stack([learner.totals for learner in learners]))
        totals = summed.tolist()  # the one synchronisation of a report, of however many runs
        return [learner.report(total, len(progress)) for learner, total in zip(learners, totals, strict=True)]

    def _agree(self, live: bool, *values: float) -> list[float]:
        """Take over the main process's clock, and its `values`; unless it is `live` the clock stands."""
        now = time.perf_counter()
        if not live:
            self.began = now - self.seconds
        self.seconds, *agreed = self.world.agree((now - self.began, *map(float, values)), self.device)
        return agreed

    def _checkpoint(self, member: _Member) -> CheckpointSaved:
        member.saved_at = self.seconds_at(member.step)
        state = {**member.learner.state(), "seconds": member.saved_at}
        if self.config.race:
            state["pace"] = self.pace.state()
        if self.world.is_main:
            self.save(member.number, state)
        return CheckpointSaved(member.step)

    def _metrics(self, member: _Member, loss: float, accuracy: float, norm: float, rate: float) -> StepMetrics:
        return StepMetrics(
            step=member.step,
            epoch=member.step / self.steps_per_epoch,
            progress=self.progress(member.step),
            seconds=self.seconds_at(member.step),
            loss=loss,
            accuracy=accuracy,
            lr=member.learner.lr,
            grad_norm=norm,
            images_per_second=rate,
        )

    def _end(self, member: _Member, status: End, **why: Any) -> tuple[int, RunFinished]:
        """The last event of a member's log. why: see `reasons.because`."""
        self.going.remove(member)
        return member.number, RunFinished(status, member.step, self.seconds_at(member.step), **why)

    def _diverged(self, member: _Member, code: str) -> dict[str, Any]:
        return because(code, step=member.step, lr=self.config.lr)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error means that memory did not suffice; CPU, CUDA, its libraries and MPS each say it their way."""
    message = str(error)
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or any(words in message for words in OUT_OF_MEMORY)

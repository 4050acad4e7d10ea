"""The one training loop: a generator of events.

Contract: equal configuration, initial values, data, device kind and thread count give equal parameters bit for bit on
the CPU, also when the run is stopped and resumed (lengths in steps and epochs). Data lie on the device; the host waits
for the device once per report, about five times a second, and else only for checkpoints and at the end of an epoch.

It knows clocks, lengths and reports; a step itself is `Learner`'s. It knows nothing of files, processes or pages:
checkpoints leave through `save`, requests to stop come in through `should_stop`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping

import torch

from ..data.dataset import Dataset
from .config import TrainConfig
from .device import hardware_name, pick_device, versions
from .distributed import World
from .events import CheckpointSaved, Event, Resumed, RunFinished, RunStarted, StepMetrics
from .learner import Learner, State

REPORT_SECONDS = 0.2
MAX_STEPS_PER_REPORT = 500
OUT_OF_MEMORY = ("can't allocate memory", "not enough memory", "out of memory", "ALLOC_FAILED")


def train(
    config: TrainConfig,
    dataset: Dataset,
    *,
    device: torch.device | None = None,
    resume: State | None = None,
    initial: Mapping[str, torch.Tensor] | None = None,
    save: Callable[[State], None] = lambda state: None,
    should_stop: Callable[[], bool] = lambda: False,
    world: World | None = None,
) -> Iterator[Event]:
    """Train and yield events, from RunStarted (or Resumed) to RunFinished.

    config: must have been fitted to the data (`TrainConfig.for_dataset`). resume: a state once given to `save`.
    initial: values to begin from instead of those of the seed (`initial.fit_initial`); without effect on resuming.
    save: is called with everything that resuming needs before the first step, at least every
    `config.checkpoint_seconds`, after each epoch and at the end. should_stop: asked once per report.
    world: the processes that train together; `save` is called, and events count, in the main one only.

    A loss that is not finite, and memory that does not suffice, end the run with RunFinished("failed") and advice.
    Raises ValueError before anything is built if the configuration does not fit the data or the machine.
    """
    step, seconds = (resume["step"], resume["seconds"]) if resume else (0, 0.0)
    try:
        begin = None if resume else initial
        loop = _Loop(Learner(config, dataset, device or pick_device(), world or World(), begin), save, should_stop)
        if resume is not None:
            loop.restore(resume)
        for event in loop.run(resumed=resume is not None):
            step, seconds = loop.learner.step, loop.seconds
            yield event
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        advice = "choose a smaller batch or a smaller network."
        reason = f"Out of memory after step {step} with batches of {config.batch_size}: {advice}"
        yield RunFinished("failed", step, seconds, reason)


class _Loop:
    """The clock of one run: when to report, to validate, to save, to stop."""

    def __init__(self, learner: Learner, save: Callable[[State], None], should_stop: Callable[[], bool]):
        self.learner, self.save, self.should_stop = learner, save, should_stop
        self.config, self.world = learner.config, learner.world
        self.total_steps: int | None = None  # where the length is in seconds
        if self.config.unit == "steps":
            self.total_steps = int(self.config.length)
        elif self.config.unit == "epochs":
            self.total_steps = max(1, round(self.config.length * learner.steps_per_epoch))
        self.seconds = 0.0

    def run(self, resumed: bool) -> Iterator[Event]:
        """All events of the run, from its first to its last."""
        learner = self.learner
        yield from self._begin(resumed)
        began = time.perf_counter() - self.seconds
        saved_at = self.seconds
        count = 1
        over = self.is_over()
        while not over:
            if learner.position == 0:
                learner.start_epoch()
            window_began = time.perf_counter()
            progress = self._progress_of_next(count)
            loss, accuracy, norm = learner.steps(progress)
            took = time.perf_counter() - window_began  # the device has caught up: `steps` waited for it
            wanted = max(1, round(REPORT_SECONDS * len(progress) / max(took, 1e-9)))
            count, stop = map(int, self._agree(time.perf_counter() - began, wanted, self.should_stop()))
            yield self._metrics(loss, accuracy, norm, len(progress) * learner.batch / took)
            if not math.isfinite(loss):
                yield self._diverged("loss")
                return
            over = self.is_over()
            epoch_ended = learner.position == 0
            if over or epoch_ended:
                yield learner.epoch_done(self.seconds)
            self._agree(time.perf_counter() - began)
            if over or stop or epoch_ended or self.seconds - saved_at >= self.config.checkpoint_seconds:
                if not learner.weights_are_finite():  # a finite loss may have been followed by a ruinous step
                    yield self._diverged("weights")
                    return
                yield self._checkpoint()
                saved_at = self.seconds
            if stop and not over:
                yield self.finished("stopped", "Stopped on request; it can be resumed.")
                return
        yield self.finished("finished")

    def is_over(self) -> bool:
        """Whether the run has reached its length."""
        if self.total_steps is not None:
            return self.learner.step >= self.total_steps
        return self.seconds >= self.config.length

    def progress(self, ahead: int = 0) -> float:
        """How much of the run is done, 0 … 1, `ahead` steps from now. In seconds it moves once per report, equally
        in all processes, and does not look ahead."""
        if self.total_steps is not None:
            return (self.learner.step + ahead) / self.total_steps
        return min(1.0, self.seconds / self.config.length)

    def finished(self, status: str, reason: str = "") -> RunFinished:
        """The last event of the log."""
        return RunFinished(status, self.learner.step, self.seconds, reason)

    def restore(self, state: State) -> None:
        """Go on from a state that was saved; ValueError if it is that of another configuration."""
        self.learner.restore(state)
        self.seconds = float(state["seconds"])

    def _begin(self, resumed: bool) -> Iterator[Event]:
        learner = self.learner
        # before the clock runs, so that compiling does not eat a length in seconds
        compiled = learner.warm_up() if self.config.compile else None
        record = dict(
            versions=versions(),
            hardware=hardware_name(learner.device),
            precision=learner.precision,
            processes=self.world.size,
            compile_seconds=compiled.seconds if compiled else 0.0,
            notice=compiled.notice if compiled else "",
        )
        if resumed:
            yield Resumed(learner.step, **record)
            return
        checkpoint = self._checkpoint()  # so that a run killed at any moment can be loaded and resumed
        yield RunStarted(learner.steps_per_epoch, self.total_steps, **record)
        yield checkpoint

    def _progress_of_next(self, count: int) -> list[float]:
        """The progress at each of the next steps: `count`, or fewer where the epoch or the run ends before."""
        count = min(count, MAX_STEPS_PER_REPORT, self.learner.steps_per_epoch - self.learner.position)
        if self.total_steps is not None:
            count = min(count, self.total_steps - self.learner.step)
        return [self.progress(ahead) for ahead in range(count)]

    def _agree(self, seconds: float, *values: float) -> list[float]:
        """Take over the main process's clock, and its `values`."""
        self.seconds, *agreed = self.world.agree((seconds, *map(float, values)), self.learner.device)
        return agreed

    def _checkpoint(self) -> CheckpointSaved:
        state = {**self.learner.state(), "seconds": self.seconds}
        if self.world.is_main:
            self.save(state)
        return CheckpointSaved(self.learner.step)

    def _metrics(self, loss: float, accuracy: float, norm: float, rate: float) -> StepMetrics:
        return StepMetrics(
            step=self.learner.step,
            epoch=self.learner.step / self.learner.steps_per_epoch,
            progress=self.progress(),
            seconds=self.seconds,
            loss=loss,
            accuracy=accuracy,
            lr=self.learner.lr,
            grad_norm=norm,
            images_per_second=rate,
        )

    def _diverged(self, what: str) -> RunFinished:
        return self.finished(
            "failed",
            f"The {what} had values that are not finite numbers by step {self.learner.step}: the training diverged. "
            f"Choose a smaller peak learning rate than {self.config.lr:g}, or a longer warm-up.",
        )


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error means that memory did not suffice; CPU, CUDA, its libraries and MPS each say it their way."""
    said = str(error)
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or any(words in said for words in OUT_OF_MEMORY)

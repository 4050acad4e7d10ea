"""A training in a terminal: a bar, a line for each epoch, the accuracies at the end, and Ctrl-C that stops it cleanly.

Must not depend on where it trains.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from ..engine.events import EpochDone, Event, Resumed, RunFinished, StepMetrics
from ..runs.files import STOP
from ..runs.folder import RunFolder
from .evaluate import print_accuracies


def show(events: Iterable[Event], folder: RunFolder, *, quiet: bool, is_main: bool = True) -> int:
    """Print the events of a run as they come; the exit code. is_main: whether this process is to print."""
    last: Event | None = None
    with tqdm(total=100, disable=quiet or not is_main, bar_format=BAR) as bar:
        for event in events:
            just_resumed, last = isinstance(last, Resumed), event
            if isinstance(event, StepMetrics):
                if just_resumed:  # the time that is left follows from what this process has done itself
                    bar.initial = bar.n = 100 * event.progress
                bar.update(round(100 * event.progress, 2) - bar.n)
                bar.set_postfix_str(
                    f"loss {event.loss:.3f}, accuracy {event.accuracy:.1%}, {event.images_per_second:,.0f} images/s"
                )
            elif isinstance(event, EpochDone) and is_main:
                bar.write(
                    f"epoch {event.epoch:6.2f}  train loss {event.train_loss:.4f} accuracy {event.train_accuracy:.2%}  "
                    f"validation loss {event.validation_loss:.4f} accuracy {event.validation_accuracy:.2%}  "
                    f"{event.seconds:.0f} s",
                    file=sys.stdout,
                )
                sys.stdout.flush()
    failed = not isinstance(last, RunFinished) or last.status == "failed"
    if not is_main or not isinstance(last, RunFinished):
        return int(failed)  # so that torchrun ends the other processes too
    print(f"{last.status} after {last.step} steps, {last.seconds:.1f} s. {last.reason}".rstrip())
    print_accuracies(folder.predictions())
    return int(failed)


BAR = "{percentage:5.1f} %|{bar}| {elapsed} elapsed, {remaining} left{postfix}"


@contextmanager
def stop_on_interrupt(folder: RunFolder) -> Iterator[None]:
    """The first Ctrl-C or SIGTERM asks the run to stop, which writes a checkpoint; a second one ends the process."""

    def ask(signum: int, frame: object) -> None:
        (folder.path / STOP).touch()
        for number, handler in before.items():
            signal.signal(number, handler)
        print("stopping after this report; press Ctrl-C again to end at once", file=sys.stderr)

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, ask)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

"""A long computation that tells how far it is, as a handler that fills the page meanwhile. It knows no tab."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event
from typing import Generic, TypeVar

Result = TypeVar("Result")
Progress = Callable[[int, int], None]  # done, of all
SECONDS = 0.3  # between two reports


class Watched(Generic[Result]):
    """`work(progress, cancelled)` in a thread of its own: iterate over (done, of all), then take the `result`.

    Whoever stops iterating, as Gradio does with a handler that is cancelled, cancels the work.
    """

    def __init__(self, work: Callable[[Progress, Callable[[], bool]], Result]) -> None:
        self.work = work
        self.result: Result | None = None

    def __iter__(self) -> Iterator[tuple[int, int]]:
        stop, state = Event(), [(0, 1)]

        def progress(done: int, total: int) -> None:
            state[0] = done, total

        with ThreadPoolExecutor(1) as pool:
            future = pool.submit(self.work, progress, stop.is_set)
            try:
                while not wait([future], SECONDS).done:
                    yield state[0]
            finally:
                stop.set()
            self.result = future.result()

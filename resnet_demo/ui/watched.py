"""Something that takes long, watched: how far it is, twice a second. It knows neither what it is nor any component."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, TimeoutError

UPDATE_SECONDS = 0.5
Report = Callable[[int, int], None]  # (done, in all)


def watched(work: Callable[[Report], object]) -> Iterator[tuple[int, int]]:
    """Do `work`, which is given a function to report to, and yield what it reported last, (0, 0) before that.

    Ends when the work is done; what it raises is raised here.
    """
    so_far = (0, 0)

    def report(done: int, total: int) -> None:
        nonlocal so_far
        so_far = done, total

    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(work, report)
        while True:
            try:
                job.result(UPDATE_SECONDS)
                return
            except TimeoutError:
                if job.done():  # with a TimeoutError of its own
                    raise
                yield so_far

"""Files of a data set on the Hugging Face Hub: whether they are on this machine, and how they come.

It knows no data set; weights have the same patience with the Hub. huggingface_hub downloads, resumes and keeps the
files; here are only what it lacks: an answer within seconds where there is no network, and the bytes of several files
as one progress.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NoAnswer  # not Python's own before 3.11
from io import StringIO
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

Report = Callable[[int, int], None]  # bytes that have come, bytes in all
Answer = TypeVar("Answer")
SECONDS_TO_ANSWER = 2.5


def find_files(repository: str, names: Sequence[str], cache: Path) -> tuple[Path, ...] | None:
    """The files of a data set's repository in the Hub's cache at `cache`; None unless all of them are there."""
    if not cache.is_dir():
        return None
    from huggingface_hub import try_to_load_from_cache  # a tenth of a second, paid only by those who look

    found = [try_to_load_from_cache(repository, name, cache_dir=cache, repo_type="dataset") for name in names]
    return tuple(map(Path, found)) if all(isinstance(path, str) for path in found) else None


def fetch_files(repository: str, names: Sequence[str], cache: Path, report: Report | None = None) -> tuple[Path, ...]:
    """The files, downloaded into the Hub's cache at `cache` unless they are there. No account is used.

    report: told the bytes as they come; without it huggingface_hub draws its own bars. Raises what huggingface_hub
    raises, and TimeoutError where the Hub does not answer within SECONDS_TO_ANSWER.
    """
    if found := find_files(repository, names, cache):
        return found
    from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url

    def sizes() -> list[int]:
        addresses = [hf_hub_url(repository, name, repo_type="dataset") for name in names]
        return [get_hf_file_metadata(a, token=False, timeout=SECONDS_TO_ANSWER).size or 0 for a in addresses]

    expected = within(len(names) * SECONDS_TO_ANSWER, sizes)
    paths = []
    for number, name in enumerate(names):
        bars = _bars(sum(expected[:number]), sum(expected), report) if report else None
        options = {"repo_type": "dataset", "cache_dir": cache, "token": False, "tqdm_class": bars}
        paths.append(Path(hf_hub_download(repository, name, **options)))
    return tuple(paths)


def _bars(before: int, total: int, report: Report) -> type[tqdm]:
    """Bars that are reported and drawn nowhere. One file may have two, one for what came and one for what was written:
    the one that is ahead counts."""
    seen: list[tqdm] = []

    class Bar(tqdm):
        monitor_interval = 0  # no thread that redraws

        def __init__(self, *args: object, **options: object) -> None:
            options.pop("name", None)  # of huggingface_hub's own bars
            super().__init__(*args, **{**options, "file": StringIO()})
            seen.append(self)
            self.update(0)

        def update(self, n: float | None = 1) -> bool | None:
            self.n += n or 0
            report(min(total, before + int(max(bar.n for bar in seen))), total)
            return None

    return Bar


def within(seconds: float, call: Callable[[], Answer]) -> Answer:
    """The result of `call`, or TimeoutError: a name server that does not answer knows no timeout of its own."""
    future: Future[Answer] = Future()

    def work() -> None:
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        return future.result(seconds)
    except NoAnswer as error:
        if future.done():
            raise
        raise TimeoutError(f"no answer within {seconds:g} s") from error

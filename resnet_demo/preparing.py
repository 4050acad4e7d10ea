"""Data sets decoded into the cache, outside the server's process: each once, however many need it meanwhile.

Each has a process of its own, which ends with it: decoding takes gigabytes at times, and the system may end a process
for that. Must not depend on pages.
"""

from __future__ import annotations

import copy
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .data.cache import is_cached
from .data.dataset import DatasetInfo
from .data.datasets import entry_of, prepare
from .data.errors import DataError
from .data.own import OWN, OwnPictures
from .processes import ProcessError, Processes

MOST_OF_ADDRESS = 3  # uploaded data sets that wait or are decoded for one address
MOST_PROBLEMS = 200  # that are remembered


@dataclass(frozen=True, eq=False)
class _Work:
    address: str
    info: Future[DatasetInfo]


class Preparing:
    """The data sets that are being decoded, one after the other: public ones in one line, uploaded ones in another, so
    that nobody's images delay what everybody uses. Safe to use from several threads.

    own: the uploaded images, and the account of the room that they take.
    """

    def __init__(self, own: OwnPictures):
        self._own = own
        self._public, self._uploaded = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._lock = threading.Lock()
        self._works: dict[Path, _Work] = {}  # by entry of the cache
        self._problems: dict[Path, BaseException] = {}
        self._processes: set[Processes] = set()
        self._closed = False

    def begin(self, name: str, *, address: str = "", **where: Any) -> Future[DatasetInfo] | None:
        """The work that puts a data set into the cache, begun if nobody has; None if it is there.

        where: see `load_dataset`. address: whose room uploaded images take, of which no more than MOST_OF_ADDRESS data
        sets wait at a time; "" is nobody's. The future ends with what a configuration is fitted to, also where the
        cache could not be written to, and cannot be cancelled, for others may wait for it. It raises, as this does,
        DataError, ProcessError, and whatever the account of room on disk refuses with.
        """
        entry, uploaded = entry_of(name, **where), name.startswith(OWN)
        with self._lock:
            if entry is None or is_cached(entry):
                return None
            if known := self._works.get(entry):
                return known.info
            if self._closed:
                raise ProcessError("process.ended")
            count = sum(address == other.address for other in self._works.values())
            if uploaded and address and count >= MOST_OF_ADDRESS:
                raise DataError("data.preparing", count=count, most=MOST_OF_ADDRESS)
            self._problems.pop(entry, None)
            self._works[entry] = work = _Work(address if uploaded else "", Future())
            work.info.set_running_or_notify_cancel()
            line = self._uploaded if uploaded else self._public
            line.submit(self._carry_out, work, entry, name, where)
        return work.info

    def problem(self, name: str, **where: Any) -> BaseException | None:
        """Why a data set is not in the cache although somebody waited for it; None before that and meanwhile."""
        entry = entry_of(name, **where)
        with self._lock:
            known = self._problems.get(entry) if entry else None
        return copy.copy(known)  # which, raised itself, would keep the frames of all who ask

    def _carry_out(self, work: _Work, entry: Path, name: str, where: dict[str, Any]) -> None:
        outcome: DatasetInfo | BaseException
        problem: BaseException | None = None
        try:
            outcome = self._prepared(name, where, work.address)
        except BaseException as error:
            outcome = problem = error
        with self._lock:
            if isinstance(outcome, DatasetInfo) and not is_cached(entry):
                problem = DataError("data.not_stored", name=outcome.name)
            if problem and len(self._problems) >= MOST_PROBLEMS:
                self._problems.clear()
            if problem:
                self._problems[entry] = problem
            del self._works[entry]
        if isinstance(outcome, DatasetInfo):
            work.info.set_result(outcome)
        else:
            work.info.set_exception(outcome)

    def _prepared(self, name: str, where: dict[str, Any], address: str) -> DatasetInfo:
        uploaded = name.startswith(OWN)
        with self._own.room(name, where["size"], address) if uploaded else nullcontext():
            processes = Processes(1, tries=1)
            try:
                with self._lock:
                    if self._closed:
                        raise ProcessError("process.ended")
                    self._processes.add(processes)
                return processes.run(prepare, name, **where)
            finally:
                processes.close()
                self._processes.discard(processes)

    def close(self) -> None:
        """End what is being decoded; what waits ends with ProcessError."""
        with self._lock:
            self._closed = True
            running = tuple(self._processes)
        for processes in running:
            processes.close()
        for line in (self._public, self._uploaded):
            line.shutdown(wait=False)

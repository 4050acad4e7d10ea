"""Runs as a page follows them: what their logs say since the last look, and long histories in a few hundred points.

A log is read once, however long it grows and however many watch it. Must not depend on pages or queues: `status`, an
argument, returns which runs wait and which are trained.
"""

from __future__ import annotations

import math
import os
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO, Protocol

from ..engine.events import (
    LONGEST_LINE,
    EpochDone,
    Event,
    Resumed,
    RunFinished,
    RunStarted,
    StepMetrics,
    Turn,
    from_line,
)
from .files import CONFIG, LOCK, LOG
from .index import RunIndex, UnknownRun
from .lock import is_locked
from .records import open_file

MOST_RUNS = 8  # in one question
MOST_POINTS = 400  # of a history
MOST_BEHIND = 128 * 1024  # bytes: who has missed more than that gets the history instead of every line
KEPT = 64  # runs whose histories are kept, some 100 KB each
BLOCK = 1 << 20  # bytes read at once
GONE = {"state": "gone"}

Row = list[Any]  # the values of an event in the order of its fields
POSITIONS = {"step", "epoch", "progress", "seconds"}  # columns that say where a point lies, not what was measured
COLUMNS: dict[type[Event], tuple[tuple[str, bool], ...]] = {
    kind: tuple((field.name, field.name in POSITIONS) for field in fields(kind) if field.default is not None)
    for kind in (StepMetrics, EpochDone)  # whose arrays default to None: they are not in the log
}


class Status(Protocol):
    """What a queue says about a run: `state` ("queued" or one of `folder.STATES`), `position` in the queue (1 = next,
    0 = not queued), `wait`: seconds until it is expected to start, or None, and `reason`, a sentence or "", with `code`
    and `values` for other languages."""

    @property
    def state(self) -> str: ...
    @property
    def position(self) -> int: ...
    @property
    def wait(self) -> float | None: ...
    @property
    def reason(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def values(self) -> Mapping[str, Any]: ...


class Tails:
    """Answers a page's question what is new. status: of a run by its id; UnknownRun if there is none such."""

    def __init__(self, index: RunIndex, status: Callable[[str], Status]):
        self.index, self.status = index, status
        self._tails: OrderedDict[str, _Tail] = OrderedDict()
        self._lock = Lock()

    def poll(self, request: Any) -> dict[str, dict[str, Any]]:
        """What is new in some runs. The request is a visitor's: what is not understood has no answer.

        request: {"runs": {id: cursor}}, at most MOST_RUNS of them; the cursor is 0 at first, then `next` of the last
        answer. An answer is {"state": "gone"} or:

        state, position, wait, reason, code, values: as in Status
        next: the cursor for the next question (bytes of the log)
        after: None, or a step: points and epochs after it no longer count and come before those of this answer
        points: [[step, epoch, progress, seconds, loss, accuracy, lr, grad_norm, images_per_second], …]
        epochs: [[step, epoch, seconds, train_loss, train_accuracy, validation_loss, validation_accuracy], …]

        Measured numbers have 5 digits, positions those of the log; what is not finite is None. From cursor 0 no more
        than MOST_POINTS of each come: means over neighbours, each at the position of its last one.
        """
        runs = request.get("runs") if isinstance(request, dict) else None
        if not isinstance(runs, dict):
            return {}
        return {run_id: self._answer(run_id, cursor) for run_id, cursor in islice(runs.items(), MOST_RUNS)}

    def _answer(self, run_id: str, cursor: Any) -> dict[str, Any]:
        try:
            tail = self._tail(run_id)
            answer, turn = tail.read(cursor if type(cursor) is int else 0)
            return {**self._state(run_id, tail, turn), **answer}
        except (UnknownRun, OSError):  # deleted, perhaps a moment ago
            return GONE

    def _state(self, run_id: str, tail: _Tail, turn: Turn | None) -> dict[str, Any]:
        if isinstance(turn, RunStarted | Resumed) and tail.is_locked():
            return {"state": "running", "position": 0, "wait": None, "reason": "", "code": "", "values": {}}
        standing = self.status(run_id)
        wait = None if standing.wait is None else round(standing.wait, 1)
        why = turn if isinstance(turn, RunFinished) and turn.status == standing.state else standing
        reasons = {"reason": why.reason, "code": why.code, "values": why.values}
        return {"state": standing.state, "position": standing.position, "wait": wait, **reasons}

    def _tail(self, run_id: str) -> _Tail:
        with self._lock:
            tail = self._tails.pop(run_id, None)
            if tail is None or not (tail.folder / CONFIG).is_file():
                tail = _Tail(self.index.find(run_id).path)
            self._tails[run_id] = tail
            if len(self._tails) > KEPT:
                self._tails.popitem(last=False)
            return tail


class _Tail:
    """One run's log as far as it has been read: its histories, and the last of its turns."""

    def __init__(self, folder: Path):
        self.folder, self._lock = folder, Lock()
        self._file_id: int | None = None
        self._forget()

    def is_locked(self) -> bool:
        """Whether somebody trains it; one asks at a time, for asking takes the lock for a moment."""
        with self._lock:
            return is_locked(self.folder / LOCK)

    def read(self, cursor: int) -> tuple[dict[str, Any], Turn | None]:
        """What is new since `cursor` as `Tails.poll` gives it, and the latest RunStarted, Resumed or RunFinished."""
        with self._lock:
            try:
                with open_file(self.folder / LOG) as file:
                    self._read_on(file)
                    known = 0 < cursor <= self._end and self._end - cursor <= MOST_BEHIND
                    if known:
                        points, epochs, after = _collect(_events(file, cursor, self._end))
                    else:  # the first question, another log than that of the cursor, or too much of it
                        points, epochs, after = self._points.rows(), self._epochs.rows(), 0 if cursor else None
            except OSError:  # it waits, and has no log yet; or what lies there is none
                points, epochs, after = [], [], None
                self._forget()
            answer = {"next": self._end, "after": after, "points": points, "epochs": epochs}
            return answer, self._turn

    def _forget(self) -> None:
        self._end = 0
        self._turn: Turn | None = None
        self._points, self._epochs = _History(StepMetrics), _History(EpochDone)

    def _read_on(self, file: BinaryIO) -> None:
        facts = os.fstat(file.fileno())
        if facts.st_ino != self._file_id or facts.st_size < self._end:  # another log in its place
            self._file_id = facts.st_ino
            self._forget()
        for event, row in _events(file, self._end, facts.st_size, self._read_to):
            if row:
                (self._points if isinstance(event, StepMetrics) else self._epochs).add(row)
            elif isinstance(event, RunStarted | Resumed | RunFinished):
                self._turn = event
                if isinstance(event, Resumed):
                    self._points.drop(event.step)
                    self._epochs.drop(event.step)

    def _read_to(self, end: int) -> None:
        self._end = end


class _History:
    """At most MOST_POINTS rows of a growing table, each the mean of equally many rows that were added."""

    def __init__(self, kind: type[Event]):
        self._columns = COLUMNS[kind]
        self._rows: list[Row] = []
        self._open: list[Row] = []  # of the last row, which is not yet complete
        self._each = 1

    def add(self, row: Row) -> None:
        self._open.append(row)
        if len(self._open) == self._each:
            self._rows.append(self._mean(self._open))
            self._open = []
        if len(self._rows) == MOST_POINTS:
            self._rows = [self._mean(self._rows[i : i + 2]) for i in range(0, MOST_POINTS, 2)]
            self._each *= 2

    def drop(self, step: int) -> None:
        """Forget what came after `step`."""
        self._rows, self._open = ([row for row in rows if row[0] <= step] for rows in (self._rows, self._open))

    def rows(self) -> list[Row]:
        return [*self._rows, self._mean(self._open)] if self._open else list(self._rows)

    def _mean(self, rows: Sequence[Row]) -> Row:
        if len(rows) == 1:
            return rows[0]
        columns = zip(self._columns, zip(*rows, strict=True), strict=True)
        return [values[-1] if is_position else _mean(values) for (_, is_position), values in columns]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return _short(sum(known) / len(known)) if known else None


def _short(value: float) -> float | None:
    return float(f"{value:.5g}") if math.isfinite(value) else None


def _row(event: Event) -> Row | None:
    """The row of a report or an epoch, None for other events."""
    values = ((getattr(event, name), is_position) for name, is_position in COLUMNS.get(type(event), ()))
    return [value if is_position else _short(value) for value, is_position in values] or None


def _collect(events: Iterator[tuple[Event, Row | None]]) -> tuple[list[Row], list[Row], int | None]:
    """Points, epochs, and the step after which earlier ones no longer count."""
    points: list[Row] = []
    epochs: list[Row] = []
    after: int | None = None
    for event, row in events:
        if row:
            (points if isinstance(event, StepMetrics) else epochs).append(row)
        elif isinstance(event, Resumed):
            after = event.step if after is None else min(after, event.step)
            points, epochs = ([row for row in rows if row[0] <= event.step] for rows in (points, epochs))
    return points, epochs, after


def _events(
    file: BinaryIO, begin: int, end: int, read_to: Callable[[int], None] = lambda end: None
) -> Iterator[tuple[Event, Row | None]]:
    """The events between two offsets, with their rows. A last line without its newline is left, a line that is no event
    passed over, and so is one that is longer than any. read_to: is told how far lines have been read."""
    file.seek(begin)
    rest = b""
    while begin < end and (block := file.read(min(BLOCK, end - begin))):
        begin += len(block)
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            try:
                event = from_line(line)
            except ValueError:
                continue
            yield event, _row(event)
        if len(rest) > LONGEST_LINE:
            rest = rest[:1]  # no event any more, however it ends
        read_to(begin - len(rest))

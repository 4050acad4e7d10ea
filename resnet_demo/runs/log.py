"""The log of a run, line by line, as it was written. Must not depend on the other files of a run.

A log is kept and read again and again, so what it raises are copies: an error that is raised twice keeps the frames of
both, with all that these hold.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ..engine.events import LONGEST_LINE, Event, Resumed, RunFinished, RunStarted, StepMetrics, Turn, from_line
from .records import RunError, damaged, open_file

TURNS: tuple[type[Turn], ...] = (RunStarted, Resumed, RunFinished)
Kind = TypeVar("Kind", bound=Event)
BEGINNINGS = {kind: f'{{"event": "{kind.__name__}"'.encode() for kind in (*TURNS, StepMetrics)}  # of their lines


@dataclass(frozen=True)
class DamagedLine:
    """A line that is no event. kind: what it was, by its beginning, if that decides something, else None."""

    error: RunError
    kind: type | None


@dataclass(frozen=True)
class Log:
    """lines: what they say. end: the bytes read. problem: why the rest cannot be read, None where it can."""

    lines: tuple[Event | DamagedLine, ...] = ()
    end: int = 0
    problem: RunError | None = None

    def events(self) -> Iterator[Event]:
        """The events; RunError names a line that is none."""
        for line in self.lines:
            if isinstance(line, DamagedLine):
                raise copy.copy(line.error)
            yield line
        if self.problem:
            raise copy.copy(self.problem)

    def latest(self, kinds: tuple[type[Kind], ...]) -> Kind | None:
        """The last event of some kinds, None without one; RunError where it is damaged, or the rest cannot be read."""
        if self.problem:
            raise copy.copy(self.problem)
        for line in reversed(self.lines):
            if isinstance(line, kinds):
                return line
            if isinstance(line, DamagedLine) and line.kind in kinds:
                raise copy.copy(line.error)
        return None


def read_log(path: Path, before: Log | None = None) -> Log:
    """Read the log at `path`, from where `before` ends; what follows the last newline is torn off or not yet whole."""
    before = before or Log()
    lines, end, name = list(before.lines), before.end, f"{path.parent.name}/{path.name}"
    try:
        with open_file(path) as file:
            file.seek(end)
            while (line := file.readline(LONGEST_LINE)).endswith(b"\n"):
                end += len(line)
                lines.append(_parsed(line, f"{name}, line {len(lines) + 1}"))
            if len(line) == LONGEST_LINE:
                raise ValueError("it has a line that is longer than any event")
    except FileNotFoundError:
        return Log()
    except (OSError, ValueError) as error:
        return Log(tuple(lines), end, damaged(name, error))
    return Log(tuple(lines), end)


def tail_of(path: Path, size: int) -> Log:
    """Read the lines that begin in the last `size` bytes of a log; their damage is named without a number."""
    name = f"{path.parent.name}/{path.name}"
    try:
        with open_file(path) as file:
            if file.seek(0, os.SEEK_END) > size:
                file.seek(-size, os.SEEK_END)
                file.readline(size)
            else:
                file.seek(0)
            lines = []
            while (line := file.readline(LONGEST_LINE)).endswith(b"\n"):
                lines.append(_parsed(line, f"{name}, one of its last lines"))
            return Log(tuple(lines))
    except FileNotFoundError:
        return Log()
    except OSError as error:
        return Log(problem=damaged(name, error))


def _parsed(line: bytes, name: str) -> Event | DamagedLine:
    try:
        return from_line(line)
    except ValueError as error:
        kind = next((kind for kind, beginning in BEGINNINGS.items() if line.startswith(beginning)), None)
        return DamagedLine(damaged(name, error), kind)

"""How a training process ended, and what that means for users: a sentence, advice, its last lines.

Reads exit codes, signals and output files. Must not depend on runs or queues.
"""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...engine.reasons import because, reason_from_error
from ...engine.train import OUT_OF_MEMORY
from ..records import REASON, open_file

SAID = 2  # exit code of a process whose last line is a sentence that says what was wrong
MARK = "sentence: "  # begins the line before it, which says the same for other languages
LINES, LINE = 8, 300  # how much of the output is kept: lines, and characters of each
DIRECTORIES = re.compile(r"(?:(?<=[\s'\"(=])|^)(?:[A-Za-z]:)?[/\\](?:[^/\\\s'\"]+[/\\])+")


@dataclass(frozen=True)
class Ending:
    """code: exit code, None where there is none. signal: name of the signal that ended it, or "". last_lines: of what
    it printed, without the directories of this machine."""

    code: int | None
    signal: str = ""
    last_lines: tuple[str, ...] = ()

    @staticmethod
    def of(exitcode: int | None, output: Path) -> Ending:
        """From what `multiprocessing` calls exitcode (a signal is a negative number) and the file it printed to."""
        if exitcode is not None and exitcode < 0:
            return Ending(None, signal_name(-exitcode), last_lines(output))
        return Ending(exitcode, "", last_lines(output))

    def why(self) -> dict[str, Any]:
        """What happened and what to do, as `because` says it; further lines of the reason are the last ones of the
        output."""
        if self.code == SAID and self.last_lines:
            return {"reason": self.last_lines[-1]} | _marked(self.last_lines[-2:-1])
        why = self._advice()
        return why | {"reason": "\n".join((why["reason"], *self.last_lines))}

    def _advice(self) -> dict[str, Any]:
        output = "\n".join(self.last_lines)
        if any(words in output for words in OUT_OF_MEMORY) or "MemoryError" in output:
            return because("ended.process_memory")
        if self.signal == "SIGKILL":
            return because("ended.killed")
        if self.signal:
            return because("ended.crashed", signal=self.signal)
        if "CUDA error" in output or "cuDNN error" in output or "CUBLAS" in output:
            return because("ended.gpu")
        if self.code:
            return because("ended.error" if self.last_lines else "ended.error_silent", exit=self.code)
        return because("ended.process")


def mark(error: Exception) -> str:
    """Two lines for a process to end its output with: what other languages want of a sentence, and the sentence."""
    why = reason_from_error(error)
    sentence = why.pop("reason")
    return f"{MARK}{json.dumps(why, ensure_ascii=False)}\n{sentence}"


def _marked(lines: Sequence[str]) -> dict[str, Any]:
    """code and values of such a line, {} for any other and for one too long to have been kept whole."""
    try:
        return dict(REASON.validate_json(lines[0].removeprefix(MARK))) if lines and lines[0].startswith(MARK) else {}
    except ValueError:
        return {}


def signal_name(number: int) -> str:
    """SIGKILL for 9; the number where it has no name here."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def last_lines(output: Path) -> tuple[str, ...]:
    """The last lines of a file that are not empty; none if it cannot be read."""
    try:
        with open_file(output) as file:
            file.seek(max(0, file.seek(0, 2) - LINES * LINE * 4))
            text = file.read().decode(errors="replace")
    except OSError:
        return ()
    lines = [line.rstrip() for line in re.split(r"[\r\n]+", text) if line.strip()]
    return tuple(without_directories(line)[:LINE] for line in lines[-LINES:])


def without_directories(line: str) -> str:
    """A line with the files of this machine named, and not where they lie: visitors may read it."""
    return DIRECTORIES.sub("…/", line)

"""How a process that trained came to its end, and what that means for people: a sentence, advice, its last lines.

It knows exit codes, signals and output files, nothing of runs and queues.
"""

from __future__ import annotations

import re
import signal
from dataclasses import dataclass
from pathlib import Path

from ..engine.train import OUT_OF_MEMORY

SAID = 2  # exit code of a process whose last line is a sentence that says what was wrong
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

    def sentence(self) -> str:
        """What happened and what to do; further lines are the last ones of the output."""
        if self.code == SAID and self.last_lines:
            return self.last_lines[-1]
        return "\n".join((self._advice(), *self.last_lines))

    def _advice(self) -> str:
        said = "\n".join(self.last_lines)
        if any(words in said for words in OUT_OF_MEMORY) or "MemoryError" in said:
            return "Memory did not suffice: choose a smaller batch or a smaller network."
        if self.signal == "SIGKILL":
            return (
                "The process that trained was killed (SIGKILL), as systems do when memory runs out. Resume the run; "
                "if that ends the same way, choose a smaller batch or a smaller network."
            )
        if self.signal:
            return (
                f"The process that trained crashed ({self.signal}). Resume the run; if that ends the same way, choose "
                "another precision or leave compiling out."
            )
        if "CUDA error" in said or "cuDNN error" in said or "CUBLAS" in said:
            return "The GPU reported an error. Resume the run: a new process begins with the GPU as new."
        if self.code:
            what = "Its last lines say more." if self.last_lines else "Resume the run."
            return f"The process that trained ended with an error (exit code {self.code}). {what}"
        return "The process that trained ended before the run did. Resume the run."


def signal_name(number: int) -> str:
    """SIGKILL for 9; the number where it has no name here."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def last_lines(output: Path) -> tuple[str, ...]:
    """The last lines of a file that are not empty; none if it cannot be read."""
    try:
        with open(output, "rb") as file:
            file.seek(max(0, file.seek(0, 2) - LINES * LINE * 4))
            text = file.read().decode(errors="replace")
    except OSError:
        return ()
    lines = [line.rstrip() for line in re.split(r"[\r\n]+", text) if line.strip()]
    return tuple(without_directories(line)[:LINE] for line in lines[-LINES:])


def without_directories(line: str) -> str:
    """A line with the files of this machine named, and not where they lie: visitors may read it."""
    return DIRECTORIES.sub("…/", line)

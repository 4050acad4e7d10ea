"""Why a run ended, in one sentence each: the one place where those sentences are.

It knows no events and no processes. Pages say the same in other languages, by code and values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

LONGEST = 5_000  # characters of a sentence, or of a value in it
SENTENCES = {
    "ended.asked": "Stopped on request; it can be resumed.",
    "ended.longest": "Stopped after {seconds:g} seconds, as long as a run may train here.",
    # what the training loop finds
    "ended.memory": (
        "Out of memory after step {step} with batches of {batch}: choose a smaller batch or a smaller network."
    ),
    "ended.memory_evaluating": "Trained, but out of memory while it was evaluated.",
    "ended.loss": (
        "The loss had values that are not finite numbers by step {step}: the training diverged. Choose a smaller peak "
        "learning rate than {lr:g}, or a longer warm-up."
    ),
    "ended.weights": (
        "The weights had values that are not finite numbers by step {step}: the training diverged. Choose a smaller "
        "peak learning rate than {lr:g}, or a longer warm-up."
    ),
    # what is known of a process that ended before its run did
    "ended.process_memory": "Memory did not suffice: choose a smaller batch or a smaller network.",
    "ended.killed": (
        "The process that trained was killed (SIGKILL), as systems do when memory runs out. Resume the run; if that "
        "ends the same way, choose a smaller batch or a smaller network."
    ),
    "ended.crashed": (
        "The process that trained crashed ({signal}). Resume the run; if that ends the same way, choose another "
        "precision or leave compiling out."
    ),
    "ended.gpu": "The GPU reported an error. Resume the run: a new process begins with the GPU as new.",
    "ended.error": "The process that trained ended with an error (exit code {exit}). Its last lines say more.",
    "ended.error_silent": "The process that trained ended with an error (exit code {exit}). Resume the run.",
    "ended.process": "The process that trained ended before the run did. Resume the run.",
}


def because(code: str, **values: Any) -> dict[str, Any]:
    """What `RunFinished` is told of one of SENTENCES: reason, code, values."""
    return {"reason": SENTENCES[code].format(**values), "code": code, "values": values}


def of_error(error: Exception) -> dict[str, Any]:
    """The same of an error that is a sentence, by its `reason` and `values` where it has them, in values that JSON
    knows."""
    values = getattr(error, "values", None)
    values = values if isinstance(values, Mapping) else {}
    return {
        "reason": " ".join(str(error).split())[:LONGEST],
        "code": str(getattr(error, "reason", "")),
        "values": {name: value if _is_number(value) else str(value)[:LONGEST] for name, value in values.items()},
    }


def _is_number(value: Any) -> bool:
    """Whether the log takes it as it is: no bool, and no number beyond those that a browser tells apart."""
    return type(value) in (int, float) and math.isfinite(value) and abs(value) <= 2**53

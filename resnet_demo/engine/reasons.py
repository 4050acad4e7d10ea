"""Why a run ended, as its log has it: a sentence, and its code and values, by which pages put it in other languages.

Must not depend on events or processes.
"""

from __future__ import annotations

import math
from typing import Any

from ..errors import Refusal

LONGEST = 5_000  # characters of a sentence, or of a value in it


def because(code: str, /, **values: Any) -> dict[str, Any]:
    """The fields of `RunFinished` (reason, code, values) for a code of `errors`."""
    return reason_from_error(Refusal(code, **values))


def reason_from_error(error: Exception) -> dict[str, Any]:
    """The same fields for an error whose text is a sentence; code and values, such as JSON has, for a Refusal."""
    code, values = (error.code, error.values) if isinstance(error, Refusal) else ("", {})
    return {
        "reason": " ".join(str(error).split())[:LONGEST],
        "code": code,
        "values": {name: value if _is_number(value) else str(value)[:LONGEST] for name, value in values.items()},
    }


def _is_number(value: Any) -> bool:
    """Whether the log takes it as it is: no bool, and no number beyond those that a browser tells apart."""
    return type(value) in (int, float) and math.isfinite(value) and abs(value) <= 2**53

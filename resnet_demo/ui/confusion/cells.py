"""What can be open beside the matrix: a cell, or the most confident mistakes over all classes.

It must not depend on a component.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...library.answers import Answers

SUREST = "surest"  # in the place of a cell: the most confident mistakes over all classes
Cell = tuple[int, int] | str | None  # (true, predicted), SUREST, or None


def read(words: Any) -> Cell:
    """What an address names: "3,5" is true class 3, predicted 5; None for what is neither a cell nor SUREST."""
    if words == SUREST:
        return SUREST
    parts = str(words or "").split(",")
    if len(parts) != 2 or not all(part.isdecimal() and part.isascii() and len(part) < 6 for part in parts):
        return None
    return int(parts[0]), int(parts[1])


def write(cell: Cell) -> str | None:
    """The words that `read` reads."""
    return cell if cell is None or isinstance(cell, str) else f"{cell[0]},{cell[1]}"


def has(answers: Answers, cell: Cell) -> bool:
    """Whether the answers have this to open; how confident mistakes are is known only of answers with probabilities."""
    if cell is None:
        return False
    return answers.confidence is not None if isinstance(cell, str) else max(cell) < len(answers.classes)


def members(answers: Answers, cell: tuple[int, int] | str) -> np.ndarray:
    """Positions of the answers in it, the most confident first."""
    return answers.mistakes() if isinstance(cell, str) else answers.cell(*cell)

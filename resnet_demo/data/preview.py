"""What uploaded images offer to learn from: classes, counts, warnings. Must not depend on where the images are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .decode import printable
from .errors import ImageError

FEW, TINY, UNEVEN = 200, 20, 3  # pictures in all, pictures of a class, largest over smallest class: below it is warned


@dataclass(frozen=True, eq=False)
class Preview:
    """What there is to learn from.

    name: of the upload. classes: their names; counts: how many pictures each has, and how many of them the training
    itself will use (the others validate and test). size: side in pixels. skipped: a sentence for each file that was
    left out. warnings: (reason, values): few, tiny, uneven. examples: a picture of each class, uint8 (size, size, 3).
    """

    name: str
    classes: tuple[str, ...]
    counts: tuple[int, ...]
    training: tuple[int, ...]
    size: int
    skipped: tuple[ImageError, ...]
    warnings: tuple[tuple[str, dict[str, object]], ...]
    examples: tuple[np.ndarray, ...]


def warnings(classes: tuple[str, ...], counts: np.ndarray) -> list[tuple[str, dict[str, object]]]:
    """What makes learning hard though not impossible; counts: pictures of each class to train on."""
    problems: list[tuple[str, dict[str, object]]] = []
    if counts.sum() < FEW:
        problems.append(("few", {"count": int(counts.sum()), "most": FEW}))
    if len(tiny := np.flatnonzero(counts < TINY)):
        names = ", ".join(printable(classes[index]) for index in tiny[:5]) + (" …" if len(tiny) > 5 else "")
        problems.append(("tiny", {"names": names, "least": TINY}))
    least, most = int(counts.argmin()), int(counts.argmax())
    if counts[most] >= UNEVEN * counts[least]:
        values = {"large": printable(classes[most]), "small": printable(classes[least])}
        problems.append(("uneven", {**values, "most": int(counts[most]), "least": int(counts[least])}))
    return problems

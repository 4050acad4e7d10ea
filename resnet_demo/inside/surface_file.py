"""`surface.json` of a published run: a slice of the loss surface that was recorded with its weights.

Reads and makes the content; must not depend on pages, the command line or how a published run is kept.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from ..errors import Refusal
from ..fields import why
from .surface import Slice

SURFACE = "surface.json"
LARGEST = 2 * 2**20  # bytes
DIGITS = 4  # significant, of losses and errors
Weights = Literal["published", "trained again"]
NORMALIZATION = (
    "each filter of a direction has the norm of the model's filter (arXiv:1712.09913, section 4); biases and batch "
    "normalization are not moved, and it is in evaluation mode with the running statistics of the weights in the middle"
)


@dataclass(frozen=True)
class SurfaceRecord:
    """A slice along two directions; its row at y = 0 is the slice along the first alone.

    weights: "published" for the run's own file, or "trained again" for a run that is published without weights: those
        of the same configuration trained again, which may differ.
    agreement: share of the images that these weights give the class which the run's published predictions have, 0 … 1.
    normalization: how filters, biases and batch normalization were treated, in words. command: makes the file again.
    """

    plane: Slice
    weights: Weights
    agreement: float
    normalization: str
    command: str

    def __post_init__(self) -> None:
        plane = self.plane
        for grid in (plane.loss, plane.error):
            if len(grid) != len(plane.y) or any(len(row) != len(plane.x) for row in grid):
                raise ValueError("a grid has other sides than its axes")
        if 0.0 not in plane.x or 0.0 not in plane.y:
            raise ValueError("an axis does not pass through the weights")

    def content(self) -> bytes:
        """The file, numbers with DIGITS significant digits."""
        short = replace(self, plane=self.plane.rounded(DIGITS))
        return (json.dumps(asdict(short), ensure_ascii=False, allow_nan=False) + "\n").encode()


_RECORD = TypeAdapter(SurfaceRecord)


def read_surface(folder: Path) -> SurfaceRecord | None:
    """What is recorded in a run's folder, None where nothing is; Refusal where the file is damaged."""
    path = folder / SURFACE
    try:
        with open(path, "rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise ValueError(f"it is larger than {LARGEST / 2**20:g} MB")
        return _RECORD.validate_json(content)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        detail = why(error) if isinstance(error, ValidationError) else str(error)
        raise Refusal("damaged_file", file=f"{folder.name}/{SURFACE}", detail=detail[:300].rstrip(".")) from error

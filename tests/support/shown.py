"""Images that a model is shown in a test of teaching: three kinds of which it tells one from another at once."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image


def picture(kind: int, number: int, side: int = 48) -> bytes:
    """A JPEG of one of three kinds: upright bars, level bars, a ring; each one a little different."""
    random = np.random.RandomState(100 * kind + number)
    y, x = np.mgrid[:side, :side]
    shapes = (x // 6 % 2, y // 6 % 2, np.hypot(x - side / 2, y - side / 2) // 8 % 2)
    color = random.randint(120, 256, 3)
    pixels = shapes[kind][..., None] * color + random.randint(0, 60, (side, side, 3))
    buffer = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def pictures(each: int = 10, names=("upright", "level", "ring")) -> dict[str, list[bytes]]:
    return {name: [picture(kind % 3, number) for number in range(each)] for kind, name in enumerate(names)}

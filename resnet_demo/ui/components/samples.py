"""Strips of small pictures to choose from. It knows nothing of what they show."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import gradio as gr
from PIL import Image

from .address import view_address
from .custom import custom

THUMBNAIL = 96  # pixels


def sample_strips(
    groups: Sequence[tuple[str, Sequence[tuple[str, Path]]]], *, elem_id: str = "samples", classes: str = ""
) -> gr.HTML:
    """A strip for each (caption, pictures) and a button for each (name, file); `select` counts through all strips."""
    return custom(
        "samples",
        elem_id=elem_id,
        classes=classes,
        groups=[
            {"caption": caption, "pictures": [{"name": name, "source": thumbnail(path)} for name, path in pictures]}
            for caption, pictures in groups
        ],
    )


def thumbnail(path: Path) -> str:
    """A picture of the project's own, no larger than its button needs."""
    with Image.open(path) as image:
        image.thumbnail((THUMBNAIL, THUMBNAIL))
        return view_address(image)

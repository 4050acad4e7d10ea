"""Strips of small pictures to choose from. It knows nothing of what they show."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import gradio as gr
from PIL import Image

HERE = Path(__file__).parent
THUMBNAIL = 96  # pixels
PIXELATED_UP_TO = 64  # pixels: pictures of data sets; a crop of 224 is a photograph


def sample_strips(groups: Sequence[tuple[str, Sequence[tuple[str, Path]]]]) -> gr.HTML:
    """A strip for each (caption, pictures) and a button for each (name, file); `select` counts through all strips."""
    return gr.HTML(
        html_template="<div></div>",
        css_template=(HERE / "samples.css").read_text(encoding="utf-8"),
        js_on_load=(HERE / "samples.js").read_text(encoding="utf-8"),
        apply_default_css=False,
        groups=[
            {"caption": caption, "pictures": [{"name": name, "source": thumbnail(path)} for name, path in pictures]}
            for caption, pictures in groups
        ],
        elem_id="samples",
    )


def thumbnail(path: Path) -> str:
    """A picture of the project's own, no larger than its button needs."""
    with Image.open(path) as image:
        image.thumbnail((THUMBNAIL, THUMBNAIL))
        return view_address(image)


def view_address(image: Image.Image) -> str:
    """A picture as a `data:` address: exact where each pixel is seen, as JPEG where it is a photograph."""
    return data_address(image, "png" if image.width <= PIXELATED_UP_TO else "jpeg")


def data_address(image: Image.Image, kind: str = "png") -> str:
    """A picture as a `data:` address, as PNG losslessly: it travels with the page and lies in no file."""
    buffer = BytesIO()
    image.save(buffer, kind, quality=90)
    return f"data:image/{kind};base64,{b64encode(buffer.getvalue()).decode()}"

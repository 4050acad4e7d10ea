"""A strip of small pictures to choose from. It knows nothing of what they show."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import gradio as gr
from PIL import Image

HERE = Path(__file__).parent


def samples(pictures: Sequence[tuple[str, Image.Image]], caption: str) -> gr.HTML:
    """A button for each (name, picture); `select` tells the index. Drawn with nearest-neighbour scaling."""
    return gr.HTML(
        html_template='<p class="caption"></p><div class="strip"></div>',
        css_template=(HERE / "samples.css").read_text(encoding="utf-8"),
        js_on_load=(HERE / "samples.js").read_text(encoding="utf-8"),
        apply_default_css=False,
        pictures=[{"name": name, "source": data_address(image)} for name, image in pictures],
        caption=caption,
        elem_id="samples",
    )


def data_address(image: Image.Image) -> str:
    """A picture as a `data:` address, losslessly: it travels with the page and lies in no file."""
    buffer = BytesIO()
    image.save(buffer, "png")
    return f"data:image/png;base64,{b64encode(buffer.getvalue()).decode()}"

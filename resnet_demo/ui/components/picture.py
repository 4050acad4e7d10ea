"""Where a visitor puts a picture. It hands the file over unopened: our own decoder has the first look."""

from __future__ import annotations

import gradio as gr
from gradio.data_classes import ImageData

from ..text import Text


class Picture(gr.Image):
    """`gr.Image` whose handlers get the path of the uploaded file, or None.

    Gradio's own type="filepath" opens the file first and answers a broken one with a bare "Error".
    """

    def get_block_name(self) -> str:
        """The component of the page that draws it."""
        return "image"

    def preprocess(self, payload: ImageData | None) -> str | None:
        """The path below Gradio's upload folder, checked by Gradio before."""
        return payload.path if payload else None


def picture(text: Text) -> Picture:
    """An empty place for a picture: drop, choose, paste or take one."""
    return Picture(
        type="filepath",
        image_mode=None,
        format="png",
        sources=["upload", "clipboard", "webcam"],
        buttons=[],
        alt_text=text("picture.label"),
        label=text("picture.label"),
        show_label=False,
        placeholder=text("picture.placeholder"),
        height=220,
        elem_id="picture",
    )

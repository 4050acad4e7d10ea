"""Where a visitor puts pictures. It hands the files over unopened: our own decoder has the first look."""

from __future__ import annotations

import gradio as gr

from ..text import Text


def pictures(text: Text) -> gr.Gallery:
    """An empty place for one or many pictures: drop, choose, paste or take one. Handlers get (path, caption) pairs."""
    return gr.Gallery(
        type="filepath",
        file_types=["file"],  # whatever it is, our decoder says so in a sentence
        interactive=True,
        sources=["upload", "clipboard", "webcam"],
        buttons=[],
        allow_preview=False,
        columns=4,
        height=220,
        object_fit="contain",
        label=text("picture.label"),
        show_label=False,
        elem_id="picture",
    )

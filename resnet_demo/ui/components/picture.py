"""Where a visitor puts pictures. It hands the files over unopened: our own decoder has the first look."""

from __future__ import annotations

import gradio as gr

from ..text import Text


def pictures(text: Text, value: list[tuple[str, str]]) -> gr.Gallery:
    """A place for one or many pictures: drop, choose, paste or take one. Handlers get (path, caption) pairs, as `value`
    has them.

    Whoever opens the dialog of an empty one, and chooses once it has been filled, has chosen in vain: Gradio has put
    another field in its place. What a page opens with is to be there at once.
    """
    return gr.Gallery(
        value,
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

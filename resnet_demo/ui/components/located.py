"""Writes what a tab shows into the page's address, so that a link opens the same view. It shows nothing."""

from __future__ import annotations

import gradio as gr

from .custom import custom


def located(*, tab: str, elem_id: str) -> gr.HTML:
    """The writer. value: {parameter: words, or None to take it out}; others stay as they are.

    tab: the id of the tab that the parameters belong to; the address has them only while it is open. A change makes no
    entry in the browser's history.
    """
    return custom("located", {}, elem_id=elem_id, tab=tab)

"""Tells once that a tab has been opened, and what the address asks for. It shows nothing."""

from __future__ import annotations

import gradio as gr

from .custom import custom


def opening(*, elem_id: str) -> gr.HTML:
    """Event: `mount`, with the parameters of the page's address, when the tab that it is in is shown first."""
    return custom("opening", elem_id=elem_id)

"""Keeps the address of the page and the open one of a tab's parts alike. It shows nothing and knows no part."""

from __future__ import annotations

import gradio as gr

from .custom import custom


def parts_address(tabs: str, *, elem_id: str) -> gr.HTML:
    """A script for the `gr.Tabs` with the id `tabs`: their open one is the address's `part`, as long as they are seen.

    An address that names another part when they come into sight opens that one.
    """
    return custom("parts", elem_id=elem_id, tabs=tabs)

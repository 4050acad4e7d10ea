"""Components that begin anew on a page that stays open: a tenth of the time that another page takes.

Knows nothing of what the components are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr
from gradio.components import Component

QUICK: dict[str, Any] = {"queue": False, "show_progress": "hidden"}


@contextmanager
def renewable() -> Iterator[None]:
    """What is built inside is taken off the page and put back as it was at first, whenever `renew` asks for it."""
    with gr.Column() as column:
        yield
    parts = [part for part in _below(column) if isinstance(part, Component) and not isinstance(part, gr.Button)]
    first = [part.value for part in parts]
    button = gr.Button("renew", elem_id="renew")
    gone = button.click(lambda: gr.update(visible=False), None, column, **QUICK)
    gone.then(lambda: [gr.update(visible=True), *first], None, [column, *parts], **QUICK)


def renew(page: Any, part: str) -> None:
    """Have the page begin anew with what is renewable; part: selects something inside that is always there."""
    page.mouse.move(2, 2)  # and not over what comes
    page.locator(part).first.evaluate("node => { node.old = true; }")
    page.locator("#renew").evaluate("button => button.click()")
    page.wait_for_function("part => { const node = document.querySelector(part); return node && !node.old; }", arg=part)
    page.evaluate("scrollTo(0, 0)")


def _below(block: Any) -> Iterator[Any]:
    for child in block.children:
        yield child
        yield from _below(child) if hasattr(child, "children") else ()

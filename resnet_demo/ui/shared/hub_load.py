"""Load a model from the Hub: the fields for its name, and the download with progress. It must not depend on a tab."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from ...library.hub_models import load_from_hub
from ...runs.queue.manager import Submitted
from ...services import Services
from ..components.notice import said
from ..errors import REFUSALS, sentence
from ..text import Text
from ..visitor import visitor
from ..watched import Report, watched
from .hub_account import require_account


def load_form(text: Text, elem_id: str) -> tuple[Any, Any, Any]:
    """Lay out name, whether the account is used, and the button."""
    return (
        gr.Textbox(
            label=text("hub.load.which"), info=text("hub.load.info"), placeholder="user/name", max_length=200,
            elem_id=f"{elem_id}-name",
        ),
        gr.Checkbox(False, label=text("hub.load.private"), interactive=True, elem_id=f"{elem_id}-private"),
        gr.Button(text("hub.load.button"), size="sm", elem_id=f"{elem_id}-button"),
    )  # fmt: skip


def loaded(
    services: Services, text: Text, name: Any, private: Any, done: str, request: gr.Request
) -> Iterator[tuple[dict[str, Any], Submitted | None]]:
    """(notice to show, the run once it is there), twice a second until it has been loaded, or cannot be.

    private: use the visitor's account. done: the word for the end, with {network} and {name}.
    """
    name = name.strip() if isinstance(name, str) else ""
    if not name:
        yield said(text("hub.load.none"), error=True), None
        return
    results: list[Submitted] = []
    try:
        account = require_account(services, request) if private else None
        address = visitor(services, request).address

        def load(report: Report) -> None:
            results.append(load_from_hub(services, name, account, address, report))

        for size, total in watched(load):
            sizes = {"done": f"{size / 1e6:.1f}", "total": f"{total / 1e6:.1f}"}
            yield said(text("hub.load.progress" if total else "hub.load.begun", name=name, **sizes)), None
    except REFUSALS as error:
        yield said(sentence(error, text), error=True), None
        return
    made = results[0]
    yield said(text(done, network=made.run.config.model.title, name=name)), made

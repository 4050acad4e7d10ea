"""The components that help where images are missing and how they are wired; see `missing_handlers`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ..components.notice import notice
from ..events import PRIVATE
from ..text import Text
from .missing_handlers import MissingHandlers


@dataclass(frozen=True)
class MissingParts:
    """The components of the section: a sentence, and two buttons that help. arrived: changes when a download has ended.
    waited: whether images had to be waited for. own, refresh: states of the tab."""

    status: Any
    download: Any
    evaluate: Any
    arrived: Any
    waited: Any
    own: Any
    refresh: Any

    @property
    def shown(self) -> list[Any]:
        """What is filled when other answers are looked at."""
        return [self.status, self.download, self.evaluate]


def missing_layout(text: Text, **states: Any) -> MissingParts:
    """Lay out the section; states: own, refresh."""
    return MissingParts(
        status=notice(elem_id="confusion-remedy"),
        download=gr.Button(visible=False, size="sm", elem_id="confusion-fetch"),
        evaluate=gr.Button(text("confusion.again"), visible=False, size="sm", elem_id="confusion-again"),
        arrived=gr.State(0.0),
        waited=gr.State(False),
        **states,
    )


def wire_missing(parts: MissingParts, handlers: MissingHandlers, choice: Sequence[Any]) -> None:
    """Connect the components to their handlers; choice: components with the fields of a `Choice`."""
    shared = {"concurrency_limit": 2, **PRIVATE}
    downloaded, evaluated = [parts.status, parts.arrived], [parts.status, parts.own, parts.refresh]
    parts.download.click(handlers.download, choice, downloaded, concurrency_id="fetch", **shared)
    parts.evaluate.click(handlers.evaluate, choice, evaluated, concurrency_id="evaluate", **shared)

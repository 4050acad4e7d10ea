"""What a tab is built into: the page, the services behind it, its language, and what the tabs share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from ..services import Services
from .text import Text

# how events fill a door that is a state: only queued ones tell the page that a state has changed
THROUGH_DOOR = {"concurrency_limit": None, "show_progress": "hidden", "api_visibility": "private"}

# for handlers that read their event, and for choices: told "always_last", Gradio would answer the first event's data
# again, and ask with what its answer has set meanwhile; told "once", its default, it loses what is clicked meanwhile.
# Answers that overtake one another are put into their order by `latest`
EVERY = {"trigger_mode": "multiple"}


@dataclass(frozen=True)
class Frame:
    """One page in one language while it is built.

    kept: what this browser remembers of its runs, {id: key} (see `visitor`). tabs: to open another tab.
    doors: components of a tab that other tabs may fill, by the tab's name; a tab is built after those it leads to,
    or asks for a `door`.
    """

    page: gr.Blocks
    services: Services
    text: Text
    kept: gr.BrowserState
    tabs: gr.Tabs
    doors: dict[str, Any] = field(default_factory=dict)

    def door(self, name: str) -> Any:
        """A door that is a state, made by whichever tab is built first."""
        if name not in self.doors:
            self.doors[name] = gr.State(None)
        return self.doors[name]

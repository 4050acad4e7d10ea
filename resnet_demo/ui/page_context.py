"""What a tab is built into: the page, the services behind it, its language, and components that tabs share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from ..services import Services
from .text import Text


@dataclass(frozen=True)
class PageContext:
    """One page in one language while it is built.

    kept: what this browser remembers of its runs, {id: key} (see `visitor`). tabs: to open another tab. shared:
    components of a tab that other tabs fill, by name; a tab is built after those whose components it fills, or uses a
    `shared_state`.
    """

    page: gr.Blocks
    services: Services
    text: Text
    kept: gr.BrowserState
    tabs: gr.Tabs
    shared: dict[str, Any] = field(default_factory=dict)

    def shared_state(self, name: str) -> gr.State:
        """A state that one tab fills and another listens to; made by whichever is built first."""
        if name not in self.shared:
            self.shared[name] = gr.State(None)
        return self.shared[name]

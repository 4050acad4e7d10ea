"""A list to choose from whose choices change while it is used."""

from __future__ import annotations

from typing import Any

import gradio as gr


class Choices(gr.Dropdown):
    """A `gr.Dropdown` of one value that takes what the browser sends, also a value that the list has lost meanwhile.

    Gradio answers that with an error instead of calling the handler. Handlers look values up, whatever they are.
    """

    is_template = True  # for the browser it is a Dropdown

    def preprocess(self, payload: Any) -> Any:
        """The value as it came."""
        return payload

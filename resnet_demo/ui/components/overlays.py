"""Images as models see them, beside each other, and heat maps over them; their strength is set in the browser, at once.

It draws what it is given. It must not depend on models.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from ..text import Text
from .custom import custom


def overlays(text: Text, value: dict[str, Any] | None = None, *, elem_id: str) -> gr.HTML:
    """The images, shown while there are any.

    value: {"title", "caption", "items": [{"title", "label", "note", "view", "pixelated", "map"}]}, where view and map
    are data: addresses, or "" for none; or {"message"}. With a "view" and "pixelated" of its own, the original is drawn
    first and the items have the same.
    """
    return custom("overlays", value or {}, elem_id=elem_id, text=text.part("heat"))

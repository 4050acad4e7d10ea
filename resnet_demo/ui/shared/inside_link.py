"""Links from other tabs to the part of Networks on the inside of a model. It must not depend on a tab."""

from __future__ import annotations

import json
import time
from typing import Any

from .. import static

INSIDE = "inside"  # the shared state that tells the part what to show
TAB = {"tab": "networks", "part": INSIDE}  # its place among the parameters of the page's address

# for `js=` of an event: opens that place
OPEN = f"""() => {{ import(new URL({json.dumps(static.address("tabs.js"))}, document.baseURI))
  .then(({{open_tab}}) => open_tab({json.dumps(TAB)})); }}"""


def look_inside(path: str | None, model: str) -> dict[str, Any]:
    """The value of that state that shows an uploaded image inside a model."""
    return {"path": path, "model": model, "turn": time.monotonic()}  # a second click opens it again

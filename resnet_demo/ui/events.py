"""Options of Gradio's events, as the tabs use them. It must not depend on a tab.

Answers that overtake one another are put into their order by `latest`.
"""

from __future__ import annotations

from typing import Any

PRIVATE: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
QUIET: dict[str, Any] = {"queue": False, **PRIVATE}
# of a state only queued events tell the page that it has changed
FILLS_STATE: dict[str, Any] = {"concurrency_limit": None, **PRIVATE}
# for handlers that read their event, and for choices: told "always_last", Gradio would answer the first event's data
# again, and ask with what its answer has set meanwhile; told "once", its default, it loses what is clicked meanwhile
EVERY: dict[str, Any] = {"trigger_mode": "multiple"}
LAST: dict[str, Any] = {"trigger_mode": "always_last", **QUIET}

"""Options of the events that measure this machine. It must not depend on a section."""

from __future__ import annotations

from typing import Any

from ..events import PRIVATE

# one at a time for all visitors, or they would measure each other
MEASURING: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "measuring", "trigger_mode": "once", **PRIVATE}

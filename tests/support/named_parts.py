"""Stand-ins for the components of a tab: its handlers are called without a page and answer by name."""

from __future__ import annotations

from dataclasses import fields
from typing import Any


def named_parts(parts: type, **nested: Any) -> Any:
    """An instance of a tab's `Parts` in which each component is its own name. nested: what is not one component."""
    return parts(**{field.name: field.name for field in fields(parts)} | nested)

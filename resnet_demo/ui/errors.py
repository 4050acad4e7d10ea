"""Errors that people may see, in the language of their page. This must not depend on components."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from ..errors import Refusal
from .text import Text

REFUSALS = (Refusal,)  # what a handler catches and shows as a sentence; anything else is a mistake of ours
log = logging.getLogger(__name__)


def why(reason: object, code: object, values: Any, text: Text) -> str:
    """Why a run ended, in the page's language: what its log says, and that may be anybody's. Further lines of `reason`,
    and a reason that has no words here, are shown as they are."""
    _, line, output = str(reason).partition("\n")
    try:
        return _words(str(code), dict(values), text) + line + output
    except (LookupError, TypeError, ValueError, AttributeError):  # no such code, or other values than it has
        return str(reason)


def sentence(error: Exception, text: Text) -> str:
    """What went wrong, in the page's language; an error that is no Refusal speaks for itself.

    It is logged by its code alone; whatever it names may be a visitor's, and is for "debug".
    """
    log.info("refused: %s", error.code if isinstance(error, Refusal) else type(error).__name__)
    log.debug("what was refused", exc_info=error)
    return _words(error.code, error.values, text) if isinstance(error, Refusal) else str(error)


def _words(code: str, values: Mapping[str, object], text: Text) -> str:
    told = {
        name: _words(value.code, value.values, text) if isinstance(value, Refusal) else value
        for name, value in values.items()
    }
    return text(f"error.{code}", **told)

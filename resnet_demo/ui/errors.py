"""Errors that people may see, in the language of their page. It knows no component."""

from __future__ import annotations

import logging

from ..data.decode import MAX_BYTES, MAX_PIXELS, MAX_RATIO, MIN_SIDE, ImageError
from ..data.errors import DataError
from ..engine.unfit import Unfit
from ..inference.catalogue import NotHere, UnknownClassifier
from ..inference.classifier import InferenceError
from ..metrics.errors import MetricError
from ..processes import ProcessError
from ..runs.folder import RunError
from ..runs.index import UnknownRun
from .text import Text

log = logging.getLogger(__name__)

# what a handler catches and says in a sentence; anything else is a mistake of ours
REFUSALS = (
    ImageError, DataError, MetricError, Unfit, InferenceError, RunError, UnknownRun, UnknownClassifier, NotHere,
    ProcessError,
)  # fmt: skip


def why(reason: object, code: object, values: object, text: Text) -> str:
    """Why a run ended, in the page's language: what its log says, and that may be anybody's. Further lines of `reason`,
    and a reason that has no words here, are shown as they are."""
    _, line, output = str(reason).partition("\n")
    try:
        return text(f"error.{code}", **{"accepted": _accepted(text)} | dict(values)) + line + output
    except (LookupError, TypeError, ValueError, AttributeError):  # no such sentence, or other values than it has
        return str(reason)


def sentence(error: Exception, text: Text) -> str:
    """What went wrong, in the page's language; an error without a reason that has words speaks for itself.

    It is logged by its reason alone; whatever it names may be a visitor's, and is for "debug".
    """
    log.info("refused: %s", getattr(error, "reason", "") or type(error).__name__)
    log.debug("what was refused", exc_info=error)
    return _words(error, text)


def _words(error: Exception, text: Text) -> str:
    key = f"error.{getattr(error, 'reason', '')}"
    if key not in text.words:
        return str(error)
    values = {
        name: _words(value, text) if isinstance(value, Exception) else value for name, value in error.values.items()
    }
    return text(key, **{"accepted": _accepted(text)} | values)


def _accepted(text: Text) -> str:
    return text(
        "error.accepted", megabytes=MAX_BYTES / 2**20, megapixels=MAX_PIXELS / 1e6, side=MIN_SIDE, ratio=MAX_RATIO
    )

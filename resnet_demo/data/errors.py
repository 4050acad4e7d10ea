"""Errors of data sets, tables, downloads and images. This must not depend on files."""

from __future__ import annotations

from ..errors import Refusal


class DataError(Refusal):
    """A data set, a table or a download that cannot be had or used."""


class ImageError(Refusal):
    """An image that cannot be used; of many, it costs the others nothing."""


def first_line(error: Exception) -> str:
    """What another library says of an error, as part of a sentence."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else 'no details'}"[:160]

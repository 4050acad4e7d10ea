"""A link that fills somebody else's form, and its QR code for an audience. It starts nothing by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import segno

LONGEST = 2_000  # characters: what every browser and camera takes


def address(page: str, values: Mapping[str, str]) -> str:
    """The address of `page` with these values after the question mark; "" if `page` is no address."""
    parts = urlsplit(str(page)[:LONGEST])
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(values), ""))


def shown(page: str, values: Mapping[str, str]) -> dict[str, Any]:
    """What the component `link` shows: the address, and the QR code as a picture (ISO/IEC 18004, level M)."""
    found = address(page, values)
    if not found:
        return {}
    code = segno.make(found, error="m", micro=False)
    return {"address": found, "code": code.svg_data_uri(scale=4, border=2, dark="#000", light="#fff")}

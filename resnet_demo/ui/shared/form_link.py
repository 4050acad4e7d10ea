"""A link that fills a form, and its QR code for an audience. It starts nothing by itself, and depends on no form."""

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
    """The value of the component `link`: the address, and the QR code as an image (ISO/IEC 18004, level M)."""
    link = address(page, values)
    if not link:
        return {}
    code = segno.make(link, error="m", micro=False)
    return {"address": link, "code": code.svg_data_uri(scale=4, border=2, dark="#000", light="#fff")}

"""Who is asking: what they may see, and what they may change.

A run's id lets anybody read it who has it. To stop, rename or delete it takes a key, which the browser of whoever
started it keeps. On one's own machine neither is needed. This module knows no run and no component.

Addresses are those that uvicorn reports: it believes `X-Forwarded-For` from trusted proxies only (`server`).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import gradio as gr
from starlette.requests import HTTPConnection

from ..library.visitors import Visitor, limited_address
from ..services import Services
from .text import LANGUAGES, Text

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")  # what a proxy adds: the visitor is not on this machine
MOST_KEPT = 200


def visitor(services: Services, request: gr.Request | HTTPConnection | None, kept: Any = None) -> Visitor:
    """Who is behind a request; `kept` is what their browser remembered, and whatever a browser may send."""
    headers = getattr(request, "headers", None) or {}
    forwarded = any(name in headers for name in FORWARDED)
    client = getattr(request, "client", None)
    address = limited_address(getattr(client, "host", "") or "")
    keys = kept.items() if isinstance(kept, dict) else ()
    known = {run: key for run, key in list(keys)[-MOST_KEPT:] if isinstance(run, str) and isinstance(key, str)}
    return Visitor(known, services.local and request is not None and not forwarded, address)


def page_text(request: HTTPConnection) -> Text:
    """Return the words of the page that a request comes from: its `?language=`, else where its Referer says it was."""
    if language := request.query_params.get("language"):
        return LANGUAGES.get(language, LANGUAGES["en"])
    path = urlsplit(request.headers.get("referer", "")).path.rstrip("/")
    return next((text for text in LANGUAGES.values() if text.path and path.endswith(f"/{text.path}")), LANGUAGES["en"])

"""Who is asking: what they may see, and what they may change.

A run's id lets anybody read it who has it. To stop, rename or delete it takes a key, which the browser of whoever
started it keeps. On one's own machine neither is needed. This module knows no run and no component.

Addresses are those that uvicorn reports: it believes `X-Forwarded-For` from trusted proxies only (`app.py`).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import gradio as gr
from starlette.requests import HTTPConnection

from ..runs.folder import RunFolder
from ..runs.index import RunIndex
from ..services import Services
from .text import LANGUAGES, Text

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")  # what a proxy adds: the visitor is not on this machine
MOST_KEPT = 200
HOST_BITS = 64  # of an IPv6 address: whoever has one address of a /64 network has all of them


@dataclass(frozen=True)
class Visitor:
    """One visitor at one moment.

    keys: by the ids of the runs that their browser remembers; "" where they may only look.
    local: whether everything on this machine is theirs.
    address: where they ask from, for limits.
    """

    keys: Mapping[str, str] = field(default_factory=dict)
    local: bool = False
    address: str = ""

    def key(self, run_id: str) -> str | None:
        """What `RunManager` wants to see before it changes a run; None opens every one."""
        return None if self.local else self.keys.get(run_id, "")

    @property
    def ids(self) -> tuple[str, ...] | None:
        """The ids of the runs that they may see in lists, beside the published ones; None for all."""
        return None if self.local else tuple(self.keys)

    def runs(self, index: RunIndex) -> list[RunFolder]:
        """The runs that they may use and see in lists: the published ones, and theirs."""
        return [run for run in self.all_runs(index) if not run.damage]

    def all_runs(self, index: RunIndex) -> list[RunFolder]:
        """The same with the damaged ones."""
        return [run for run in index.all() if self.local or index.is_published(run) or run.id in self.keys]


NOBODY = Visitor()


def visitor(services: Services, request: gr.Request | None, kept: Any = None) -> Visitor:
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


def limited_address(host: str) -> str:
    """Return what limits per address count by: an IPv4 address, the /64 network of an IPv6 address, else `host`."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:  # a name, as clients of tests have
        return host
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address.packed, HOST_BITS), strict=False))

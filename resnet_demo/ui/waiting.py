"""The calls that wait or run in Gradio's queue: of each address so many, so that nobody fills it for everybody.

This module knows no tab and no handler.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

import gradio as gr
from starlette.exceptions import HTTPException
from starlette.requests import Request

from ..errors import Refusal
from ..library.visitors import limited_address
from .errors import sentence
from .visitor import page_text

MOST_CALLS = 200  # that wait, of everybody together
MOST_OF_ADDRESS = 50  # that wait or run


def bound_queue(page: gr.Blocks) -> gr.Blocks:
    """Give a page a queue that is bounded for everybody and for each address."""
    page.queue(max_size=MOST_CALLS)
    queue: Any = page._queue  # one method of which is replaced
    push = queue.push

    @wraps(push)
    async def bounded(body: Any, request: Request, username: str | None) -> Any:
        address = _address(request)
        if sum(_address(event.request) == address for event in queue.event_ids_to_events.values()) >= MOST_OF_ADDRESS:
            words = sentence(Refusal("request_queue", most=MOST_OF_ADDRESS), page_text(request))
            raise HTTPException(429, words)  # of a 503 Gradio's page would show words of its own
        return await push(body=body, request=request, username=username)

    queue.push = bounded
    return page


def _address(request: Request) -> str:
    return limited_address(request.client.host if request.client else "")

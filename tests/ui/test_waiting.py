"""Gradio's queue: whoever fills it refuses themselves alone, in a sentence."""

from __future__ import annotations

from threading import Event

import gradio as gr
import httpx
import pytest
from pages import served

from resnet_demo.ui import waiting
from resnet_demo.ui.text import LANGUAGES


@pytest.fixture
def slow(monkeypatch):
    """(the address of a page whose calls take until `go` is set and of which an address may have three, `go`)."""
    monkeypatch.setattr(waiting, "MOST_OF_ADDRESS", 3)
    go = Event()
    with gr.Blocks(analytics_enabled=False) as demo:
        gr.Button().click(lambda: go.wait() and None, api_name="click")
    with served(waiting.bound_queue(demo)) as place:
        yield place, go
        go.set()


@pytest.mark.parametrize("way", ["call/click", "call/v2/click", "queue/join"])
def test_whoever_fills_the_queue_refuses_none_but_themselves(slow, way):
    place, go = slow

    def ask(address: str, **headers: str) -> httpx.Response:
        with httpx.Client(transport=httpx.HTTPTransport(local_address=address), timeout=90) as client:
            body = {} if "v2" in way else {"data": [], "fn_index": 0, "session_hash": "page"}
            return client.post(f"{place}gradio_api/{way}", json=body, headers=headers)

    assert [ask("127.0.0.3").status_code for _ in range(3)] == [200] * 3
    for text in LANGUAGES.values():
        refused = ask("127.0.0.3", Referer=f"{place}{text.path}")
        assert refused.status_code == 429
        assert refused.json()["detail"] == text("error.request_queue", most=3)
    other = ask("127.0.0.2")
    assert other.status_code == 200
    go.set()
    for _ in range(900):  # those that are answered count no longer
        if (again := ask("127.0.0.3")).status_code == 200:
            break
    assert again.status_code == 200


def test_the_page_has_this_queue(built):
    queue = built._queue
    assert queue.max_size == waiting.MOST_CALLS and hasattr(queue.push, "__wrapped__")
    assert waiting.MOST_CALLS >= 4 * waiting.MOST_OF_ADDRESS

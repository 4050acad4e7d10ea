"""The states of pages that Gradio keeps: whoever makes up pages evicts none but their own, however they do it."""

from __future__ import annotations

import time
from types import SimpleNamespace

import gradio as gr
import httpx
import pytest
from pages import served

from resnet_demo.ui import sessions


@pytest.fixture
def small(monkeypatch):
    """(the address of a page of which each address keeps two states, what it keeps, the id of a component that has a
    function for its script, the queue)."""
    monkeypatch.setattr(sessions, "MOST_OF_ADDRESS", 2)

    def poll(value):
        return value

    with gr.Blocks(analytics_enabled=False) as demo:
        number = gr.Number()
        gr.Button().click(lambda: 1, None, number, api_name="click")
        gr.Button().click(lambda: 1, None, number, api_name="direct", queue=False)
        chart = gr.HTML("", server_functions=[poll])
    with served(demo) as place:
        kept = lambda: list(demo.app.state_holder.session_data)  # noqa: E731
        yield SimpleNamespace(place=place, kept=kept, chart=chart._id, queue=lambda: demo._queue)


def ask(place: str, address: str, path: str, body: dict) -> int:
    with httpx.Client(transport=httpx.HTTPTransport(local_address=address), timeout=90) as client:
        return client.post(f"{place}gradio_api/{path}", json=body).status_code


def settle(page) -> None:
    """Wait until what was asked through the queue has been answered: until then it may need a state."""
    while page.queue().event_ids_to_events:
        time.sleep(0.01)


WAYS = {
    "direct": ("run/direct", {"data": []}),
    "wrong number of inputs": ("run/direct", {"data": [1, 2, 3]}),
    "no such function": ("run/predict", {"data": [], "fn_index": 999}),
    "queue": ("queue/join", {"data": [], "fn_index": 0}),
    "script": ("component_server", {"data": 1, "fn_name": "poll"}),
    "unknown component": ("component_server", {"data": 1, "fn_name": "poll", "component_id": -1}),
}


def test_whoever_makes_up_pages_evicts_none_but_their_own(small):
    assert ask(small.place, "127.0.0.2", "run/direct", {"data": [], "session_hash": "page"}) == 200
    for way, (path, body) in WAYS.items():
        for number in range(5):
            asked = {"component_id": small.chart, **body, "session_hash": f"{way} {number}"}
            ask(small.place, "127.0.0.3", path, asked)
            settle(small)
        assert small.kept() == ["page", f"{way} 3", f"{way} 4"]


def test_a_page_in_use_stays_when_others_of_its_address_are_opened(small):
    for name in ("first", "second", "first", "third"):
        assert ask(small.place, "127.0.0.2", "run/direct", {"data": [], "session_hash": name}) == 200
    assert small.kept() == ["first", "third"]


def test_pages_beyond_so_many_are_forgotten_the_oldest_first(monkeypatch):
    """Gradio keeps the state of each page that ever asked something, and of whatever a program calls a page."""
    from resnet_demo.ui import build

    monkeypatch.setattr(build, "MOST_SESSIONS", 3)
    with gr.Blocks(analytics_enabled=False) as demo:
        gr.Button().click(lambda: None, api_name="click")
    with served(demo) as place:
        for number in range(6):
            assert ask(place, "127.0.0.1", "run/click", {"data": [], "session_hash": f"page-{number}"}) == 200
        assert list(demo.app.state_holder.session_data) == ["page-3", "page-4", "page-5"]
        assert set(demo.app.state_holder.time_last_used) == {"page-3", "page-4", "page-5"}


@pytest.mark.parametrize("path", ["call/click", "queue/join"])
def test_answers_that_nobody_reads_are_forgotten_with_their_pages(small, path):
    for number in range(6):
        named = {"session_hash": f"page {number}"} if path == "queue/join" else {}
        assert ask(small.place, "127.0.0.3", path, {"data": [], "fn_index": 0, **named}) == 200
        settle(small)
    assert len(small.queue().pending_messages_per_session) <= 2
    assert small.queue().pending_messages_per_session.keys() == small.queue().pending_event_ids_session.keys()

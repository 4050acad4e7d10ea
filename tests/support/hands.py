"""What a visitor's hands do on the page, at no more than a visitor's pace. Knows nothing of what the parts are for.

Gradio builds the fields of a part when it is unfolded. For a moment they are there and already seen, but what is typed
into them is overwritten by their first value: no hand is as fast, a test on a busy machine is.
"""

from __future__ import annotations

import time
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import TimeoutError

QUESTIONS = ("/gradio_api/queue/", "/gradio_api/run/")
# a browser that is short of time may draw no frame of a page in which nothing moves
TWO_FRAMES = """() => Promise.race([
    new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))),
    new Promise(done => setTimeout(done, 1000)),
])"""
PATIENCE = 60  # seconds for the answers that `rest` waits for

_questions: WeakKeyDictionary[Any, tuple[list[Any], set[Any]]] = WeakKeyDictionary()


def listen(page: Any) -> None:
    """Keep what the page asks its server, from now on, for `rest`."""
    asked, open_ones = _questions[page] = [], set()

    def ask(request: Any) -> None:
        if any(part in request.url for part in QUESTIONS):
            asked.append(request)
            open_ones.add(request)

    page.on("request", ask)
    for ended in ("requestfinished", "requestfailed"):
        page.on(ended, lambda request: open_ones.discard(request))


def rest(page: Any) -> None:
    """Wait until the page has asked something and been told all it asked for.

    Nothing changes under one's hands any more, and whoever leaves it before makes Gradio log an error. AssertionError
    names what is never answered.
    """
    asked, open_ones = _questions[page]
    quiet, end = 0, time.monotonic() + PATIENCE
    while quiet < 2:  # an answer may lead to another question
        assert time.monotonic() < end, f"never answered: {[f'{one.url} {one.post_data}' for one in open_ones]}"
        page.evaluate(TWO_FRAMES)
        quiet = quiet + 1 if asked and not open_ones else 0


def unfold(page: Any, part: str) -> None:
    """Open the accordion of this selector and wait until its fields have been drawn."""
    folded, opened = (page.locator(f"{part} button.label-wrap{state}").first for state in ("", ".open"))
    folded.click()
    try:
        opened.wait_for(timeout=20_000)
    except TimeoutError:  # a click that meets an answer being drawn is lost, and made again
        folded.click()
        opened.wait_for()
    page.evaluate(TWO_FRAMES)


def type_into(field: Any, words: str) -> None:
    """Type words into a field that has just appeared, in place of those that are there."""
    field.wait_for()
    field.page.evaluate(TWO_FRAMES)
    field.fill(words)

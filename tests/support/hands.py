"""What a visitor's hands do on the page, at no more than a visitor's pace. Knows nothing of what the parts are for.

Gradio builds the fields of a part when it is unfolded. For a moment they are there and already seen, but what is typed
into them is overwritten by their first value: no hand is as fast, a test on a busy machine is.
"""

from __future__ import annotations

from typing import Any

TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def unfold(page: Any, part: str) -> None:
    """Open the accordion of this selector and wait until its fields have been drawn."""
    folded = page.locator(f"{part} button.label-wrap").first
    folded.click()
    page.locator(f"{part} button.label-wrap.open").first.wait_for()
    page.evaluate(TWO_FRAMES)


def type_into(field: Any, words: str) -> None:
    """Type words into a field that has just appeared, in place of those that are there."""
    field.wait_for()
    field.page.evaluate(TWO_FRAMES)
    field.fill(words)

"""Scripts that bring a part of the page into view after an event. They know no part by name."""

from __future__ import annotations

import json

from .. import static

WAIT = 150  # milliseconds: what the event changed has been drawn by then


def into_view(part: str, *, unless: str = "", only_if: str = "", asked: str = "") -> str:
    """For `js=` of an event: scrolls to the element `part`, unless its upper edge is in the upper half of the window.

    part, unless, only_if: CSS selectors. Nothing happens where an element `unless` has words, where `only_if` has none,
    or where the page's address does not name `asked`.
    """
    return f"""() => setTimeout(() => {{
  const find = name => name && document.querySelector(name), words = name => find(name)?.innerText?.trim();
  const [part, unless, only_if, asked] = {json.dumps([part, unless, only_if, asked])};
  if (asked && !new URLSearchParams(location.search).get(asked)) return;
  if (words(unless) || only_if && !words(only_if) || !find(part)?.checkVisibility()) return;
  const top = find(part).getBoundingClientRect().top;
  if (top < 0 || top > innerHeight / 2) find(part).scrollIntoView({{block: 'start'}});
}}, {WAIT})"""


def revealed(part: str) -> str:
    """For `js=` of an event: brings the element `part` into the window if it is not there, by `reveal` of `dom.js`.

    part: a CSS selector
    """
    script = f"import(new URL({json.dumps(static.address('dom.js'))}, document.baseURI))"
    return f"""() => {script}.then(({{reveal}}) => setTimeout(() => {{
  const node = document.querySelector({json.dumps(part)});
  if (node?.checkVisibility()) reveal(node);
}}, {WAIT}))"""

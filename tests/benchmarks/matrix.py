"""Measures how fast the confusion matrix is with 10 and with 100 classes: `python tests/benchmarks/matrix.py`.

In a browser, each time until the frame after is on the screen: the first paint and an update (both from the click on a
button whose handler answers with the counts; beside them what the same click costs where the handler answers with
nothing to draw), another colouring (no server), the pointer from cell to cell, and frames while the enlarged matrix
scrolls (16.7 ms is a screen of 60 Hz). Run nothing else meanwhile.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from pathlib import Path
from statistics import median

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS), str(TESTS / "support")]

from matrix_page import matrix_page  # noqa: E402
from provide_browser import FLAGS, find_browser  # noqa: E402

AFTER = "const after = resolve => requestAnimationFrame(() => setTimeout(resolve));"
# Milliseconds from a click on the button `name` until its matrix, or its note, stands on the screen.
CLICKED = f"""name => new Promise(resolve => {{
  {AFTER}
  const button = document.getElementById(name), title = document.querySelector('#matrix .title');
  let start;
  new MutationObserver((_, watcher) => {{
    if (title.textContent !== `Value ${{name}}`) return;
    watcher.disconnect();
    after(() => resolve(performance.now() - start));
  }}).observe(title, {{childList: true}});
  start = performance.now();
  button.click();
}})"""
CHOSEN = f"""by => new Promise(resolve => {{
  {AFTER}
  const select = document.querySelector('#matrix select'), start = performance.now();
  select.value = by;
  select.dispatchEvent(new Event('change'));
  after(() => resolve(performance.now() - start));
}})"""
POINTED = f"""([x, y]) => new Promise(resolve => {{
  {AFTER}
  const cells = document.querySelector('#matrix .cells'), box = cells.getBoundingClientRect();
  const start = performance.now();
  cells.dispatchEvent(new PointerEvent('pointermove',
    {{clientX: box.left + x * box.width, clientY: box.top + y * box.height, bubbles: true}}));
  after(() => resolve(performance.now() - start));
}})"""
SCROLLED = """async () => {
  const frame = document.querySelector('#matrix .frame'), found = [];
  const next = () => new Promise(requestAnimationFrame);
  let last = await next();
  for (let step = 1; step <= 60; step++) {
    frame.scrollTo(30 * step, 30 * step);
    const now = await next();
    found.push(now - last);
    last = now;
  }
  return found;
}"""


def told(name: str, values: list[float]) -> None:
    """One line: the median, and the spread."""
    print(f"{name:34} {median(values):6.1f} ms ({min(values):.1f} to {max(values):.1f}, n = {len(values)})", flush=True)


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="of which the median counts (7)")
    rounds = parser.parse_args().rounds
    if rounds < 1:
        parser.error(f"--rounds must be 1 or more, not {rounds}")
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors, {rounds} rounds")
    with matrix_page() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        for classes, name in ((10, "ten"), (100, "hundred")):
            first, bare, again, coloured = [], [], [], []
            for _ in range(rounds):
                page = browser.new_page(viewport={"width": 640, "height": 800})
                page.set_default_timeout(600_000)
                page.goto(address)
                page.locator("#part").wait_for()
                page.evaluate(CLICKED, "nothing")  # the first click of a page costs more than the next ones
                page.evaluate(CLICKED, "nowhere")
                bare.append(page.evaluate(CLICKED, "nothing"))
                first.append(page.evaluate(CLICKED, name))
                again.append(page.evaluate(CLICKED, "again" if classes == 10 else "hundred-again"))
                coloured += [page.evaluate(CHOSEN, by) for by in ("none", "column", "row")]
                pointed = [page.evaluate(POINTED, [k / 20 + 0.01, 0.3]) for k in range(19)]
                scrolled = []
                if classes > 10:
                    page.get_by_role("button", name="Enlarge").click()
                    scrolled = page.evaluate(SCROLLED)
                page.close()
            print(f"{classes} classes, {classes**2:,} cells")
            told("  a click that draws nothing", bare)
            told("  click to first paint", first)
            told("  click to updated", again)
            told("  another colouring", coloured)
            told("  pointer to readout", pointed)
            if scrolled:
                told("  frame while scrolling", scrolled)
        browser.close()


if __name__ == "__main__":
    main()

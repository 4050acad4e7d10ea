"""Measures how long a choice in the tab Networks takes until it is drawn: `python tests/benchmarks/redraw.py`.

In a browser, from the click on a control until the frame after the new drawing, against the same of a bare Gradio page
whose button adds one to a number (`hello.py`): so many milliseconds any handler costs. Run nothing else meanwhile.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from provide_browser import FLAGS, find_browser  # noqa: E402
from serving import APP, HELLO, served  # noqa: E402

# Milliseconds from a click on `what` until the words in `where` have changed and stand on the screen.
MEASURE = """([what, where]) => new Promise(resolve => {
  const clicked = document.querySelector(what), watched = document.querySelector(where), before = watched.value;
  const words = watched.textContent;
  let start;
  const look = () => watched.textContent === words && watched.value === before
    ? requestAnimationFrame(look)
    : requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
  start = performance.now();
  clicked.click();
  look();
})"""

NETWORKS = ("resnet20", "resnet110", "resnet50", "resnet152")
WAYS = ("C", "A", "B")  # the first is nowhere the one that a network begins with


def trips(page, whats: list[str], where: str, rounds: int) -> list[float]:
    """Milliseconds of each click, after a first turn that does not count."""
    found = []
    for number in range(rounds + 1):
        for what in whats:
            milliseconds = page.evaluate(MEASURE, [what, where])
            page.wait_for_timeout(300)
            if number:
                found.append(milliseconds)
    return found


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="through the shortcut options (7)")
    rounds = parser.parse_args().rounds
    if rounds < 1:
        parser.error(f"--rounds must be 1 or more, not {rounds}")
    with TemporaryDirectory() as runs, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(600_000)
        with served(HELLO, {}) as address:
            page.goto(address)
            page.locator("#samples").wait_for()
            bare = median(trips(page, ["#samples"], "#said input", 3 * rounds))
        print(f"bare page  {bare:.0f} ms")
        with served(APP, {"RESNET_DEMO_RUNS": runs}) as address:
            for network in NETWORKS:
                page.goto(f"{address}/?tab=networks&network={network}")
                page.locator("#diagram svg").wait_for()
                choices = [f"#ways input[value='{way}']" for way in WAYS]
                found = trips(page, choices, "#diagram .facts", rounds)
                spread = f"{min(found):.0f} to {max(found):.0f}, {len(found)} clicks"
                print(f"{network:10} {median(found):.0f} ms ({spread}; target 300)")
        browser.close()


if __name__ == "__main__":
    main()

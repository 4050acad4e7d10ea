"""Measures the Confusion tab in a browser: `python tests/benchmarks/confusion.py`.

Of a published run whose data set is here, warm: from the click on a cell until its pictures are on the screen (at most
300 ms), and from the click on a picture until both heat maps are (at most 1 s). Run nothing else meanwhile.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from provide_browser import FLAGS, find_browser  # noqa: E402
from serving import APP, served  # noqa: E402

from resnet_demo.data.datasets import availability  # noqa: E402
from resnet_demo.places import Places  # noqa: E402
from resnet_demo.runs.folder import RunFolder  # noqa: E402

# Milliseconds from a click on the k-th mistake's row until the pictures are others than before, and decoded.
CELL = """k => new Promise(resolve => {
  const strip = document.querySelector('#confusion-cell');
  const row = document.querySelectorAll('#confusion-pairs tbody tr')[k];
  const all = () => [...strip.querySelectorAll('.strip img')], sources = () => all().map(image => image.src).join();
  const before = sources(), start = performance.now();
  const stands = () => sources() !== before && all().length && all().every(image => image.complete);
  const look = () => stands() ? setTimeout(() => resolve(performance.now() - start)) : requestAnimationFrame(look);
  row.click();
  requestAnimationFrame(look);
})"""
# Milliseconds from a click on the k-th picture until both heat maps are others than before and decoded.
HEAT = """k => new Promise(resolve => {
  const figures = () => [...document.querySelectorAll('#confusion-heat figure')];
  const maps = () => figures().map(one => [...one.querySelectorAll('img')]);
  const sources = () => JSON.stringify(maps().map(images => images.map(image => image.src)));
  const before = sources(), start = performance.now();
  const stands = () => sources() !== before
    && maps().length && maps().every(images => images.length && images.every(image => image.src && image.complete));
  const look = () => stands() ? setTimeout(() => resolve(performance.now() - start)) : requestAnimationFrame(look);
  document.querySelectorAll('#confusion-cell button')[k].click();
  requestAnimationFrame(look);
})"""


def told(name: str, values: list[float], most: int) -> None:
    """One line: the median, the spread, and what is wanted."""
    spread = f"{min(values):.0f} to {max(values):.0f}, n = {len(values)}"
    print(f"{name:36} {median(values):6.0f} ms ({spread}; at most {most})", flush=True)


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", default="cifar10-resnet20-a", help="a published run (cifar10-resnet20-a)")
    parser.add_argument("--rounds", type=int, default=20, help="of which the median counts (20)")
    args = parser.parse_args()
    if not 1 <= args.rounds <= 20:
        parser.error(f"--rounds must be 1 to 20, not {args.rounds}")
    places = Places.from_environment()
    data = RunFolder(places.weights / args.run).config.data
    if not availability(data, places.data, places.cache).ready:
        parser.error(f"{args.run} answered pictures of {data}, which are not here; see docs/CLI.md, RESNET_DEMO_DATA")
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors, {args.run}")
    with (
        TemporaryDirectory() as runs,
        served(APP, {"RESNET_DEMO_RUNS": runs}) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(600_000)
        page.goto(f"{address}/?tab=confusion&run={args.run}")
        page.locator("#confusion-pairs tbody tr").nth(args.rounds + 1).wait_for()
        page.evaluate(CELL, args.rounds + 1)  # warm: the data set is open, the network is loaded
        page.evaluate(HEAT, 0)
        page.evaluate(HEAT, 1)
        cells, heats = [], []
        for k in range(args.rounds):
            cells.append(page.evaluate(CELL, k))
            heats.append(page.evaluate(HEAT, 0))
        browser.close()
    told("click on a cell to its pictures", cells, 300)
    told("click on a picture to both heat maps", heats, 1000)


if __name__ == "__main__":
    main()

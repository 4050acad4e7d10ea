"""Takes the README's pictures of the page, one a tab: `python assets/screenshots/take.py` (pip install playwright).

The page is started for it with folders of its own, without any data set but `shapes`: no picture of another one can be
in them. They are saved with few colours, so that they stay small.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
sys.path[:0] = [str(PROJECT / "tests"), str(PROJECT / "tests" / "benchmarks")]

from playwright.sync_api import Page, expect, sync_playwright  # noqa: E402
from provide_browser import FLAGS, find_browser  # noqa: E402
from serving import APP, served  # noqa: E402

WIDTH, HEIGHT = 1280, 860  # pixels
COLOURS = 128
PATIENCE = 120_000  # milliseconds
RUN = "cifar10-resnet20-a"


def classify(page: Page) -> None:
    page.locator("#samples button").nth(1).click()
    expect(page.locator("#result .bar").first).to_be_visible()


def train(page: Page) -> None:
    expect(page.locator("#curves svg").first).to_be_visible()


def confusion(page: Page) -> None:
    expect(page.locator("#confusion-matrix canvas")).to_be_visible()


def compare(page: Page) -> None:
    expect(page.locator("#published-short-dots svg").first).to_be_visible()
    page.locator("#published-short").evaluate("node => node.scrollIntoView()")


def networks(page: Page) -> None:
    expect(page.locator("#networks svg").first).to_be_visible()


ADDRESSES = {
    classify: "/",
    train: f"/?tab=train&run={RUN}",
    confusion: f"/?tab=confusion&run={RUN}&set=test",
    compare: "/?tab=compare",
    networks: "/?tab=networks",
}


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        places = {f"RESNET_DEMO_{name}": f"{scratch}/{name.lower()}" for name in ("DATA", "CACHE", "RUNS")}
        with served(APP, places) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
            for make, path in ADDRESSES.items():
                page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="en")
                page.set_default_timeout(PATIENCE)
                expect.set_options(timeout=PATIENCE)
                page.goto(address + path)
                make(page)
                page.wait_for_timeout(3000)  # drawings that follow, and what fades
                file = HERE / f"{make.__name__}.png"
                page.screenshot(path=file)
                Image.open(file).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
                print(f"{file.name}: {file.stat().st_size / 1000:,.0f} kB")
                page.close()
            browser.close()


if __name__ == "__main__":
    main()

"""Takes the README's screenshots of the page, one a tab: `python assets/screenshots/take.py` (pip install playwright).

The page is started for it with folders of its own, without any data set but `shapes`: no image of another one can be in
them. They are saved with few colors, so that they stay small.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
sys.path[:0] = [str(PROJECT / "tests"), str(PROJECT / "tests" / "benchmarks")]

from playwright.sync_api import Page, expect, sync_playwright  # noqa: E402
from provide_browser import FLAGS, find_browser  # noqa: E402
from serving import APP, served  # noqa: E402

WIDTH, HEIGHT = 1280, 860  # pixels
COLORS = 192
PATIENCE = 240_000  # milliseconds
PHOTOS, DRAWINGS = ("cat", "coffee", "rocket", "retina"), ("automobile", "ship", "airplane", "truck")


@contextmanager
def opened_page(width: int, height: int, sharpness: float = 1) -> Iterator[tuple[Page, str]]:
    """A page of a browser, and the address of a server that has the published runs and no data but `shapes`.

    sharpness: pixels of a screenshot for a pixel of the page.
    """
    with tempfile.TemporaryDirectory() as scratch:
        places = {f"RESNET_DEMO_{name}": f"{scratch}/{name.lower()}" for name in ("DATA", "CACHE", "RUNS")}
        with served(APP, places) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
            window = {"width": width, "height": height}
            page = browser.new_page(viewport=window, device_scale_factor=sharpness, locale="en")
            page.set_default_timeout(PATIENCE)
            expect.set_options(timeout=PATIENCE)
            yield page, address
            browser.close()


def classify(page: Page) -> None:
    """A photo of a cat with the evidence for it."""
    expect(page.locator("#picture img").first).to_be_visible()
    expect(page.locator("#heatmap img").first).to_be_visible()


def networks(page: Page) -> None:
    """The cat inside ResNet-20, one shortcut cut."""
    expect(page.locator("#inside-result .card")).to_have_count(2)
    expect(page.locator("#inside-flow [aria-pressed=true]")).to_have_count(1)
    page.evaluate("scrollTo(0, 190)")


def train(page: Page) -> None:
    """The recorded run on `shapes`."""
    expect(page.locator("#curves .charts svg").first).to_be_visible()


def teach(page: Page) -> None:
    """Two classes with a few images each, from files."""
    images = PROJECT / "assets" / "samples"
    for number, (name, files) in enumerate({"photo": PHOTOS, "drawing": DRAWINGS}.items()):
        page.locator("#teacher input[type=text], #teacher input:not([type])").nth(number).fill(name)
        page.locator("#teacher input[type=file]").nth(number).set_input_files([images / f"{one}.jpg" for one in files])
    expect(page.locator("#teacher img")).to_have_count(len(PHOTOS) + len(DRAWINGS))


def confusion(page: Page) -> None:
    """Its confusion matrix, with the images of a cell."""
    expect(page.locator("#confusion-matrix canvas")).to_be_visible()
    expect(page.locator("#confusion-cell img").first).to_be_visible()


def compare(page: Page) -> None:
    """A plain and a residual network of depth 56."""
    expect(page.locator("#depth-duel svg").first).to_be_visible()


ADDRESSES = {
    classify: "/",
    networks: "/?tab=networks&part=inside&image=cat&cuts=layer1.1.shortcut",
    train: "/?tab=train",
    teach: "/?tab=teach",
    confusion: "/?tab=confusion",
    compare: "/?tab=compare",
}


def main() -> None:
    with opened_page(WIDTH, HEIGHT) as (page, address):
        for make, path in ADDRESSES.items():
            page.goto(address + path)
            make(page)
            page.wait_for_timeout(3000)  # drawings that follow, and what fades
            file = HERE / f"{make.__name__}.png"
            page.screenshot(path=file)
            Image.open(file).convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(file, optimize=True)
            print(f"{file.name}: {file.stat().st_size / 1000:,.0f} kB")


if __name__ == "__main__":
    main()

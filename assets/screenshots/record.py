"""Films the README's moving picture: `python assets/screenshots/record.py` (pip install playwright).

It shows the running page and nothing else, as `take.py` does: the opening, the two curves of depth 56, a block that is
clicked, a recorded run that is replayed, a cell of the confusion matrix, and Compare. The page's clock is stopped while
something moves, so that a slow machine films it as smoothly as a fast one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from math import cos, pi

from PIL import Image, ImageDraw
from playwright.sync_api import FloatRect, Locator, Page, expect
from take import HERE, opened_page

WIDTH, HEIGHT, ABOVE = 1000, 640, 100  # of what is filmed in pixels of the page; what lies above it, its heading
SIZE = (900, 576)  # of the film
FRAME = 80  # milliseconds of a frame in which something moves
REACH = 4  # frames that the pointer takes from one place to the next
POINTER = ((0, 0), (0, 17), (4, 13), (7, 20), (10, 19), (7, 12), (13, 12))
MARGIN = 12  # pixels of the page around what is looked at closely
QUIET = 2000  # milliseconds until what follows a click has been drawn
MOST = 2_000_000  # bytes


@dataclass
class Film:
    """Frames of a page, each with the milliseconds that it is shown.

    view: left, top and width in the window of what is filmed. place: where the pointer is in the window.
    """

    page: Page
    frames: list[tuple[Image.Image, int]] = field(default_factory=list)
    view: tuple[float, float, float] = (0, ABOVE, WIDTH)
    place: tuple[float, float] = (WIDTH * 0.7, HEIGHT * 0.9)

    def hold(self, milliseconds: int) -> None:
        """Show what there is now for so long."""
        x, y, width = self.view
        clip = {"x": x, "y": y, "width": width, "height": width * SIZE[1] / SIZE[0]}
        picture = Image.open(BytesIO(self.page.screenshot(clip=clip))).convert("RGB")
        self.show(picture.resize(SIZE, Image.Resampling.LANCZOS), milliseconds)

    def show(self, picture: Image.Image, milliseconds: int) -> None:
        """Add a frame: the picture with the pointer on it."""
        self.still = picture
        drawn, (x, y, width) = picture.copy(), self.view
        left, top = ((self.place[n] - (x, y)[n]) * SIZE[0] / width for n in (0, 1))
        ImageDraw.Draw(drawn).polygon([(left + i, top + j) for i, j in POINTER], fill="black", outline="white", width=1)
        self.frames.append((drawn, milliseconds))

    def look_at(self, target: Locator | None = None) -> None:
        """Scroll until an element is at the top, or to the top of the page."""
        self.page.evaluate("scrollTo(0, 0)")
        if target:
            target.evaluate("(node, above) => scrollBy(0, node.getBoundingClientRect().top - above)", ABOVE)
        self.view = (0, ABOVE, WIDTH)

    def close_up(self, target: Locator) -> None:
        """Show an element as wide as the film: from its top, or to its bottom where it is lower than the film."""
        self.look_at(target)
        box = bounds(target)
        width = box["width"] + 2 * MARGIN
        top = min(box["y"] - MARGIN, box["y"] + box["height"] + MARGIN - width * SIZE[1] / SIZE[0])
        self.view = (box["x"] - MARGIN, top, width)

    def open(self, tab: str, shown: str, milliseconds: int = 400) -> None:
        """Open a tab from the top of the page, wait until what matches the selector is drawn, and film it."""
        self.look_at()
        self.hold(FRAME)
        self.click(self.page.get_by_role("tab", name=tab))
        expect(self.page.locator(shown).first).to_be_visible()
        self.page.wait_for_timeout(QUIET)
        self.hold(milliseconds)

    def click(self, target: Locator, at: tuple[float, float] = (0.5, 0.5)) -> None:
        """Move the pointer to this share of an element and click there."""
        box = bounds(target)
        x, y = box["x"] + at[0] * box["width"], box["y"] + at[1] * box["height"]
        from_x, from_y = self.place
        for step in range(1, REACH + 1):
            share = (1 - cos(pi * step / REACH)) / 2  # slowly, fast, slowly
            self.place = from_x + share * (x - from_x), from_y + share * (y - from_y)
            self.show(self.still, FRAME)
        self.show(self.still, FRAME)
        self.page.mouse.click(x, y)

    @contextmanager
    def stopped(self) -> Iterator[Callable[[int, int], None]]:
        """Stop the page's clock; what is given films so many frames, each so many milliseconds of the page's later."""
        clock = self.page.clock
        clock.pause_at(self.page.evaluate("Date.now()") / 1000 + 1)  # seconds: by then it has been told

        def play(frames: int, each: int) -> None:
            for _ in range(frames):
                clock.run_for(each)
                self.hold(FRAME)

        yield play
        clock.resume()

    def save(self, name: str) -> None:
        """Write it as an animated WebP."""
        (first, _), *others = self.frames
        file = HERE / name
        first.save(
            file, save_all=True, append_images=[picture for picture, _ in others],
            duration=[milliseconds for _, milliseconds in self.frames], loop=0, quality=62, method=6,
        )  # fmt: skip
        size, seconds = file.stat().st_size, sum(milliseconds for _, milliseconds in self.frames) / 1000
        print(f"{file.name}: {len(self.frames)} frames, {seconds:.1f} s, {size / 1000:,.0f} kB")
        assert size < MOST, "it is to be loaded quickly"


def bounds(target: Locator) -> FloatRect:
    """Where an element is in the window."""
    box = target.bounding_box()
    assert box, f"{target} is not visible"
    return box


def opening(film: Film) -> None:
    """An answer with its heat map, and the curves with and without shortcuts."""
    page = film.page
    expect(page.locator("#picture img").first).to_be_visible()
    expect(page.locator("#heatmap img").first).to_be_visible()
    film.hold(1300)
    film.close_up(page.locator("#welcome"))
    film.hold(400)
    with film.stopped() as play:
        film.click(page.locator("#welcome .play"))
        play(20, 260)  # 5 s of the page's
    film.hold(600)


def networks(film: Film) -> None:
    """A block of ResNet-50."""
    page = film.page
    film.open("Networks", "#diagram svg")
    film.click(page.locator("#diagram [data-block='layer2.0']"))
    expect(page.locator("#block svg").first).to_be_visible()
    page.wait_for_timeout(QUIET)
    film.close_up(page.locator("#block"))
    film.hold(1300)


def train(film: Film) -> None:
    """The published run on `shapes`, replayed."""
    page = film.page
    film.open("Train", "#curves .charts svg")
    film.click(page.locator("#run-replay"))
    expect(page.locator("#curves .replay")).to_be_visible()
    with film.stopped() as play:
        film.look_at(page.locator("#curves"))
        play(22, 1700)  # 3 minutes at the speed of 5
    film.hold(400)


def confusion(film: Film) -> None:
    """A cell of its matrix and the images in it."""
    page = film.page
    film.open("Confusion", "#confusion-cell img", 500)
    film.click(page.locator("#confusion-matrix .cells"), at=(0.35, 0.25))  # true class 3, predicted class 4
    page.wait_for_timeout(2 * QUIET)
    film.hold(1200)


def compare(film: Film) -> None:
    """Whether depth needs shortcuts, and what A, B and C do."""
    page = film.page
    film.open("Compare", "#depth-duel svg", 700)
    film.click(page.get_by_role("tab", name="A, B, C"))
    expect(page.locator("#shortcuts-ways svg").first).to_be_visible()
    page.wait_for_timeout(QUIET)
    film.hold(1300)


def main() -> None:
    with opened_page(WIDTH, ABOVE + HEIGHT + 40, sharpness=1.8) as (page, address):
        page.clock.install()
        page.goto(f"{address}/")
        film = Film(page)
        for scene in (opening, networks, train, confusion, compare):
            scene(film)
        film.save("tour.webp")


if __name__ == "__main__":
    main()

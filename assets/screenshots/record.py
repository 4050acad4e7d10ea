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

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect
from take import HERE, opened_page

WIDTH, HEIGHT, ABOVE = 1000, 640, 100  # of the film in pixels of the page; what lies above it, the page's heading
SCALE = 0.9
FRAME = 80  # milliseconds of a frame in which something moves
REACH = 6  # frames that the pointer takes from one place to the next
POINTER = ((0, 0), (0, 17), (4, 13), (7, 20), (10, 19), (7, 12), (13, 12))
MOST = 2_000_000  # bytes


@dataclass
class Film:
    """Frames of a page, each with the milliseconds that it is shown, and where the pointer is."""

    page: Page
    frames: list[tuple[Image.Image, int]] = field(default_factory=list)
    place: tuple[float, float] = (WIDTH * 0.7, HEIGHT * 0.9)

    def hold(self, milliseconds: int) -> None:
        """Show what there is now for so long."""
        clip = {"x": 0, "y": ABOVE, "width": WIDTH, "height": HEIGHT}
        self.show(Image.open(BytesIO(self.page.screenshot(clip=clip))).convert("RGB"), milliseconds)

    def show(self, picture: Image.Image, milliseconds: int) -> None:
        """Add a frame: the picture with the pointer on it."""
        self.still = picture
        drawn = picture.copy()
        corners = [(self.place[0] + x, self.place[1] + y) for x, y in POINTER]
        ImageDraw.Draw(drawn).polygon(corners, fill="black", outline="white", width=1)
        size = round(WIDTH * SCALE), round(HEIGHT * SCALE)
        self.frames.append((drawn.resize(size, Image.Resampling.LANCZOS), milliseconds))

    def click(self, target: Locator, at: tuple[float, float] = (0.5, 0.5)) -> None:
        """Move the pointer to this share of an element and click there."""
        box = target.bounding_box()
        assert box, f"{target} is not to be seen"
        x, y = box["x"] + at[0] * box["width"], box["y"] + at[1] * box["height"]
        (from_x, from_y), still = self.place, self.still
        for step in range(1, REACH + 1):
            share = 0.5 - 0.5 * (1 - 2 * step / REACH) * (1.5 - 0.5 * (1 - 2 * step / REACH) ** 2)  # slow, fast, slow
            self.place = from_x + share * (x - from_x), from_y + share * (y - ABOVE - from_y)
            self.show(still, FRAME)
        self.show(still, 200)
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


def opening(film: Film) -> None:
    """An answer with its heat map, and the curves with and without shortcuts."""
    page = film.page
    expect(page.locator("#heatmap img").first).to_be_visible()
    film.hold(1600)
    page.locator("#welcome").evaluate("node => node.scrollIntoView({block: 'end'})")
    film.hold(500)
    with film.stopped() as play:
        film.click(page.locator("#welcome .play"))
        play(26, 200)
    film.hold(900)


def networks(film: Film) -> None:
    """A block of ResNet-50."""
    page = film.page
    page.locator("#classify").evaluate("node => scrollTo(0, 0)")
    film.hold(200)
    film.click(page.get_by_role("tab", name="Networks"))
    expect(page.locator("#diagram svg").first).to_be_visible()
    page.wait_for_timeout(1500)
    film.hold(900)
    film.click(page.locator("#diagram [data-block='layer2.0']"))
    expect(page.locator("#block svg").first).to_be_visible()
    page.wait_for_timeout(1500)
    film.hold(1800)


def train(film: Film) -> None:
    """The published run on `shapes`, replayed."""
    page = film.page
    page.evaluate("scrollTo(0, 0)")
    film.hold(200)
    film.click(page.get_by_role("tab", name="Train"))
    expect(page.locator("#curves svg").first).to_be_visible()
    page.wait_for_timeout(2000)
    film.hold(500)
    film.click(page.locator("#run-replay"))
    expect(page.locator("#curves .replay")).to_be_visible()
    page.wait_for_timeout(300)
    with film.stopped() as play:
        play(26, 1200)
    film.hold(600)


def confusion(film: Film) -> None:
    """A cell of its matrix and the images in it."""
    page = film.page
    page.evaluate("scrollTo(0, 0)")
    film.click(page.get_by_role("tab", name="Confusion"))
    expect(page.locator("#confusion-matrix canvas")).to_be_visible()
    expect(page.locator("#confusion-cell img").first).to_be_visible()
    page.wait_for_timeout(1500)
    film.hold(1000)
    film.click(page.locator("#confusion-matrix .cells"), at=(0.15, 0.05))
    page.wait_for_timeout(3000)
    film.hold(1600)


def compare(film: Film) -> None:
    """What A, B and C cost and bring."""
    page = film.page
    page.evaluate("scrollTo(0, 0)")
    film.click(page.get_by_role("tab", name="Compare"))
    page.wait_for_timeout(3000)
    film.hold(800)


def main() -> None:
    with opened_page(WIDTH, ABOVE + HEIGHT) as (page, address):
        page.clock.install()
        page.goto(f"{address}/")
        film = Film(page)
        for scene in (opening, networks, train, confusion, compare):
            scene(film)
        film.save("tour.webp")


if __name__ == "__main__":
    main()

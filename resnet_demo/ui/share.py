"""Draws the pictures that others show beside a link to the page: `python -m resnet_demo.ui.share`.

One for each language, 1200 x 630 pixels, into `assets/`: the page's title and sentence, and a residual block. Run it
after one of these words has changed (a test says so).
"""

from __future__ import annotations

from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Polygon

from ..figures.style import BLUE, GREY, INK, ORANGE, PAPER, look, save
from .head import SIZE, share_picture
from .text import LANGUAGES, Text

DPI = 100
MIDDLE, LEFT = 880, 66  # of the block and of the words, in pixels


def draw(text: Text) -> bytes:
    """The picture in one language, as PNG."""
    with look(size=20):
        width, height = SIZE
        figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI)
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
        axes.axis("off")
        axes.text(LEFT, 245, text("page.title"), size=40, va="bottom")
        axes.text(LEFT, 280, _lines(text("page.sentence")), size=20, color=GREY, va="top", linespacing=1.5)
        _block(axes)
        return save(figure, "png", DPI, title=f"{text('page.title')}: {text('page.sentence')}")


def _lines(sentence: str) -> str:
    """The sentence in lines that fit the left half; a Chinese one turns at its comma."""
    return "\n".join(fill(part, 32) for part in sentence.replace("，", "，\n").splitlines())


def _block(axes: Axes) -> None:
    """The residual block of the paper's figure 2, from top to bottom, with the shortcut around its two layers."""

    def arrow(points: list[tuple[float, float]], colour: str, left: bool = False) -> None:
        x, y = points[-1]
        points[-1] = (x + 10, y) if left else (x, y - 10)  # the line ends inside the tip
        axes.plot(*zip(*points, strict=True), color=colour, lw=4, ls="-", solid_joinstyle="round")
        tip = [(x, y), (x + 20, y - 11), (x + 20, y + 11)] if left else [(x, y), (x - 11, y - 20), (x + 11, y - 20)]
        axes.add_patch(Polygon(tip, color=colour, lw=0))

    arrow([(MIDDLE, 70), (MIDDLE, 155)], GREY)
    arrow([(MIDDLE, 235), (MIDDLE, 300)], GREY)
    arrow([(MIDDLE, 380), (MIDDLE, 455)], GREY)
    arrow([(MIDDLE, 515), (MIDDLE, 580)], GREY)
    arrow([(MIDDLE, 105), (MIDDLE + 200, 105), (MIDDLE + 200, 485), (MIDDLE + 32, 485)], ORANGE, left=True)
    for top in (155, 300):
        axes.add_patch(FancyBboxPatch((MIDDLE - 125, top), 250, 80, "round,pad=0,rounding_size=6", fc=BLUE, lw=0))
        axes.text(MIDDLE, top + 42, "3 × 3, 64", color=PAPER, ha="center", va="center")
    axes.scatter([MIDDLE], [485], s=1700, color=PAPER, edgecolors=INK, lw=3, zorder=3)
    axes.text(MIDDLE, 484, "+", size=26, ha="center", va="center", zorder=4)
    axes.text(MIDDLE - 24, 92, "x", ha="right")
    axes.text(MIDDLE + 216, 295, "x", va="center")
    axes.text(MIDDLE - 24, 428, "F(x)", ha="right")
    axes.text(MIDDLE - 24, 565, "F(x) + x", ha="right")
    for y in (277, 565):
        axes.text(MIDDLE + 24, y, "ReLU", color=GREY)


def main() -> None:
    """Draw them all and say where they are."""
    for text in LANGUAGES.values():
        share_picture(text).write_bytes(draw(text))
        print(share_picture(text))


if __name__ == "__main__":
    main()

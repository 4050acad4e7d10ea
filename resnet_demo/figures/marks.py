"""The marks that drawings of networks are made of: outlines of blocks, volumes, arrows, sums, pills.

Coordinates are pixels, y downwards. Must not depend on a layout.
"""

from __future__ import annotations

from ..models.describe import LayerRow, spell
from .svg import breadth, path, tag, words

BOX = 74  # width of a block


def shape_text(shape: tuple[int, ...]) -> str:
    return spell(shape, "×")


def layer_text(row: LayerRow) -> str:
    """A convolution as in the paper's table 1: "3×3, 64"."""
    return f"{row.kind.removeprefix('convolution ').replace('x', '×')}, {row.output_shape[0]}"


def outline(role: str, x: float, y: float, height: float, width: float = BOX) -> str:
    if role != "Conv Block":
        look = "box plain" if role == "Plain Block" else "box"
        return tag("rect", x=x, y=y, width=width, height=height, rx=0 if role == "Plain Block" else 7, class_=look)
    cut = min(9.0, height / 3)
    steps = ("M", x, y, "H", x + width - cut, "l", cut, cut, "V", y + height - cut, "l", -cut, cut, "H", x, "Z")
    return path("box conv", *steps)


def volume(x: float, y: float, channels: float, side: float) -> str:
    """Feature maps as a solid: as high and deep as a map has pixels, as long as there are channels; y is its middle."""
    length, lean = max(channels, 2.0), side * 0.3
    top = y - side / 2 + lean / 2
    return "".join(
        (
            path("face top", "M", x, top, "l", lean, -lean, "h", length, "l", -lean, lean, "Z"),
            path("face side", "M", x + length, top, "l", lean, -lean, "v", side, "l", -lean, lean, "Z"),
            tag("rect", x=x, y=top, width=length, height=side, class_="face near"),
        )
    )


def arrow(x: float, y: float) -> str:
    return path("tip", "M", x, y, "l", -6, -3.4, "v", 6.8, "Z")


def plus(x: float, y: float) -> str:
    ring = tag("circle", cx=x, cy=y, r=6.5, class_="sum")
    return ring + path("wire", "M", x - 3.5, y, "h", 7, "m", -3.5, -3.5, "v", 7)


def pill(x: float, y: float, label: str) -> str:
    width = breadth(label) + 14
    frame = tag("rect", x=x - width / 2, y=y - 9, width=width, height=18, rx=9, class_="pill")
    return frame + words(x, y + 4, label, "bold middle")

"""Draws the sample pictures that are the project's own: `python assets/samples/draw.py`.

Plain scenes of four CIFAR-10 classes, 320 x 320 pixels, drawn four times as large and scaled down. It knows no network.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

SIDE, SCALE = 320, 4


class Canvas:
    """A picture in units of 1/100 of its side, with the origin at the top left."""

    def __init__(self, top: str, bottom: str):
        self.unit = SIDE * SCALE / 100
        sky = Image.linear_gradient("L").resize((SIDE * SCALE, SIDE * SCALE))
        self.image = Image.composite(*(Image.new("RGB", sky.size, colour) for colour in (bottom, top)), sky)
        self.pen = ImageDraw.Draw(self.image)

    def shape(self, colour: str, *points: tuple[float, float]) -> None:
        """A filled polygon."""
        self.pen.polygon([(x * self.unit, y * self.unit) for x, y in points], fill=colour)

    def box(self, colour: str, left: float, top: float, right: float, bottom: float, radius: float = 0) -> None:
        """A filled rectangle with round corners."""
        corners = [side * self.unit for side in (left, top, right, bottom)]
        self.pen.rounded_rectangle(corners, radius * self.unit, fill=colour)

    def disc(self, colour: str, x: float, y: float, radius: float) -> None:
        """A filled circle."""
        self.pen.circle((x * self.unit, y * self.unit), radius * self.unit, fill=colour)

    def wheel(self, x: float, y: float, radius: float) -> None:
        """A tyre with its rim."""
        self.disc("#17181b", x, y, radius)
        self.disc("#9a9fa6", x, y, radius * 0.55)
        self.disc("#3a3d42", x, y, radius * 0.2)

    def soften(self) -> None:
        """Blur what has been drawn so far: a background."""
        self.image = self.image.filter(ImageFilter.GaussianBlur(self.unit))
        self.pen = ImageDraw.Draw(self.image)

    def finished(self) -> Image.Image:
        """The picture in its final size."""
        return self.image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def airplane() -> Image.Image:
    """An airliner from the side, in the sky."""
    c = Canvas("#5f9fd8", "#cfe4f3")
    for x, y, size in ((18, 78, 9), (28, 80, 11), (40, 79, 8), (74, 20, 7), (83, 22, 9)):
        c.disc("#eef5fa", x, y, size)
    c.soften()
    c.shape("#b9c2cc", (52, 49), (60, 49), (76, 31), (70, 31))  # far wing
    c.box("#f4f6f8", 12, 44, 88, 56, 6)
    c.shape("#f4f6f8", (10, 50), (20, 44), (20, 56))
    c.shape("#d9dee4", (14, 53), (86, 53), (80, 56), (20, 56))
    c.shape("#2b5d9b", (76, 45), (90, 45), (94, 28), (87, 28))  # fin
    c.shape("#c9d0d8", (78, 49), (92, 49), (97, 43), (90, 43))
    for step in range(13):
        c.box("#43566b", 25 + 4 * step, 47.5, 26.6 + 4 * step, 49.5, 0.5)
    c.shape("#43566b", (14, 48), (19, 45.5), (20, 48))
    c.shape("#9fabb8", (44, 53), (60, 53), (74, 74), (66, 74))  # near wing
    c.box("#5d6b7a", 49, 58, 60, 63, 2)
    return c.finished()


def automobile() -> Image.Image:
    """A red car on a road."""
    c = Canvas("#a9cbe6", "#dfeaf0")
    c.box("#6f9157", 0, 52, 100, 70)
    for x in (6, 20, 33, 70, 84, 97):
        c.disc("#55793f", x, 50, 9)
    c.box("#6d6f73", 0, 66, 100, 100)
    c.soften()
    c.box("#4b4d50", 12, 76, 92, 80, 2)  # shadow
    c.shape("#b3161b", (26, 54), (37, 38), (66, 38), (80, 54))
    c.shape("#bcd3e2", (31, 53), (39, 41), (50, 41), (50, 53))
    c.shape("#bcd3e2", (53, 53), (53, 41), (64, 41), (74, 53))
    c.box("#cf1d22", 8, 52, 94, 73, 6)
    c.box("#a5141a", 8, 66, 94, 73, 4)
    c.box("#f6e7a8", 8, 56, 14, 61, 2)
    c.box("#7d0d10", 90, 56, 94, 61, 2)
    c.box("#8f1014", 50.6, 53, 51.6, 70)
    for x in (26, 76):
        c.disc("#5d0b0e", x, 72, 11)
        c.wheel(x, 73, 9)
    return c.finished()


def ship() -> Image.Image:
    """A cargo ship at sea."""
    c = Canvas("#9cc4e4", "#e4eef4")
    c.box("#2f6690", 0, 62, 100, 100)
    for row in range(6):
        for step in range(7):
            x = 16 * step + 7 * (row % 2) - 6
            c.box("#4a82ab", x, 72 + 5 * row, x + 8, 73 + 5 * row, 0.5)
    c.soften()
    c.shape("#8c2f26", (8, 66), (92, 66), (84, 78), (16, 78))
    c.shape("#22303c", (4, 56), (97, 56), (92, 67), (9, 67))
    for step, colour in enumerate(("#c8702a", "#3d7a4d", "#b8352c", "#d5a021", "#3a6ea5", "#c8702a")):
        c.box(colour, 32 + 9 * step, 46, 40 + 9 * step, 56)
        if step % 2 == 0:
            c.box("#5a8f6a", 32 + 9 * step, 38, 40 + 9 * step, 46)
    c.box("#f3f3ef", 12, 34, 28, 56)
    c.box("#f3f3ef", 9, 32, 31, 36)
    for floor in range(3):
        c.box("#50616f", 14, 38 + 6 * floor, 26, 40 + 6 * floor)
    c.box("#b8352c", 17, 22, 24, 32)
    c.box("#22303c", 17, 20, 24, 24)
    c.box("#e9eef2", 2, 77, 98, 79, 1)
    return c.finished()


def truck() -> Image.Image:
    """A lorry on a road."""
    c = Canvas("#b6d2e8", "#e8eef0")
    c.box("#8a9a6a", 0, 58, 100, 74)
    c.box("#707276", 0, 70, 100, 100)
    c.soften()
    c.box("#4b4d50", 6, 82, 96, 86, 2)
    c.box("#e8e6df", 30, 26, 94, 70, 1)
    for step in range(7):
        c.box("#d2cfc6", 37 + 8 * step, 28, 37.8 + 8 * step, 68)
    c.box("#2f5f9e", 6, 38, 28, 74, 4)
    c.shape("#bcd3e2", (8, 42), (22, 42), (22, 54), (7, 54))
    c.box("#24497a", 6, 66, 28, 74, 2)
    c.box("#f6e7a8", 6, 68, 10, 72, 1)
    c.box("#3a3d42", 10, 70, 94, 76)
    for x in (20, 66, 83):
        c.wheel(x, 78, 8)
    return c.finished()


if __name__ == "__main__":
    for draw in (airplane, automobile, ship, truck):
        draw().save(Path(__file__).with_name(f"{draw.__name__}.jpg"), quality=90)

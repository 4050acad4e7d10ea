"""The images of a room: whatever a phone sends becomes a small JPEG without metadata, or a sentence says why not."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from ..data.decode import decode

SIDE = 256  # pixels, the most that is kept of an image
MOST_BYTES, MOST_PIXELS = 2**20, 4_000_000  # of what a phone sends: its page makes images small before it sends them
NAME = "photo.jpg"  # what sentences call it: a phone's own file names are not sent


def checked(content: bytes) -> Image.Image:
    """Decode what a phone sent; ImageError if it is no image, or a very large one."""
    return decode(content, NAME, max_pixels=MOST_PIXELS, max_bytes=MOST_BYTES)


def small(content: bytes) -> bytes:
    """The image as a JPEG of at most SIDE pixels a side, made anew from its pixels."""
    image = checked(content)
    image.thumbnail((SIDE, SIDE))
    file = BytesIO()
    image.save(file, "jpeg", quality=85)
    return file.getvalue()

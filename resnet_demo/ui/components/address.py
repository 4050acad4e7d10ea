"""Pictures as `data:` addresses, with which they travel in the page and lie in no file."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO

from PIL import Image

PIXELATED_UP_TO = 64  # pixels: pictures of data sets; a crop of 224 is a photograph


def view_address(image: Image.Image) -> str:
    """A picture as a `data:` address: exact where each pixel is seen, as JPEG where it is a photograph."""
    return data_address(image, "png" if image.width <= PIXELATED_UP_TO else "jpeg")


def data_address(image: Image.Image, kind: str = "png") -> str:
    """A picture as a `data:` address, as PNG losslessly."""
    buffer = BytesIO()
    image.save(buffer, kind, quality=90)
    return f"data:image/{kind};base64,{b64encode(buffer.getvalue()).decode()}"

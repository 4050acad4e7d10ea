"""Any picture, from a phone, a scanner or a microscope, to plain 8-bit RGB, or one sentence why not.

Handles file formats, orientation and colour modes, within limits that hold before a single pixel is decoded, so that a
file of 17 KB cannot ask for a gigabyte. Colour profiles are ignored (values are taken as sRGB, like torchvision does),
and so are further frames of an animation. Must not depend on networks, crops or normalisation (`preprocess`).

Pillow's plugins are called directly instead of through `Image.open`: only the accepted formats are ever
tried, and the pixel limit is the one given here. Pillow's own bomb check (a warning, or an error at another
size) is never reached, without touching the interpreter's warning filters, which all threads of a server
share.
"""

from __future__ import annotations

import importlib.util
import os
import stat
import struct
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from .errors import ImageError

MAX_PIXELS = 40_000_000
MAX_BYTES = 32 * 2**20
MIN_SIDE = 8  # below this there is nothing to recognise; the smallest data sets have 28 pixels
MAX_RATIO = 20  # long side to short side: beyond it a centre crop shows next to nothing of the picture

_TRANSPOSE = {  # EXIF orientation (tag 274) -> what undoes it
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def decode(
    source: str | os.PathLike | bytes | Image.Image,
    name: str | None = None,
    max_pixels: int = MAX_PIXELS,
    max_bytes: int = MAX_BYTES,
) -> Image.Image:
    """The picture as a new RGB image, upright, without metadata.

    source: path, content of a file, or a Pillow image (loaded or not).
    name: what the sentence calls the picture; by default the last part of the path, without its folders.
    max_pixels, max_bytes: limits, checked before anything is decoded.

    16-bit grey is taken as 0..65535; 32-bit integers and floats as 0..1, 0..255 or 0..65535, whichever is the
    first to hold all values, and else stretched from their least to their greatest. What is transparent is
    laid on white.

    Raises ImageError, and nothing else, for whatever cannot be decoded.
    """
    if name is None:
        name = Path(source).name or str(source) if isinstance(source, (str, os.PathLike)) else "the picture"
    shown = printable(name)

    refusal = partial(
        ImageError,
        name=shown,
        most_megabytes=max_bytes / 2**20,
        most_megapixels=max_pixels / 1e6,
        least_side=MIN_SIDE,
        most_ratio=MAX_RATIO,
    )

    def check(size: tuple[int, int]) -> None:
        width, height = size
        if width * height > max_pixels:
            raise refusal("image.pixels", width=width, height=height)
        if min(size) < 1 or max(size) > MAX_RATIO * min(size):
            raise refusal("image.ratio" if min(size) else "image.small", width=width, height=height)
        if min(size) < MIN_SIDE:
            raise refusal("image.small", width=width, height=height)

    try:
        if isinstance(source, Image.Image):
            image = source
        else:
            data = _read(source, max_bytes, refusal)
            image = _open(data, check, refusal)
        check(image.size)
        image.load()
        check(image.size)  # a plugin may learn better while it decodes
        image = _upright(_to_rgb(image), _orientation(image))
    except ImageError:
        raise
    except Exception as cause:  # Pillow's plugins raise whatever a damaged file makes them stumble over
        raise refusal("image.broken") from cause
    image.info = {}  # an orientation left in there would be applied a second time by whoever comes next
    return image


def printable(name: str) -> str:
    """A file's name fit for a sentence: one line, no control characters, 100 characters at most."""
    shown = "".join(c if c.isprintable() else "\ufffd" for c in str(name))
    return shown if len(shown) <= 100 else f"{shown[:60]}…{shown[-39:]}"


def _read(source: object, max_bytes: int, refusal: Callable[..., ImageError]) -> bytes:
    """The whole content of a file; never of a pipe or device, and never more than `max_bytes`."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        data = bytes(source)
    elif isinstance(source, (str, os.PathLike)):
        try:
            status = os.stat(source)
        except FileNotFoundError as cause:
            raise refusal("image.missing") from cause
        except (OSError, ValueError) as cause:  # ValueError: a null character in the path
            raise refusal("image.unopened") from cause
        if stat.S_ISDIR(status.st_mode):
            raise refusal("image.directory")
        if not stat.S_ISREG(status.st_mode):
            raise refusal("image.unopened")
        if status.st_size > max_bytes:
            raise refusal("image.bytes", megabytes=status.st_size / 2**20)
        try:
            with open(source, "rb") as file:
                data = file.read(max_bytes + 1)
        except OSError as cause:
            raise refusal("image.unopened") from cause
    else:
        raise refusal("image.format")
    if not data:
        raise refusal("image.empty")
    if len(data) > max_bytes:
        raise refusal("image.bytes", megabytes=len(data) / 2**20)
    return data


def _open(data: bytes, check: Callable, refusal: Callable[..., ImageError]) -> Image.Image:
    """An image with header read and pixels not. `check` goes first where opening itself takes memory."""
    file = BytesIO(data)
    if data.startswith(b"\xff\xd8\xff"):
        return JpegImagePlugin.JpegImageFile(file)  # of the several pictures of an MPO, the first
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImagePlugin.PngImageFile(file)
    if data.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return TiffImagePlugin.TiffImageFile(file)
    if data.startswith((b"GIF87a", b"GIF89a")):
        check(_gif_size(data))
        return GifImagePlugin.GifImageFile(file)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        check(_webp_size(data))
        return WebPImagePlugin.WebPImageFile(file)
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        if importlib.util.find_spec("pillow_heif") is None:
            raise refusal("image.heic")
        import pillow_heif

        return pillow_heif.HeifImageFile(file)
    if data.startswith(b"BM"):
        return BmpImagePlugin.BmpImageFile(file)
    raise refusal("image.format")


def _gif_size(data: bytes) -> tuple[int, int]:
    """Width and height of a GIF's first frame, which may exceed the screen; opening may allocate it."""
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    at = 13 + (3 << (flags & 7) + 1 if flags & 128 else 0)
    while data[at] not in b",;":
        if data[at] == ord("!"):  # an extension: its label, then blocks up to an empty one
            at += 2
            while data[at]:
                at += 1 + data[at]
        at += 1
    left, top, frame_width, frame_height = struct.unpack_from("<4H", data, at + 1)
    return max(width, left + frame_width), max(height, top + frame_height)


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height of a WebP (RFC 9649): its decoder allocates two canvases while opening."""
    if data[12:16] == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def _orientation(image: Image.Image) -> int:
    """EXIF orientation of a loaded image, 1 where there is none that can be read."""
    try:
        return image.getexif().get(274, 1)
    except Exception:  # a damaged note about the picture is no reason to refuse the picture
        return 1


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(_TRANSPOSE[orientation]) if orientation in _TRANSPOSE else image


def _to_rgb(image: Image.Image) -> Image.Image:
    """A new RGB image of a loaded one in any of Pillow's modes."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _to_grey(image).convert("RGB")
    if image.mode == "La":  # premultiplied; Pillow knows one way out of it
        image = image.convert("LA")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        return white
    return image.convert("RGB")


def _to_grey(image: Image.Image) -> Image.Image:
    """8-bit grey from 16-bit, 32-bit and float values, where Pillow's own conversion clips at 255."""
    values = np.asarray(image)
    if image.mode.startswith("I;16"):
        low, high = 0.0, 65535.0
    else:
        finite = np.isfinite(values)
        if not finite.all():
            values = np.where(finite, values, 0)
        low, high = float(values.min()), float(values.max())
        top = next((top for top in (1.0, 255.0, 65535.0) if low >= 0 and high <= top), None)
        low, high = (low, high) if top is None else (0.0, top)
    scale = 255 / (high - low) if high > low else 0.0
    grey = np.empty(values.shape, np.uint8)
    for row in range(0, len(grey), 256):  # in bands: the whole picture in float64 takes 320 MB
        grey[row : row + 256] = np.rint((values[row : row + 256].astype(np.float64) - low) * scale)
    return Image.fromarray(grey)

"""A film that a browser takes for what its camera sees (`--use-file-for-fake-video-capture`): Y4M, made of images."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from provide_browser import NAMES, find_browser


def write_film(path: Path, images: Sequence[Image.Image], side: int = 160, rate: int = 20, each: int = 20) -> Path:
    """A film of squares in which each image stands still for `each` frames; it is played again and again."""
    header = f"YUV4MPEG2 W{side} H{side} F{rate}:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(header + b"".join(each * (b"FRAME\n" + _planes(image, side)) for image in images))
    return path


def flags(film: Path) -> list[str]:
    """Options of a Chromium whose camera sees the film; a page may use it where its context grants "camera"."""
    return ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]


def find_filming_browser() -> str | None:
    """The path of a browser that has a camera, which the headless shell of Chromium lacks: an installed one."""
    return next(filter(None, map(shutil.which, NAMES)), None) or find_browser()


def _planes(image: Image.Image, side: int) -> bytes:
    """Brightness, and the two colour differences at half the resolution."""
    planes = np.asarray(image.convert("RGB").resize((side, side)).convert("YCbCr"))
    half = planes.reshape(side // 2, 2, side // 2, 2, 3).mean((1, 3)).astype(np.uint8)
    return planes[..., 0].tobytes() + half[..., 1].tobytes() + half[..., 2].tobytes()

"""Small data sets on disk, in the Hub's layout and as folders of pictures."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from resnet_demo.data.sources import HUB_SOURCES


def write_hub_layout(root: Path, name: str = "cifar10", rows: int = 40, jpeg_from: int | None = None) -> dict:
    """A small data set in the Hub's layout; rows from `jpeg_from` on are JPEG. Returns the true arrays."""
    source = HUB_SOURCES[name]
    random = np.random.RandomState(0)
    truth = {}
    for split, file in zip(("train", "test"), source.files(), strict=True):
        images = random.randint(0, 256, (rows, *source.shape)).astype(np.uint8)
        labels = random.randint(0, 10, rows)
        pictures = []
        for row, image in enumerate(images):
            data = io.BytesIO()
            jpeg = jpeg_from is not None and row >= jpeg_from
            Image.fromarray(image.squeeze()).save(data, "JPEG" if jpeg else "PNG")
            pictures.append({"bytes": data.getvalue(), "path": f"{row}.png"})
        path = root / source.name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table({source.image_column: pictures, "label": labels}), path)
        truth[split] = (images, labels)
    return truth


def write_pictures(root: Path, layout: dict[str, int]) -> None:
    random = np.random.RandomState(0)
    for folder, count in layout.items():
        (root / folder).mkdir(parents=True)
        for number in range(count):
            picture = Image.fromarray(random.randint(0, 256, (40, 50, 3)).astype(np.uint8))
            picture.save(root / folder / f"{number}.png")


def hub_files(root: Path) -> dict[str, bytes]:
    """What `write_hub_layout` wrote of CIFAR-10, by the paths that the Hub has for it."""
    return {name: (root / "cifar10" / name).read_bytes() for name in HUB_SOURCES["cifar10"].files()}

"""CIFAR-10 and Fashion-MNIST from the archives whose addresses and checksums torchvision knows.

The second source, where the Hub does not provide them. It must not depend on the first one.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from .cache import Arrays
from .dataset import channel_statistics
from .download import Report, Wanted, download, locate_file
from .errors import first_line, refusal


def load_mirrored(
    wanted: Wanted, class_name: str, shape: tuple[int, int, int], folder: Path, report: Report
) -> tuple[Arrays, dict]:
    """Arrays of both splits, and the meta dictionary, of the data set that is `class_name` in torchvision.

    shape: of an image. folder: for the archives, which are kept. Raises DataError: "download.…" if they cannot be
    downloaded, "data.damaged" if they cannot be read; they are deleted then.
    """
    from torchvision import datasets

    kind = getattr(datasets, class_name)
    if hasattr(kind, "mirrors"):
        files, below = [(kind.mirrors[0] + name, md5) for name, md5 in kind.resources], f"{kind.__name__}/raw"
    else:
        files, below = [(kind.url, kind.tgz_md5)], ""
    archives = [folder / class_name / address.rpartition("/")[2] for address, _ in files]
    located = [locate_file(wanted, address, f"md5:{md5}") for address, md5 in files]
    download(wanted, list(zip(located, archives, strict=True)), report)
    try:
        with TemporaryDirectory(prefix=".extracted-", dir=folder) as scratch:
            Path(scratch, below).mkdir(parents=True, exist_ok=True)
            for archive in archives:
                datasets.utils.extract_archive(archive, Path(scratch, below))
            splits = {split: kind(scratch, split == "train") for split in ("train", "test")}
    except MemoryError:
        raise
    except Exception as error:  # a damaged archive fails in many ways
        if getattr(error, "errno", None):
            raise refusal("download.disk", name=wanted.name, detail=error.strerror) from error
        for archive in archives:
            archive.unlink(missing_ok=True)
        raise refusal("data.damaged", name=wanted.name, detail=first_line(error)) from error
    arrays: Arrays = {}
    digest = hashlib.sha256()
    for split, loaded in splits.items():
        arrays[f"{split}_images"] = np.asarray(loaded.data, np.uint8).reshape(-1, *shape)
        arrays[f"{split}_labels"] = np.asarray(loaded.targets, np.int64)
        arrays[f"{split}_lossless"] = np.ones(len(loaded.targets), bool)
        digest.update(arrays[f"{split}_images"].tobytes() + arrays[f"{split}_labels"].tobytes())
    mean, std = channel_statistics(arrays["train_images"])
    return arrays, {"fingerprint": digest.hexdigest(), "mean": mean, "std": std}

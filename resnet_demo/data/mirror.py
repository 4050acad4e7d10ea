"""CIFAR-10 and Fashion-MNIST from the archives whose addresses and checksums torchvision has.

The second source, where the Hub does not provide them. Must not depend on the first one.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from .cache import Arrays
from .dataset import channel_statistics
from .download import Report, Wanted, download, locate_file
from .errors import DataError, first_line


def download_archives(wanted: Wanted, class_name: str, folder: Path, report: Report) -> list[Path]:
    """The archives of the data set that is `class_name` in torchvision, below `folder`, those that are not there
    downloaded. Raises DataError ("download.…") if they cannot be."""
    from torchvision import datasets

    kind = getattr(datasets, class_name)
    if hasattr(kind, "mirrors"):
        files = [(kind.mirrors[0] + name, md5) for name, md5 in kind.resources]
    else:
        files = [(kind.url, kind.tgz_md5)]
    archives = {folder / class_name / address.rpartition("/")[2]: (address, f"md5:{md5}") for address, md5 in files}
    absent = [path for path in archives if not path.is_file()]
    download(wanted, [(locate_file(wanted, *archives[path]), path) for path in absent], report)
    return list(archives)


def load_mirrored(
    wanted: Wanted, class_name: str, folder: Path, shape: tuple[int, int, int], report: Report
) -> tuple[Arrays, dict]:
    """Arrays of both splits, and the meta dictionary, of the data set that is `class_name` in torchvision.

    folder: for the archives, which are kept. shape: of an image. Raises DataError: "download.…" if they cannot be
    downloaded, "data.damaged" if they cannot be read; they are deleted then.
    """
    from torchvision import datasets

    kind = getattr(datasets, class_name)
    below = f"{kind.__name__}/raw" if hasattr(kind, "mirrors") else ""
    archives = download_archives(wanted, class_name, folder, report)
    try:
        with TemporaryDirectory(prefix=".extracted-", dir=folder) as scratch:
            Path(scratch, below).mkdir(parents=True, exist_ok=True)
            for archive in archives:
                datasets.utils.extract_archive(archive, Path(scratch, below))
            splits = {split: kind(scratch, split == "train") for split in ("train", "test")}
    except MemoryError:
        raise
    except Exception as error:  # a damaged archive fails in many ways
        if isinstance(error, OSError) and error.errno:
            raise DataError("download.disk", name=wanted.name, detail=error.strerror) from error
        for archive in archives:
            archive.unlink(missing_ok=True)
        raise DataError("data.damaged", name=wanted.name, detail=first_line(error)) from error
    arrays: Arrays = {}
    digest = hashlib.sha256()
    for split, loaded in splits.items():
        arrays[f"{split}_images"] = np.asarray(loaded.data, np.uint8).reshape(-1, *shape)
        arrays[f"{split}_labels"] = np.asarray(loaded.targets, np.int64)
        arrays[f"{split}_lossless"] = np.ones(len(loaded.targets), bool)
        digest.update(arrays[f"{split}_images"].tobytes() + arrays[f"{split}_labels"].tobytes())
    mean, std = channel_statistics(arrays["train_images"])
    return arrays, {"fingerprint": digest.hexdigest(), "mean": mean, "std": std}

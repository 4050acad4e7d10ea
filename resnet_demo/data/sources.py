"""CIFAR-10 and Fashion-MNIST from where they are: a folder in the Hub's layout, the Hub, or torchvision's
mirror.

It finds the files, decodes them once into the cache, and notes which rows were stored losslessly. It knows
nothing of validation splits or training.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .cache import Arrays, cached
from .dataset import Dataset, Split, channel_statistics

Say = Callable[[str], None]
LOSSLESS_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"BM", b"II*\x00", b"MM\x00*")


class DataError(ValueError):
    """A data set that cannot be had or cannot be read; the message says what to do."""


@dataclass(frozen=True)
class HubSource:
    """A data set that the Hub keeps as two parquet files with a picture and a label column."""

    name: str
    repository: str
    folder: str
    image_column: str
    shape: tuple[int, int, int]
    classes: tuple[str, ...]
    megabytes: int
    torchvision_class: str

    def files(self) -> tuple[str, str]:
        """The training and the test file inside the repository."""
        return tuple(f"{self.folder}/{split}-00000-of-00001.parquet" for split in ("train", "test"))


HUB_SOURCES = {
    source.name: source
    for source in (
        HubSource(
            name="cifar10",
            repository="uoft-cs/cifar10",
            folder="plain_text",
            image_column="img",
            shape=(32, 32, 3),
            classes=(
                "airplane",
                "automobile",
                "bird",
                "cat",
                "deer",
                "dog",
                "frog",
                "horse",
                "ship",
                "truck",
            ),
            megabytes=144,
            torchvision_class="CIFAR10",
        ),
        HubSource(
            name="fashion-mnist",
            repository="zalando-datasets/fashion_mnist",
            folder="fashion_mnist",
            image_column="image",
            shape=(28, 28, 1),
            classes=(
                "T-shirt/top",
                "Trouser",
                "Pullover",
                "Dress",
                "Coat",
                "Sandal",
                "Shirt",
                "Sneaker",
                "Bag",
                "Ankle boot",
            ),
            megabytes=36,
            torchvision_class="FashionMNIST",
        ),
    )
}


def load_hub_source(source: HubSource, data: Path | None, cache: Path, say: Say = lambda text: None) -> Dataset:
    """The data set of `source`: from `data` (a folder in the Hub's layout), else cache, Hub, torchvision.

    The first time the pictures are decoded into `cache` (seconds); from then on they are memory-mapped.
    Raises DataError, naming every place that was tried.
    """
    local = find_local(source, data) if data else None
    if data and not local:
        say(f"{source.name} is not below {data} (RESNET_DEMO_DATA); looking elsewhere")
    if local:
        stamp = "".join(f"{p.resolve()}:{p.stat().st_size}:{p.stat().st_mtime_ns}|" for p in local)
        entry = cache / f"{source.name}-{hashlib.sha256(stamp.encode()).hexdigest()[:16]}"
        arrays, meta = cached(entry, lambda: decode_parquet(source, local, say))
    else:
        arrays, meta = cached(cache / f"{source.name}-public", lambda: _fetch(source, cache, say))
    lossless = arrays["test_lossless"]
    return Dataset(
        name=source.name,
        classes=source.classes,
        train=Split(arrays["train_images"], np.asarray(arrays["train_labels"])),
        test=Split(arrays["test_images"], np.asarray(arrays["test_labels"])),
        mean=tuple(meta["mean"]),
        std=tuple(meta["std"]),
        fingerprint=meta["fingerprint"],
        lossless_test_rows=np.flatnonzero(lossless) if lossless.any() and not lossless.all() else None,
    )


def find_local(source: HubSource, data: Path) -> tuple[Path, Path] | None:
    """The two parquet files below `data`, whether it is the data set's folder or the one above it, or None."""
    for root in (data, data / source.name, data / source.repository, data / source.repository.split("/")[1]):
        for folder in (root / source.folder, root):
            train, test = (folder / Path(name).name for name in source.files())
            # two data sets share their file names: a bare folder counts only if it bears this one's name
            if train.is_file() and test.is_file() and (folder != data or data.name == source.name):
                return train, test
    return None


def decode_parquet(source: HubSource, files: tuple[Path, Path], say: Say) -> tuple[Arrays, dict]:
    """Arrays of both splits and the meta dictionary from parquet files; DataError for a file of another layout."""
    import pyarrow.parquet as parquet  # 0.1 s, wanted only the first time

    arrays: Arrays = {}
    digest = hashlib.sha256()
    for split, file in zip(("train", "test"), files, strict=True):
        say(f"{source.name}: decoding the {split} pictures, once")
        with open(file, "rb") as stream:
            digest.update(
                hashlib.file_digest(stream, "sha256").digest()
                if hasattr(hashlib, "file_digest")
                else hashlib.sha256(stream.read()).digest()
            )
        try:
            table = parquet.read_table(file)
            pictures = table.column(source.image_column).combine_chunks().field("bytes")
            labels = table.column("label").to_numpy().astype(np.int64)
        except Exception as error:  # pyarrow has many error classes; each means: not this layout
            raise DataError(
                f"{file.name} is not {source.name} in the Hub's layout: expected the columns "
                f"'{source.image_column}' (bytes, path) and 'label' ({error})"
            ) from error
        arrays[f"{split}_images"], arrays[f"{split}_lossless"] = _decode_all(source, pictures, file)
        arrays[f"{split}_labels"] = labels
        if len(labels) == 0 or labels.min() < 0 or labels.max() >= len(source.classes):
            raise DataError(f"{file.name}: labels must be 0 to {len(source.classes) - 1}")
    mean, std = channel_statistics(arrays["train_images"])
    return arrays, {"fingerprint": digest.hexdigest(), "mean": mean, "std": std}


def _decode_all(source: HubSource, pictures, file: Path) -> tuple[np.ndarray, np.ndarray]:
    from PIL import Image

    images = np.empty((len(pictures), *source.shape), np.uint8)
    lossless = np.zeros(len(pictures), bool)
    mode = "RGB" if source.shape[2] == 3 else "L"
    for row, picture in enumerate(pictures):
        data = picture.as_py()
        try:
            with Image.open(io.BytesIO(data)) as image:
                images[row] = np.asarray(image.convert(mode)).reshape(source.shape)
        except (OSError, ValueError, TypeError) as error:
            expected = "×".join(map(str, source.shape[:2]))
            raise DataError(f"{file.name}, row {row}: not a picture of {expected} pixels ({error})") from error
        lossless[row] = data.startswith(LOSSLESS_SIGNATURES)
    return images, lossless


def _fetch(source: HubSource, cache: Path, say: Say) -> tuple[Arrays, dict]:
    """From the Hub, resumable and with its progress bars; where that fails, by torchvision's own download."""
    try:
        from huggingface_hub import hf_hub_download

        say(f"{source.name}: fetching {source.megabytes} MB from the Hugging Face Hub ({source.repository})")
        files = tuple(
            Path(hf_hub_download(source.repository, name, repo_type="dataset", cache_dir=cache / "hub"))
            for name in source.files()
        )
        return decode_parquet(source, files, say)
    except DataError:
        raise
    except Exception as hub_error:  # offline, proxy, moved repository: the second source is tried whatever it was
        try:
            say(f"{source.name}: the Hub did not answer, trying torchvision's download")
            return _from_torchvision(source, cache)
        except Exception as mirror_error:
            raise DataError(
                f"{source.name} is not on this machine and could not be downloaded. Put the Hub's files "
                f"({' and '.join(source.files())} of {source.repository}) below a folder and name it in "
                f"RESNET_DEMO_DATA, or use --data shapes, which needs no download. "
                f"Hub: {_first_line(hub_error)}. torchvision: {_first_line(mirror_error)}."
            ) from mirror_error


def _from_torchvision(source: HubSource, cache: Path) -> tuple[Arrays, dict]:
    from torchvision import datasets

    arrays: Arrays = {}
    digest = hashlib.sha256()
    for split in ("train", "test"):
        loaded = getattr(datasets, source.torchvision_class)(cache / "torchvision", split == "train", download=True)
        arrays[f"{split}_images"] = np.asarray(loaded.data, np.uint8).reshape(-1, *source.shape)
        arrays[f"{split}_labels"] = np.asarray(loaded.targets, np.int64)
        arrays[f"{split}_lossless"] = np.ones(len(arrays[f"{split}_labels"]), bool)
        digest.update(arrays[f"{split}_images"].tobytes() + arrays[f"{split}_labels"].tobytes())
    mean, std = channel_statistics(arrays["train_images"])
    return arrays, {"fingerprint": digest.hexdigest(), "mean": mean, "std": std}


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else 'no details'}"[:160]

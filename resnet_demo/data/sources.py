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
from urllib.error import HTTPError
from urllib.request import urlopen

import numpy as np

from .cache import Arrays, cached, is_cached
from .dataset import Dataset, Split, channel_statistics
from .errors import DataError, refusal
from .hub import SECONDS_TO_ANSWER, Report, fetch_files, find_files, within

Say = Callable[[str], None]
HUB_CACHE = "hub"  # below the cache: what huggingface_hub keeps
LOSSLESS_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"BM", b"II*\x00", b"MM\x00*")


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


def load_hub_source(
    source: HubSource, data: Path | None, cache: Path, say: Say = lambda text: None, report: Report | None = None
) -> Dataset:
    """The data set of `source`: from `data` (a folder in the Hub's layout), else cache, Hub, torchvision.

    report: told the bytes of a download from the Hub; without it huggingface_hub draws its own bars.
    The first time the pictures are decoded into `cache` (seconds); from then on they are memory-mapped.
    Raises DataError, naming every place that was tried.
    """
    local = find_local(source, data) if data else None
    if data and not local:
        say(f"{source.name} is not below {data} (RESNET_DEMO_DATA); looking elsewhere")
    build = (lambda: decode_parquet(source, local, say)) if local else (lambda: _fetch(source, cache, say, report))
    arrays, meta = cached(entry_of(source, data, cache), build)
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


def is_here(source: HubSource, data: Path | None, cache: Path) -> bool:
    """Whether `load_hub_source` needs no download; asks the disk a few questions and reads no picture."""
    return bool(
        (data and find_local(source, data))
        or is_cached(entry_of(source, None, cache))
        or find_files(source.repository, source.files(), cache / HUB_CACHE)
    )


def entry_of(source: HubSource, data: Path | None, cache: Path) -> Path:
    """Where the cache keeps the decoded pictures of the files that are below `data` now, else of the public ones."""
    local = find_local(source, data) if data else None
    if not local:
        return cache / f"{source.name}-public"
    stamp = "".join(f"{p.resolve()}:{p.stat().st_size}:{p.stat().st_mtime_ns}|" for p in local)
    return cache / f"{source.name}-{hashlib.sha256(stamp.encode()).hexdigest()[:16]}"


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


def _fetch(source: HubSource, cache: Path, say: Say, report: Report | None) -> tuple[Arrays, dict]:
    """From the Hub, resumed where a download broke; where that fails, by torchvision's own download."""
    try:
        say(f"{source.name}: fetching {source.megabytes} MB from the Hugging Face Hub ({source.repository})")
        return decode_parquet(source, fetch_files(source.repository, source.files(), cache / HUB_CACHE, report), say)
    except DataError:
        raise
    except Exception as hub_error:  # offline, proxy, moved repository: the second source is tried whatever it was
        try:
            say(f"{source.name}: the Hub did not answer, trying torchvision's download")
            return _from_torchvision(source, cache)
        except Exception as mirror_error:
            raise refusal(
                "data.offline",
                name=source.name,
                megabytes=source.megabytes,
                files=" and ".join(source.files()),
                repository=source.repository,
                detail=f"Hub: {_first_line(hub_error)}. torchvision: {_first_line(mirror_error)}.",
            ) from mirror_error


def _from_torchvision(source: HubSource, cache: Path) -> tuple[Arrays, dict]:
    from torchvision import datasets

    kind = getattr(datasets, source.torchvision_class)
    address = getattr(kind, "url", None) or kind.mirrors[0]
    within(2 * SECONDS_TO_ANSWER, lambda: _knock(address))  # torchvision itself would wait for ever
    arrays: Arrays = {}
    digest = hashlib.sha256()
    for split in ("train", "test"):
        loaded = kind(cache / "torchvision", split == "train", download=True)
        arrays[f"{split}_images"] = np.asarray(loaded.data, np.uint8).reshape(-1, *source.shape)
        arrays[f"{split}_labels"] = np.asarray(loaded.targets, np.int64)
        arrays[f"{split}_lossless"] = np.ones(len(arrays[f"{split}_labels"]), bool)
        digest.update(arrays[f"{split}_images"].tobytes() + arrays[f"{split}_labels"].tobytes())
    mean, std = channel_statistics(arrays["train_images"])
    return arrays, {"fingerprint": digest.hexdigest(), "mean": mean, "std": std}


def _knock(address: str) -> None:
    try:
        urlopen(address, timeout=SECONDS_TO_ANSWER).close()
    except HTTPError:  # an answer all the same: of the address above the files, perhaps
        pass


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error).strip() else 'no details'}"[:160]

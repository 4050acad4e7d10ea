"""CIFAR-10 and Fashion-MNIST from where they are: a folder in the Hub's layout, the Hub, or torchvision's
mirror.

It finds the files, decodes them once into the cache, and notes which rows were stored losslessly. A download that turns
out damaged is deleted, so that the next try begins anew; a file of the user's own folder never is. Must not depend on
validation splits or training.
"""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from .cache import Arrays, cached, is_cached
from .dataset import Dataset, Split, channel_statistics
from .download import Report, Wanted, download
from .errors import DataError, first_line
from .hub import find_files, locate_on_hub
from .mirror import download_archives, load_mirrored

Say = Callable[[str], None]
log = logging.getLogger(__name__)
DOWNLOADS = "downloads"  # below the cache
HUB_CACHE = "hub"  # there too, in huggingface_hub's layout: downloads of earlier versions
NOT_PROVIDED = ("download.offline", "download.refused")  # then another source may help
LOSSLESS_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"BM", b"II*\x00", b"MM\x00*")


@dataclass(frozen=True)
class HubSource:
    """A data set that the Hub keeps as two parquet files with a picture and a label column."""

    name: str
    title: str
    repository: str
    folder: str
    image_column: str
    shape: tuple[int, int, int]
    classes: tuple[str, ...]
    megabytes: int
    torchvision_class: str

    def files(self) -> tuple[str, str]:
        """The training and the test file inside the repository."""
        return f"{self.folder}/train-00000-of-00001.parquet", f"{self.folder}/test-00000-of-00001.parquet"


HUB_SOURCES = {
    source.name: source
    for source in (
        HubSource(
            name="cifar10",
            title="CIFAR-10",
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
            title="Fashion-MNIST",
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

    report: told the bytes of a download; without it a bar is drawn.
    The first time the pictures are decoded into `cache` (seconds); from then on they are memory-mapped.
    Raises DataError, with one sentence.
    """
    local = find_local(source, data) if data else None
    if data and not local:
        say(f"{source.name} is not below {data} (RESNET_DEMO_DATA); looking elsewhere")
    build = (lambda: decode_parquet(source, local, say)) if local else (lambda: _obtain(source, cache, say, report))
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


def download_source(source: HubSource, data: Path | None, cache: Path, report: Report) -> None:
    """Download what `load_hub_source` would have to, and decode nothing. Raises DataError as it does."""
    if not is_here(source, data, cache):
        try:
            _download(source, cache, log.debug, report)
        except DataError as error:
            with _mirror(source, cache, log.debug, error) as mirrored:
                download_archives(*mirrored, report)


def is_here(source: HubSource, data: Path | None, cache: Path) -> bool:
    """Whether `load_hub_source` needs no download; asks the disk a few questions and reads no picture."""
    return bool(
        (data and find_local(source, data)) or is_cached(entry_of(source, None, cache)) or _downloaded(source, cache)
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


def _downloaded(source: HubSource, cache: Path) -> Sequence[Path] | None:
    """The two parquet files among the downloads, or None."""
    return find_local(source, cache / DOWNLOADS) or find_files(source.repository, source.files(), cache / HUB_CACHE)


def decode_parquet(source: HubSource, files: Sequence[Path], say: Say) -> tuple[Arrays, dict]:
    """Arrays of both splits and the meta dictionary from parquet files; DataError ("data.layout") for other files."""
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
            with open(file, "rb") as stream:  # whose errors name no folder
                table = parquet.read_table(stream)
            pictures = table.column(source.image_column).combine_chunks().field("bytes")
            labels = table.column("label").to_numpy().astype(np.int64)
        except MemoryError:
            raise
        except Exception as error:  # pyarrow has many error classes; each means: not this layout
            columns = f"expected the columns '{source.image_column}' (bytes, path) and 'label'"
            raise _unusable(source, file, f"{columns}; {first_line(error)}") from error
        arrays[f"{split}_images"], arrays[f"{split}_lossless"] = _decode_all(source, pictures, file)
        arrays[f"{split}_labels"] = labels
        if len(labels) == 0 or labels.min() < 0 or labels.max() >= len(source.classes):
            raise _unusable(source, file, f"labels must be 0 to {len(source.classes) - 1}")
    mean, std = channel_statistics(arrays["train_images"])
    return arrays, {"fingerprint": digest.hexdigest(), "mean": mean, "std": std}


def _decode_all(source: HubSource, pictures: Any, file: Path) -> tuple[np.ndarray, np.ndarray]:
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
            raise _unusable(source, file, f"row {row} is no picture of {expected} pixels") from error
        lossless[row] = data.startswith(LOSSLESS_SIGNATURES)
    return images, lossless


def _unusable(source: HubSource, file: Path, detail: str) -> DataError:
    return DataError("data.layout", file=file.name, name=source.title, repository=source.repository, detail=detail)


def _obtain(source: HubSource, cache: Path, say: Say, report: Report | None) -> tuple[Arrays, dict]:
    """From a download that is there, else the Hub, else torchvision's mirror."""
    files = _downloaded(source, cache)
    if not files:
        with tqdm(desc=source.title, unit="B", unit_scale=True, delay=0.1, disable=report is not None) as bar:

            def draw(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            try:
                files = _download(source, cache, say, report or draw)
            except DataError as error:
                with _mirror(source, cache, say, error) as mirrored:
                    return load_mirrored(*mirrored, source.shape, report or draw)
    try:
        return decode_parquet(source, files, say)
    except DataError as error:
        for file in files:
            if file.name == error.values["file"]:
                file.resolve().unlink(missing_ok=True)  # another process may have found the same
                file.unlink(missing_ok=True)  # what leads to a blob in huggingface_hub's layout
        raise DataError("data.damaged", name=source.title, detail=error.values["detail"]) from error


@contextmanager
def _mirror(source: HubSource, cache: Path, say: Say, problem: DataError) -> Iterator[tuple[Wanted, str, Path]]:
    """What the block needs to use the address that torchvision knows; if that is out of reach too, `problem`, which
    says what helps. `problem` at once unless it is that the Hub does not provide the files."""
    if problem.code not in NOT_PROVIDED:
        raise problem
    say(f"{source.name}: the Hub does not provide it, trying the address that torchvision knows")
    try:
        yield _wanted(source), source.torchvision_class, cache / DOWNLOADS / "torchvision"
    except DataError as error:
        log.debug("the mirror of %s: %s", source.title, error)
        if error.code in ("download.cut", "download.disk", "data.damaged"):
            raise
        raise problem from error


def _wanted(source: HubSource) -> Wanted:
    files = tuple(f"{source.name}/{name}" for name in source.files())
    return Wanted(source.title, source.repository, files, "RESNET_DEMO_DATA")


def _download(source: HubSource, cache: Path, say: Say, report: Report) -> list[Path]:
    say(f"{source.name}: downloading {source.megabytes} MB from the Hugging Face Hub ({source.repository})")
    wanted = _wanted(source)
    targets = [cache / DOWNLOADS / source.name / name for name in source.files()]
    download(wanted, list(zip((locate_on_hub(wanted, name) for name in source.files()), targets, strict=True)), report)
    return targets

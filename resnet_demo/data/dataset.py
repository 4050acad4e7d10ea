"""What a data set is to the rest of the project: pictures, labels, names, a fingerprint, and its splits.

Must not depend on where the images come from (`sources`, `shapes`, `folder`) or what is done with them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from PIL import Image

from .preprocess import LEAST_STD

MAX_VALIDATION = 5_000


@dataclass(frozen=True)
class Split:
    """Pictures and their labels; row i of one belongs to row i of the other.

    images: uint8 (N, H, W, C), perhaps memory-mapped. labels: int64 (N,), 0 … classes - 1.
    """

    images: np.ndarray
    labels: np.ndarray

    def __post_init__(self) -> None:
        if self.images.ndim != 4 or self.images.dtype != np.uint8:
            raise ValueError(f"images must be uint8 (N, H, W, C), not {self.images.dtype} {self.images.shape}")
        if self.labels.shape != (len(self.images),):
            raise ValueError(f"{len(self.images)} images need as many labels, not {self.labels.shape}")

    def __len__(self) -> int:
        return len(self.labels)

    def picture(self, row: int) -> Image.Image:
        """One picture, RGB or grey."""
        pixels = np.asarray(self.images[row])
        return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)


@dataclass(frozen=True)
class DatasetInfo:
    """A data set without its images: what a configuration is fitted to. The fields are those of `Dataset`."""

    name: str
    classes: tuple[str, ...]
    image_shape: tuple[int, int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    fingerprint: str
    train_rows: int
    learning_rows: int


@dataclass(frozen=True)
class Dataset:
    """A data set as a run sees it.

    name: what `load_dataset` was given. classes: their names by label.
    train: all training rows, those of the validation set included (`split_rows` parts them).
    test: held-out rows, or None where the source has none (own pictures).
    mean, std: of the training pixels for each channel, on the scale 0 … 1.
    fingerprint: hex digest of the source; two data sets with the same one have the same rows in the same
    order. lossless_test_rows: the test rows that are stored losslessly where only some are (PNG among JPEG),
    else None. stratified: the validation set is a stratified fifth (own pictures) instead of a fixed number
    of rows. given_validation: the rows of `train` that the source itself sets apart for validation, else
    None. files: names of the training and then the test pictures where they were files (own pictures), else
    empty. skipped: a sentence for each file that was left out.
    """

    name: str
    classes: tuple[str, ...]
    train: Split
    test: Split | None
    mean: tuple[float, ...]
    std: tuple[float, ...]
    fingerprint: str
    lossless_test_rows: np.ndarray | None = None
    stratified: bool = False
    given_validation: np.ndarray | None = None
    files: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def train_rows(self) -> int:
        """How many rows `train` has."""
        return len(self.train)

    @property
    def learning_rows(self) -> int:
        """How many of them are not held out to validate on, which depends on no seed."""
        return len(self.split_rows(0)[0])

    @property
    def info(self) -> DatasetInfo:
        """What a configuration is fitted to."""
        return DatasetInfo(**{field.name: getattr(self, field.name) for field in fields(DatasetInfo)})

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(H, W, C) of one picture."""
        return tuple(self.train.images.shape[1:])

    def split_rows(self, split_seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Rows of `train` to learn from, and rows to validate on: disjoint, sorted, int64.

        The split depends on `split_seed` alone, never on the run's seed, so that runs can be compared.
        """
        if self.given_validation is not None:
            return np.setdiff1d(np.arange(len(self.train)), self.given_validation), self.given_validation
        if self.stratified:
            return stratified_fifth(self.train.labels, split_seed)
        n = len(self.train)
        held_out = np.random.RandomState(split_seed).permutation(n)[: min(MAX_VALIDATION, n // 10)]
        is_training = np.ones(n, bool)
        is_training[held_out] = False
        return np.flatnonzero(is_training), np.sort(held_out).astype(np.int64)


def stratified_fifth(labels: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Training rows and validation rows: a fifth of each class is held out, at least one, never all.

    Raises ValueError for a class with fewer than two pictures. The stream of `RandomState` is frozen by
    NumPy, so the split is the same with every version.
    """
    random = np.random.RandomState(seed)
    held_out = []
    for label in range(int(labels.max()) + 1):
        rows = np.flatnonzero(labels == label)
        if len(rows) < 2:
            raise ValueError(f"class {label} has {len(rows)} pictures; each needs at least 2: one to validate on")
        held_out.append(random.permutation(rows)[: max(1, len(rows) // 5)])
    validation = np.sort(np.concatenate(held_out)).astype(np.int64)
    return np.setdiff1d(np.arange(len(labels), dtype=np.int64), validation), validation


def channel_statistics(images: np.ndarray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of uint8 (N, H, W, C) for each channel on the scale 0 … 1, from exact counts."""
    means, deviations = [], []
    values = np.arange(256) / 255.0
    for channel in range(images.shape[-1]):
        counts = np.zeros(256, np.int64)
        for start in range(0, len(images), 5_000):  # a histogram in pieces: memory stays small
            counts += np.bincount(images[start : start + 5_000, ..., channel].reshape(-1), minlength=256)
        share = counts / counts.sum()
        mean = float((share * values).sum())
        means.append(round(mean, 6))
        deviation = round(float(np.sqrt((share * (values - mean) ** 2).sum())), 6)
        deviations.append(deviation if deviation >= LEAST_STD else 1.0)  # noise is not stretched
    return tuple(means), tuple(deviations)

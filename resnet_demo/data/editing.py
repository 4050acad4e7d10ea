"""Uploaded images some of which are relabeled or left out, as uploaded images of their own.

What was uploaded stays as it is. Must not depend on pages, runs, or how visitors are told apart: whoever has the key
of images may edit them, as they may look at them.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from .archive import files_by_name, open_files
from .dataset import Dataset
from .errors import DataError
from .folder import composed
from .own import OwnPictures, Progress

Changes = Mapping[int, int | None]  # the new class of an image by its number, None to leave it out


def image_number(dataset: Dataset, evaluated_on: str, row: int) -> int:
    """The position in `dataset.files` of a row that a run's predictions name.

    evaluated_on: the set of the predictions. Rows of "train" and "validation" are those of the training split, rows of
    "test" those of the test split, whose files come after these.
    """
    return row + (len(dataset.train) if evaluated_on == "test" else 0)


def edited(
    pictures: OwnPictures,
    key: str,
    changes: Changes,
    *,
    name: str = "",
    size: int = 32,
    split_seed: int = 0,
    address: str = "",
    progress: Progress = lambda done, total: None,
) -> str:
    """Upload images again with other classes for some, and without others; the key of the new ones.

    changes: by position in `dataset.files` (`image_number`), the position of a class in `dataset.classes`, or None.
    name: what people call the new images, by default as the old ones. size: at which they are decoded at once.
    split_seed: of the run whose mistakes these are. What that run was validated on is validation set of the new images
    as well, for any seed, and what it was trained on or tested on stays in its set, so that no later run, fine-tuned
    from that one, is validated on images that it has been trained on. address, progress: as of `OwnPictures.add`,
    whose limits hold.

    DataError: only who has the key may edit; no such image or class; no change; fewer than two classes left, or fewer
    than two images of a class to train on. Nothing is kept then.
    """
    shown = name or pictures.preview(key, size).name
    source = pictures.path(key)
    dataset = pictures.load(pictures.data(key), size)
    labels = _changed(dataset, changes, shown)
    splits = _splits(dataset, split_seed)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            target = Path(scratch, "edited.zip")
            with open_files(source, shown) as files, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
                by_name, taken = files_by_name(files, dataset.files), set[str]()
                for row, (file, label) in enumerate(zip(dataset.files, labels, strict=True)):
                    if label is not None:
                        place = f"{splits[row]}/{dataset.classes[label]}"
                        where = _free(place, _inside_class(dataset, row), row, taken)
                        archive.writestr(where, by_name[file].content())
            return pictures.add(target, shown, size, address, progress)
    except OSError as error:
        raise DataError("data.disk", name=shown, detail=error.strerror or type(error).__name__) from error


def _labels(dataset: Dataset) -> np.ndarray:
    """Of all files."""
    train = dataset.train.labels
    return train if dataset.test is None else np.concatenate([train, dataset.test.labels])


def _changed(dataset: Dataset, changes: Changes, shown: str) -> list[int | None]:
    """The class of each file, None for what is left out."""
    before: list[int | None] = _labels(dataset).tolist()
    after = list(before)
    for row, label in changes.items():
        if isinstance(row, bool) or not isinstance(row, int) or not 0 <= row < len(before):
            raise DataError("data.row", name=shown, last=len(before) - 1, given=repr(row)[:80])
        known = isinstance(label, int) and not isinstance(label, bool) and 0 <= label < len(dataset.classes)
        if label is not None and not known:
            raise DataError("class", name=shown, last=len(dataset.classes) - 1, given=repr(label)[:80])
        after[row] = label
    if after == before:
        raise DataError("data.unchanged", name=shown)
    return after


def _splits(dataset: Dataset, split_seed: int) -> list[str]:
    """The set of each file, as a folder's name says it."""
    validation = set(dataset.split_rows(split_seed)[1].tolist())
    train = ["validation" if row in validation else "train" for row in range(len(dataset.train))]
    return train + ["test"] * (len(dataset.files) - len(train))


def _inside_class(dataset: Dataset, row: int) -> str:
    """The name of a file below the folder of its class."""
    parts = dataset.files[row].split("/")
    above = 1 if composed(parts[0]) == dataset.classes[int(_labels(dataset)[row])] else 2  # or train, test … above it
    return "/".join(parts[above:])


def _free(place: str, name: str, row: int, taken: set[str]) -> str:
    """The file's name in its new folder, after its number where another file has that name."""
    where = f"{place}/{name}"
    while where in taken:
        name = f"{row} {name}"
        where = f"{place}/{name}"
    taken.add(where)
    return where

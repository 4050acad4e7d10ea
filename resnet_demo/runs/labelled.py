"""Own labelled pictures put to a network that was trained on others: whose classes are whose, and what it answers.

Pictures are decoded again and prepared as the network wants them, so that its answers are those that it gives one by
one. Must not depend on pages or on whose images they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import numpy as np
import torch
from torch import nn

from ..data.archive import files_by_name, open_files
from ..data.dataset import Dataset
from ..data.decode import decode, printable
from ..data.preprocess import Preprocess, prepare
from ..engine.evaluate import Predictions
from ..errors import Refusal

BATCH = 32
SHOWN = 5  # names in a sentence


def match_classes(theirs: Sequence[str], ours: Sequence[str]) -> dict[str, int]:
    """For each class of somebody's pictures the position of its name among the network's classes, where it has one.

    Names are equal as they are, or else without regard to case, and to what parts words (spaces, "_", "-"). A name that
    the network has twice (ImageNet has) is left out: nobody can say which is meant.
    """
    matches: dict[str, int] = {}
    for spelling in (_composed, _loose):
        positions: dict[str, list[int]] = {}
        for position, name in enumerate(ours):
            positions.setdefault(spelling(name), []).append(position)
        for name in theirs:
            if name not in matches and len(same := positions.get(spelling(name), [])) == 1:
                matches[name] = same[0]
    return {name: matches[name] for name in theirs if name in matches}


def mapping_text(mapping: Mapping[str, int], theirs: Sequence[str], ours: Sequence[str]) -> str:
    """The mapping as text that a person can change, "cat: tabby" a line; after the colon nothing for no class."""
    lines = []
    for name in theirs:
        position = mapping.get(name)
        unique = position is not None and list(ours).count(ours[position]) == 1
        lines.append(f"{name}: {'' if position is None else ours[position] if unique else position}".rstrip())
    return "\n".join(lines)


def parse_mapping(text: str, theirs: Sequence[str], ours: Sequence[str]) -> dict[str, int]:
    """The mapping that such a text describes. Classes of the network are named, loosely too, or numbered from 0.

    Refusal, which names the line, where one has another form.
    """
    mapping: dict[str, int] = {}
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        colons = (match.start() for match in re.finditer(":", line))  # names may have colons as well
        at = next((at for at in colons if line[:at].strip() in theirs), None)
        if at is None:
            raise Refusal("labelled_line", line=number, text=printable(line.strip()), example=printable(theirs[0]))
        name, meant = line[:at].strip(), line[at + 1 :].strip()
        if name in seen:
            raise Refusal("labelled_twice", line=number, name=printable(name))
        seen.add(name)
        if meant:
            position = match_classes([meant], ours).get(meant)
            if position is None and re.fullmatch("[0-9]{1,6}", meant) and int(meant) < len(ours):
                position = int(meant)
            if position is None:
                raise Refusal("labelled_class", line=number, name=printable(meant), last=len(ours) - 1)
            mapping[name] = position
    return mapping


def left_out(dataset: Dataset, mapping: Mapping[str, int]) -> dict[str, int]:
    """How many pictures of each class are not put to the network, since it has no such class."""
    counts = np.bincount(_labels(dataset), minlength=len(dataset.classes)).tolist()
    return {name: count for name, count in zip(dataset.classes, counts, strict=True) if name not in mapping}


def evaluate_labelled(
    model: nn.Module,
    preprocess: Preprocess,
    classes: Sequence[str],
    dataset: Dataset,
    mapping: Mapping[str, int],
    pictures: Path,
    *,
    name: str = "",
    lock: AbstractContextManager | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Predictions:
    """What a network answers to all pictures of an own data set whose class it has, as the network numbers classes.

    model, preprocess, classes: of the network, which is in evaluation mode; lock: held while it computes. dataset: own
    pictures; pictures: the folder or zip that they came from. mapping: see `match_classes`. name: what the network is
    called. progress: told (pictures done, pictures in all).
    The result's labels are positions in `classes`, its rows positions in `dataset.files` (training pictures, then test
    pictures). Logits are shifted so that the largest of a row is 0, which changes no probability and keeps what is
    certain within half precision.
    Refusal if nothing matches or answers are not finite; DataError or ImageError if the pictures are no longer there.
    """
    labels = _labels(dataset)
    position = np.array([mapping.get(one, -1) for one in dataset.classes], np.int64)[labels]
    rows = np.flatnonzero(position >= 0)
    if not len(rows):
        raise Refusal("labelled_nothing", theirs=_few(dataset.classes), ours=_few(classes))
    logits = []
    with open_files(pictures, printable(pictures.name)) as files:
        by_name = files_by_name(files, dataset.files)
        for start in range(0, len(rows), BATCH):
            part = [by_name[dataset.files[row]] for row in rows[start : start + BATCH]]
            batch = torch.stack([prepare(decode(file.content(), file.name), preprocess).tensor for file in part])
            with lock or nullcontext(), torch.inference_mode():
                logits.append(model(batch.contiguous(memory_format=torch.channels_last)).float().cpu().numpy())
            progress(start + len(part), len(rows))
    values = np.concatenate(logits)
    if not np.isfinite(values).all():
        raise Refusal("not_finite", name=name)
    values = np.maximum(values - values.max(1, keepdims=True), np.finfo(np.float16).min)
    return Predictions(values.astype(np.float16), position[rows], rows)


def picture_at(dataset: Dataset, row: int) -> np.ndarray:
    """The picture, uint8 (H, W, C), of a row as `evaluate_labelled` counts them."""
    if dataset.test is None or row < len(dataset.train):
        return np.asarray(dataset.train.images[row])
    return np.asarray(dataset.test.images[row - len(dataset.train)])


def _labels(dataset: Dataset) -> np.ndarray:
    """Of the training pictures, and then of the test pictures."""
    labels = dataset.train.labels
    return labels if dataset.test is None else np.concatenate([labels, dataset.test.labels])


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _loose(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", unicodedata.normalize("NFKC", name).casefold()).strip()


def _few(names: Sequence[str]) -> str:
    return ", ".join(map(printable, names[:SHOWN])) + (" …" if len(names) > SHOWN else "")

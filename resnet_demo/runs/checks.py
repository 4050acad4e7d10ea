"""Check the files of a run that a stranger made: each is parsed, checked, and returned as values.

Everything here raises ValueError (or an error of the parser) for what does not fit, before anything large is made of
it. Must not depend on zips of runs or where they are kept.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from math import prod
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as np
from safetensors import safe_open

from ..data.datasets import list_datasets
from ..data.preprocess import Preprocess
from ..engine.config import PRESETS, TrainConfig
from ..engine.events import Event, Resumed, RunFinished, RunStarted, StepMetrics, from_line
from ..models import ModelSpec
from ..models.checkpoints import first_unusable
from ..models.registry import empty_state
from .records import META, OBJECT

MAX_WORDS = 200  # characters of a class
MAX_LINE = 50_000  # characters of a line of the log: a member of a race names its parameters in one
UPLOADED = "uploaded: "  # begins no path, so that data of this name are never looked for on this machine
CASTS = ("F16", "BF16", "F32")  # in safetensors
KINDS = ("|u1", "<u2", "<u4", "|b1", "<f2")  # of arrays, beside text
SETS = ("test", "validation", "train")
T = TypeVar("T", bound=TrainConfig | Event)


def checked_config(content: bytes) -> TrainConfig:
    """The configuration in a `config.json`, with its data as a mere name."""
    config = _without_controls(TrainConfig.from_dict(OBJECT.validate_json(content)))
    spec = config.model
    if not config.classes or not config.mean:
        raise ValueError("it names no classes, or no mean and std")
    if len(set(config.classes)) < len(config.classes) or not all(map(_is_words, config.classes)):
        raise ValueError(f"classes must be different names of 1 to {MAX_WORDS} characters")
    if config.preset and config.preset not in PRESETS:
        raise ValueError(f"there is no preset {config.preset!r}")
    channels: Any = spec.in_channels  # `Preprocess` checks it
    Preprocess(config.preprocessing, spec.input_size, channels, config.mean, config.std)
    return replace(config, data=foreign_data(config.data), race="")


def foreign_data(name: str) -> str:
    """What the data of somebody else's run are called here: a known data set's name, or one that is no path."""
    if name in list_datasets():
        return name
    last = re.split(r"[/\\]", name.removeprefix(UPLOADED))[-1]
    return UPLOADED + (clean(last).strip()[:60] or "pictures")


def checked_meta(content: bytes) -> dict[str, str]:
    """Name and note, and nothing that may lie beside them."""
    values = META.validate_json(content)
    return {"name": values.get("name", ""), "note": values.get("note", "")}


def checked_events(lines: Iterable[str], most: int) -> Iterator[Event]:
    """The events of a log, one by one, each with values of the right kind; at most `most`, RunStarted first."""
    step = number = 0
    for number, line in enumerate(lines, 1):
        if number > most:
            raise ValueError(f"more than {most} lines")
        if not line.endswith("\n"):
            raise ValueError(f"line {number} is longer than {MAX_LINE} characters, or cut off")
        event = _event(line, number)
        if (number == 1) != isinstance(event, RunStarted):
            raise ValueError("its first line, and no other, must be RunStarted")
        if isinstance(event, StepMetrics) and event.step < step:
            raise ValueError(f"line {number} goes back from step {step} to {event.step}")
        if isinstance(event, StepMetrics | Resumed):
            step = event.step
        yield event
    if not number:
        raise ValueError("it is empty")


def _event(line: str, number: int) -> Event:
    try:
        event = _without_controls(from_line(line))
    except ValueError as error:
        raise ValueError(f"line {number}: {error}") from error
    if isinstance(event, RunFinished):
        values = {name: clean(part) if isinstance(part, str) else part for name, part in event.values.items()}
        return replace(event, values=values)
    return event


def check_weights(path: Path, spec: ModelSpec) -> None:
    """ValueError unless the safetensors file holds the tensors of `spec`, each in its shape, all of them finite.

    Stricter than `models.checkpoints`, since the file stays as it is, under the names and in the format of our own.
    """
    expected = empty_state(spec)
    with open(path, "rb") as file:  # the header is read whole by whoever opens the file: it must be small
        (header,) = struct.unpack("<Q", file.read(8))
    if header > 4096 + 256 * len(expected):
        raise ValueError(f"its header has {header} bytes, too many for {len(expected)} tensors")
    with safe_open(path, framework="pt") as file:
        names = set(file.keys())
        if names != set(expected):
            example = sorted(names ^ set(expected))[0]
            raise ValueError(f"{example[:80]} is missing, or no tensor of {spec.name}")
        for name, tensor in expected.items():
            stored = file.get_slice(name)
            shape, kind = tuple(stored.get_shape()), stored.get_dtype()
            # somebody may have cast every tensor, counters too, which are no weights
            if shape != tuple(tensor.shape) or kind not in (*CASTS, *(() if tensor.is_floating_point() else ("I64",))):
                raise ValueError(f"{name} is {kind} {shape}, not {tensor.dtype} {tuple(tensor.shape)}")
        for name in expected:
            if first_unusable({name: file.get_tensor(name)}):
                raise ValueError(f"{name} has values that cannot be used: not finite, or a variance below zero")


def weights_bytes(spec: ModelSpec) -> int:
    """The most bytes that a safetensors file of this network can have."""
    tensors = empty_state(spec).values()
    return sum(tensor.nbytes for tensor in tensors) + 4096 + 256 * len(tensors)


def checked_arrays(file: BinaryIO, most: int) -> dict[str, np.ndarray]:
    """The arrays of an .npz, each measured by its header before it is read; at most `most` bytes of them."""
    arrays: dict[str, np.ndarray] = {}
    with zipfile.ZipFile(file) as archive:
        infos = archive.infolist()
        if len(infos) > 20 or sum(info.file_size for info in infos) > most:
            raise ValueError("it holds too much")
        for info in infos:
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others have no bound
                raise ValueError(f"{info.filename[:80]} is packed in an unusual way")
            with archive.open(info) as member:
                if np.lib.format.read_magic(member) != (1, 0):
                    raise ValueError(f"{info.filename[:80]} is no plain array")
                shape, in_columns, kind = np.lib.format.read_array_header_1_0(member)
                text = kind.kind == "U" and kind.itemsize <= 4 * MAX_WORDS
                size = prod(shape) * kind.itemsize
                if in_columns or not (kind.str in KINDS or text) or size != info.file_size - member.tell():
                    raise ValueError(f"{info.filename[:80]} is no plain array")
                values = np.frombuffer(member.read(size), kind).reshape(shape)
            arrays[info.filename.removesuffix(".npy")] = values
    return arrays


def checked_epoch(arrays: Mapping[str, np.ndarray], classes: int) -> dict[str, np.ndarray]:
    """The predictions of an epoch (`EpochRecord`), all of them classes."""
    if set(arrays) != {"train", "train_seen", "validation"}:
        raise ValueError("it must hold train, train_seen and validation")
    for name, kinds in (("train", "u"), ("train_seen", "b"), ("validation", "u")):
        _check_row(name, arrays[name], kinds)
    if len(arrays["train"]) != len(arrays["train_seen"]):
        raise ValueError("train and train_seen differ in length")
    _check_classes(arrays, ("train", "validation"), classes)
    return dict(arrays)


def checked_labels(arrays: Mapping[str, np.ndarray], classes: int) -> dict[str, np.ndarray]:
    """The class of each training row, and the rows of them that are held out (`TrainingLabels`)."""
    if set(arrays) != {"labels", "validation_rows"}:
        raise ValueError("it must hold labels and validation_rows")
    for name in arrays:
        _check_row(name, arrays[name], "u")
    _check_classes(arrays, ("labels",), classes)
    held_out = arrays["validation_rows"].astype(np.int64)
    if (np.diff(held_out) < 1).any() or held_out.max(initial=-1) >= len(arrays["labels"]):
        raise ValueError("validation_rows must be rows in ascending order")
    return dict(arrays)


def checked_predictions(arrays: Mapping[str, np.ndarray], classes: int) -> dict[str, np.ndarray]:
    """Answers, labels and rows of the evaluation sets, and the fingerprint of the data.

    The answers of a set are logits, or (`best`) its most probable classes with their probabilities.
    """
    fingerprint = arrays.get("fingerprint", np.array(""))
    if fingerprint.shape or fingerprint.dtype.kind != "U" or clean(str(fingerprint)) != str(fingerprint):
        raise ValueError("the fingerprint must be one word")
    known = {"fingerprint", "test_lossless"}
    sets = [name for name in SETS if f"{name}_logits" in arrays or f"{name}_best" in arrays]
    for name in sets:
        best = arrays.get(f"{name}_best")
        answers = {"logits": "f"} if best is None else {"best": "u", "probabilities": "f"}
        parts = {part: f"{name}_{part}" for part in ("labels", "rows", *answers)}
        if missing := [part for part in parts.values() if part not in arrays]:
            raise ValueError(f"it holds no {missing[0]}")
        for part in ("labels", "rows"):
            _check_row(parts[part], arrays[parts[part]], "u")
            if len(arrays[parts[part]]) != len(arrays[parts["rows"]]):
                raise ValueError(f"{parts[part]} must have an entry for each row")
        columns = classes if best is None else best.shape[1] if best.ndim == 2 else 0
        for part, kind in answers.items():
            values = arrays[parts[part]]
            if values.dtype.kind != kind or values.shape != (len(arrays[parts["rows"]]), columns):
                raise ValueError(f"{parts[part]} must have a row for each answer, and columns for {classes} classes")
        if not 1 <= columns <= classes:
            raise ValueError(f"{name}_best must have 1 to {classes} columns")
        known.update(parts.values())
    _check_classes(arrays, [f"{name}_{part}" for name in sets for part in ("labels", "best")], classes)
    if "test_lossless" in arrays:
        _check_row("test_lossless", arrays["test_lossless"], "u")
    if not sets or not set(arrays) <= known:
        raise ValueError(f"it must hold logits, labels and rows of {', '.join(SETS)}")
    return {**arrays, "fingerprint": np.array(str(fingerprint))}


def check_finite(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays; ValueError for values that are not finite numbers."""
    for name, values in arrays.items():
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            raise ValueError(f"{name} has values that are not finite")
    return dict(arrays)


def clean(text: str, keep: str = "") -> str:
    """Without control characters and halves of characters, but those in `keep`."""
    return "".join(c for c in text if c in keep or unicodedata.category(c) not in ("Cc", "Cs"))


def _check_row(name: str, values: np.ndarray, kinds: str) -> None:
    if values.ndim != 1 or values.dtype.kind not in kinds:
        raise ValueError(f"{name} must be one row of {'yes and no' if kinds == 'b' else 'whole numbers'}")


def _check_classes(arrays: Mapping[str, np.ndarray], names: Iterable[str], classes: int) -> None:
    for name in names:
        if name in arrays and arrays[name].max(initial=0) >= classes:
            raise ValueError(f"{name} names a class that is none of the {classes}")


def _is_words(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_WORDS and clean(value) == value and bool(value.strip())


def _without_controls(values: T) -> T:
    """A dataclass with its texts without control characters."""
    texts = {field.name: getattr(values, field.name) for field in fields(values)}
    clean_ones: dict[str, Any] = {name: clean(text, "\n\t") for name, text in texts.items() if isinstance(text, str)}
    return replace(values, **clean_ones)

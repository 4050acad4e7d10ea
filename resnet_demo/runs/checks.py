"""What the files of somebody else's run may hold: each is taken apart, checked, and given back as values.

Everything here raises ValueError (or an error of the parser) for what does not fit, before anything large is made of
it. It knows files and their contents, neither zips of runs nor where they are kept.
"""

from __future__ import annotations

import json
import re
import struct
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from io import BytesIO
from math import isnan, prod
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open

from ..data.datasets import list_datasets
from ..data.preprocess import Preprocess
from ..engine.config import PRESETS, TrainConfig
from ..engine.events import Event, Resumed, RunFinished, RunStarted, StepMetrics, from_line
from ..engine.limits import MAX_BATCH, MAX_CLASSES, MAX_DEPTH, MAX_INPUT
from ..models import ModelSpec
from ..models.registry import allocate

MAX_PARAMETERS = 10_000  # of a network, by name in a log
MAX_WORDS = 200  # characters of a class, a title, a version
MAX_TEXT = 10_000  # characters of the reason why a run ended
MAX_LINE = 50_000  # characters of a line of the log: a member of a race names its parameters in one
WHOLE = 2**53  # beyond it a browser's numbers have gaps
RANGES = {"time": 2**33, "seconds": 1e9, "epoch": 1e9, "progress": 1.0}  # 0 to …, and never NaN
STATUS = ("finished", "stopped", "failed")
UPLOADED = "uploaded: "  # begins no path, so that data of this name are never looked for on this machine
CASTS = ("F16", "BF16", "F32")  # in safetensors
KINDS = ("|u1", "<u2", "<u4", "|b1", "<f2")  # of arrays, beside text
SETS = ("test", "validation", "train")


class BeyondLimits(ValueError):
    """A configuration that is larger than what is trained here. values: field, value and bound."""

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__("{field} is {value}, at most {bound} is accepted".format(**values))


def checked_config(content: bytes) -> TrainConfig:
    """The configuration in a `config.json`, within the limits of the project, with its data as a mere name."""
    config = TrainConfig.from_dict(_json(content))
    config = replace(_cleaned(config), augmentation=_cleaned(config.augmentation))
    spec = config.model
    for field, value, bound in (
        ("depth", spec.depth, MAX_DEPTH),
        ("num_classes", spec.num_classes, MAX_CLASSES),
        ("batch_size", config.batch_size, MAX_BATCH),
        ("input_size", spec.input_size, MAX_INPUT),
    ):
        if value > bound:
            raise BeyondLimits(field=field, value=value, bound=bound)
    if not config.classes or not config.mean:
        raise ValueError("it names no classes, or no mean and std")
    if len(set(config.classes)) < len(config.classes) or not all(map(_is_words, config.classes)):
        raise ValueError(f"classes must be different names of 1 to {MAX_WORDS} characters")
    if not all(abs(value) <= 100 for value in config.mean) or not all(1e-4 <= value <= 100 for value in config.std):
        raise ValueError("mean or std is far from that of pictures between 0 and 1")
    if config.preset and config.preset not in PRESETS:
        raise ValueError(f"there is no preset {config.preset!r}")
    Preprocess(config.preprocessing, spec.input_size, spec.in_channels, config.mean, config.std)
    return replace(config, data=foreign_data(config.data), race="")


def foreign_data(name: str) -> str:
    """What the data of somebody else's run are called here: a known data set's name, or one that is no path."""
    if name in list_datasets():
        return name
    last = re.split(r"[/\\]", name.removeprefix(UPLOADED))[-1]
    return UPLOADED + (clean(last).strip()[:60] or "pictures")


def checked_meta(content: bytes) -> dict[str, str]:
    """Name and note, and nothing that may lie beside them."""
    values = _json(content)
    found = {"name": values.get("name", ""), "note": values.get("note", "")}
    if not all(isinstance(value, str) for value in found.values()):
        raise ValueError("name and note must be text")
    return found


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
        event = from_line(line)
    except RecursionError as error:
        raise ValueError(f"line {number} is no event") from error
    event = _cleaned(event, f" in line {number}")
    for name, most in RANGES.items():
        if not 0 <= getattr(event, name, 0) <= most:
            raise ValueError(f"{name} in line {number} cannot be {getattr(event, name)!r}")
    if isinstance(event, RunFinished) and event.status not in STATUS:
        raise ValueError(f"a run cannot end as {event.status[:80]!r}")
    if isinstance(event, RunStarted) and (event.steps_per_epoch < 1 or event.total_steps == 0):
        raise ValueError("a run has at least one step")
    return event


def check_weights(path: Path, spec: ModelSpec) -> None:
    """ValueError unless the safetensors file holds the tensors of `spec`, each in its shape, all of them finite."""
    expected = {name: tensor for name, tensor in allocate(spec, lambda tensor: tensor).state_dict().items()}
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
            found = file.get_slice(name)
            shape, kind = tuple(found.get_shape()), found.get_dtype()
            # somebody may have cast every tensor, counters too, which are no weights
            if shape != tuple(tensor.shape) or kind not in (*CASTS, *(() if tensor.is_floating_point() else ("I64",))):
                raise ValueError(f"{name} is {kind} {shape}, not {tensor.dtype} {tuple(tensor.shape)}")
        for name in expected:
            value = file.get_tensor(name)
            if not torch.isfinite(value).all() or (name.endswith("running_var") and (value < 0).any()):
                raise ValueError(f"{name} has values that cannot be used: not finite, or a variance below zero")


def weights_bytes(spec: ModelSpec) -> int:
    """The most bytes that a safetensors file of this network can have."""
    tensors = allocate(spec, lambda tensor: tensor).state_dict().values()
    return sum(tensor.nbytes for tensor in tensors) + 4096 + 256 * len(tensors)


def checked_arrays(content: bytes, most: int) -> dict[str, np.ndarray]:
    """The arrays of an .npz, each measured by its header before it is read; at most `most` bytes of them."""
    arrays: dict[str, np.ndarray] = {}
    with zipfile.ZipFile(BytesIO(content)) as archive:
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


def checked_predictions(arrays: Mapping[str, np.ndarray], classes: int) -> dict[str, np.ndarray]:
    """Logits, labels and rows of the evaluation sets, and the fingerprint of the data."""
    arrays = dict(arrays)
    sets = [name for name in SETS if f"{name}_logits" in arrays]
    parts = {f"{name}_{part}" for name in sets for part in ("logits", "labels", "rows")}
    if not sets or not parts <= set(arrays) <= parts | {"fingerprint", "test_lossless"}:
        raise ValueError(f"it must hold logits, labels and rows of {', '.join(SETS)}")
    fingerprint = arrays.pop("fingerprint", np.array(""))
    if fingerprint.shape or fingerprint.dtype.kind != "U" or clean(str(fingerprint)) != str(fingerprint):
        raise ValueError("the fingerprint must be one word")
    for name in sets:
        logits = arrays[f"{name}_logits"]
        if logits.dtype.kind != "f" or logits.ndim != 2 or logits.shape[1] != classes:
            raise ValueError(f"{name}_logits must have a column for each of {classes} classes")
        if not np.isfinite(logits).all():
            raise ValueError(f"{name}_logits has values that are not finite")
        for part in ("labels", "rows"):
            _check_row(f"{name}_{part}", arrays[f"{name}_{part}"], "u")
            if len(arrays[f"{name}_{part}"]) != len(logits):
                raise ValueError(f"{name}_{part} must have an entry for each row of {name}_logits")
    _check_classes(arrays, [f"{name}_labels" for name in sets], classes)
    if "test_lossless" in arrays:
        _check_row("test_lossless", arrays["test_lossless"], "u")
    return {**arrays, "fingerprint": np.array(str(fingerprint))}


def clean(text: str, keep: str = "") -> str:
    """Without control characters and halves of characters, but those in `keep`."""
    return "".join(c for c in text if c in keep or unicodedata.category(c) not in ("Cc", "Cs"))


def _json(content: bytes) -> dict[str, Any]:
    try:
        values = json.loads(content)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    if not isinstance(values, dict):
        raise ValueError("it must be one JSON object")
    return values


def _check_row(name: str, values: np.ndarray, kinds: str) -> None:
    if values.ndim != 1 or values.dtype.kind not in kinds:
        raise ValueError(f"{name} must be one row of {'yes and no' if kinds == 'b' else 'whole numbers'}")


def _check_classes(arrays: Mapping[str, np.ndarray], names: Iterable[str], classes: int) -> None:
    for name in names:
        if len(arrays[name]) and arrays[name].max() >= classes:
            raise ValueError(f"{name} names a class that is none of the {classes}")


def _is_words(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_WORDS and clean(value) == value and bool(value.strip())


def _cleaned(values: Any, where: str = "") -> Any:
    """A dataclass read from JSON, its text without control characters; ValueError for a value of a wrong kind."""
    for field in fields(values):
        value = getattr(values, field.name)
        if not _fits(field.type, value):
            raise ValueError(f"{field.name}{where} cannot be {str(value)[:80]!r}")
    text = {field.name: clean(getattr(values, field.name), "\n\t") for field in fields(values) if field.type == "str"}
    if isinstance(values, RunFinished):
        parts = values.values.items()
        text["values"] = {name: clean(part) if isinstance(part, str) else part for name, part in parts}
    return replace(values, **text)


def _fits(kind: str, value: Any) -> bool:
    """Whether a value read from JSON is of the kind that a field is annotated with."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    match kind:
        case "int":
            return whole and 0 <= value < WHOLE
        case "int | None":
            return value is None or (whole and 0 <= value < WHOLE)
        case "float":
            return whole and abs(value) < WHOLE or isinstance(value, float) and (isnan(value) or abs(value) < WHOLE)
        case "bool":
            return isinstance(value, bool)
        case "str":
            return isinstance(value, str) and len(value) <= MAX_TEXT
        case "Mapping[str, str]":
            return isinstance(value, dict) and len(value) <= 50 and all(map(_is_words, (*value, *value.values())))
        case "Mapping[str, Any]":  # of a sentence
            return (
                isinstance(value, dict)
                and len(value) <= 50
                and all(map(_is_words, value))
                and all(part == part and (_fits("str", part) or _fits("float", part)) for part in value.values())
            )
        case "Mapping[str, str] | None":  # digests of parameters
            known = isinstance(value, dict) and len(value) <= MAX_PARAMETERS
            return value is None or (known and all(map(_is_words, (*value, *value.values()))))
        case "str | None":
            return value is None or _is_words(value)
        case "np.ndarray | None":  # never in the log
            return value is None
    return True  # a part with checks of its own: the network, the augmentation, classes, mean and std

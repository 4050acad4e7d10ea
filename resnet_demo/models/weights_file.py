"""Read the tensors in a stranger's file of weights: nothing in it is executed, unfolds, or is taken from elsewhere.

`weights_only=True` refuses code. What it does not refuse is bounded here: packed entries, an announced size that the
file does not have, a storage that is announced and not there (it would be what lay in memory before). The defence is a
module of its own: `checkpoints`, which tells what the tensors are, sees none of the file. Must not depend on networks.
"""

from __future__ import annotations

import os
import pickletools
import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

from ..errors import Refusal

NAMES = 2 * 2**20  # bytes of what describes the tensors; those of the deepest network here have a million
END, LOCATOR, END_64 = 22, 20, 56  # bytes of the records at the end of a zip (APPNOTE.TXT, 4.3.14 to 4.3.16)
WRAPPERS = ("state_dict", "model", "net", "model_state_dict")  # where files keep the weights beside other things
PREFIXES = ("module.", "_orig_mod.")  # what DataParallel and torch.compile put in front
COUNTERS = "num_batches_tracked"  # no weights: old files lack them, and nothing depends on them


class Unusable(ValueError):
    """What is wrong with a file, in the words of this module."""


def read_weights(path: str | Path, name: str = "") -> dict[str, Tensor]:
    """The state dict in a file of torch.save or safetensors, on the CPU, under `canonical_keys`.

    The tensors may be views of the file: copy what is to be kept. Refusal (`network_unreadable`) says why a file holds
    none, and calls it `name`; types, shapes and values of the tensors are not checked.
    """
    path = Path(path)
    try:
        return canonical_keys(_state_dict(_content(path)))
    except Unusable as error:
        raise Refusal("network_unreadable", name=name or path.name, detail=str(error)) from error.__cause__


def canonical_keys(state_dict: Mapping[str, Any]) -> dict[str, Any]:
    """The same values under torchvision's keys: no prefix, `shortcut` becomes `downsample`, `linear` `fc`.

    A counter of batches that is no whole number any more, since every tensor of the file was cast, is left out.
    Raises ValueError if two keys become the same.
    """
    result: dict[str, Any] = {}
    for key, value in state_dict.items():
        new = key
        while new.startswith(PREFIXES):
            new = new.partition(".")[2]
        new = re.sub(r"^linear\.", "fc.", re.sub(r"(^layer\d+\.\d+)\.shortcut\.", r"\1.downsample.", new))
        if new in result:
            raise Unusable(f"it has two tensors for {new[:60]!r}")
        result[new] = value
    return {key: value for key, value in result.items() if not (key.endswith(COUNTERS) and _is_cast(value))}


def _is_cast(counter: Any) -> bool:
    return isinstance(counter, Tensor) and (counter.is_floating_point() or counter.ndim > 0)


def _content(path: Path) -> Any:
    """What a file holds; Unusable for one that cannot be read safely."""
    try:
        with open(path, "rb") as file:
            start = file.read(9)
        return _loader(start)(path)
    except OSError as error:
        raise Unusable(error.strerror or "it cannot be opened") from error
    except Unusable:
        raise
    except Exception as error:  # a broken file can fail in any way, and all mean the same
        raise Unusable("it is damaged, or holds more than tensors") from error


def _state_dict(content: Any) -> Mapping[str, Tensor]:
    """The mapping from names to tensors in what a file holds; Unusable if there is none."""
    for wrapper in WRAPPERS:
        if isinstance(content, Mapping) and isinstance(content.get(wrapper), Mapping):
            content = content[wrapper]
    if not isinstance(content, Mapping) or not content:
        raise Unusable("it is no mapping from names to tensors")
    for key, value in content.items():
        if not isinstance(key, str) or not isinstance(value, Tensor):
            raise Unusable(f"{str(key)[:60]!r} is no tensor")
        if not _is_plain(value):
            raise Unusable(f"{key[:60]!r} is no plain tensor of numbers")
    return content


def _is_plain(value: Tensor) -> bool:
    """Whether it is none of the unusual kinds, which fail in unusual ways."""
    dense = value.layout == torch.strided and value.device.type == "cpu" and not value.is_nested
    return type(value) in (Tensor, torch.nn.Parameter) and dense and not value.is_quantized and not value.is_complex()


def _loader(start: bytes) -> Callable[[Path], Any]:
    """What reads a file that begins so."""
    if start[8:] == b"{":  # safetensors: eight bytes of length, then JSON; its tensors are as long as the file
        if int.from_bytes(start[:8], "little") > NAMES:
            raise Unusable("it describes too many tensors")
        return load_file
    return _load_zip if start.startswith(b"PK\3\4") else _load_old


def _load_zip(path: Path) -> Any:
    """torch.save since PyTorch 1.6. Mapped: a tensor that announces more than there is gets no foreign memory."""
    _check_listing(path)
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
                raise Unusable("it is packed, and torch.save does not pack")
            if info.filename.endswith(".pkl") and info.file_size > NAMES:
                raise Unusable("it describes too many tensors")
    return torch.load(path, map_location="cpu", weights_only=True, mmap=True)


def _load_old(path: Path) -> Any:
    """torch.save before PyTorch 1.6: names and sizes first, and then what should be as many bytes."""
    with open(path, "rb") as file:
        description = BytesIO(file.read(NAMES))
    for _ in range(5):  # a magic number, a version, facts of the system, the state dict, and the order of its values
        for _ in pickletools.genops(description):  # fails where they are longer
            pass
    left = os.path.getsize(path)

    def empty(storage: Any, location: str) -> Any:  # an UntypedStorage, which PyTorch declares as something else
        nonlocal left
        left -= storage.nbytes()
        if left < 0:
            raise Unusable("it announces more than it has")
        return storage.fill_(255)  # not a number, where nothing follows

    return torch.load(path, map_location=empty, weights_only=True)


def _check_listing(path: Path) -> None:
    """ValueError unless the zip's table of contents lies where everybody looks for it, and is small.

    Programs that search for it might otherwise find different ones: what is checked here and what PyTorch reads.
    """
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        file.seek(max(0, size - END - LOCATOR - END_64))
        tail = file.read()
    end, valid = tail[-END:], len(tail) == END + LOCATOR + END_64
    length, begin = struct.unpack_from("<II", end, 12)
    behind = END
    if valid and tail[END_64:].startswith(b"PK\6\7"):
        valid = tail.startswith(b"PK\6\6") and struct.unpack_from("<Q", tail, END_64 + 8)[0] == size - len(tail)
        length, begin = struct.unpack_from("<QQ", tail, 40)
        behind = len(tail)
    if not valid or not end.startswith(b"PK\5\6") or end[-2:] != b"\0\0" or begin + length + behind != size:
        raise Unusable("its table of contents is not where torch.save puts it")
    if length > NAMES:
        raise Unusable("it describes too many tensors")

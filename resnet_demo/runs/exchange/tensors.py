"""The tensors in a stranger's file of weights: nothing in it is executed, unfolds, or is taken from elsewhere.

`weights_only=True` refuses code. What it does not refuse is bounded here: packed entries, an announced size that the
file does not have, a storage that is announced and not there (it would be what lay in memory before). It knows state
dicts, not networks.
"""

from __future__ import annotations

import os
import pickletools
import struct
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

from ...models.convert import WRAPPERS, canonical_keys

NAMES = 2 * 2**20  # bytes of what describes the tensors; those of the deepest network here have a million
END, LOCATOR, END_64 = 22, 20, 56  # bytes of the records at the end of a zip (APPNOTE.TXT, 4.3.14 to 4.3.16)
WRAPPED = (*WRAPPERS, "model_state_dict")


class Unusable(ValueError):
    """What is wrong with a file, in the words of this module."""


def read_tensors(path: Path) -> dict[str, Tensor]:
    """The state dict in a file of torch.save or safetensors, on the CPU, under torchvision's names.

    The tensors may be views of the file: what is to be kept wants to be copied. ValueError says why a file holds none;
    whether a tensor has any use (kind, shape, values) is not looked at.
    """
    try:
        with open(path, "rb") as file:
            start = file.read(9)
        content = _loader(start)(path)
    except OSError as error:
        raise Unusable(error.strerror or "it cannot be opened") from error
    except Unusable:
        raise
    except Exception as error:  # a broken file can fail in any way, and all mean the same
        raise ValueError("it is damaged, or holds more than tensors") from error
    for wrapper in WRAPPED:
        if isinstance(content, Mapping) and isinstance(content.get(wrapper), Mapping):
            content = content[wrapper]
    if not isinstance(content, Mapping) or not content:
        raise ValueError("it is no mapping from names to tensors")
    for key, value in content.items():
        if not isinstance(key, str) or not isinstance(value, Tensor):
            raise ValueError(f"{str(key)[:60]!r} is no tensor")
    return canonical_keys(content)


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
    end, found = tail[-END:], len(tail) == END + LOCATOR + END_64
    length, begin = struct.unpack_from("<II", end, 12)
    behind = END
    if found and tail[END_64:].startswith(b"PK\6\7"):
        found = tail.startswith(b"PK\6\6") and struct.unpack_from("<Q", tail, END_64 + 8)[0] == size - len(tail)
        length, begin = struct.unpack_from("<QQ", tail, 40)
        behind = len(tail)
    if not found or not end.startswith(b"PK\5\6") or end[-2:] != b"\0\0" or begin + length + behind != size:
        raise Unusable("its table of contents is not where torch.save puts it")
    if length > NAMES:
        raise Unusable("it describes too many tensors")

"""The files of a run's folder, each opened and read in one way: a file, of a bounded size, with what it should hold.

Whatever else lies there, a folder or a pipe, random bytes, JSON with other values or nested beyond measure, is a
RunError with one sentence that names the file. Must not depend on runs: what a file should hold is an argument.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, BinaryIO, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from ..engine.events import Count, Finite, Text, Values
from ..errors import Refusal
from ..fields import why

LARGEST = 16 * 2**20  # bytes of a file of JSON: 100,000 classes with names of 150 characters
T = TypeVar("T")


class RunError(Refusal):
    """A folder that is no run, a run that cannot be read, made or exported, or what a server has no room for."""


class JobNote(TypedDict, total=False):
    """The Hugging Face job that a run is, or was, trained in. id: its own, "" before it has one. account: whose it is.
    repository: what the run is sent through. flavor: its hardware. minutes: its time limit. open: whether it may still
    run. left: whether the repository could not be deleted."""

    id: Text
    account: Text
    repository: Text
    flavor: Text
    minutes: Annotated[float, Field(ge=0)]
    open: bool
    left: bool


class Meta(TypedDict, total=False):
    """`meta.json`. name, note: somebody's words. owner, address: digests. processes: how many train the run. seconds:
    after which it is removed, if before other runs. job: where else it is trained."""

    name: Text
    note: Text
    owner: Text
    address: Text
    processes: Annotated[int, Field(strict=True, ge=1, le=1024)]
    seconds: Annotated[float, Field(ge=0)]
    job: JobNote


class Accuracy(TypedDict):
    """Of n rows of an evaluation set; low, high: the ends of the 95 % interval (Wilson)."""

    n: Annotated[int, Field(strict=True, ge=1)]
    correct: Count
    accuracy: Finite
    low: Finite
    high: Finite


@with_config(ConfigDict(extra="allow"))
class Manifest(TypedDict):
    """`manifest.json` of a published run (`publish.make_manifest`), what is read of it. sha256: by file."""

    title: Text
    command: Text
    seeds: list[Count]
    epochs: Finite
    steps: Annotated[int, Field(strict=True, ge=1)]
    precision: Text
    accuracy: dict[Text, Accuracy]
    sha256: dict[Text, Text]


class Reason(TypedDict):
    """What a stop was asked with (`reasons.because`)."""

    code: Text
    values: Values


OBJECT = TypeAdapter(dict[str, Any])
META, MANIFEST, REASON = TypeAdapter(Meta), TypeAdapter(Manifest), TypeAdapter(Reason)


def damaged(file: str, error: Exception) -> RunError:
    """What is raised for a file of a run that cannot be read, or for a place in it."""
    return RunError("damaged_file", file=file, detail=detail_of(error))


def detail_of(error: Exception) -> str:
    """What an error says, in a line of at most 300 characters; of the system's without the path."""
    detail = why(error) if isinstance(error, ValidationError) else getattr(error, "strerror", None) or str(error)
    line = " ".join(detail.split())[:300].rstrip(".")
    return "".join(c if c.isprintable() else "\ufffd" for c in line) or type(error).__name__


def open_file(path: Path) -> BinaryIO:
    """`path` for reading, if it is a file: a pipe would keep its reader waiting, a device has no end. OSError else."""
    file = open(path, "rb", opener=_open_at_once)
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError("it is not a file")
    return file


def read(path: Path, parse: Callable[[bytes], T], most: int = LARGEST) -> T:
    """What `parse` makes of the content; FileNotFoundError without the file, RunError where it cannot be used.

    parse: raises an error that says what is wrong. most: bytes.
    """

    def content(file: BinaryIO) -> T:
        content_read = file.read(most + 1)
        if len(content_read) > most:
            raise ValueError(f"it is larger than the {most / 2**20:.0f} MB that such a file may have")
        return parse(content_read)

    return read_file(path, content)


def read_file(path: Path, parse: Callable[[BinaryIO], T]) -> T:
    """`read` for what bounds itself what it reads."""
    try:
        with open_file(path) as file:
            return parse(file)
    except FileNotFoundError:
        raise
    except Exception as error:  # of zipfile, numpy, pydantic: whatever such bytes lead to
        raise damaged(f"{path.parent.name}/{path.name}", error) from error


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))

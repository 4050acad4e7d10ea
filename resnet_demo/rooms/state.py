"""What is in a room at one moment, as values that never change: whoever reads one needs no lock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from ..data.folder import SPLITS, composed
from ..errors import Refusal

Stage = Literal["collect", "try", "train"]  # what phones may do: send images, ask the model, train a model of their own
STAGES: tuple[Stage, ...] = ("collect", "try", "train")
LONGEST_NAME = 30  # characters, of a person or a class


@dataclass(frozen=True)
class Phone:
    """Somebody who has joined. id: for the teacher; their key, which only their phone has, is not in here."""

    id: str
    name: str


@dataclass(frozen=True)
class Picture:
    """An image that was sent. id: unguessable, it opens the image. phone: the id of who sent it. content: a JPEG."""

    id: str
    phone: str
    label: str
    accepted: bool
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Begun:
    """A run that somebody began through the room's link. phone: their id; run: its id; network: its name."""

    run: str
    phone: str
    network: str


@dataclass(frozen=True)
class RoomState:
    """Everything in a room. version: goes up with each change. run: the id of the latest run on its images, or ""."""

    classes: tuple[str, ...]
    version: int = 1
    stage: Stage = "collect"
    run: str = ""
    phones: tuple[Phone, ...] = ()
    pictures: tuple[Picture, ...] = ()
    runs: tuple[Begun, ...] = ()

    @property
    def bytes(self) -> int:
        """Of all images."""
        return sum(len(picture.content) for picture in self.pictures)

    def of_phone(self, phone_id: str) -> tuple[Picture, ...]:
        """The images that a phone has sent, the oldest first."""
        return tuple(picture for picture in self.pictures if picture.phone == phone_id)

    def accepted(self) -> tuple[Picture, ...]:
        """The images that the teacher has accepted."""
        return tuple(picture for picture in self.pictures if picture.accepted)

    def counts(self) -> dict[str, int]:
        """How many accepted images each class has."""
        found = Counter(picture.label for picture in self.accepted())
        return {label: found[label] for label in self.classes}

    def name_of(self, phone_id: str) -> str:
        """What somebody calls themselves; "" if they are not here (any more)."""
        return next((phone.name for phone in self.phones if phone.id == phone_id), "")


def clean_name(name: object) -> str:
    """A name as it is kept: one line without control characters, short."""
    shown = "".join(c if c.isprintable() else " " for c in composed(str(name)))
    return " ".join(shown.split())[:LONGEST_NAME].rstrip()


def clean_classes(names: Sequence[object], most: int) -> tuple[str, ...]:
    """Names of classes as they are kept; Refusal unless they are several different ones that can name folders."""
    classes = tuple(filter(None, map(clean_name, names)))
    if not 2 <= len(classes) <= most or len({name.casefold() for name in classes}) < len(classes):
        raise Refusal("room.classes", most=most)
    for name in classes:
        if set(name) & set("/\\:") or name.startswith((".", "__")) or name.casefold() in SPLITS:
            raise Refusal("room.class", name=name)
    return classes

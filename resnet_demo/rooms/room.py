"""One room: who is in it, the images they sent, and what the teacher does with them. Nothing of it is on disk.

Everything happens under one lock and leaves a new `RoomState` behind; whoever wants to know reads `state`. What else
belongs to a room, such as runs on its images, is handed over with what deletes it (`on_close`). Must not depend on runs
or pages.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

from ..errors import Refusal
from .limits import Rate, RoomLimits
from .state import STAGES, Begun, Phone, Picture, RoomState, Stage, clean_classes, clean_name

log = logging.getLogger(__name__)
Clock = Callable[[], float]


class Room:
    """A room that is open until `close`; safe to use from several threads.

    id: unguessable, lets phones join. key: another one, lets the teacher do everything. until: when it closes by
    itself, on `clock`.
    """

    def __init__(self, classes: Sequence[object], limits: RoomLimits, clock: Clock, address: str = ""):
        self.limits, self.clock, self.address = limits, clock, address
        self.state = RoomState(clean_classes(classes, limits.classes))
        self.id, self.key = secrets.token_urlsafe(12), secrets.token_urlsafe(24)
        self.until = clock() + limits.seconds
        self._lock = threading.RLock()
        self._phones: dict[str, Phone] = {}  # by their keys
        self._rates: dict[str, Rate] = {}  # by the ids of phones
        self._begun: dict[str, int] = {}
        self._endings: list[Callable[[], object]] = []
        self._closed = False

    # --- phones

    def join(self, name: object) -> str:
        """Let somebody in; the key of their phone."""
        called = clean_name(name)
        if not called:
            raise Refusal("room.name")
        with self._lock:
            self._check_open()
            if len(self._phones) >= self.limits.phones:
                raise Refusal("room.phones", most=self.limits.phones)
            key, phone = secrets.token_urlsafe(18), Phone(secrets.token_urlsafe(6), called)
            self._phones[key] = phone
            self._rates[phone.id] = Rate(self.limits.per_second, self.limits.burst)
            self._change(phones=(*self.state.phones, phone))
        return key

    def phone(self, key: object) -> Phone:
        """The phone with this key; Refusal if there is none (any more)."""
        phone = self._phones.get(str(key))
        if phone is None:
            raise Refusal("room.phone")
        return phone

    def allow(self, key: object, stage: Stage) -> Phone:
        """The phone with this key, if it may do now what belongs to a stage; what is asked for counts."""
        with self._lock:
            self._check_open()
            phone = self.phone(key)
            if self.state.stage != stage:
                raise Refusal("room.stage")
            if not self._rates[phone.id].take(self.clock()):
                raise Refusal("room.rate")
        return phone

    def check_more(self, phone: Phone, size: int = 0) -> None:
        """Refusal where the phone, or the room, can keep no other image of so many bytes."""
        state, limits = self.state, self.limits
        if len(state.of_phone(phone.id)) >= limits.images_per_phone:
            raise Refusal("room.images", most=limits.images_per_phone)
        if len(state.pictures) >= limits.images or state.bytes + size > limits.bytes:
            raise Refusal("room.full")

    def add(self, phone: Phone, label: str, content: bytes) -> Picture:
        """Keep an image until the teacher decides. content: a JPEG that was made here (`images.small`)."""
        with self._lock:
            self._check_open()
            if phone not in self._phones.values():
                raise Refusal("room.phone")
            if label not in self.state.classes:
                raise Refusal("room.label")
            self.check_more(phone, len(content))
            picture = Picture(secrets.token_urlsafe(12), phone.id, label, accepted=False, content=content)
            self._change(pictures=(*self.state.pictures, picture))
        return picture

    def take_back(self, phone: Phone, picture_id: str) -> None:
        """Delete an image that this phone has sent; nothing happens if it has none such."""
        with self._lock:
            self._drop(lambda picture: picture.phone == phone.id and picture.id == picture_id)

    def picture(self, picture_id: str) -> Picture | None:
        """The image with this id."""
        return next((one for one in self.state.pictures if one.id == picture_id), None)

    def begin(self, phone: Phone, network: str, start: Callable[[], str]) -> str:
        """Let a phone begin a run: `start` queues it and returns its id. A phone may begin only so many."""
        with self._lock:
            begun = self._begun.get(phone.id, 0)
            if begun >= self.limits.runs_per_phone:
                raise Refusal("room.runs", most=self.limits.runs_per_phone)
            self._begun[phone.id] = begun + 1  # counts while it is being queued, which takes a while
        try:
            run = start()
        except BaseException:
            with self._lock:
                self._begun[phone.id] -= 1
            raise
        with self._lock:
            self._change(runs=(*self.state.runs, Begun(run, phone.id, network)))
        return run

    # --- the teacher

    def accept(self, ids: Collection[str] | None = None) -> None:
        """Accept images; None for all."""
        with self._lock:
            pictures = self.state.pictures
            changed = tuple(
                replace(one, accepted=True) if not one.accepted and (ids is None or one.id in ids) else one
                for one in pictures
            )
            if changed != pictures:
                self._change(pictures=changed)

    def remove(self, ids: Collection[str]) -> None:
        """Delete images."""
        with self._lock:
            self._drop(lambda picture: picture.id in ids)

    def remove_phone(self, phone_id: str) -> None:
        """Send somebody away, and delete all their images."""
        with self._lock:
            for key in [key for key, phone in self._phones.items() if phone.id == phone_id]:
                del self._phones[key]
                self._change(phones=tuple(self._phones.values()))
            self._drop(lambda picture: picture.phone == phone_id)

    def turn_to(self, stage: object) -> None:
        """What phones may do from now on."""
        with self._lock:
            if stage in STAGES and stage != self.state.stage:
                self._change(stage=stage)

    def trained(self, run: str) -> None:
        """Note the run on the images that phones will ask."""
        with self._lock:
            self._change(run=run)

    # --- its end

    def on_close(self, ending: Callable[[], object]) -> None:
        """Call `ending` when the room closes; at once if it has been closed by now."""
        with self._lock:
            if not self._closed:
                self._endings.append(ending)
                return
        ending()

    def close(self) -> None:
        """Delete everything; whoever still comes is told that the room is gone."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            endings, self._endings = self._endings, []
            self._phones, self._rates, self._begun = {}, {}, {}
            self.state = RoomState((), self.state.version + 1)
        for ending in endings:
            try:
                ending()
            except Exception as error:  # whatever is wrong with one, the others are deleted
                log.warning("something of a room could not be deleted: %s", type(error).__name__)
                log.debug("what could not be deleted", exc_info=error)

    def _check_open(self) -> None:
        if self._closed:
            raise Refusal("room.gone")

    def _drop(self, is_gone: Callable[[Picture], bool]) -> None:
        """Delete images. The caller holds the lock."""
        left = tuple(picture for picture in self.state.pictures if not is_gone(picture))
        if len(left) < len(self.state.pictures):
            self._change(pictures=left)

    def _change(self, **values: Any) -> None:
        """Put the next state in place of this one. The caller holds the lock."""
        if not self._closed:
            self.state = replace(self.state, version=self.state.version + 1, **values)

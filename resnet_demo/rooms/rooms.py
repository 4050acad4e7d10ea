"""The rooms of one server: opened within limits, found by their ids, and closed at the latest when their time is over.

They are in memory alone, so that nothing of them survives a restart. Must not depend on runs or pages.
"""

from __future__ import annotations

import hmac
import threading
import time
from collections.abc import Sequence

from ..errors import Refusal
from .limits import RoomLimits
from .room import Clock, Room


class Rooms:
    """Safe to use from several threads. clock: seconds, for tests."""

    def __init__(self, limits: RoomLimits | None = None, clock: Clock = time.monotonic):
        self.limits, self.clock = limits or RoomLimits(), clock
        self._lock = threading.Lock()
        self._rooms: dict[str, Room] = {}

    def open(self, classes: Sequence[object], address: str = "") -> Room:
        """Open a room for whoever asks from `address`; Refusal for wrong classes, and where there are too many."""
        self.expire()
        room = Room(classes, self.limits, self.clock, address)
        with self._lock:
            if len(self._rooms) >= self.limits.rooms:
                raise Refusal("room.rooms", most=self.limits.rooms)
            theirs = sum(one.address == address for one in self._rooms.values())
            if address and theirs >= self.limits.rooms_per_address:
                raise Refusal("room.address", most=self.limits.rooms_per_address)
            self._rooms[room.id] = room
        timer = threading.Timer(self.limits.seconds, self.expire)
        timer.daemon = True
        timer.start()
        room.on_close(timer.cancel)
        return room

    def get(self, room_id: object) -> Room:
        """The room with this id; Refusal if there is none (any more)."""
        self.expire()
        with self._lock:
            room = self._rooms.get(str(room_id))
        if room is None:
            raise Refusal("room.gone")
        return room

    def of_teacher(self, room_id: object, key: object) -> Room:
        """The room, for whoever has the teacher's key; a wrong key is told nothing else than a wrong id."""
        room = self.get(room_id)
        if not hmac.compare_digest(room.key.encode(), str(key).encode(errors="replace")):
            raise Refusal("room.gone")
        return room

    def close(self, room: Room) -> None:
        """Close a room and delete all that belongs to it."""
        with self._lock:
            self._rooms.pop(room.id, None)
        room.close()

    def expire(self) -> None:
        """Close the rooms whose time is over."""
        now = self.clock()
        with self._lock:
            over = [room for room in self._rooms.values() if room.until <= now]
        for room in over:
            self.close(room)

    def close_all(self) -> None:
        """Close every room: the server ends."""
        with self._lock:
            rooms = list(self._rooms.values())
        for room in rooms:
            self.close(room)

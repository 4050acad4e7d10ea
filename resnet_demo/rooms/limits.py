"""What a room and its phones may use: counts, bytes, and requests in a time. Must not depend on what a room holds."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf


@dataclass(frozen=True)
class RoomLimits:
    """Bounds of all rooms, of one room, and of one phone.

    rooms, rooms_per_address: that are open at the same time. seconds: after which a room closes by itself. classes,
    phones, images, bytes: of a room, bytes of its stored images. images_per_phone, runs_per_phone: of a phone.
    per_second, burst: images and questions of a phone, on average and at once.
    """

    rooms: int = 10
    rooms_per_address: int = 3
    seconds: float = 3 * 3600
    classes: int = 10
    phones: int = 60
    images: int = 1200
    bytes: int = 32 * 2**20
    images_per_phone: int = 60
    runs_per_phone: int = 3
    per_second: float = 3.0
    burst: int = 10


@dataclass(eq=False)
class Rate:
    """A token bucket: `burst` at once, `per_second` on average. It is used by one thread at a time."""

    per_second: float
    burst: int
    tokens: float = inf  # at first as many as there can be
    at: float = 0.0

    def take(self, now: float) -> bool:
        """Whether one more is allowed now; it then counts."""
        waited = now - self.at
        self.tokens = min(self.burst, self.tokens + waited * self.per_second)
        self.at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

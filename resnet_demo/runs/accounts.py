"""Accounts of the bytes that visitors make a server hold, on disk or in memory: for one address and for all together.

An account must not depend on what is held. Whoever holds something releases it, at the latest when it is
garbage-collected; what is on disk already is counted by a function that the account is given.
"""

from __future__ import annotations

import math
import threading
import weakref
from collections import Counter, deque
from collections.abc import Callable
from functools import partial

from .records import RunError

MEGABYTE = 2**20


class Held:
    """Bytes that count in an account until `release`, the end of a `with` block, or garbage collection."""

    def __init__(self, release: Callable[[], object]):
        self.release = weakref.finalize(self, release)
        self.release.atexit = False

    def __enter__(self) -> Held:
        return self

    def __exit__(self, *error: object) -> None:
        self.release()


class Account:
    """Bytes by address, within limits; safe to use from several threads.

    kind: "disk", "memory" or "uploads"; the codes of its refusals are `<kind>_full` and `<kind>_address`.
    server, address: bytes of everybody together, and of one address ("" is nobody's: only `server` bounds it).
    stored: the bytes that are there without being held, of an address or, for None, of all. make_room: called with the
    missing bytes before the server is said to be full; it may remove what nobody uses.
    """

    def __init__(
        self,
        kind: str,
        server: float = math.inf,
        address: float = math.inf,
        stored: Callable[[str | None], int] = lambda address: 0,
        make_room: Callable[[float], object] = lambda missing: None,
    ):
        self.kind, self.server, self.address = kind, server, address
        self._stored, self._make_room = stored, make_room
        self._lock = threading.Lock()  # never held while something on disk is counted: that may take long
        self._making_room = threading.Lock()
        self._held: Counter[str] = Counter()
        # what finalizers append: they may run anywhere, also in a thread that has the lock
        self._released: deque[tuple[str, int]] = deque()

    def hold(self, address: str, size: int) -> Held:
        """Count `size` bytes more for `address`; RunError where they are too many."""
        with self._lock:
            before = self._counted()
            self._held[address] += size  # whoever comes from now on counts these bytes, too
        held = Held(partial(self._released.append, (address, size)))
        try:
            self._check(address, size, before)
        except BaseException:
            held.release()
            raise
        return held

    def check(self, address: str, size: int) -> None:
        """RunError where `size` bytes more for `address` would be too many."""
        with self._lock:
            before = self._counted()
        self._check(address, size, before)

    def used(self, address: str | None = None) -> int:
        """The bytes that count now, for an address or, for None, for all."""
        with self._lock:
            held = self._counted()
        return (held.total() if address is None else held[address]) + self._stored(address)

    def _check(self, address: str, size: int, held: Counter[str]) -> None:
        """held: by everybody before. What of it is on disk by now, and held no longer, counts all the same: twice at
        worst, and never not at all."""
        if address and math.isfinite(self.address):
            used = held[address] + self._stored(address)
            if used + size > self.address:
                raise self._refusal(f"{self.kind}_address", used, size, self.address)
        if math.isfinite(self.server) and held.total() + self._stored(None) + size > self.server:
            with self._making_room:  # one after the other, or each would remove as much as is missing
                missing = held.total() + self._stored(None) + size - self.server
                if missing > 0:
                    self._make_room(missing)
                used = held.total() + self._stored(None)
            if used + size > self.server:
                raise self._refusal(f"{self.kind}_full", used, size, self.server)

    def _counted(self) -> Counter[str]:
        """A copy of what is held, by address. The caller has the lock."""
        while self._released:
            freed, size = self._released.popleft()
            self._held[freed] -= size
            if not self._held[freed]:
                del self._held[freed]
        return self._held.copy()

    def _refusal(self, code: str, used: int, size: int, most: float) -> RunError:
        return RunError(code, used=used / MEGABYTE, size=size / MEGABYTE, most=most / MEGABYTE)

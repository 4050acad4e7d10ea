"""A cache of answers that are worth keeping, bounded in bytes. Must not depend on images, models or pages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from ..data.sizes import memory_size

Answer = TypeVar("Answer")


class AnswerCache:
    """The answers that were used last, `capacity` bytes of them at most; safe to use from several threads."""

    def __init__(self, capacity: int = 64 * 2**20):
        self.capacity = capacity
        self._guard = threading.Lock()
        self._answers: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable, compute: Callable[[], Answer]) -> Answer:
        """Return what `compute` returned for an equal `key` before, else call it; its errors are not kept."""
        with self._guard:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key][0]
        answer = compute()
        size = memory_size(answer)
        with self._guard:
            if key not in self._answers:  # another thread may have computed it meanwhile
                self._answers[key] = answer, size
                self._bytes += size
            while self._bytes > self.capacity:
                self._bytes -= self._answers.popitem(last=False)[1][1]
        return answer

    @property
    def bytes(self) -> int:
        """The bytes that are kept now."""
        return self._bytes

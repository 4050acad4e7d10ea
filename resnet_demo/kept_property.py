"""A property that is computed once for each object, and that makes nobody wait.

functools has one, but up to Python 3.11 it takes one lock for all objects of a class: a visitor would wait for the
curves of another one, and a process that is forked meanwhile, as ZeroGPU does, for ever. Must not depend on anything of
this project.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class kept_property(Generic[T]):
    """As `functools.cached_property` from Python 3.12 on: threads that ask at the same time may each compute it."""

    def __init__(self, compute: Callable[[Any], T]):
        self.compute, self.__doc__ = compute, compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type | None = None) -> T:
        value = instance.__dict__[self.name] = self.compute(instance)
        return value

"""How a process begins: what it imports and builds stays for good, so no garbage has to be looked for in between.

Python would look through all of it again and again, which takes a quarter of the page's start. Must not depend on
anything of this project.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_frozen: list[bool] = []  # whether there is anything that is never looked at


@contextmanager
def beginning() -> Iterator[None]:
    """Collect no garbage inside. Afterwards `gc` is as it was, but never looks at what the first one has left."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not _frozen:  # in what a second one finds there may be garbage
            _frozen.append(True)
            gc.freeze()
        if was_enabled:
            gc.enable()

"""Disks that are full or cannot be written to, as errors with a sentence. Must not depend on what is written."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import Refusal


class DiskError(Refusal):
    """A file that could not be written: `no_space` or `not_writable`."""


@contextmanager
def disk_errors() -> Iterator[None]:
    """Raise DiskError in place of any OSError of the block, which would name folders of this machine."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskError("no_space") from error
        raise DiskError("not_writable", detail=error.strerror or type(error).__name__) from error

"""The lock of a run and processes that are forked while it is held or looked at."""

from __future__ import annotations

import os
import sys

import pytest

from resnet_demo.runs.lock import Locked, is_locked, lock

posix = pytest.mark.skipif(sys.platform == "win32", reason="fork")


def test_a_lock_is_held_until_its_block_ends(tmp_path):
    path = tmp_path / "lock"
    assert not is_locked(path)
    with lock(path):
        assert is_locked(path)
        with pytest.raises(Locked), lock(path):
            pass
    assert not is_locked(path)
    with pytest.raises(KeyError), lock(path):
        raise KeyError
    assert not is_locked(path)


@posix
def test_a_process_forked_while_the_lock_is_held_does_not_hold_it_afterwards(tmp_path):
    path = tmp_path / "lock"
    ours, theirs = os.pipe()
    with lock(path):
        child = os.fork()
        if not child:  # has every descriptor of ours, and keeps them until the pipe closes
            os.close(theirs)
            os.read(ours, 1)
            os._exit(0)
    try:
        assert not is_locked(path)
        with lock(path):
            assert is_locked(path)
    finally:
        os.close(theirs)
        os.waitpid(child, 0)
        os.close(ours)

"""A page in a process of its own, for measurements. Knows nothing of what is measured."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
HELLO = (sys.executable, str(HERE / "hello.py"))
APP = (sys.executable, str(PROJECT / "app.py"), "--port")


@contextmanager
def served(command: tuple[str, ...], settings: Mapping[str, str]) -> Iterator[str]:
    """The address of `command PORT`, as soon as somebody listens there; RuntimeError if it ends instead.

    The process has the `settings` beside our environment and ends with the block.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([*command, str(port)], cwd=PROJECT, env=os.environ | settings, stdout=subprocess.DEVNULL)
    try:
        while not listens(port):
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with {process.returncode}")
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True

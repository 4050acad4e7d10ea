"""`server.main` in the process of a test, which leaves nothing of it behind: another process takes seconds to start."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Event, Thread

import gradio as gr
import pytest

from resnet_demo import server


def prepare(patch: pytest.MonkeyPatch, **folders: Path) -> None:
    """Let `main` be called as `app.py` calls it, with these folders, until `patch` is undone."""
    for name, folder in folders.items():
        patch.setenv(f"RESNET_DEMO_{name.upper()}", str(folder))
    patch.setattr(server, "set_variables", lambda trusted_proxies: None)  # of this process, for good
    patch.setattr(sys, "argv", ["app.py"])
    patch.setattr(server.logs, "configure", lambda level: None)


@contextmanager
def started(*arguments: str, **folders: Path) -> Iterator[str]:
    """The address of the page that `main` serves with these arguments."""
    places: Queue[str] = Queue()
    over = Event()

    def block(page: gr.Blocks) -> None:
        places.put(page.local_url)
        over.wait()
        page.close(verbose=False)

    with pytest.MonkeyPatch.context() as patch:
        prepare(patch, **folders)
        patch.setattr("resnet_demo.ui.build.wait_until_closed", block)
        thread = Thread(target=server.main, args=(arguments,), daemon=True)
        thread.start()
        try:
            yield places.get(timeout=240)
        finally:
            over.set()
            thread.join()

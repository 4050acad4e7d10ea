"""Pages that tests open, each on a server of its own in this process. Knows nothing of what is on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr

from resnet_demo.services import Services
from resnet_demo.ui.build import build, launch_options
from resnet_demo.ui.text import LANGUAGES, Text


@contextmanager
def served(demo: gr.Blocks, services: Services | None = None) -> Iterator[str]:
    """The address of a page, as `app.py` serves it, until the block ends."""
    _, address, _ = demo.launch(prevent_thread_lock=True, quiet=True, **launch_options(services))
    yield address
    demo.close(verbose=False)


@contextmanager
def whole_page(services: Services) -> Iterator[str]:
    """The address of the whole page over these services; their runs are ended with it."""
    with served(build(services), services) as address:
        yield address
        services.close()


@contextmanager
def in_both_languages(fill: Callable[[Text], Any]) -> Iterator[str]:
    """The address of a page that `fill` fills, one language at its root, the other at its path."""
    english, *others = LANGUAGES.values()
    with gr.Blocks(analytics_enabled=False) as demo:
        fill(english)
    for text in others:
        with demo.route(text.language, f"/{text.path}", show_in_navbar=False):
            fill(text)
    with served(demo) as address:
        yield address

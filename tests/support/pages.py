"""Pages that tests open, each on a server of its own in this process. Knows nothing of what is on them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import product
from typing import Any

import gradio as gr
import pytest
from gradio import http_server

from resnet_demo.services import Services
from resnet_demo.ui import build as page
from resnet_demo.ui.build import launch_options
from resnet_demo.ui.text import LANGUAGES, Text

# each process of the tests has ports of its own: a page may still ask the one that its server has just given up
http_server.INITIAL_PORT_VALUE += 100 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) + 100


@contextmanager
def served(demo: gr.Blocks, services: Services | None = None, **options: Any) -> Iterator[str]:
    """The address of a page, as `app.py` serves it, until the block ends; options: of `launch`."""
    # Gradio's look at itself before it returns gives up after three seconds, which a busy machine takes
    options = {"prevent_thread_lock": True, "quiet": True, "_frontend": False, **options}
    _, address, _ = demo.launch(**options, **launch_options(services))
    yield address
    demo.close(verbose=False)


def built(services: Services, *tabs: Any) -> gr.Blocks:
    """A page that has these tabs alone, each after those that it needs: one of two is opened in half of the time.

    A tab that the page does not have is called as it calls itself.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "TABS", tabs)
        for text, tab in product(LANGUAGES.values(), tabs):
            patch.setitem(text.words, f"{tab.TAB}.tab", text.words.get(f"{tab.TAB}.tab", tab.TAB))
        return page.build(services)


@contextmanager
def page_of(services: Services, *tabs: Any) -> Iterator[str]:
    """The address of a page that has these tabs alone; the runs of its services are ended with it."""
    with served(built(services, *tabs), services) as address:
        yield address
        services.close()


def whole_page(services: Services) -> AbstractContextManager[str]:
    """The address of the page with all of its tabs."""
    return page_of(services, *page.TABS)


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

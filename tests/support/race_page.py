"""A page with the section where variants race as its own tab, beside the tabs that it leads to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from pages import served

from resnet_demo.services import Services
from resnet_demo.ui import build as page
from resnet_demo.ui import classify, confusion
from resnet_demo.ui.compare import race
from resnet_demo.ui.text import LANGUAGES


@contextmanager
def race_page(services: Services) -> Iterator[str]:
    """The address of a server whose last tab is called compare."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "TABS", (classify, confusion, SimpleNamespace(TAB="compare", build=race.build)))
        for text in LANGUAGES.values():
            patch.setitem(text.words, "compare.tab", text("race.start"))
        demo = page.build(services)
    with served(demo, services) as address:
        yield address

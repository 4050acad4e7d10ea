"""A page with some parts of the tab Compare, each in a tab of its own, and none of the other tabs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace

import pytest

from resnet_demo.services import Services
from resnet_demo.ui.text import LANGUAGES


@contextmanager
def parts_page(services: Services, **parts: ModuleType) -> Iterator[str]:
    """The address of a server with a tab for each part (a module with `build(frame)`), by the names given."""
    from pages import served

    from resnet_demo.ui import build as page

    with pytest.MonkeyPatch.context() as patch:
        tabs = tuple(SimpleNamespace(TAB=name, build=part.build) for name, part in parts.items())
        patch.setattr(page, "TABS", tabs)
        for text in LANGUAGES.values():
            for name in parts:
                patch.setitem(text.words, f"{name}.tab", name)
        demo = page.build(services)
    with served(demo, services) as address:
        yield address

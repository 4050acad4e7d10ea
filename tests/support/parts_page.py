"""A page with some parts of a tab, each in a tab of its own, and none of the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace

from resnet_demo.services import Services


@contextmanager
def parts_page(services: Services, **parts: ModuleType) -> Iterator[str]:
    """The address of a server with a tab for each part (a module with `build(context)`), by the names given."""
    from pages import built, served

    tabs = (SimpleNamespace(TAB=name, build=part.build) for name, part in parts.items())
    with served(built(services, *tabs), services) as address:
        yield address

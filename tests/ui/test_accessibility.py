"""axe-core finds nothing on any tab or part of the page: contrast, names, headings, roles, in both themes."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

import pytest
from hands import rest
from playwright.sync_api import expect

from resnet_demo.ui.build import TABS

PARTS = {tab.TAB: getattr(import_module(f"{tab.__name__}.layout"), "PARTS", ()) for tab in TABS}
AXE = Path(__file__).parents[1] / "web" / "node_modules" / "axe-core" / "axe.min.js"
# Gradio's button to upload has a field for files inside; an image of its gallery says its caption twice
FOREIGN = [[".icon-button"], [".thumbnail-item"]]
FOUND = """([foreign, options]) => axe.run({exclude: foreign}, options).then(result => result.violations.flatMap(
  one => one.nodes.map(node => `${one.id}: ${node.target.join(' ')}: ${node.failureSummary}`)))"""
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}  # all that a theme changes
AT_ONCE = "*, ::before, ::after { transition: none !important; animation: none !important; }"  # no colour in between

pytestmark = pytest.mark.browser


def test_nothing_keeps_anybody_out(visit):
    if not AXE.exists():
        reason = "axe-core is not here: python tests/provide.py provides it"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    page = visit()
    page.add_style_tag(content=AT_ONCE)
    page.add_script_tag(path=str(AXE))
    found: dict[str, list[str]] = {}

    def look(place: str) -> None:
        rest(page)
        for theme, options in (("light", {}), ("dark", COLOURS)):
            page.emulate_media(color_scheme=theme)
            page.wait_for_function("dark => document.body.classList.contains('dark') === dark", arg=theme == "dark")
            found[f"{place}, {theme}"] = page.evaluate(FOUND, [FOREIGN, options])

    expect(page.locator("#result .best")).to_be_visible()
    for tab, parts in PARTS.items():
        page.locator(f"#tabs > .tab-wrapper [data-tab-id={tab}]").click()
        for part in parts:
            page.locator(f"#{tab}-parts > .tab-wrapper [data-tab-id={part}]").click()
            look(f"{tab}: {part}")
        if not parts:
            look(tab)
        if tab == "networks":
            page.locator("#inside-flow .shortcut").nth(1).click()
            expect(page.locator("#inside-flow [aria-pressed=true]")).to_have_count(1)
            look("a network without one of its shortcuts")
    page.locator("#header .lesson-switch").click()
    page.keyboard.press("PageDown")
    expect(page.locator("#tabs > .tab-wrapper [role=tab][aria-selected=true]")).to_have_text("Networks")
    look("the second stop of the lesson")
    assert {place: violations for place, violations in found.items() if violations} == {}

"""axe-core finds nothing on any tab or part of the page: contrast, names, headings, roles, in both themes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hands import rest

from resnet_demo.ui.build import TABS

AXE = Path(__file__).parents[1] / "web" / "node_modules" / "axe-core" / "axe.min.js"
PARTS = ("depth", "shortcuts", "published", "race", "agreement")
INSIDE = "networks&part=inside&cuts=layer1.1.shortcut"
PLACES = [INSIDE, "teach&part=room", *(tab.TAB for tab in TABS if tab.TAB != "compare")] + [
    f"compare&part={part}" for part in PARTS
]
# Gradio's button to upload has a field for files inside; an image of its gallery says its caption twice
FOREIGN = [[".icon-button"], [".thumbnail-item"]]
FOUND = """foreign => axe.run({exclude: foreign}).then(result => result.violations.flatMap(
  one => one.nodes.map(node => `${one.id}: ${node.target.join(' ')}: ${node.failureSummary}`)))"""

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("place", [*PLACES, "networks&lesson=2"])
def test_nothing_keeps_anybody_out(visit, place, dark):
    if not AXE.exists():
        reason = "axe-core is not here: python tests/provide.py provides it"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    page = visit(dark=dark, tab=place)
    rest(page)
    page.add_script_tag(path=str(AXE))
    assert page.evaluate(FOUND, FOREIGN) == []

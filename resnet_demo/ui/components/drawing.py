"""What components that show drawings of `figures` share: colours of the page for them, and script to insert and save.

The file that is downloaded is the drawing as it came, in its own colours on white.
"""

from __future__ import annotations

from pathlib import Path

from ...figures.svg import PRINT, SCOPE, stylesheet

HERE = Path(__file__).parent

# Gradio's variables follow light and dark; the colours of the options are the same everywhere
COLOURS = {
    **PRINT,
    "paper": "var(--body-background-fill)",
    "ink": "var(--body-text-color)",
    "soft": "var(--body-text-color-subdued)",
    "faint": "var(--border-color-primary)",
    "near": "var(--background-fill-secondary)",
    "top": "color-mix(in srgb, var(--body-text-color) 14%, var(--body-background-fill))",
    "side": "color-mix(in srgb, var(--body-text-color) 24%, var(--body-background-fill))",
    "conv": "color-mix(in srgb, #cc79a7 24%, var(--body-background-fill))",
    "conv-line": "color-mix(in srgb, #cc79a7 72%, var(--body-text-color))",
    "mark": "color-mix(in srgb, #f0e442 var(--mark), var(--body-background-fill))",
}
STYLE = "\n".join(("& { --mark: 55%; } .dark & { --mark: 34%; }", stylesheet(COLOURS, SCOPE)))


def script(name: str) -> str:
    """The script of a component, below the functions it shares with others."""
    return "\n".join((HERE / file).read_text(encoding="utf-8") for file in ("drawing.js", name))


def style(name: str) -> str:
    """The style sheet of a component with that of the drawings in it."""
    return "\n".join((STYLE, (HERE / name).read_text(encoding="utf-8")))

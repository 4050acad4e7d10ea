"""The look of drawings of `figures` on the page: its colours, light or dark (`drawing.js` inserts and saves them).

The file that is downloaded is the drawing as it came, in its own colours on white.
"""

from __future__ import annotations

from ...figures.svg import PRINT, SCOPE, stylesheet

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

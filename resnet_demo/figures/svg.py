"""SVG as text: elements, the colours and line styles of the house, and a document that stands by itself.

Colours are in the style sheet alone, under class names, so that a page can show the same drawing in its own light or
dark colours by another style sheet. Must not depend on networks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from unicodedata import east_asian_width
from xml.sax.saxutils import escape, quoteattr

SCOPE = ".resnet-figure"  # the class of every drawing: its style sheet touches nothing else
FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', " + (
    "'Microsoft YaHei', sans-serif"
)

# On white paper. Options A, B, C and plain have the colours of Okabe and Ito that they have everywhere.
PRINT: Mapping[str, str] = MappingProxyType(
    {
        "paper": "#ffffff",
        "ink": "#18181b",
        "soft": "#52525b",
        "faint": "#a1a1aa",
        "near": "#f4f4f5",  # faces of the volumes: front, top, side
        "top": "#e4e4e7",
        "side": "#d1d1d6",
        "conv": "#f6e3ee",  # a tint of Okabe and Ito's reddish purple
        "conv-line": "#a8497b",
        "mark": "#f7ec8b",  # a tint of their yellow, like a highlighter
        "A": "#0072b2",
        "B": "#e69f00",
        "C": "#009e73",
        "plain": "#6b7280",
    }
)

RULES = (
    ("", "font-family:{fonts};font-variant-numeric:tabular-nums"),
    ("text", "fill:{ink};font-size:11.5px"),
    ("text.soft", "fill:{soft}"),
    ("text.small", "font-size:10.5px"),
    ("text.layer", "font-size:11px"),
    ("text.strong", "font-weight:650;font-size:13px"),
    ("text.title", "font-weight:650;font-size:15px"),
    ("text.bold", "font-weight:700"),
    ("text.link", "text-decoration:underline;text-underline-offset:2px"),
    ("text.middle", "text-anchor:middle"),
    ("text.italic", "font-style:italic;font-family:Georgia,'Times New Roman',serif;font-size:14px"),
    (".paper", "fill:{paper}"),
    (".wire", "fill:none;stroke:{soft};stroke-width:1.3"),
    (".tip", "fill:{soft}"),
    (".sum", "fill:{paper};stroke:{ink};stroke-width:1.4"),
    (".box", "fill:{paper};stroke:{ink};stroke-width:1.3"),
    (".box.norm", "fill:{near};stroke-width:.9"),
    (".box.conv", "fill:{conv};stroke:{conv-line};stroke-width:1.8"),
    (".box.plain", "stroke:{plain};stroke-width:1.8;stroke-dasharray:9 3 2 3"),
    (".box.end", "stroke:{soft};stroke-width:1"),
    (".pill", "fill:{paper};stroke:{soft};stroke-width:1"),
    (".arc", "fill:none;stroke:{ink};stroke-width:1.6"),
    (".arc.A", "stroke:{A};stroke-width:2.6"),
    (".arc.B", "stroke:{B};stroke-width:2.6;stroke-dasharray:7 4"),
    (".arc.C", "stroke:{C};stroke-width:2.8;stroke-dasharray:.5 4.6;stroke-linecap:round"),
    (".sign", "fill:{paper};stroke:{ink};stroke-width:1.3"),
    (".sign.A", "stroke:{A}"),
    (".sign.B", "stroke:{B}"),
    (".sign.C", "stroke:{C}"),
    (".face", "stroke:{soft};stroke-width:.8;stroke-linejoin:round"),
    (".face.near", "fill:{near}"),
    (".face.top", "fill:{top}"),
    (".face.side", "fill:{side}"),
    (".mark", "fill:{mark}"),
    (".box.changed", "fill:{mark};stroke-width:2.2"),
    (".sign.changed", "fill:{mark}"),
    (".halo", "fill:transparent;stroke:none"),
)


def stylesheet(colours: Mapping[str, str] = PRINT, scope: str = SCOPE) -> str:
    """The rules of every drawing with these colours (the keys of `PRINT`), for elements inside `scope`."""
    table = {**colours, "fonts": FONTS}
    lines = []
    for selector, rule in RULES:
        for name, colour in table.items():
            rule = rule.replace(f"{{{name}}}", colour)
        lines.append(f"{scope} {selector}".rstrip() + f" {{ {rule} }}")
    return "\n".join(lines)


def tag(name: str, *children: str, **attributes: object) -> str:
    """One element. Children are SVG already, attribute values are text; `class_` is class, `data_block` data-block."""
    pairs = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_spell(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{pairs}>{''.join(children)}</{name}>" if children else f"<{name}{pairs}/>"


def words(x: float, y: float, text: str, look: str = "") -> str:
    """One line of text, its base line at y; `look` are classes of the style sheet."""
    return tag("text", escape(text), x=x, y=y, class_=look or None)


def path(look: str, *steps: object) -> str:
    """A line: `path("wire", "M", 0, 5, "H", 20)`."""
    return tag("path", d=" ".join(_spell(step) for step in steps), class_=look)


def breadth(text: str, size: float = 11.5) -> float:
    """About how wide a line of text will be: nobody here measures fonts, so it rather says too much."""
    return size * sum(1.0 if east_asian_width(letter) in "WF" else 0.56 for letter in text)


def wrapped(text: str, width: float, size: float = 11.5) -> list[str]:
    """A text in lines that are no wider than `width`, broken after spaces and Chinese commas."""
    lines = [""]
    for piece in re.findall(r"[^ ，；]*[ ，；]?", text):
        if lines[-1] and breadth((lines[-1] + piece).rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def document(width: float, height: float, title: str, *content: str, **attributes: object) -> str:
    """A whole drawing on white paper, `width` x `height` pixels, that is legible wherever it is opened."""
    return tag(
        "svg",
        tag("title", escape(title)),
        tag("style", stylesheet()),
        tag("rect", width=width, height=height, class_="paper"),
        *content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_spell(width)} {_spell(height)}",
        width=width,
        height=height,
        class_=SCOPE.removeprefix("."),
        **attributes,
    )


def _spell(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)

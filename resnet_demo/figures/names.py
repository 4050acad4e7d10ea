"""Users' words in a figure: on one line, not too long, and only of characters that can be drawn.

Must not depend on what is named.
"""

from __future__ import annotations

from functools import cache

from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font

from .style import FAMILY, FONT

BOX = "□"  # stands for a character that no font has


def drawable(names: tuple[str, ...], longest: int = 24) -> list[str]:
    """The names as a figure can show them, each at most `longest` characters.

    matplotlib warns of every character that it cannot draw, and SVG allows no control characters, not even in comments.
    """
    known, lines = _known(), []
    for name in names:
        line = "".join(c if c in known and c.isprintable() else BOX for c in " ".join(name.split()))
        lines.append(line if len(line) <= longest else f"{line[: longest - 1]}…")
    return lines


@cache
def _known() -> frozenset[str]:
    """The characters of our fonts."""
    return frozenset(chr(code) for font in (FONT, findfont(FAMILY[1])) for code in FT2Font(str(font)).get_charmap())

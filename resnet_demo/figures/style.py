"""The house's look for pictures made by matplotlib: colours, line styles, and fonts that have Chinese characters.

Must not depend on what is drawn. Matplotlib's settings and caches belong to the process, so only one thread of a
process may draw; a server has other processes draw (`processes.Processes`). pyplot is not used: it keeps every figure
in a list of the process and looks for a screen. `matplotlib.figure.Figure` needs neither:

    with look():
        figure = Figure(figsize=(6, 4))
        figure.subplots().plot(steps, loss, **SERIES["A"])
        data = save(figure, "svg")
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from types import MappingProxyType
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.rcsetup import cycler

from ..places import PROJECT

FONT = PROJECT / "assets" / "fonts" / "NotoSansSC-subset.ttf"
FAMILY = ("Noto Sans SC Subset", "DejaVu Sans")  # the second comes with matplotlib and has what the first lacks

# Okabe and Ito's colours, each with a line style of its own, so that no difference rests on colour alone
BLUE, ORANGE, GREEN, GREY, VERMILION = "#0072B2", "#E69F00", "#009E73", "#6B7280", "#D55E00"
INK, PAPER, RULE = "#18181b", "#ffffff", "#e4e4e7"
SERIES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "A": {"color": BLUE, "linestyle": "-"},
        "B": {"color": ORANGE, "linestyle": "--"},
        "C": {"color": GREEN, "linestyle": ":"},
        "none": {"color": GREY, "linestyle": "-."},
    }
)
KINDS = ("png", "svg", "pdf")

SETTINGS: dict[Any, Any] = {  # matplotlib's names as it declares them are another type in each version
    "font.family": FAMILY,
    "text.color": INK,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlelocation": "left",
    "axes.titleweight": "normal",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(color=[series["color"] for series in SERIES.values()])
    + cycler(linestyle=[series["linestyle"] for series in SERIES.values()]),
    "grid.color": RULE,
    "lines.linewidth": 2.5,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "svg.fonttype": "path",  # looks the same where our font is not installed
    "svg.hashsalt": "resnet_demo",  # the same picture, the same file
    "pdf.fonttype": 42,
}


@contextmanager
def look(size: float = 11) -> Iterator[None]:
    """Inside, figures are made and saved in the house's look with type of `size` points; not for several threads."""
    with matplotlib.rc_context({**SETTINGS, "font.size": size}):
        if not any(font.fname == str(FONT) for font in font_manager.fontManager.ttflist):
            font_manager.fontManager.addfont(FONT)
        yield


def save(figure: Figure, kind: str = "png", dpi: int = 200, title: str = "", margin: float | None = None) -> bytes:
    """The figure as a file of this kind (`KINDS`), inside `look`; `title` is kept in it. Equal figures, equal files.

    margin: inches around what is drawn, to which the picture is cut; None leaves the figure's size.
    """
    if kind not in KINDS:
        raise ValueError(f"a picture can be {', '.join(KINDS)}, not {kind!r}")
    figure.set_dpi(dpi)
    layout = figure.get_layout_engine()
    if layout is not None:  # once, without the drawing in vain by which matplotlib has it done
        layout.execute(figure)
        figure.set_layout_engine(None)
    box = None if margin is None else figure.get_tightbbox().padded(margin)
    undated = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[kind]
    buffer = BytesIO()
    figure.savefig(buffer, format=kind, dpi=dpi, bbox_inches=box, metadata={"Title": title, **undated})
    return buffer.getvalue()

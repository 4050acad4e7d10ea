"""How every component of the page is made: of a template, a style sheet and a script that lie side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from .drawing import STYLE as DRAWING

HERE = Path(__file__).parent


def custom(
    name: str,
    value: Any = None,
    /,
    *,
    elem_id: str,
    folder: Path = HERE,
    drawings: bool = False,
    scripts: Sequence[str] = (),
    styles: Sequence[str] = (),
    **props: Any,
) -> gr.HTML:
    """A component made of `name`.html, `name`.css and `name`.js in `folder`; its script sees `shared.js` and `props`.

    drawings: whether it shows drawings of `figures`, with their style and what `drawing.js` does with them
    scripts, styles: names of further scripts and style sheets of `folder` that the component's own build on, in order
    """

    def read(path: Path) -> str:
        return path.read_text(encoding="utf-8")

    shared = [HERE / "shared.js", *([HERE / "drawing.js"] if drawings else [])]
    own = [folder / f"{script}.js" for script in (*scripts, name)]
    sheets = [*([DRAWING] if drawings else []), *(read(folder / f"{sheet}.css") for sheet in (*styles, name))]
    return gr.HTML(
        value,
        html_template=read(folder / f"{name}.html"),
        css_template="\n".join(sheets),
        js_on_load="\n".join(map(read, [*shared, *own])),
        apply_default_css=False,
        elem_id=elem_id,
        **props,
    )

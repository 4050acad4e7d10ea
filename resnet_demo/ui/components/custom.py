"""How every component of the page is made: of a template, a style sheet and a script that lie side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from .drawing import STYLE as DRAWING

HERE = Path(__file__).parent


def custom(
    name: str, value: Any = None, /, *, elem_id: str, folder: Path = HERE, drawings: bool = False, **props: Any
) -> gr.HTML:
    """A component made of `name`.html, `name`.css and `name`.js in `folder`; its script sees `shared.js` and `props`.

    drawings: whether it shows drawings of `figures`, with their style and what `drawing.js` does with them
    """

    def read(path: Path) -> str:
        return path.read_text(encoding="utf-8")

    scripts = [HERE / "shared.js", *([HERE / "drawing.js"] if drawings else []), folder / f"{name}.js"]
    styles = [*([DRAWING] if drawings else []), read(folder / f"{name}.css")]
    return gr.HTML(
        value,
        html_template=read(folder / f"{name}.html"),
        css_template="\n".join(styles),
        js_on_load="\n".join(map(read, scripts)),
        apply_default_css=False,
        elem_id=elem_id,
        **props,
    )

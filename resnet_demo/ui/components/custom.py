"""How every component of the page is made: of a template, a style sheet and a script with one name in `ui/web`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import gradio as gr

from .. import static

ARGUMENTS = "{element, trigger, props, server, upload, watch}"  # what Gradio gives the script of a component
EVENT = re.compile(r"(?<=\btrigger\()'\w+'")  # what a script tells handlers


def custom(
    name: str, value: Any = None, /, *, elem_id: str, styles: Sequence[str] = (), classes: str = "", **props: Any
) -> gr.HTML:
    """A component made of `name`.html, `name`.css and `name`.js, whose script sees its `props`.

    classes: of the element, beside those of its style sheets
    styles: further style sheets that it has: "drawing" where it shows drawings of `figures`, "chart" where charts
    """
    events = sorted(set(EVENT.findall(static.FILES[f"{name}.js"].decode())))  # Gradio looks for their names in quotes
    return gr.HTML(
        value,
        html_template=static.template(name),
        js_on_load=f"{static.make_usable(f'{name}.js', ARGUMENTS)}  // {' '.join(events)}",
        apply_default_css=False,
        elem_id=elem_id,
        elem_classes=[static.SCRIPTED, *classes.split(), *(static.style_class(style) for style in (*styles, name))],
        **props,
    )

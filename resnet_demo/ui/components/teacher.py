"""Classes of images that a visitor takes with a camera or from files, sent as one zip; then what a model answers live.

The images stay in the memory of the page until they are sent. It knows no model and no run: where frames are sent to,
and below which confidence an answer does not count, its value says.
"""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from ..text import Text
from .custom import custom


@dataclass(frozen=True)
class TeachLimits:
    """classes: how many at least and at most. images: of a class at most. begin: images of a class with which it may be
    trained, enough: with how many it learns well. name: characters of a class's name. side: px of an image."""

    classes: tuple[int, int]
    images: int
    begin: int
    enough: int
    name: int
    side: int


def teacher(text: Text, limits: TeachLimits, *, address: str, tab: str, elem_id: str) -> gr.HTML:
    """The camera, the classes and the button that sends them.

    value: None; an uploaded zip (see `folder.brought`) while `teach` is answered; then {"training": whether a run waits
    or trains, "live": {"model", "threshold"} or None, "turn": a number that is always another one}. An answer counts
    where its probability is `threshold` or more. address: where frames are sent, relative to the page, as
    `components.camera` sends them. tab: whose being left frees the camera.

    Event: `teach`, when all images are here.
    """
    least, most = limits.classes
    bounds = {"least": least, "most": most, "images": limits.images, "begin": limits.begin, "enough": limits.enough}
    return custom(
        "teacher", None, elem_id=elem_id, text=text.part("teach"), camera=text.part("camera"),
        limits={**bounds, "name": limits.name, "side": limits.side}, address=address, tab=tab, language=text.language,
    )  # fmt: skip

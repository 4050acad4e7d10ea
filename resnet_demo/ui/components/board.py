"""The board of a room: its link and QR code, who is there, and the images as they come, to be accepted or removed.

It knows a room by its id and the teacher's key; what is in it is answered by the functions that it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from ..text import Text
from .custom import custom

Ask = Callable[[dict[str, Any]], dict[str, Any]]


def board(text: Text, look: Ask, moderate: Ask, share: Ask, *, elem_id: str) -> gr.HTML:
    """The board. value: {"room": id, "key": the teacher's}, or {} for none.

    look: asked by the browser without a queue, {"room", "key", "version"}, about once a second while the board is seen:
    {"gone": true}, or {"version", "runs": a text that changes when the runs of phones do, "minutes": until it closes},
    and where the version is another one
    {"stage", "classes": [name], "phones": [{"id", "name"}], "pictures": [{"id", "label", "name", "accepted"}]}
    moderate: {"room", "key", "action", "ids": [id], "stage"}: does it and answers like `look`. Actions: "accept",
    "remove", "accept_all", "away" (of phones), "stage", "close".
    share: {"address": of the room}: {"address", "code": a QR code as data: address}

    Events: `runs` when the runs of phones have changed, `shut` when the room is gone.
    """
    functions = [named(look, "look"), named(moderate, "moderate"), named(share, "share")]
    return custom("board", {}, elem_id=elem_id, server_functions=functions, text=text.part("room.board"))


def named(ask: Ask, name: str) -> Ask:
    """A function of this name, by which the script knows it: Gradio writes onto functions, and methods take nothing."""

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        return ask(asked)

    answer.__name__ = name
    return answer

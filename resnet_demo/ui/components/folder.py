"""A folder of the visitor's with everything below it, sent as one zip that the browser makes: Gradio's own upload
forgets in which folder a file lay. It knows nothing of what the files are.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import FileData
from pydantic import ValidationError

from ..text import Text
from .custom import custom


def folder(text: Text, *, files: int, size: int, elem_id: str) -> gr.HTML:
    """A button, and a place to drop a folder on; `bring` when all of it is here: see `brought`.

    files, size: how many files and bytes are accepted; more is said before anything is sent. Hidden files stay at home.
    Where a browser cannot choose folders there is nothing to be seen.
    """
    words = text.part("folder")
    return custom("folder", None, elem_id=elem_id, text=words, files=files, bytes=size)


def brought(value: Any) -> tuple[Path, str] | None:
    """The zip and the folder's name in a value of the component; None for one that Gradio has not checked to be an
    uploaded file."""
    try:
        file = FileData.model_validate(value, context={"validate_meta": True})
    except ValidationError:
        return None
    return Path(file.path), Path(file.orig_name or file.path).stem

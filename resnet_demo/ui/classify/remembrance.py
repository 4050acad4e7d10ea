"""What the browser remembers of the tab: the images that were shown last, and the models that answered.

It is what the browser says, not what the server knows: images are taken only where uploads lie. It must not make
components.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder

MOST = 16  # images; of more only the models are remembered


Item = tuple[str, str | None]  # the path of an image and its caption


def note(images: Sequence[Item], ids: Sequence[str]) -> dict[str, Any]:
    """What to remember."""
    return {"images": [list(image) for image in images] if len(images) <= MOST else [], "models": list(ids)}


def read(remembered: Any) -> tuple[list[Item], list[str]]:
    """(the images that are still here, ids of the models); empty where that is not what `note` made."""
    if not isinstance(remembered, dict):
        return [], []
    images = [(one[0], one[1]) for one in _list(remembered, "images")[:MOST] if _is_item(one) and is_upload(one[0])]
    return images, [one for one in _list(remembered, "models") if isinstance(one, str)]


def _is_item(value: Any) -> bool:
    is_pair = isinstance(value, list) and len(value) == 2
    return is_pair and isinstance(value[0], str) and (value[1] is None or isinstance(value[1], str))


def is_upload(path: str) -> bool:
    """Whether this is the path of a file that was uploaded and is still here, and of no other file of the machine."""
    try:
        folder, file = Path(os.path.realpath(get_upload_folder())), Path(os.path.realpath(path))
        return folder in file.parents and file.is_file()
    except (OSError, ValueError):
        return False


def _list(values: dict[str, Any], name: str) -> list[Any]:
    found = values.get(name)
    return found if isinstance(found, list) else []

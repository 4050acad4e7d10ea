"""Files that programs send and are given, and errors as they see them."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import gradio as gr
from gradio.data_classes import FileData
from gradio.processing_utils import save_bytes_to_cache
from gradio.utils import get_upload_folder
from PIL import Image
from pydantic import ValidationError

from ...data.decode import decode
from ..uploads import uploaded

MOST = 64  # files that wait to be fetched


class GivenOut:
    """Files that programs are given: whoever asked fetches each at once, and all but the latest are deleted."""

    def __init__(self) -> None:
        self._latest: deque[Path] = deque()

    def give(self, content: bytes, name: str) -> FileData:
        """The file as an answer."""
        path = Path(save_bytes_to_cache(content, name, get_upload_folder()))
        self._latest.append(path)
        while len(self._latest) > MOST:
            oldest = self._latest.popleft()
            if oldest not in self._latest:
                oldest.unlink(missing_ok=True)
        return FileData(path=str(path), orig_name=name)


def opened_file(file: FileData, argument: str) -> tuple[Path, str]:
    """The file that a program has uploaded, and its name. argument: what it is called there."""
    try:
        # only what has this mark has been checked by Gradio to lie in its upload folder
        checked = FileData.model_validate(file, context={"validate_meta": True})
    except ValidationError as error:
        raise gr.Error(f"{argument} must be an uploaded file: handle_file(…)", print_exception=False) from error
    path = uploaded(checked.path)
    return path, Path(checked.orig_name or path.name).name


def opened(image: FileData) -> Image.Image:
    """The picture that a program has uploaded."""
    return decode(*opened_file(image, "image"))


def refusal(error: Exception) -> gr.Error:
    """An error as Gradio sends it to programs, its sentence and nothing of this machine."""
    return gr.Error(str(error), print_exception=False)

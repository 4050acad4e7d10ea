"""What programs can call: `/classify` and `/models`, for `gradio_client` and plain HTTP.

Sentences of this interface are English: they are for programs and those who write them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import FileData
from pydantic import ValidationError

from ..data.decode import decode
from ..inference import classify as inference
from ..services import Services


def build(services: Services) -> None:
    """Add the endpoints to the page that is being built."""

    def classify(image: FileData, run: str, top_k: int = 5) -> dict[str, Any]:
        """Classify one picture with one trained network.

        Args:
            image: a picture (with gradio_client: handle_file("cat.jpg")): JPEG, PNG, WebP, GIF, BMP or TIFF.
            run: id of a trained network, one of those that /models lists.
            top_k: how many classes to return, best first.

        Returns:
            run, labels, probabilities (0 to 1, best first) and classes: all that this network knows.
        """
        try:
            # only what has this mark has been checked by Gradio to lie in its upload folder
            file = FileData.model_validate(image, context={"validate_meta": True})
            picture = decode(file.path, file.orig_name)
            found = inference.classify(picture, services.runs.get(run), services.store, top_k)
        except ValidationError as error:
            raise gr.Error("image must be an uploaded file: handle_file(…)", print_exception=False) from error
        except (ValueError, KeyError) as error:
            raise gr.Error(str(error), print_exception=False) from error
        return {
            "run": found.run_id,
            "labels": list(found.labels),
            "probabilities": list(found.probabilities),
            "classes": list(found.classes),
        }

    def models() -> list[dict[str, Any]]:
        """The trained networks that /classify accepts, the published ones first, then the newest.

        Returns:
            for each: run (its id), network, shortcut, data and classes.
        """
        return [
            {
                "run": run.id,
                "network": run.config.model.name,
                "shortcut": run.config.model.shortcut,
                "data": Path(run.config.data).stem,  # of own pictures not where they lie
                "classes": list(run.config.classes),
            }
            for run in services.runs.with_weights()
        ]

    gr.api(classify, api_name="classify", concurrency_id="classify", concurrency_limit=4)
    gr.api(models, api_name="models")

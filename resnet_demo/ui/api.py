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
from ..inference.classifier import Classifier
from ..services import Services
from .errors import REFUSALS


def build(services: Services) -> None:
    """Add the endpoints to the page that is being built."""

    def classify(image: FileData, model: str, top_k: int = 5) -> dict[str, Any]:
        """Classify one picture with one network.

        Args:
            image: a picture (with gradio_client: handle_file("cat.jpg")): JPEG, PNG, WebP, GIF, BMP or TIFF.
            model: id of a network, one of those that /models lists, such as "imagenet/resnet50".
            top_k: how many classes to return, best first.

        Returns:
            model, labels, indices (of the labels in classes), probabilities (0 to 1, best first) and classes: all
            that this network knows.
        """
        try:
            # only what has this mark has been checked by Gradio to lie in its upload folder
            file = FileData.model_validate(image, context={"validate_meta": True})
            classifier = services.catalogue.get(model)
            found = inference.classify(decode(file.path, file.orig_name), classifier, services.store, top_k)
        except ValidationError as error:
            raise gr.Error("image must be an uploaded file: handle_file(…)", print_exception=False) from error
        except REFUSALS as error:
            raise gr.Error(str(error), print_exception=False) from error
        return {
            "model": found.id,
            "labels": list(found.labels),
            "indices": list(found.indices),
            "probabilities": list(found.probabilities),
            "classes": list(found.classes),
        }

    def models() -> list[dict[str, Any]]:
        """The networks that /classify accepts now, the page's default first: trained runs, and ImageNet networks.

        Returns:
            for each: model (its id), network, shortcut, data, imagenet (whether it is one of torchvision's with
            ImageNet's 1000 classes, no run) and classes.
        """
        return [described(classifier) for classifier in services.catalogue.ready()]

    gr.api(classify, api_name="classify", concurrency_id="classify", concurrency_limit=4)
    gr.api(models, api_name="models")


def described(classifier: Classifier) -> dict[str, Any]:
    """What `/models` says about a network."""
    run = classifier.run
    return {
        "model": classifier.id,
        "network": classifier.spec.name,
        "shortcut": classifier.spec.shortcut,
        "data": Path(run.config.data).stem if run else "imagenet",  # of own pictures not where they lie
        "imagenet": run is None,
        "classes": list(classifier.classes),
    }

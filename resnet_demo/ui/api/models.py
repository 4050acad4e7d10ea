"""What programs can do with models: choose one, classify, explain, cut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from gradio.data_classes import FileData

from ...figures.inside import heat_map_png
from ...inference import classify as inference
from ...inference.classifier import Classifier, class_index
from ...inference.explain import HeatMap, heat_map
from ...models.cuts import check_cuts
from ...services import Services
from ..errors import REFUSALS
from ..visitor import visitor
from .files import GivenOut, opened, refusal


class Models:
    """The endpoints, each a method."""

    def __init__(self, services: Services, files: GivenOut) -> None:
        self.services, self.files = services, files

    def classify_image(self, image: FileData, model: str, top_k: int = 5) -> dict[str, Any]:
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
            classifier = self.services.catalogue.get(model)
            found = inference.classify(opened(image), classifier, self.services.store, top_k)
        except REFUSALS as error:
            raise refusal(error) from error
        return answered(found)

    def explain_prediction(
        self,
        image: FileData,
        model: str,
        label: str | int,
        against: str | int | None = None,
        method: str = "grad-cam",
        layer: str | None = None,
    ) -> dict[str, Any]:
        """Where in a picture a network finds evidence for a class, or for one class rather than another.

        Args:
            image: a picture, as /classify takes it.
            model: id of a network, one of those that /models lists.
            label: the class, by its name or its number in classes.
            against: another class; what is explained is then the difference of the two logits.
            method: "grad-cam", "hires-cam" or "saliency".
            layer: whose maps are weighted: "layer1", "layer2.0" …; null for the last one; saliency has none.

        Returns:
            model, label, against, method, layer (the classes by name; null where there is none), values: the evidence,
            rows of numbers from 0 to 1, at the resolution of the layer's maps (saliency: of the network's input), 1
            the strongest; and blank: whether there is none, and all values are 0.
        """
        found = self._explained(image, model, label, against, method, layer)
        return {
            "model": model,
            "label": found.label,
            "against": found.against,
            "method": found.method,
            "layer": found.layer,
            "values": found.values.astype(float).round(4).tolist(),
            "blank": found.blank,
        }

    def show_heat_map(
        self,
        image: FileData,
        model: str,
        label: str | int,
        against: str | int | None = None,
        method: str = "grad-cam",
        layer: str | None = None,
    ) -> FileData:
        """Where in a picture a network finds evidence for a class, as a picture to look at.

        Args:
            image: a picture, as /classify takes it.
            model: id of a network, one of those that /models lists.
            label: the class, by its name or its number in classes.
            against: another class; what is explained is then the difference of the two logits.
            method: "grad-cam", "hires-cam" or "saliency".
            layer: whose maps are weighted: "layer1", "layer2.0" …; null for the last one; saliency has none.

        Returns:
            a PNG: the picture as the network saw it, and beside it with the evidence over it.
        """
        found = self._explained(image, model, label, against, method, layer)
        rather = f", not {found.against}" if found.against else ""
        title = f"{found.label}{rather} ({found.method})"
        view = np.asarray(found.view)
        return self.files.give(self.services.drawing.run(heat_map_png, view, found.values, title=title), "heat-map.png")

    def classify_with_cuts(self, image: FileData, model: str, cuts: list[str], top_k: int = 5) -> dict[str, Any]:
        """Classify one picture with a network of which shortcuts or branches are cut for this one answer.

        A plain block that is cut passes its input on.

        Args:
            image: a picture, as /classify takes it.
            model: id of a network, one of those that /models lists.
            cuts: each "layer2.0.shortcut" (ReLU(F(x)) is left) or "layer2.0.branch" (ReLU(shortcut(x)) is left).
            top_k: how many classes to return, best first.

        Returns:
            as /classify, and cuts: what was cut, in the order of the network.
        """
        try:
            classifier = self.services.catalogue.get(model)
            checked = check_cuts(classifier.spec, cuts)
            found = inference.classify(opened(image), classifier, self.services.store, top_k, cuts=checked)
        except REFUSALS as error:
            raise refusal(error) from error
        return answered(found) | {"cuts": list(checked)}

    def list_models(self, request: gr.Request) -> list[dict[str, Any]]:
        """The networks to choose from now, the page's default first: published runs, and ImageNet networks.

        On one's own machine all runs are among them; elsewhere /classify takes the id of a run that is not listed.

        Returns:
            for each: model (its id), network, shortcut, data, imagenet (whether it is one of torchvision's with
            ImageNet's 1000 classes, no run) and classes.
        """
        return [described(one) for one in self.services.catalogue.ready(visitor(self.services, request).ids)]

    def _explained(
        self, image: FileData, model: str, label: str | int, against: str | int | None, method: str, layer: str | None
    ) -> HeatMap:
        try:
            classifier = self.services.catalogue.get(model)
            index = class_index(classifier, label)
            other = None if against is None else class_index(classifier, against)
            return heat_map(opened(image), classifier, self.services.store, index, method, layer, against=other)
        except REFUSALS as error:
            raise refusal(error) from error


def answered(found: inference.Prediction) -> dict[str, Any]:
    """What `/classify` says of a prediction."""
    return {
        "model": found.id,
        "labels": list(found.labels),
        "indices": list(found.indices),
        "probabilities": list(found.probabilities),
        "classes": list(found.classes),
    }


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

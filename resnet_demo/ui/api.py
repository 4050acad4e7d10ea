"""What programs can call, with `gradio_client` and plain HTTP: `/classify`, `/explain`, `/cut`, `/models`, `/train`,
`/run`, `/stop`, `/confusion`, `/compare`.

Sentences of this interface are English: they are for programs and those who write them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import FileData
from PIL import Image
from pydantic import ValidationError

from ..data.decode import decode
from ..engine.config import preset
from ..engine.events import EpochDone, StepMetrics
from ..inference import classify as inference
from ..inference.classifier import Classifier, class_index
from ..inference.explain import heat_map
from ..library.answers import answers, grouped
from ..library.launching import submit
from ..metrics.groups import parse_groups
from ..metrics.report import report
from ..models import ModelSpec
from ..models.cuts import check_cuts
from ..runs.comparison.published import comparisons
from ..runs.comparison.report import report as comparison_report
from ..services import Services
from .errors import REFUSALS
from .uploads import uploaded
from .visitor import visitor


def build(services: Services) -> None:
    """Add the endpoints to the page that is being built."""
    endpoints = Endpoints(services)
    for model_call in (endpoints.classify, endpoints.explain, endpoints.cut):  # four at a time, together
        gr.api(model_call, api_name=model_call.__name__, concurrency_id="classify", concurrency_limit=4)
    for endpoint in (
        endpoints.models, endpoints.train, endpoints.run, endpoints.stop, endpoints.confusion, endpoints.compare
    ):  # fmt: skip
        gr.api(endpoint, api_name=endpoint.__name__)


class Endpoints:
    """What programs call; Gradio describes each by its docstring and type hints."""

    def __init__(self, services: Services) -> None:
        self.services = services

    def classify(self, image: FileData, model: str, top_k: int = 5) -> dict[str, Any]:
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

    def explain(
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
        try:
            classifier = self.services.catalogue.get(model)
            index = class_index(classifier, label)
            other = None if against is None else class_index(classifier, against)
            found = heat_map(opened(image), classifier, self.services.store, index, method, layer, against=other)
        except REFUSALS as error:
            raise refusal(error) from error
        return {
            "model": classifier.id,
            "label": found.label,
            "against": found.against,
            "method": found.method,
            "layer": found.layer,
            "values": found.values.astype(float).round(4).tolist(),
            "blank": found.blank,
        }

    def cut(self, image: FileData, model: str, cuts: list[str], top_k: int = 5) -> dict[str, Any]:
        """Classify one picture with a network of which shortcuts or branches are cut for this one answer.

        Args:
            image: a picture, as /classify takes it.
            model: id of a network, one of those that /models lists.
            cuts: each "layer2.0.shortcut", without which the block computes ReLU(F(x)), or "layer2.0.branch", without
                which it computes ReLU(shortcut(x)); a plain block that is cut passes its input on.
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

    def models(self, request: gr.Request) -> list[dict[str, Any]]:
        """The networks to choose from now, the page's default first: published runs, and ImageNet networks.

        On one's own machine all runs are among them; elsewhere /classify takes the id of a run that is not listed.

        Returns:
            for each: model (its id), network, shortcut, data, imagenet (whether it is one of torchvision's with
            ImageNet's 1000 classes, no run) and classes.
        """
        return [described(one) for one in self.services.catalogue.ready(visitor(self.services, request).ids)]

    def train(
        self,
        request: gr.Request,
        model: str = "resnet8",
        shortcut: str = "A",
        data: str = "shapes",
        length: float = 30,
        unit: str = "seconds",
        preset_name: str = "demo",
        batch_size: int = 128,
        lr: float = 0.2,
        seed: int = 0,
    ) -> dict[str, str]:
        """Queue a run; it starts as soon as those before it have ended.

        Args:
            model: a network's name: "resnet8", "resnet20", "plain20" …
            shortcut: "A", "B", "C", or "none" for a plain network.
            data: "shapes", "cifar10" or "fashion-mnist", where it is on the server.
            length: how long, in `unit`.
            unit: "seconds", "epochs" or "steps".
            preset_name: "demo", "fast" or "paper", for everything that is not given here.
            batch_size: pictures a step.
            lr: peak learning rate.
            seed: of initial values, order and augmentation.

        Returns:
            run: its id, with which /run and /classify know it; token: what /stop wants to see.
        """
        try:
            spec = ModelSpec.from_name(model, shortcut=None if model.startswith("plain") else shortcut)
            amount = int(length) if unit == "steps" else float(length)
            config = preset(preset_name, replace(spec, input_size=32), str(data))
            given: dict[str, Any] = {"length": amount, "unit": unit, "batch_size": batch_size, "lr": lr, "seed": seed}
            config = replace(config, **given)
            made = submit(self.services, config, visitor(self.services, request))
        except (ValueError, *REFUSALS) as error:
            raise refusal(error) from error
        return {"run": made.run.id, "token": made.token}

    def run(self, run: str) -> dict[str, Any]:
        """How a run stands.

        Args:
            run: its id, as /train returned it, or that of a published run.

        Returns:
            state ("queued", "running", "finished", "stopped", "failed" or "interrupted"), position in the queue (1 is
            next, 0: not queued), reason (a sentence where it did not simply finish), the latest metrics of training
            (step, epoch, progress 0 to 1, seconds, loss, accuracy, lr, grad_norm, images_per_second), and of
            validation (epoch, loss, accuracy); null where there are none yet.
        """
        try:
            status, events = self.services.manager.status(run), self.services.runs.get(run).events()
        except REFUSALS as error:
            raise refusal(error) from error
        step = next((event for event in reversed(events) if isinstance(event, StepMetrics)), None)
        epoch = next((event for event in reversed(events) if isinstance(event, EpochDone)), None)
        return {
            "state": status.state,
            "position": status.position,
            "reason": status.reason,
            "training": vars(step) if step else None,
            "validation": {
                "epoch": epoch.epoch, "loss": epoch.validation_loss, "accuracy": epoch.validation_accuracy
            } if epoch else None,
        }  # fmt: skip

    def stop(self, run: str, token: str) -> dict[str, str]:
        """Ask a run to stop; it keeps a checkpoint and can be resumed on the page.

        Args:
            run: its id.
            token: as /train returned it.

        Returns:
            state, a moment later: see /run.
        """
        try:
            self.services.manager.stop(run, str(token or ""))  # None would be whoever has the whole machine
            return {"state": self.services.manager.status(run).state}
        except REFUSALS as error:
            raise refusal(error) from error

    def confusion(self, run: str, set_name: str = "test", groups: str = "") -> dict[str, Any]:
        """The confusion matrix of a run, and what follows from it.

        Args:
            run: its id, as /train or /models say it.
            set_name: "test", "test-lossless", "validation", "train", or, of the last epoch that was recorded, "running"
                (training set as it went) and "epoch" (validation).
            groups: classes to merge, a line for each group: "pets: cat, dog".

        Returns:
            classes, counts (rows true, columns predicted), rows, accuracy with its 95 % interval, averages, per_class
            (support, recall, precision, F1), pairs, and where probabilities are known calibration, top_k,
            average_precision and auc (each class against the rest: macro, micro, and in per_class). What does not exist
            is null.
        """
        try:
            found = answers(self.services, self.services.runs.get(run), set_name)
            if found is None:
                raise gr.Error(f"The run has no answers on {set_name!r}.", print_exception=False)
            if groups.strip():
                found = grouped(found, parse_groups(groups, found.classes))
        except REFUSALS as error:
            raise refusal(error) from error
        about = {"run": run, "set": set_name}
        return report(
            found.matrix,
            about=about,
            probabilities=found.probabilities,
            labels=found.labels,
            predicted=found.predicted,
            curves=found.curves,
        )

    def compare(self) -> dict[str, Any]:
        """The published networks that differ in their shortcut and seed alone, side by side.

        Returns:
            comparisons: each with its variants (cost; accuracy by set, one number a seed, mean, std), verdicts by set
            (paired t-test, p by Holm, separated, seeds_needed: null above 1000) and networks (McNemar's test of two
            single ones); reported: numbers of the papers. Accuracies are shares, what does not exist is null.
        """
        try:
            published = [run for run in self.services.runs.list() if self.services.runs.is_published(run)]
            return comparison_report(comparisons(published))
        except REFUSALS as error:
            raise refusal(error) from error


def opened(image: FileData) -> Image.Image:
    """The picture that a program has uploaded."""
    try:
        # only what has this mark has been checked by Gradio to lie in its upload folder
        file = FileData.model_validate(image, context={"validate_meta": True})
    except ValidationError as error:
        raise gr.Error("image must be an uploaded file: handle_file(…)", print_exception=False) from error
    return decode(uploaded(file.path), file.orig_name)


def answered(found: inference.Prediction) -> dict[str, Any]:
    """What `/classify` says of a prediction."""
    return {
        "model": found.id,
        "labels": list(found.labels),
        "indices": list(found.indices),
        "probabilities": list(found.probabilities),
        "classes": list(found.classes),
    }


def refusal(error: Exception) -> gr.Error:
    """An error as Gradio sends it to programs, its sentence and nothing of this machine."""
    return gr.Error(str(error), print_exception=False)


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

"""Names of models: those that users trained, those that come with the project, and those with ImageNet's weights.

A name is what the model is, then, after " · ", its data and training, which figures show in grey (`dom.js`).
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from ..data.datasets import list_datasets
from ..data.own import OWN
from ..inference.classifier import Classifier
from ..library.datasets import is_available
from ..library.visitors import Visitor
from ..models import ModelSpec
from ..runs.comparison.results import PAPER
from ..runs.folder import RunFolder
from ..runs.index import RunIndex, created
from ..services import Services
from .text import Text


def choices(services: Services, text: Text, who: Visitor) -> list[tuple[str, str]]:
    """(title, id) of every model that this visitor can classify with, the default first."""
    return [(title(services, classifier, text), classifier.id) for classifier in services.catalogue.ready(who.ids)]


def title(services: Services, classifier: Classifier, text: Text) -> str:
    """What a model is called in lists and figures."""
    if classifier.run is None:
        return text("run.imagenet", network=classifier.spec.title)
    return run_title(services.runs, classifier.run, text)


def run_title(index: RunIndex, run: RunFolder, text: Text) -> str:
    """What a person called the run, else its network and data; with its date where users trained it, else with its
    length and seed, in which published runs differ."""
    words = {"network": network_title(run, text), "data": data_title(run.config.data, text)}
    found = text("run.titled", name=run.name, **words) if run.name else text("run.title", **words)
    if index.is_published(run):
        if run.config.unit == "epochs":
            epochs = run.config.length
            found = text("run.epoch" if epochs == 1 else "run.epochs", title=found, epochs=epochs)
        if run.config.seed:
            found = text("run.seed", title=found, seed=run.config.seed)
        return found
    date = datetime.fromtimestamp(created(run)).strftime("%Y-%m-%d %H:%M")
    return text("run.trained", title=found, date=date)


def network_title(run: RunFolder, text: Text) -> str:
    """The network with its shortcut option: "ResNet-20 A"; that it has no batch normalisation is said."""
    spec = run.config.model
    name = spec.title if spec.shortcut == "none" else text("run.shortcut", network=spec.title, shortcut=spec.shortcut)
    return name if spec.norm == "batch" else text("run.unnormalised", network=name)


def data_title(data: str, text: Text) -> str:
    """A data set's name for people; of own pictures not where they lie, and of uploaded ones only that they are own."""
    if data.startswith(OWN):
        return text("data.brought")
    return text.words.get(f"data.{data}", Path(data).stem)


def data_choices(services: Services, text: Text) -> list[tuple[str, str]]:
    """(title, name) of the data sets on this machine."""
    return [(data_title(name, text), name) for name in list_datasets() if is_available(services, name)]


def chart_style(spec: ModelSpec) -> str:
    """The look of a model among those of the page's charts: its shortcut option, or "plain"."""
    return "plain" if spec.shortcut == "none" else spec.shortcut


def chart_line(run: RunFolder, text: Text) -> dict[str, Any]:
    """A run as the chart knows it."""
    spec = run.config.model
    return {
        "id": run.id,
        "title": run.name or f"{network_title(run, text)}, {data_title(run.config.data, text)}",
        "style": chart_style(spec),
        "paper": PAPER.get((spec.name, spec.shortcut, run.config.data)),
    }

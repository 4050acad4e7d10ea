"""Networks to choose from, in words: what users trained, what is published, and those with ImageNet's weights."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ..inference.classifier import Classifier
from ..runs.folder import RunFolder
from ..runs.index import RunIndex, created
from ..services import Services
from .text import Text


def choices(services: Services, text: Text) -> list[tuple[str, str]]:
    """(title, id) of every network that can classify, the one to begin with first."""
    return [(title(services, classifier, text), classifier.id) for classifier in services.catalogue.ready()]


def title(services: Services, classifier: Classifier, text: Text) -> str:
    """What a network is called in lists and figures."""
    if classifier.run is None:
        return text("run.imagenet", network=classifier.spec.title)
    return run_title(services.runs, classifier.run, text)


def run_title(index: RunIndex, run: RunFolder, text: Text) -> str:
    """What a person called the run, else its network and data; with its date where users trained it."""
    spec = run.config.model
    network = spec.title
    if spec.shortcut != "none":
        network = text("run.shortcut", network=network, shortcut=spec.shortcut)
    words = {"network": network, "data": data_title(run.config.data, text)}
    found = text("run.titled", name=run.name, **words) if run.name else text("run.title", **words)
    if index.is_published(run):
        return text("run.published", title=found)
    date = datetime.fromtimestamp(created(run)).strftime("%Y-%m-%d %H:%M")
    return text("run.trained", title=found, date=date)


def data_title(data: str, text: Text) -> str:
    """A data set's name for people; of own pictures the folder's, not where it lies."""
    return text.words.get(f"data.{data}", Path(data).stem)

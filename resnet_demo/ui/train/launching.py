"""From a form to a run that waits for its turn: the data, the network it begins from, and the limits. No component."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from ...data.dataset import Dataset, DatasetInfo
from ...data.datasets import SHAPES, availability, dataset_info, list_datasets, load_dataset
from ...data.errors import refusal
from ...data.own import OWN
from ...engine.config import TrainConfig
from ...engine.initial import fit_initial
from ...engine.limits import check_limits
from ...inference.classifier import Classifier, from_run
from ...runs.folder import RunFolder
from ...runs.manager import Submitted
from ...services import Services
from ..visitor import NOBODY, Visitor
from .form import Form


def launch(services: Services, form: Form, who: Visitor) -> Submitted:
    """Queue the run that a form without problems describes; one of `ui.errors.REFUSALS` if it cannot be."""
    begins = services.catalogue.get(form.initial) if form.initial else None
    return submit(services, configured(form, begins), who, begins, processes=form.processes)


def submit(
    services: Services, config: TrainConfig, who: Visitor, begins: Classifier | None = None, processes: int = 1
) -> Submitted:
    """Queue a configuration on data that visitors may name."""
    check_data(services, config.data)
    return queue(services, config, who, begins, processes=processes)


def check_data(services: Services, data: str) -> None:
    """DataError unless it is a known data set or pictures that somebody brought: a visitor may name no path."""
    if data not in list_datasets() and not services.own.has(data):
        raise refusal("data.unknown", name=data[:80], known=", ".join(list_datasets()))


def go_on(services: Services, parent: RunFolder, length: float, unit: str, who: Visitor) -> Submitted:
    """Queue a child of a run, which begins from its weights and learns from the same data."""
    config = replace(parent.config, length=length, unit=unit, parent=parent.id, initial=parent.id)
    return queue(services, config, who, from_run(parent), name=parent.name)


def queue(
    services: Services,
    config: TrainConfig,
    who: Visitor,
    begins: Classifier | None,
    *,
    name: str = "",
    processes: int = 1,
) -> Submitted:
    """Fit a configuration to its data, bound it, and queue it."""
    services.manager.room.check(who.address)
    config = fitted(services, config, who)
    initial = values_of(begins, config) if begins else None
    return services.manager.submit(config, name=name, address=who.address, initial=initial, processes=processes)


def fitted(services: Services, config: TrainConfig, who: Visitor = NOBODY) -> TrainConfig:
    """The configuration fitted to its data, which must be on this machine, and within what may be trained here."""
    places = services.places
    if not (there := availability(config.data, places.data, places.cache)).ready:
        raise refusal("data.not_here", name=config.data, megabytes=there.megabytes)
    info = info_of(services, config, who)
    config = config.for_dataset(info)
    # without asking a GPU, which only workers may touch; they bound the memory of theirs
    precision = "auto" if config.precision == "fp16" else config.precision
    check_limits(replace(config, precision=precision), info, torch.device("cpu"))
    return config


def where(services: Services, config: TrainConfig) -> dict[str, Any]:
    """Arguments of `load_dataset` for the data set of a configuration."""
    places = services.places
    size = config.model.input_size
    return {"name": config.data, "data": places.data, "cache": places.cache, "own": services.own.root, "size": size}


def preparation(services: Services, config: TrainConfig, who: Visitor = NOBODY) -> Future[DatasetInfo] | None:
    """The work that puts the data set of a configuration into the cache, begun for `who`; None if it is there.

    One of `ui.errors.REFUSALS` if it is not on this machine or cannot be prepared, from here or from the future.
    """
    return services.preparing.begin(**where(services, config), address="" if who.local else who.address)


def dataset_of(services: Services, config: TrainConfig) -> Dataset:
    """The data set of a configuration, mapped from the cache; waits for what has to be put there first.

    One of `ui.errors.REFUSALS` if it is not on this machine or cannot be prepared.
    """
    if work := preparation(services, config):
        work.result()
        if problem := services.preparing.problem(**where(services, config)):
            raise problem
    if config.data.startswith(OWN):
        return services.own.load(config.data, config.model.input_size)
    return load_dataset(**where(services, config))


def info_of(services: Services, config: TrainConfig, who: Visitor = NOBODY) -> DatasetInfo:
    """What `dataset_of` says of the data set; of shapes at once, whether they have been drawn or not."""
    if config.data != SHAPES.name and (work := preparation(services, config, who)):
        return work.result()
    return dataset_info(**where(services, config))


def configured(form: Form, begins: Classifier | None) -> TrainConfig:
    """The form's configuration; where it begins from a network, that one's layout, and pictures normalised as there."""
    config = form.config()
    if begins is None:
        return config
    spec = begins.spec if begins.run else replace(begins.spec, input_size=form.size)
    seen = begins.preprocess
    return replace(config, model=spec, mean=seen.mean, std=seen.std, initial=begins.id)


def values_of(begins: Classifier, config: TrainConfig) -> dict[str, Tensor]:
    """The values to begin from: all of the other network's, the last layer's only where the classes are as many."""
    return fit_initial(begins.loader().state_dict(), config.model)

"""Queue runs: fit a configuration to its data, bound it, begin from weights. Must not depend on Gradio."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from ..data.datasets import availability, list_datasets
from ..data.errors import DataError
from ..engine.config import TrainConfig, Unit
from ..engine.initial import fit_initial
from ..engine.limits import check_limits
from ..inference.classifier import Classifier, from_run
from ..runs.folder import RunFolder
from ..runs.queue.executor import Executor
from ..runs.queue.manager import Submitted
from ..services import Services
from .datasets import info_of
from .visitors import NOBODY, Visitor


def submit(
    services: Services,
    config: TrainConfig,
    who: Visitor,
    begins: Classifier | None = None,
    processes: int = 1,
    executor: Executor | None = None,
) -> Submitted:
    """Queue a configuration on data that visitors may name. executor: what trains it elsewhere."""
    check_data(services, config.data)
    return queue(services, config, who, begins, processes=processes, executor=executor)


def check_data(services: Services, data: str) -> None:
    """DataError unless it is a known data set or uploaded images: a visitor may name no path."""
    if data not in list_datasets() and not services.own.has(data):
        raise DataError("data.unknown", name=data[:80], known=", ".join(list_datasets()))


def continue_run(
    services: Services, parent: RunFolder, length: float, unit: Unit, who: Visitor, data: str = ""
) -> Submitted:
    """Queue a child of a run, which begins from its weights and learns from the same data, or from `data`."""
    config = replace(
        parent.config, data=data or parent.config.data, length=length, unit=unit, parent=parent.id, initial=parent.id
    )
    return queue(services, config, who, from_run(parent), name=parent.name)


def queue(
    services: Services,
    config: TrainConfig,
    who: Visitor,
    begins: Classifier | None,
    *,
    name: str = "",
    processes: int = 1,
    executor: Executor | None = None,
) -> Submitted:
    """Fit a configuration to its data, bound it, and queue it."""
    services.manager.room.check(who.address)
    config = fitted(services, config, who)
    initial = values_of(begins, config) if begins else None
    return services.manager.submit(
        config, name=name, address=who.address, initial=initial, processes=processes, executor=executor
    )


def fitted(services: Services, config: TrainConfig, who: Visitor = NOBODY) -> TrainConfig:
    """The configuration fitted to its data, which must be on this machine, and within what may be trained here."""
    places = services.places
    if not (there := availability(config.data, places.data, places.cache)).ready:
        raise DataError("data.not_here", name=config.data, megabytes=there.megabytes)
    info = info_of(services, config, who)
    config = config.for_dataset(info)
    # without asking a GPU, which only workers may touch; they bound the memory of theirs
    precision = "auto" if config.precision == "fp16" else config.precision
    check_limits(replace(config, precision=precision), info, torch.device("cpu"))
    return config


def values_of(begins: Classifier, config: TrainConfig) -> dict[str, Tensor]:
    """The values to begin from: all of the other network's, the last layer's only where the classes are as many."""
    return fit_initial(begins.loader().state_dict(), config.model)

"""Data sets of runs: whether they are on this machine, and having them in the cache. Must not depend on Gradio."""

from __future__ import annotations

from asyncio import to_thread, wrap_future
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from ..data.dataset import Dataset, DatasetInfo
from ..data.datasets import SHAPES, availability, dataset_info, find_folder, list_datasets, load_dataset
from ..data.errors import DataError
from ..data.own import OWN
from ..engine.config import TrainConfig
from ..errors import Refusal
from ..processes import ProcessError
from ..runs.folder import RunFolder
from ..services import Services
from .runs import has_private_images
from .visitors import NOBODY, Visitor


def is_available(services: Services, data: str) -> bool:
    """Whether a data set needs no download. Own pictures were uploaded; a folder is there or it is not."""
    if data not in list_datasets():
        return data.startswith(OWN) or find_folder(data) is not None
    return availability(data, services.places.data, services.places.cache).ready


def dataset_arguments(services: Services, config: TrainConfig) -> dict[str, Any]:
    """Arguments of `load_dataset` for the data set of a configuration."""
    places = services.places
    size = config.model.input_size
    return {"name": config.data, "data": places.data, "cache": places.cache, "own": services.own.root, "size": size}


def begin_preparing(services: Services, config: TrainConfig, who: Visitor = NOBODY) -> Future[DatasetInfo] | None:
    """The work that puts the data set of a configuration into the cache, begun for `who`; None if it is there.

    One of `ui.errors.REFUSALS` if it is not on this machine or cannot be prepared, from here or from the future.
    """
    return services.preparing.begin(**dataset_arguments(services, config), address="" if who.local else who.address)


def is_preparing(services: Services, config: TrainConfig) -> bool:
    """Whether the data set of a configuration is on its way into the cache, which is begun if need be."""
    try:
        work = begin_preparing(services, config) if is_available(services, config.data) else None
    except (DataError, ProcessError, OSError):  # it cannot be, as `dataset_of` says
        return False
    return work is not None and not work.done()


async def await_prepared(services: Services, config: TrainConfig, who: Visitor = NOBODY) -> bool:
    """Wait, in no thread, until the data set of a configuration is in the cache, or cannot be.

    False if there was nothing to wait for: it was there, or it is not on this machine.
    """
    if not is_available(services, config.data):
        return False
    with suppress(DataError, ProcessError, OSError, Refusal):
        work = await to_thread(begin_preparing, services, config, who)
        if work is None:
            return False
        await wrap_future(work)
    return True


def dataset_of(services: Services, config: TrainConfig) -> Dataset:
    """The data set of a configuration, mapped from the cache; waits for what has to be put there first.

    One of `ui.errors.REFUSALS` if it is not on this machine or cannot be prepared.
    """
    if work := begin_preparing(services, config):
        work.result()
        if problem := services.preparing.problem(**dataset_arguments(services, config)):
            raise problem
    if config.data.startswith(OWN):
        return services.own.load(config.data, config.model.input_size)
    return load_dataset(**dataset_arguments(services, config))


def dataset_at_hand(services: Services, run: RunFolder | None, who: Visitor) -> tuple[Dataset | None, str]:
    """The data set that a run was trained on, for measurements that nobody waits for; else None, and why there is none:
    "absent" (no run, not on this machine, or somebody else's images) or "preparing". Errors are those of `dataset_of`.
    """
    if run is None or not is_available(services, run.config.data) or has_private_images(services, run, who):
        return None, "absent"
    if is_preparing(services, run.config):
        return None, "preparing"
    return dataset_of(services, run.config), ""


def info_of(services: Services, config: TrainConfig, who: Visitor = NOBODY) -> DatasetInfo:
    """What `dataset_of` says of the data set; of shapes at once, whether they have been drawn or not."""
    if config.data != SHAPES.name and (work := begin_preparing(services, config, who)):
        return work.result()
    return dataset_info(**dataset_arguments(services, config))

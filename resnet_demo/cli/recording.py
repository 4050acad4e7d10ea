"""What is measured inside a published run once and shipped with it: recorded into its folder and its manifest.

For the command `inside --record`. Must not depend on other commands.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import cast

import torch

from ..data.dataset import Dataset
from ..engine.evaluate import predict_logits
from ..inference.store import ModelStore
from ..inside.recorded import INSIDE
from ..inside.recorded import record as record_inside
from ..inside.surface import Slice, slice_2d, training_images
from ..inside.surface_file import NORMALIZATION, SURFACE, SurfaceRecord
from ..places import Places
from ..runs.exchange.publish import add_file
from ..runs.folder import RunError, RunFolder
from .data import load_data

RECORDED = (INSIDE, SURFACE)
IMAGES, POINTS, SEED = 256, 15, 0  # 57,600 forward passes of an image
Progress = Callable[[int, int], None]


def record(
    run: RunFolder, again: RunFolder | None, places: Places, only: str | None, progress: Progress
) -> tuple[str, ...]:
    """Record what belongs to a published run, or one of its files; the names of those that were written.

    again: the same configuration trained again (`sweep`), for the surface of a run that was published without weights;
    its other file is of published weights alone. only: one of RECORDED, None for all. progress: of each in turn.
    RunError if the run is not published, its weights are missing, or its data are not at hand.
    """
    run.published_manifest()
    names = (only,) if only else (SURFACE,) if again else RECORDED
    dataset = load_data(run.config.data, run.config.model.input_size, places)
    if dataset.fingerprint != run.config.fingerprint:
        raise RunError("other_files", run=run.id)
    if INSIDE in names:
        record_inside(run, ModelStore(1), dataset, progress)
    if SURFACE in names:
        add_file(run, SURFACE, surface_of(run, again, dataset, progress).content())
    return names


def surface_of(run: RunFolder, again: RunFolder | None, dataset: Dataset, progress: Progress) -> SurfaceRecord:
    """The slice around a run's weights, on some of the training images that its published predictions are about.

    again: see `record`; what is returned says so, and how far its answers are those that were published. ValueError if
    its configuration is another one.
    """
    config, source = run.config, again or run
    if source.config != config:
        raise ValueError(f"{source.id} has another configuration than {run.id}; accepted is that run, trained again")
    known = run.predictions_on("train")
    images, labels, rows = training_images(dataset.train, known.rows, config.mean, config.std, IMAGES)
    model = source.load_model().to(memory_format=torch.channels_last)
    plane = cast(Slice, slice_2d(model, images, labels, points=POINTS, seed=SEED, progress=progress))  # not cancelled
    published = known.restricted_to(rows).predicted
    pixels = torch.from_numpy(dataset.train.images[rows])
    mean, std = torch.tensor(config.mean), torch.tensor(config.std)
    answers = predict_logits(model, pixels, torch.arange(len(rows)), mean, std).argmax(1).numpy()
    words = ["python -m resnet_demo inside --record", shlex.quote(f"weights/{run.id}"), f"--only {SURFACE}"]
    words += ["--weights", shlex.quote(f"runs/{again.id}")] if again else []
    return SurfaceRecord(
        plane=plane,
        weights="trained again" if again else "published",
        agreement=float((answers == published).mean()),
        normalization=NORMALIZATION,
        command=" ".join(words),
    )

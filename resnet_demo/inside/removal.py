"""What a network still recognises without one of its blocks, and with any cuts.

Source: Veit et al. 2016, "Residual Networks Behave Like Ensembles of Relatively Shallow Networks" (arXiv:1605.06431),
section 4.1 and figure 3: one block at a time is removed from a trained network, its shortcut is left, nothing is
trained again. Of a plain network the block is removed, and its input passed on as `models.cuts` says.

The model is shared: its lock is held for one pass of one batch at a time, and cuts are made and undone inside, so that
others wait for a fraction of a second and never see a cut. Must not depend on pages or on where the images come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..inference.store import LoadedModel
from ..models import ResNet
from ..models.cuts import BRANCH, check_cuts, cut
from .walk import BATCH, batches, blocks


@dataclass(frozen=True)
class RemovalCurve:
    """accuracy: of the network as it is, 0 … 1. blocks: from the input on. accuracies: without each one.
    rows: images that they are measured on; without any, accuracies are NaN."""

    accuracy: float
    blocks: tuple[str, ...]
    accuracies: tuple[float, ...]
    rows: int


@dataclass(frozen=True)
class Score:
    """correct: right answers. rows: images."""

    correct: int
    rows: int

    def __add__(self, other: Score) -> Score:
        """The score over the images of both."""
        return Score(self.correct + other.correct, self.rows + other.rows)

    @property
    def accuracy(self) -> float:
        """Share of right answers, 0 … 1; NaN for no images."""
        return self.correct / self.rows if self.rows else float("nan")


def removal_curve(
    loaded: LoadedModel,
    images: np.ndarray,
    labels: np.ndarray,
    mean: tuple[float, ...],
    std: tuple[float, ...],
    *,
    batch: int = BATCH,
    progress: Callable[[int, int], None] = lambda done, of: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> RemovalCurve:
    """The accuracy without each block in turn, on images, uint8 (n, H, W, C), with labels, int (n,).

    mean, std: the network's. batch: images at once, for which the model's lock is held a pass; of large images take
    fewer. A batch goes through the network once; at each block it also goes on without it, so that half of the blocks
    are computed as if each network was run from its beginning. progress: told (passes done, in all), a pass for each
    block and batch. cancelled: asked before each pass; where it says so, the curve is that of the batches before.
    """
    model = loaded.model
    names = [name for name, _ in blocks(model)]
    correct = np.zeros(len(names) + 1, np.int64)
    rows, done, of = 0, 0, -(-len(images) // batch) * len(names)
    for part, x in batches(images, mean, std, batch):
        counted = np.zeros_like(correct)
        with loaded.lock, torch.inference_mode():
            x = model.maxpool(model.stem(x))
        for number, name in enumerate(names):
            if cancelled():
                return _curve(names, correct, rows)
            with loaded.lock, torch.inference_mode():
                with cut(model, [f"{name}.{BRANCH}"]):
                    counted[number] = _correct(_finish(model, x, number), labels[part])
                x = model.get_submodule(name)(x)
            done += 1
            progress(done, of)
        with loaded.lock, torch.inference_mode():
            counted[-1] = _correct(model.head(x), labels[part])
        correct += counted
        rows += len(x)
    return _curve(names, correct, rows)


def _finish(model: ResNet, x: Tensor, first: int) -> Tensor:
    """The logits that follow from the input of block number `first`."""
    for _, block in blocks(model)[first:]:
        x = block(x)
    return model.head(x)


def _curve(names: list[str], correct: np.ndarray, rows: int) -> RemovalCurve:
    *without, complete = (Score(int(count), rows).accuracy for count in correct)
    return RemovalCurve(complete, tuple(names), tuple(without), rows)


def accuracy_with_cuts(
    loaded: LoadedModel,
    images: np.ndarray,
    labels: np.ndarray,
    mean: tuple[float, ...],
    std: tuple[float, ...],
    cuts: Iterable[str] = (),
    *,
    batch: int = BATCH,
    progress: Callable[[int, int], None] = lambda done, of: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Score:
    """Right answers with what is cut, of `models.cuts.possible_cuts`; other arguments as of `removal_curve`.

    progress: told (images, in all). cancelled: asked before each batch; where it says so, the score is that of the
    images so far. Raises Refusal for cuts that the network does not have.
    """
    cuts = check_cuts(loaded.model.spec, cuts)
    score = Score(0, 0)
    for part, x in batches(images, mean, std, batch):
        if cancelled():
            break
        with loaded.lock, torch.inference_mode(), cut(loaded.model, cuts):
            logits = loaded.model(x)
        score = Score(score.correct + _correct(logits, labels[part]), score.rows + len(x))
        progress(score.rows, len(images))
    return score


def _correct(logits: Tensor, labels: np.ndarray) -> int:
    """How many are right, in half precision as in a run's own evaluation, so that ties are broken in the same way."""
    return int((logits.half().numpy().argmax(1) == labels).sum())

"""A network's logits for rows of a data set, in evaluation mode, and the accuracy that follows.

Must not depend on runs or on how the network was trained.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import nn

from ..data.augment import normalise
from ..data.dataset import Dataset, Split
from ..metrics import Interval, softmax, wilson
from ..models.resnet import ResNet

AUTOCAST = {"bf16": torch.bfloat16, "fp16": torch.float16}
TRAINING_SAMPLE = 5_000
BATCH = 500


@dataclass(frozen=True)
class Predictions:
    """Logits on rows of one split. logits: float16 (n, classes). labels, rows: int64 (n,); row numbers of the split.
    best: None, or how many of each row's largest logits are known (`from_best`).

    Half precision is what a run keeps; counting right answers in anything finer would break ties that the kept
    file does not, and two places would show two accuracies.
    """

    logits: np.ndarray
    labels: np.ndarray
    rows: np.ndarray
    best: int | None = None

    @staticmethod
    def from_best(
        top: np.ndarray, probabilities: np.ndarray, labels: np.ndarray, rows: np.ndarray, classes: int
    ) -> Predictions:
        """Predictions of which only the first k classes are kept. top: integers (n, k), the most probable first.
        probabilities: float16 (n, k), theirs.

        Logits are float32: their softmax gives the kept probabilities in their order, and to each other class the same
        share of what is left, which stands for no measurement.
        """
        n, k = top.shape
        order = 1 - np.arange(k) * 2.0**-16  # keeps apart what half precision rounds to one number, or to none
        kept = np.fmax(probabilities.astype(np.float64), 1e-30) * order
        left = np.maximum(1 - kept.sum(1), 1e-32) / max(classes - k, 1)
        each = np.minimum(left, kept[:, -1] * (1 - 2.0**-16))
        spread = np.repeat(each[:, None], classes, axis=1)
        np.put_along_axis(spread, top.astype(np.int64), kept, axis=1)
        return Predictions(np.log(spread).astype(np.float32), labels, rows, k if k < classes else None)

    def top(self, k: int) -> tuple[np.ndarray, np.ndarray]:
        """The first k classes of each row, int64 (n, k), and their probabilities, float32 (n, k), as `from_best` takes
        them; of equal logits the class with the lower number comes first."""
        classes = np.argsort(-self.logits.astype(np.float32), axis=1, kind="stable")[:, :k]
        return classes, np.take_along_axis(softmax(self.logits), classes, axis=1)

    @property
    def predicted(self) -> np.ndarray:
        """The class with the largest logit, int64 (n,)."""
        return self.logits.argmax(1).astype(np.int64)

    @property
    def correct(self) -> int:
        """How many rows have their label as the largest logit."""
        return int((self.predicted == self.labels).sum())

    @property
    def accuracy(self) -> float:
        """Share of right answers, 0 … 1; NaN for no rows."""
        return self.correct / len(self.rows) if len(self.rows) else float("nan")

    def interval(self) -> Interval:
        """The 95 % Wilson interval of the accuracy, 0 … 1."""
        return wilson(self.correct, len(self.rows))

    def restricted_to(self, rows: np.ndarray) -> Predictions:
        """The predictions whose row is among `rows`."""
        keep = np.isin(self.rows, rows)
        return replace(self, logits=self.logits[keep], labels=self.labels[keep], rows=self.rows[keep])


def predict_logits(
    model: nn.Module,
    images: torch.Tensor,
    rows: torch.Tensor,
    mean: torch.Tensor,
    std: torch.Tensor,
    precision: str = "fp32",
    batch: int = BATCH,
) -> torch.Tensor:
    """Logits float32 (n, classes) for uint8 images (N, H, W, C) at `rows` (n,); everything on one device.

    The model is put into evaluation mode for the time being and left in the mode it was found in.
    """
    with torch.inference_mode():
        return _outputs(model, model, images, rows, mean, std, precision, batch).float()


def compute_features(
    model: ResNet,
    images: torch.Tensor,
    rows: torch.Tensor,
    mean: torch.Tensor,
    std: torch.Tensor,
    precision: str = "fp32",
    batch: int = BATCH,
) -> torch.Tensor:
    """What the last layer is given, (n, channels), bit for bit as within `predict_logits`; in the type that
    `precision` computes it in. It can be trained on."""
    with torch.no_grad():  # of inference mode nothing can be trained on
        return _outputs(model, model.pooled, images, rows, mean, std, precision, batch)


def _outputs(
    model: nn.Module,
    compute: Callable[[torch.Tensor], torch.Tensor],
    images: torch.Tensor,
    rows: torch.Tensor,
    mean: torch.Tensor,
    std: torch.Tensor,
    precision: str,
    batch: int,
) -> torch.Tensor:
    """What `compute`, a part of `model`, gives for normalised images, a batch at a time."""
    was_training = model.training
    model.eval()
    try:
        outputs = []
        for part in rows.split(batch):
            x = normalise(images[part], mean, std).permute(0, 3, 1, 2)
            with autocast(images.device, precision):
                outputs.append(compute(x))
        return torch.cat(outputs) if outputs else torch.empty(0, 0)
    finally:
        model.train(was_training)


def autocast(device: torch.device, precision: str) -> torch.autocast:
    """A context in which networks compute in `precision`."""
    return torch.autocast(device.type, AUTOCAST.get(precision), enabled=precision in AUTOCAST)


def predict_split(
    model: nn.Module,
    split: Split,
    rows: np.ndarray,
    mean: tuple[float, ...],
    std: tuple[float, ...],
    device: torch.device,
    say: Callable[[int, int], None] = lambda done, of: None,
) -> Predictions:
    """Predictions, computed in fp32, on `rows` of `split`, a thousand at a time so that nothing large is held twice."""
    model = model.to(device).to(memory_format=torch.channels_last)
    mean_, std_ = torch.tensor(mean, device=device), torch.tensor(std, device=device)
    logits = []
    for start in range(0, len(rows), 1000):
        images = torch.from_numpy(split.images[rows[start : start + 1000]]).to(device)
        everything = torch.arange(len(images), device=device)
        logits.append(predict_logits(model, images, everything, mean_, std_).cpu().numpy())
        say(min(start + 1000, len(rows)), len(rows))
    return Predictions(np.concatenate(logits).astype(np.float16), split.labels[rows], np.asarray(rows, np.int64))


def evaluation_rows(dataset: Dataset, split_seed: int) -> dict[str, tuple[Split, np.ndarray]]:
    """The sets that a run is evaluated on: "test" (where there is one), "validation", and "train".

    "train" is at most 5,000 rows, spread evenly over the rows trained on: fixed, for overfitting is seen
    beside them.
    """
    train_rows, validation_rows = dataset.split_rows(split_seed)
    sample = train_rows[np.linspace(0, len(train_rows) - 1, min(TRAINING_SAMPLE, len(train_rows))).round().astype(int)]
    sets = {"validation": (dataset.train, validation_rows), "train": (dataset.train, sample)}
    if dataset.test is not None:
        sets = {"test": (dataset.test, np.arange(len(dataset.test), dtype=np.int64)), **sets}
    return sets

"""How fast the training loop is beside the loop that is usually written, measured in the same process, alternating.

The usual loop: a `DataLoader` with worker processes, which crop, mirror, normalise and stack one picture after the
other with torchvision's transforms; pictures in NCHW and fp32; loss and right answers fetched with `.item()` at each
step. Same network, batch, optimizer, augmentation and threads. With `precision="fp32"` the two compute alike, else the
ratio includes what the loop's precision gains. Must not depend on how the numbers are printed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median

import torch
import torch.nn.functional as F
from PIL import Image
from torch.utils.data import DataLoader
from torchvision import transforms

from ..data.dataset import Dataset
from ..engine.config import TrainConfig
from ..engine.device import synchronise
from ..engine.train import train
from ..models import build_model
from .loop import loop_rate, random_dataset


@dataclass(frozen=True)
class UsualSpeed:
    """loop, usual: images/s, medians over the rounds. ratio: median of the rounds' ratios loop / usual. warm_up:
    seconds until the loop's first report, compiling included."""

    loop: float
    usual: float
    ratio: float
    ratios: tuple[float, ...]
    warm_up: float


def measure_usual(
    config: TrainConfig,
    device: torch.device,
    *,
    workers: int = 2,
    steps: int = 20,
    rounds: int = 7,
    say: Callable[[str], None] = print,
) -> UsualSpeed:
    """Alternate `rounds` times between `steps` steps of the training loop and of the usual one.

    `config.compile` and `config.precision` are for the training loop; the usual one is never compiled and in fp32.
    workers: processes that load pictures; they start anew for each round, and as many steps as they have prepared
    batches in advance do not count, so that neither loop runs on what was done in the other's time. One round of each
    warms up and does not count.
    """
    if config.threads:
        torch.set_num_threads(config.threads)
    ahead = 2 * workers + 2  # what DataLoader has prepared and being prepared when a step asks for a batch
    batches = max(steps * (rounds + 2) * 10 // 9 + 10, steps + ahead)
    dataset = random_dataset(config, rows=config.batch_size * batches)
    config = replace(config, length=10_000_000, unit="steps", checkpoint_seconds=3600).for_dataset(dataset)
    usual = _usual_steps(config, dataset, device, workers, ahead)
    events = train(config, dataset, device=device)
    loops, usuals = [], []
    began = time.perf_counter()
    warm_up = 0.0
    for number in range(rounds + 1):
        loop = loop_rate(events, steps, config.batch_size)
        warm_up = warm_up or time.perf_counter() - began
        other = usual(steps)
        if number:
            loops.append(loop)
            usuals.append(other)
            say(f"round {number}: loop {loop:,.0f}, usual {other:,.0f} images/s, {loop / other:.2f}")
    events.close()
    ratios = tuple(one / other for one, other in zip(loops, usuals, strict=True))
    return UsualSpeed(median(loops), median(usuals), median(ratios), ratios, warm_up)


class Pictures(torch.utils.data.Dataset):
    """Pictures as torchvision's data sets give them: one by one through PIL and a list of transforms."""

    def __init__(self, config: TrainConfig, dataset: Dataset):
        size, drawn = config.model.input_size, config.augmentation
        steps = [transforms.RandomCrop(size, padding=drawn.pad)] if drawn.pad else []
        steps += [transforms.RandomHorizontalFlip()] if drawn.flip else []
        steps += [transforms.ToTensor(), transforms.Normalize(config.mean, config.std)]
        self.images, self.labels, self.transform = dataset.train.images, dataset.train.labels, transforms.Compose(steps)

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, row: int) -> tuple[torch.Tensor, int]:
        image = self.images[row]
        return self.transform(Image.fromarray(image if image.shape[-1] > 1 else image[..., 0])), int(self.labels[row])


def _usual_steps(
    config: TrainConfig, dataset: Dataset, device: torch.device, workers: int, ahead: int
) -> Callable[[int], float]:
    """A function that does n usual steps and returns images/s."""
    model = build_model(config.model, seed=config.seed).to(device).train()
    optimizer = torch.optim.SGD(
        model.parameters(), config.lr, config.momentum, nesterov=config.nesterov, weight_decay=config.weight_decay
    )
    loader = DataLoader(
        Pictures(config, dataset), config.batch_size, shuffle=True, drop_last=True, num_workers=workers,
        pin_memory=device.type == "cuda",
    )  # fmt: skip

    def step(pictures: torch.Tensor, labels: torch.Tensor) -> tuple[float, int]:
        pictures, labels = pictures.to(device, non_blocking=True), labels.to(device, non_blocking=True)
        optimizer.zero_grad()
        logits = model(pictures)
        loss = F.cross_entropy(logits, labels, label_smoothing=config.label_smoothing)
        loss.backward()
        optimizer.step()
        return loss.item(), (logits.argmax(1) == labels).sum().item()

    def measure(steps: int) -> float:
        batches = iter(loader)
        for _ in range(ahead):
            step(*next(batches))
        synchronise(device)
        began = time.perf_counter()
        for _ in range(steps):
            step(*next(batches))
        synchronise(device)
        return steps * config.batch_size / (time.perf_counter() - began)

    return measure

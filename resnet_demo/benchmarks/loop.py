"""How fast the training loop is, as ratios against a reference measured in the same process, alternating.

Nothing else should run on the machine meanwhile. Must not depend on how the numbers are printed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from statistics import median

import numpy as np
import torch
import torch.nn.functional as F

from ..data.augment import augment, normalise, plan_epoch
from ..data.dataset import Dataset, Split
from ..engine.config import TrainConfig
from ..engine.device import pick_precision, synchronise
from ..engine.evaluate import AUTOCAST
from ..engine.events import StepMetrics
from ..engine.train import train
from ..models import build_model

CIFAR_ROWS = 50_000
SAMPLE = 10  # one picture in so many is augmented for the measurement


@dataclass(frozen=True)
class LoopSpeed:
    """loop, bare: images/s, medians over the rounds. ratio: median of the rounds' ratios loop / bare.

    augmentation: seconds that normalising and augmenting 50,000 pictures takes, as a share of an epoch of the
    loop.
    """

    loop: float
    bare: float
    ratio: float
    ratios: tuple[float, ...]
    augmentation: float


def measure_loop(
    config: TrainConfig,
    device: torch.device,
    *,
    steps: int = 20,
    rounds: int = 7,
    say: Callable[[str], None] = print,
) -> LoopSpeed:
    """Alternate `rounds` times between `steps` steps of the training loop and of the bare network.

    Bare is forward, loss, backward and optimizer step of the same network on one resident batch of random
    numbers, with the same precision, memory format, compilation and threads. The loop does all that a run
    does, augmentation, reports and bookkeeping included; one round of each warms up and does not count.
    """
    if config.threads:
        torch.set_num_threads(config.threads)
    dataset = random_dataset(config, rows=config.batch_size * steps * (rounds + 2) * 10 // 9 + 10 * config.batch_size)
    config = replace(config, length=10_000_000, unit="steps", checkpoint_seconds=3600).for_dataset(dataset)
    bare = _bare_steps(config, device)
    events = train(config, dataset, device=device)
    loops, bares = [], []
    for number in range(rounds + 1):
        loop, other = loop_rate(events, steps, config.batch_size), bare(steps)
        if number:
            loops.append(loop)
            bares.append(other)
            say(f"round {number}: loop {loop:,.0f}, bare {other:,.0f} images/s, {loop / other:.3f}")
    events.close()
    ratios = tuple(one / other for one, other in zip(loops, bares, strict=True))
    share = _augmentation_seconds(config, dataset, device) / (CIFAR_ROWS / median(loops))
    return LoopSpeed(median(loops), median(bares), median(ratios), ratios, share)


def random_dataset(config: TrainConfig, rows: int) -> Dataset:
    """`rows` pictures of noise in the size that the network takes, with random labels; a tenth is for validation."""
    size, channels = config.model.input_size, config.model.in_channels
    random = np.random.RandomState(0)
    images = random.randint(0, 256, (rows, size, size, channels)).astype(np.uint8)
    labels = random.randint(0, config.model.num_classes, rows).astype(np.int64)
    names = tuple(map(str, range(config.model.num_classes)))
    return Dataset("random", names, Split(images, labels), None, (0.5,) * channels, (0.25,) * channels, "random")


def loop_rate(events: Iterator, steps: int, batch: int) -> float:
    """Images/s of the next reports that make up at least `steps` steps, everything between them included."""
    first, done = None, 0
    began = time.perf_counter()
    for event in events:
        if isinstance(event, StepMetrics):
            if first is None:  # the first report may begin with work that belongs to no step
                first, began = event.step, time.perf_counter()
            done = event.step - first
            if done >= steps:
                break
    return done * batch / (time.perf_counter() - began)


def _bare_steps(config: TrainConfig, device: torch.device) -> Callable[[int], float]:
    """A function that does n bare steps and returns images/s."""
    precision = pick_precision(config.precision, device)
    model = build_model(config.model, seed=config.seed).to(device).to(memory_format=torch.channels_last).train()
    network = torch.compile(model, dynamic=False) if config.compile else model
    optimizer = torch.optim.SGD(
        model.parameters(), config.lr, config.momentum, nesterov=config.nesterov, weight_decay=config.weight_decay,
        foreach=True,
    )  # fmt: skip
    shape = (config.batch_size, config.model.in_channels, config.model.input_size, config.model.input_size)
    pictures = torch.randn(shape, device=device).to(memory_format=torch.channels_last)
    labels = torch.randint(0, config.model.num_classes, shape[:1], device=device)

    def measure(steps: int) -> float:
        synchronise(device)
        began = time.perf_counter()
        for _ in range(steps):
            with torch.autocast(device.type, AUTOCAST.get(precision), enabled=precision in AUTOCAST):
                logits = network(pictures)
            F.cross_entropy(logits.float(), labels).backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        synchronise(device)
        return steps * config.batch_size / (time.perf_counter() - began)

    return measure


def _augmentation_seconds(config: TrainConfig, dataset: Dataset, device: torch.device) -> float:
    """Seconds for planning one epoch of 50,000 pictures, and for normalising and augmenting them batch by batch,
    the latter from a tenth of the batches."""
    images = torch.from_numpy(dataset.train.images[: config.batch_size]).to(device)
    mean, std = torch.tensor(config.mean, device=device), torch.tensor(config.std, device=device)
    took = []
    for _ in range(3):
        synchronise(device)
        began = time.perf_counter()
        plan = plan_epoch(CIFAR_ROWS, config.model.input_size, config.augmentation, 0, 0).to(device)
        synchronise(device)
        planned = time.perf_counter()
        for start in range(0, CIFAR_ROWS - config.batch_size + 1, config.batch_size * SAMPLE):
            part = plan[start : start + config.batch_size]
            augment(normalise(images[part.order % config.batch_size], mean, std), part, config.augmentation)
        synchronise(device)
        took.append(planned - began + SAMPLE * (time.perf_counter() - planned))
    return median(took)

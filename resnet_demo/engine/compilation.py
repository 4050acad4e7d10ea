"""Whether compiling a network pays, what it cost the last time, and compiling itself, which may fail.

`decide` is called when a configuration is made; the decision travels with the run, so that it is resumed as it was
begun. Must not depend on where measurements are kept, which is an argument.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import cast

import torch
from torch import nn

from .config import TrainConfig
from .device import hardware_name, pick_precision, synchronise, versions
from .evaluate import AUTOCAST

WORTH = 10  # a run has to last so many times as long as compiling its network takes
ASSUMED = 120.0  # seconds of compiling where none has been measured: more than the first ResNet-56 on two cores takes
FOLDER = "timings"


@dataclass(frozen=True)
class Timing:
    """What a network took on this machine the last time; None where that is not known.

    compile_seconds: until its first step, compiled, had been done; infinite where that failed. images_per_second: of
    training.
    """

    compile_seconds: float | None = None
    images_per_second: float | None = None


@dataclass(frozen=True)
class Compiled:
    """network: what to train with, compiled or, where that failed, as it was. seconds: what compiling and the first
    step took; infinite where it failed. notice: a sentence where it failed, else ""."""

    network: nn.Module
    seconds: float
    notice: str = ""


def worth_compiling(
    config: TrainConfig, device: torch.device, cost: float | None, *, rate: float | None = None, rows: int = 0
) -> bool:
    """Whether the run lasts more than WORTH times as long as compiling takes, on a device where compiling helps.

    cost: seconds that compiling took the last time, None for ASSUMED. rate: images/s and rows: training pictures, by
    which a length in steps or epochs becomes one in seconds; with a rate that is not known it does not pay.
    Never on a CPU in bf16, where PyTorch's own kernels are faster (ResNet-20, batch 128, two cores: 930 images/s, and
    883 compiled; in fp32 450, and 659 compiled), nor on MPS, for which compiling is a prototype.
    """
    if device.type == "mps" or (device.type == "cpu" and pick_precision(config.precision, device) == "bf16"):
        return False
    return budget_seconds(config, rate, rows) > WORTH * (ASSUMED if cost is None else cost)


def budget_seconds(config: TrainConfig, rate: float | None = None, rows: int = 0) -> float:
    """How long the run will train, as far as that is known: 0 where it is not."""
    if config.unit == "seconds":
        return config.length
    pictures = config.length * (config.batch_size if config.unit == "steps" else rows)
    return pictures / rate if rate else 0.0


def decide(config: TrainConfig, device: torch.device, cache: Path, rows: int) -> TrainConfig:
    """The configuration with `compile` set by `worth_compiling`, after what is remembered in `cache`."""
    measured = remembered(cache, config, device)
    worth = worth_compiling(config, device, measured.compile_seconds, rate=measured.images_per_second, rows=rows)
    return replace(config, compile=worth)


def compile_network(model: nn.Module, step: Callable[[nn.Module], object], device: torch.device) -> Compiled:
    """Compile `model` by doing one training step with it; where that fails, it stays as it is and a sentence says why.

    step: does forward and backward with the network it is given. An error that is not the compiler's comes again when
    the step is done with `model` itself, and is raised then.
    """
    began = time.perf_counter()
    network = cast(nn.Module, torch.compile(model, dynamic=False))  # declared as what compiling functions gives
    try:
        step(network)
    except Exception as error:  # of dynamo, of inductor, of the C++ compiler, of Triton: there is no common class
        step(model)
        detail = " ".join(str(error).split())[:120].rstrip(".")
        sentence = f"The network could not be compiled for {device.type} here and trains uncompiled: {detail}."
        return Compiled(model, math.inf, sentence)
    synchronise(device)
    return Compiled(network, time.perf_counter() - began)


def training_step(config: TrainConfig, device: torch.device) -> Callable[[nn.Module], object]:
    """A step for `compile_network`: forward and backward on zeros, in the precision of `config`."""
    precision, spec = pick_precision(config.precision, device), config.model
    # in memory as in the loop: other strides compile anew
    shape = (config.batch_size, spec.input_size, spec.input_size, spec.in_channels)
    pictures = torch.zeros(shape, device=device).permute(0, 3, 1, 2)

    def step(network: nn.Module) -> None:
        with torch.autocast(device.type, AUTOCAST.get(precision), enabled=precision in AUTOCAST):
            logits = network(pictures)
        logits.float().sum().backward()

    return step


def remembered(cache: Path, config: TrainConfig, device: torch.device) -> Timing:
    """What `remember` was last told about such a run on this machine."""
    try:
        values = json.loads(_file(cache, config, device).read_text(encoding="utf-8"))
        return Timing(**{name: float(value) for name, value in values.items() if value is not None})
    except (OSError, ValueError, TypeError, AttributeError):  # nobody has measured, or the file is another version's
        return Timing()


def remember(
    cache: Path,
    config: TrainConfig,
    device: torch.device,
    *,
    compile_seconds: float | None = None,
    images_per_second: float | None = None,
) -> None:
    """Keep what was measured, in place of what is known; a cache that cannot be written is no reason to fail."""
    given = {"compile_seconds": compile_seconds, "images_per_second": images_per_second}
    known = asdict(remembered(cache, config, device)) | {name: v for name, v in given.items() if v is not None}
    path = _file(cache, config, device)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, scratch = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(known, file)
            os.replace(scratch, path)
        finally:
            Path(scratch).unlink(missing_ok=True)  # Windows replaces no file that somebody reads
    except OSError:
        return


def _file(cache: Path, config: TrainConfig, device: torch.device) -> Path:
    """One file for each network, batch, precision, device and versions: what compiling and training depend on."""
    key = {
        "model": config.model.to_dict(),
        "batch": config.batch_size,
        "precision": pick_precision(config.precision, device),
        "freeze": config.freeze,
        "device": hardware_name(device, config.threads),  # asked for before the loop has set them, too
        "versions": versions(),
    }
    name = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:24]
    return cache / FOLDER / f"{name}.json"

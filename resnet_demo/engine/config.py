"""What a run is asked to do: one frozen `TrainConfig`, its presets, and its JSON form.

It knows nothing of devices, files or data; what depends on the data (classes, mean, std, fingerprint) is
filled in by `for_dataset` and travels with the run, so that a run is all that Classify needs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from ..data.augment import Augmentation
from ..data.dataset import Dataset, DatasetInfo
from ..data.own import OWN
from ..models import ModelSpec
from .schedule import SCHEDULES
from .unfit import Unfit

UNITS = ("epochs", "steps", "seconds")
PRECISIONS = ("auto", "fp32", "bf16", "fp16")


def _check(field: str, value: Any, ok: bool, allowed: str) -> None:
    if not ok:
        raise ValueError(f"{field} must be {allowed}, not {value!r}")


def _number(field: str, value: Any, low: float, high: float, unit: str = "") -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    _check(field, value, number and low <= value <= high, f"a number from {low:g} to {high:g}{unit}")


def _whole(field: str, value: Any, low: int, high: int, unit: str = "") -> None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    _check(field, value, whole and low <= value <= high, f"a whole number from {low} to {high}{unit}")


@dataclass(frozen=True)
class TrainConfig:
    """Everything that decides what a run does. A wrong value raises ValueError: field, value, what is
    allowed.

    model: the network. data: name or path given to `load_dataset`.
    length, unit: how long, in "epochs", "steps" or "seconds".
    batch_size: pictures a step, over all processes together. lr: peak learning rate of SGD.
    schedule, warmup: see `schedule.learning_rate`. momentum, nesterov, weight_decay: of SGD; the decay
    applies to every parameter, as in the paper. label_smoothing: 0 … 1.
    augmentation: pad, flip, cutout. seed: of the initial values, the order and the augmentation.
    split_seed: which training rows are held out for validation; independent of `seed`.
    precision: "auto" (bf16 where the processor computes in it, else fp32; fp16 is for CUDA only).
    compile: run the network through torch.compile. threads: CPU threads, 0 for PyTorch's choice.
    checkpoint_seconds: at most so long between two checkpoints (one follows each epoch as well).
    preset, parent: where the values came from; the run that this one continues.
    initial: for people: the run, file or network that the initial values come from; "" for those of `seed`.
    freeze: train the last layer only; batch normalisation then keeps its statistics.
    race: equal for the runs that train together as one race (`train.race`), "" for a run by itself.
    classes, mean, std, preprocessing, fingerprint: of the data set (`for_dataset`).
    """

    model: ModelSpec
    data: str = "shapes"
    length: float = 1.0
    unit: str = "epochs"
    batch_size: int = 128
    lr: float = 0.1
    schedule: str = "onecycle"
    warmup: float = 0.2
    momentum: float = 0.9
    nesterov: bool = True
    weight_decay: float = 5e-4
    label_smoothing: float = 0.0
    augmentation: Augmentation = Augmentation()
    seed: int = 0
    split_seed: int = 0
    precision: str = "auto"
    compile: bool = False
    threads: int = 0
    checkpoint_seconds: float = 30.0
    preset: str = ""
    parent: str = ""
    initial: str = ""
    freeze: bool = False
    race: str = ""
    classes: tuple[str, ...] = ()
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    preprocessing: str = "square"
    fingerprint: str = ""

    def __post_init__(self) -> None:
        for name in ("classes", "mean", "std"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        _check("model", self.model, isinstance(self.model, ModelSpec), "a ModelSpec")
        _check("unit", self.unit, self.unit in UNITS, " or ".join(UNITS))
        if self.unit == "steps":
            _whole("length", self.length, 1, 10_000_000, " steps")
        else:
            _number(
                "length",
                self.length,
                0.001,
                86_400 * 7 if self.unit == "seconds" else 10_000,
                f" {self.unit}",
            )
        _whole("batch_size", self.batch_size, 1, 65_536, " pictures")
        _number("lr", self.lr, 0, 100)
        _check("schedule", self.schedule, self.schedule in SCHEDULES, " or ".join(SCHEDULES))
        _number("warmup", self.warmup, 0, 0.9, " (a share of the run)")
        _number("momentum", self.momentum, 0, 0.9999)
        _check("nesterov", self.nesterov, not self.nesterov or self.momentum > 0, "off where momentum is 0")
        _number("weight_decay", self.weight_decay, 0, 1)
        _number("label_smoothing", self.label_smoothing, 0, 0.9)
        _whole("seed", self.seed, 0, 2**32 - 1)
        _whole("split_seed", self.split_seed, 0, 2**32 - 1)
        _check("precision", self.precision, self.precision in PRECISIONS, " or ".join(PRECISIONS))
        _whole("threads", self.threads, 0, 1024)
        _number("checkpoint_seconds", self.checkpoint_seconds, 0, 3600, " seconds")
        _check("initial", self.initial, isinstance(self.initial, str), "a name")
        _check("freeze", self.freeze, isinstance(self.freeze, bool), "true or false")
        _check("race", self.race, isinstance(self.race, str), "a name")
        if self.classes and len(self.classes) != self.model.num_classes:
            raise ValueError(
                f"the network has {self.model.num_classes} outputs, but there are {len(self.classes)} classes"
            )
        for name, low, allowed in (("mean", -math.inf, "finite numbers"), ("std", 0.0, "finite numbers above 0")):
            values, channels = getattr(self, name), self.model.in_channels
            if (self.mean or self.std) and len(values) != channels:
                raise ValueError(f"{name} must be {channels} numbers, one a channel, not {len(values)}")
            _check(name, values, all(math.isfinite(v) and v > low for v in values), allowed)

    def for_dataset(self, dataset: Dataset | DatasetInfo) -> TrainConfig:
        """This configuration with the network's ends and the preprocessing set to fit `dataset`.

        With `initial` a mean and std that are given stay: values are learned on pictures normalised in one way.
        Raises Unfit where the pictures are too small for the network, or of other channels than that mean.
        """
        height, _, channels = dataset.image_shape
        given = len(self.mean) if self.initial else 0
        if given not in (0, channels):
            raise Unfit("unfit.channels", given=given, channels=channels)
        least = self.model.family.smallest_input
        if height < least:
            raise Unfit("unfit.size", network=self.model.title, least=least, size=height)
        model = replace(self.model, num_classes=len(dataset.classes), in_channels=channels, input_size=height)
        return replace(
            self,
            model=model,
            data=dataset.name if self.data.startswith(OWN) else self.data,  # a name that opens nothing else
            classes=dataset.classes,
            mean=self.mean if given else dataset.mean,
            std=self.std if given else dataset.std,
            fingerprint=dataset.fingerprint,
        )

    def to_dict(self) -> dict[str, Any]:
        """A dictionary of plain JSON values; `from_dict` is its inverse."""
        return asdict(self)

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> TrainConfig:
        """Rebuild and validate; ValueError names a field that is unknown, missing or wrong."""
        values = dict(values)
        unknown = set(values) - {field.name for field in fields(TrainConfig)}
        if unknown:
            raise ValueError(f"unknown fields in the configuration: {', '.join(sorted(unknown))}")
        try:
            values["model"] = ModelSpec.from_dict(values["model"])
            values["augmentation"] = Augmentation(**values.get("augmentation", {}))
            return TrainConfig(**values)
        except (KeyError, TypeError) as error:
            raise ValueError(f"the configuration is incomplete or malformed: {error}") from error


PRESETS: Mapping[str, Mapping[str, Any]] = {
    # He et al. 2015, section 4.2: 64k steps, divided by 10 at 32k and 48k, plain SGD with momentum
    "paper": dict(
        length=64_000, unit="steps", batch_size=128, lr=0.1, schedule="step", warmup=0.0, nesterov=False,
        weight_decay=1e-4, augmentation=Augmentation(pad=4, flip=True),
    ),
    "fast": dict(
        length=30.0, unit="epochs", batch_size=128, lr=0.2, schedule="onecycle", warmup=0.2, nesterov=True,
        weight_decay=5e-4, augmentation=Augmentation(pad=2, flip=True),
    ),
    "demo": dict(
        length=30.0, unit="seconds", batch_size=128, lr=0.2, schedule="onecycle", warmup=0.2, nesterov=True,
        weight_decay=5e-4, augmentation=Augmentation(pad=2, flip=True),
    ),
}  # fmt: skip


def preset(name: str, model: ModelSpec, data: str, **changes: Any) -> TrainConfig:
    """The configuration that `name` ("paper", "fast", "demo") stands for, with `changes` to single fields.

    "paper" warms its ResNet-110 up as the paper does: a tenth of the rate for the first 400 of 64k steps.
    """
    if name not in PRESETS:
        raise ValueError(f"preset must be one of {', '.join(PRESETS)}, not {name!r}")
    values = dict(PRESETS[name])
    if name == "paper" and model.depth >= 110:
        values["warmup"] = 400 / 64_000
    values.update(changes)
    return TrainConfig(model=model, data=data, preset=name, **values)

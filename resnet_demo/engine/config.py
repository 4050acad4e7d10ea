"""What a run does: one frozen `TrainConfig`, its presets, and its JSON form.

What depends on the data (classes, mean, std, fingerprint) is filled in by `for_dataset` and travels with the run, so
that a run is all that Classify needs. Must not depend on devices or files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Annotated, Any, Literal

from pydantic import Field, InstanceOf

from ..data.augment import UNCHANGED, Augmentation
from ..data.dataset import Dataset, DatasetInfo
from ..data.own import OWN
from ..data.preprocess import Crop, Mean, Std
from ..errors import Refusal
from ..fields import Bound, Text, check_fields, shown
from ..models import ModelSpec
from .schedule import Schedule

Unit = Literal["epochs", "steps", "seconds"]
LENGTHS: Mapping[Unit, Bound] = {
    "epochs": Bound(0.001, 10_000), "steps": Bound(1, 10_000_000, whole=True), "seconds": Bound(0.001, 86_400 * 7)
}  # fmt: skip
MAX_CLASSES, MAX_INPUT = 1_000, 224  # what is trained here; larger networks can be described
Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]


@dataclass(frozen=True)
class TrainConfig:
    """Everything that decides what a run does. A wrong value raises Refusal or ValueError: field, value, what is
    allowed. What a field may hold by itself stands beside it, what follows from other fields in `__post_init__`.

    model: the network. data: name or path given to `load_dataset`.
    length, unit: how long, in "epochs", "steps" or "seconds".
    batch_size: pictures a step, over all processes together. lr: peak learning rate of SGD.
    schedule, warmup: see `schedule.learning_rate`. momentum, nesterov, weight_decay: of SGD; the decay
    applies to every parameter, as in the paper. label_smoothing: 0 … 1.
    augmentation: pad, flip, cutout. seed: of the initial values, the order and the augmentation.
    split_seed: which training rows are held out for validation; independent of `seed`.
    precision: "auto" (bf16 where the processor computes in it, else fp32; fp16 is for CUDA only).
    compile: run the network through torch.compile; never where it is frozen. threads: of the CPU, 0: PyTorch's choice.
    checkpoint_seconds: at most so long between two checkpoints (one follows each epoch as well).
    preset, parent: where the values came from; the run that this one continues.
    initial: for people: the run, file or network that the initial values come from; "" for those of `seed`.
    freeze: train the last layer only, on features that are computed once per image: batch normalisation keeps its
    statistics, and `augmentation` becomes none.
    race: equal for the runs that train together as one race (`train.race`), "" for a run by itself.
    classes, mean, std, preprocessing, fingerprint: of the data set (`for_dataset`).
    """

    model: InstanceOf[ModelSpec]
    data: Text = "shapes"
    length: Annotated[float, Field(ge=0.001, le=10_000_000)] = 1.0  # LENGTHS has the range of each unit
    unit: Unit = "epochs"
    batch_size: Annotated[int, Field(ge=1, le=8_192)] = 128
    lr: Annotated[float, Field(ge=0, le=100)] = 0.1
    schedule: Schedule = "onecycle"
    warmup: Annotated[float, Field(ge=0, le=0.9)] = 0.2
    momentum: Annotated[float, Field(ge=0, le=0.9999)] = 0.9
    nesterov: bool = True
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 5e-4
    label_smoothing: Annotated[float, Field(ge=0, le=0.9)] = 0.0
    augmentation: InstanceOf[Augmentation] = Augmentation()
    seed: Seed = 0
    split_seed: Seed = 0
    precision: Literal["auto", "fp32", "bf16", "fp16"] = "auto"
    compile: bool = False
    threads: Annotated[int, Field(ge=0, le=1024)] = 0
    checkpoint_seconds: Annotated[float, Field(ge=0, le=3600)] = 30.0
    preset: Text = ""
    parent: Text = ""
    initial: Text = ""
    freeze: bool = False
    race: Text = ""
    classes: tuple[Text, ...] = ()
    mean: Mean = ()
    std: Std = ()
    preprocessing: Crop = "square"
    fingerprint: Text = ""

    def __post_init__(self) -> None:
        check_fields(self)
        LENGTHS[self.unit].check("length", self.length)
        if self.freeze:  # the features of an image are the same in every epoch, and computed in the first
            object.__setattr__(self, "augmentation", UNCHANGED)
            object.__setattr__(self, "compile", False)
        check_trainable(self.model)
        if self.nesterov and not self.momentum:
            raise ValueError("nesterov must be off where momentum is 0, not True")
        if self.classes and len(self.classes) != self.model.num_classes:
            raise ValueError(
                f"the network has {self.model.num_classes} outputs, but there are {len(self.classes)} classes"
            )
        for name in ("mean", "std"):
            values, channels = getattr(self, name), self.model.in_channels
            if (self.mean or self.std) and len(values) != channels:
                raise Refusal("wrong.channels", field=name, channels=channels, given=len(values))

    def for_dataset(self, dataset: Dataset | DatasetInfo) -> TrainConfig:
        """This configuration with the network's ends and the preprocessing set to fit `dataset`.

        With `initial` a mean and std that are given stay: values are learned on pictures normalised in one way.
        Raises Refusal where the pictures are too small for the network, or of other channels than that mean.
        """
        height, _, channels = dataset.image_shape
        given = len(self.mean) if self.initial else 0
        if given not in (0, channels):
            raise Refusal("unfit.channels", given=given, channels=channels)
        least = self.model.family.smallest_input
        if height < least:
            raise Refusal("unfit.size", network=self.model.title, least=least, size=height)
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
        if not isinstance(values, Mapping):
            raise ValueError(f"a configuration is a mapping, not {shown(values)}")
        values = dict(values)
        unknown = set(values) - {field.name for field in fields(TrainConfig)}
        if unknown:
            raise ValueError(f"unknown fields in the configuration: {shown(', '.join(sorted(unknown)))[1:-1]}")
        try:
            values["model"] = ModelSpec.from_dict(values["model"])
            values["augmentation"] = Augmentation(**values.get("augmentation", {}))
            return TrainConfig(**values)
        except (KeyError, TypeError) as error:
            raise ValueError(f"the configuration is incomplete or malformed: {error}") from error


def check_trainable(spec: ModelSpec) -> None:
    """Refusal, with the field and its bound, if the network is larger than what is trained here."""
    for field, value, most in (
        ("num_classes", spec.num_classes, MAX_CLASSES), ("input_size", spec.input_size, MAX_INPUT)
    ):  # fmt: skip
        if value > most:
            raise Refusal("unfit.bound", field=field, value=value, most=most)


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
        raise Refusal("wrong.choice", field="preset", allowed=", ".join(PRESETS), given=shown(name))
    values = dict(PRESETS[name])
    if name == "paper" and model.depth >= 110:
        values["warmup"] = 400 / 64_000
    values.update(changes)
    return TrainConfig(model=model, data=data, preset=name, **values)

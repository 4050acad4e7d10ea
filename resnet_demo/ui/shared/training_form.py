"""The form of a training run: its fields, their bounds, and the configuration they make. It makes no component."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import torch

from ...data.augment import Augmentation
from ...data.own import OWN
from ...engine.config import PRECISIONS, PRESETS, UNITS, TrainConfig, preset
from ...engine.defaults import suggested
from ...engine.limits import MAX_BATCH, MAX_INPUT
from ...engine.schedule import SCHEDULES
from ...inference.classifier import Classifier
from ...library.datasets import is_available
from ...library.launching import submit
from ...library.visitors import Visitor
from ...models import ModelSpec
from ...runs.queue.manager import Submitted
from ...services import Services
from ..text import Text
from .model_choice import FAMILIES, SHORTCUTS, Choice, depths

DEEPEST = 152  # of the lists; the command line trains deeper ones
DEPTHS = {family: tuple(depth for depth in depths(family) if depth <= DEEPEST) for family in ("cifar", "imagenet")}
SIZES = (32, 64, 96, 128, 224)  # px, of uploaded images
LONGEST = {"seconds": 86_400, "epochs": 1_000, "steps": 1_000_000}


@dataclass(frozen=True)
class Bound:
    """A range that includes its ends; whole: no fractions."""

    low: float
    high: float
    whole: bool = False

    def holds(self, value: Any) -> bool:
        """Whether the value is a number in the range."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return False
        return self.low <= value <= self.high and (not self.whole or value == int(value))


BOUNDS = {
    "batch_size": Bound(1, MAX_BATCH, whole=True),
    "lr": Bound(0, 100),
    "warmup": Bound(0, 0.9),
    "weight_decay": Bound(0, 1),
    "label_smoothing": Bound(0, 0.9),
    "pad": Bound(0, 16, whole=True),
    "cutout": Bound(0, MAX_INPUT, whole=True),
    "seed": Bound(0, 2**32 - 1, whole=True),
}
NUMBERS = (*BOUNDS, "length")  # fields that are typed, each with its own sentence if it is wrong
RECIPE = ("length", "unit", "batch_size", "lr", "schedule", "warmup", "weight_decay")  # what a preset fills in
DRAWN = ("pad", "flip", "cutout")
KEPT = ("initial", "freeze", "processes")  # not in links: what one machine has, another may not


def length_bound(unit: str) -> Bound:
    """What is allowed for the length of a run."""
    whole = unit == "steps"
    return Bound(1 if whole else 0.1, LONGEST.get(unit, 1), whole)


@dataclass(frozen=True)
class Form:
    """The controls in their order.

    data: a name for `load_dataset`. initial: the id of a classifier, or "". processes: GPUs that train it together.
    """

    data: str
    size: int
    initial: str
    freeze: bool
    family: str
    depth: int
    block: str
    shortcut: str
    preset: str
    length: float | None
    unit: str
    batch_size: float | None
    lr: float | None
    schedule: str
    warmup: float | None
    weight_decay: float | None
    label_smoothing: float | None
    pad: float | None
    flip: bool
    cutout: float | None
    seed: float | None
    precision: str
    processes: int = 1

    def settled(self) -> Form:
        """The nearest form whose choices fit each other."""
        options = DEPTHS.get(self.family, DEPTHS["cifar"])
        depth = self.depth if self.depth in options else options[0]
        choice = Choice(self.family, depth, self.block, self.shortcut).settled()
        size = max(self.size, FAMILIES[choice.family].smallest_input)
        return replace(
            self, family=choice.family, depth=choice.depth, block=choice.block, shortcut=choice.shortcut, size=size
        )

    def bound(self, name: str) -> Bound:
        """What is allowed for a field of `NUMBERS`."""
        return length_bound(self.unit) if name == "length" else BOUNDS[name]

    def problems(self, text: Text) -> dict[str, str]:
        """A sentence for each field with a value that is not allowed."""
        problems = {}
        for name in NUMBERS:
            bound = self.bound(name)
            if not bound.holds(getattr(self, name)):
                key = "train.wrong.whole" if bound.whole else "train.wrong"
                problems[name] = text(key, low=f"{bound.low:,g}", high=f"{bound.high:,.10g}")
        return problems

    def config(self) -> TrainConfig:
        """The configuration of a form without problems, not yet fitted to its data."""
        spec = ModelSpec.from_name(
            f"{'cifar-' if self.family == 'cifar' else ''}resnet{self.depth}",
            block=self.block,
            shortcut=self.shortcut,
            input_size=self.size,
        )
        recipe = {name: getattr(self, name) for name in (*RECIPE, "label_smoothing", "seed", "precision")}
        for name in ("batch_size", "seed", *(["length"] if self.unit == "steps" else [])):
            recipe[name] = int(recipe[name])
        return preset(
            self.preset,
            spec,
            self.data,
            augmentation=Augmentation(pad=int(self.pad), flip=bool(self.flip), cutout=int(self.cutout)),
            freeze=bool(self.freeze and self.initial),
            **recipe,
        )

    def address(self, usual: Form) -> dict[str, str]:
        """Query parameters of an address that fills the form like this where it begins as `usual`; without uploaded
        images, which nobody else may use."""
        values = {part.name: getattr(self, part.name) for part in fields(self) if part.name not in KEPT}
        values = {name: value for name, value in values.items() if value != getattr(usual, name)}
        if self.data.startswith(OWN):
            values.pop("data")
        return {name: f"{value:g}" if isinstance(value, float) else str(value) for name, value in values.items()}


def with_preset(form: Form, name: str) -> Form:
    """The form with the recipe of a preset."""
    recipe = PRESETS[name]
    drawn = {part: getattr(recipe["augmentation"], part) for part in DRAWN}
    return replace(form, preset=name, **{part: recipe[part] for part in RECIPE}, **drawn)


def for_config(config: TrainConfig) -> Form:
    """The form that makes `config` again, initialized with random values."""
    spec = config.model
    return Form(
        data=config.data,
        initial="",
        freeze=False,
        size=spec.input_size if spec.input_size in SIZES else SIZES[0],
        family=spec.family.name,
        depth=spec.depth,
        block=spec.block,
        shortcut=spec.shortcut,
        preset=config.preset if config.preset in PRESETS else "fast",
        **{name: getattr(config, name) for name in (*RECIPE, "label_smoothing", "seed", "precision")},
        **{name: getattr(config.augmentation, name) for name in DRAWN},
    ).settled()


CHOICES: Mapping[str, tuple[Any, ...]] = {
    "size": SIZES,
    "family": tuple(DEPTHS),
    "depth": tuple(sorted({depth for depths in DEPTHS.values() for depth in depths})),
    "block": ("basic", "bottleneck"),
    "shortcut": SHORTCUTS,
    "preset": tuple(PRESETS),
    "unit": UNITS,
    "schedule": SCHEDULES,
    "precision": PRECISIONS,
}


def from_address(address: Mapping[str, Any], form: Form, data: tuple[str, ...]) -> Form:
    """The form that an address describes: each of its values that is allowed, else that of `form`."""
    if address.get("preset") in PRESETS:
        form = with_preset(form, address["preset"])
    if address.get("data") in data:
        form = replace(form, data=address["data"])
    if address.get("unit") in UNITS:
        form = replace(form, unit=address["unit"])
    for name, allowed in CHOICES.items():
        value = {str(value): value for value in allowed}.get(str(address.get(name)))
        if value is not None:
            form = replace(form, **{name: value})
    for name in NUMBERS:
        try:
            value = float(address[name])
        except (KeyError, TypeError, ValueError):
            continue
        if form.bound(name).holds(value):
            form = replace(form, **{name: int(value) if value == int(value) else value})
    if address.get("flip") in ("True", "False"):
        form = replace(form, flip=address["flip"] == "True")
    return form.settled()


def first_form(services: Services, data: str = "") -> Form:
    """The form to begin with: a run that learns something in half a minute on this machine's device.

    data: what it learns from, by default CIFAR-10 where it is on this machine.
    """
    data = data or ("cifar10" if is_available(services, "cifar10") else "shapes")
    return for_config(suggested(services.manager.queue.slots[0].partition(":")[0], torch.get_num_threads(), data))


def launch(services: Services, form: Form, who: Visitor) -> Submitted:
    """Queue the run that a form without problems describes; one of `ui.errors.REFUSALS` if it cannot be."""
    initial = initial_of(services, form)
    return submit(services, configured(form, initial), who, initial, processes=form.processes)


def initial_of(services: Services, form: Form) -> Classifier | None:
    """The model that the form's run is initialized from; one of `ui.errors.REFUSALS` if it is gone."""
    return services.catalogue.get(form.initial) if form.initial else None


def configured(form: Form, initial: Classifier | None) -> TrainConfig:
    """The form's configuration; with the architecture and the normalization of the model it is initialized from."""
    config = form.config()
    if initial is None:
        return config
    spec = initial.spec if initial.run else replace(initial.spec, input_size=form.size)
    normalization = initial.preprocess
    return replace(config, model=spec, mean=normalization.mean, std=normalization.std, initial=initial.id)

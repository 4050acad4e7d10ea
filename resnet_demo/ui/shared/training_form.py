"""The form of a training run: its fields, their bounds, and the configuration they make. It makes no component."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import torch

from ...data.augment import Augmentation
from ...data.own import OWN
from ...engine.config import LENGTHS, PRESETS, TrainConfig, Unit, preset
from ...engine.defaults import suggested
from ...fields import Bound, bound, choices
from ...inference.classifier import Classifier
from ...library.datasets import is_available
from ...library.launching import submit
from ...library.visitors import Visitor
from ...models import ModelSpec
from ...runs.queue.executor import Executor
from ...runs.queue.manager import Submitted
from ...services import Services
from ..text import Text
from .model_choice import BLOCKS, FAMILIES, SHORTCUTS, Choice, depths

DEEPEST = 152  # of the lists; the command line trains deeper ones
DEPTHS = {family: tuple(depth for depth in depths(family) if depth <= DEEPEST) for family in ("cifar", "imagenet")}
SIZES = (32, 64, 96, 128, 224)  # px, of uploaded images
DRAWN = ("pad", "flip", "cutout")
BOUNDS = {
    name: bound(Augmentation if name in DRAWN else TrainConfig, name)
    for name in ("batch_size", "lr", "warmup", "weight_decay", "label_smoothing", "pad", "cutout", "seed")
}
NUMBERS = (*BOUNDS, "length")  # fields that are typed, each with its own sentence if it is wrong
RECIPE = ("length", "unit", "batch_size", "lr", "schedule", "warmup", "weight_decay")  # what a preset fills in
KEPT = ("initial", "freeze", "processes")  # not in links: what one machine has, another may not


def wrong_values(form: Any, names: Iterable[str], text: Text) -> dict[str, str]:
    """A sentence for each of these typed fields of a form with a value that is not allowed."""
    problems = {}
    for name in names:
        bound = form.bound(name)
        if not bound.holds(getattr(form, name)):
            key = "train.wrong.whole" if bound.whole else "train.wrong"
            problems[name] = text(key, low=f"{bound.low:,g}", high=f"{bound.high:,.10g}")
    return problems


def bound_of(name: str, unit: Unit) -> Bound:
    """What is allowed for a field of `NUMBERS`. unit: of the length."""
    return LENGTHS[unit] if name == "length" else BOUNDS[name]


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
    unit: Unit
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
        return bound_of(name, self.unit)

    def problems(self, text: Text) -> dict[str, str]:
        """A sentence for each field with a value that is not allowed."""
        return wrong_values(self, NUMBERS, text)

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
            augmentation=Augmentation(pad=int(self.pad or 0), flip=bool(self.flip), cutout=int(self.cutout or 0)),
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
    "block": BLOCKS,
    "shortcut": SHORTCUTS,
    "preset": tuple(PRESETS),
    **{name: choices(TrainConfig, name) for name in ("unit", "schedule", "precision")},
}


def from_address(address: Mapping[str, Any], form: Form, data: tuple[str, ...]) -> Form:
    """The form that an address describes: each of its values that is allowed, else that of `form`."""
    if address.get("preset") in PRESETS:
        form = with_preset(form, address["preset"])
    if address.get("data") in data:
        form = replace(form, data=address["data"])
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
            typed: dict[str, Any] = {name: int(value) if value == int(value) else value}
            form = replace(form, **typed)
    if address.get("flip") in ("True", "False"):
        form = replace(form, flip=address["flip"] == "True")
    return form.settled()


def first_form(services: Services, data: str = "") -> Form:
    """The form to begin with: a run that learns something in half a minute on this machine's device.

    data: what it learns from, by default CIFAR-10 where it is on this machine.
    """
    data = data or ("cifar10" if is_available(services, "cifar10") else "shapes")
    return for_config(suggested(services.manager.queue.slots[0].partition(":")[0], torch.get_num_threads(), data))


def launch(services: Services, form: Form, who: Visitor, executor: Executor | None = None) -> Submitted:
    """Queue the run that a form without problems describes; one of `ui.errors.REFUSALS` if it cannot be. executor: what
    trains it elsewhere, in one process."""
    initial, processes = initial_of(services, form), 1 if executor else form.processes
    return submit(services, configured(form, initial), who, initial, processes=processes, executor=executor)


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

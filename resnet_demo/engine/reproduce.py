"""A configuration as text that trains the same run again: a command, and lines of Python.

Both name other parts of the project as a user would type them; nothing here imports or runs these.
"""

from __future__ import annotations

import json
import shlex
from typing import Any

from ..models import ModelSpec
from .config import TrainConfig, preset

# fields of TrainConfig that have an option of the same name; a preset gives those that are not named
RECIPE = (
    "split_seed", "batch_size", "lr", "schedule", "warmup", "momentum", "nesterov", "weight_decay", "label_smoothing",
    "seed", "precision", "compile", "threads", "freeze",
)  # fmt: skip
AUGMENTATION = ("pad", "flip", "cutout")


def command_for(config: TrainConfig, processes: int = 1) -> str:
    """The command line that trains the run of `config` (on the same data); processes: how many GPUs share it."""
    program = "python" if processes == 1 else f"torchrun --nproc_per_node={processes}"
    words = [f"{program} -m resnet_demo train", f"--model {config.model.name}"]
    words += [f"--{name.replace('_', '-')} {value}" for name, value in _layout(config.model, input_size=32).items()]
    if config.initial:
        words.append(f"--init {shlex.quote(config.initial)}")
    words += [f"--data {shlex.quote(config.data)}", f"--preset {config.preset or 'fast'}"]
    words.append(f"--{config.unit} {_number(config.length)}")
    for name, value in {**_changes(config), **_augmentation(config)}.items():
        option = name.replace("_", "-")
        words.append(f"--{'' if value else 'no-'}{option}" if isinstance(value, bool) else f"--{option} {value}")
    return " ".join(words)


def python_for(config: TrainConfig) -> str:
    """Lines of Python that train the run of `config` (on the same data), in one process."""
    drawn, begins = _augmentation(config), config.initial
    layout = "".join(f", {name}={_literal(value)}" for name, value in _layout(config.model).items())
    changes = {"length": config.length, "unit": config.unit, **_changes(config)}
    arguments = [_literal(config.preset or "fast"), "model", _literal(config.data)]
    arguments += [f"{name}={_literal(value)}" for name, value in changes.items()]
    if drawn:
        values = {name: getattr(config.augmentation, name) for name in AUGMENTATION}
        arguments.append(f"augmentation=Augmentation({', '.join(f'{name}={one}' for name, one in values.items())})")
    lines = [
        "from dataclasses import replace\n" if begins else "",
        "from resnet_demo.cli.beginning import find_beginning" if begins else "",
        "from resnet_demo.data.augment import Augmentation" if drawn else "",
        "from resnet_demo.data.datasets import load_dataset",
        "from resnet_demo.data.own import FOLDER",
        "from resnet_demo.engine.config import preset",
        "from resnet_demo.engine.device import pick_device",
        "from resnet_demo.models import ModelSpec",
        "from resnet_demo.places import Places",
        f"from resnet_demo.runs.execute import execute{', save_initial' if begins else ''}",
        "from resnet_demo.runs.writer import create_run\n",
        "places = Places.from_environment()",
        f'model = ModelSpec.from_name("{config.model.name}"{layout})',
        f"config = preset(\n    {', '.join(arguments[:3])},\n    {', '.join(arguments[3:])},\n)",
        "dataset = load_dataset(",
        "    config.data, data=places.data, cache=places.cache, own=places.runs / FOLDER, size=model.input_size",
        ")",
        f"begins = find_beginning({_literal(begins)}, places)" if begins else "",
        "config = replace(config, initial=begins.name, mean=begins.mean, std=begins.std)" if begins else "",
        "run = create_run(places.runs, config.for_dataset(dataset))",
        "save_initial(run, begins.state)" if begins else "",
        'for event in execute(run, dataset, pick_device("auto")):',
        "    print(event)",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def _layout(spec: ModelSpec, **usually: Any) -> dict[str, Any]:
    """Fields of a model that neither its name says nor `usually`, and that its data do not decide."""
    usual = ModelSpec.from_name(spec.name, **usually)
    names = ("shortcut", "block", "stride_in", "norm", "input_size")
    found = {name: getattr(spec, name) for name in names if getattr(spec, name) != getattr(usual, name)}
    return found if spec.shortcut == "none" else {"shortcut": spec.shortcut, **found}


def _changes(config: TrainConfig) -> dict[str, Any]:
    """Fields in which a configuration differs from its preset, but for its length."""
    usual = preset(config.preset or "fast", config.model, config.data)
    return {name: getattr(config, name) for name in RECIPE if getattr(config, name) != getattr(usual, name)}


def _augmentation(config: TrainConfig) -> dict[str, Any]:
    """The same of its augmentation."""
    usual = preset(config.preset or "fast", config.model, config.data).augmentation
    own = config.augmentation
    return {name: getattr(own, name) for name in AUGMENTATION if getattr(own, name) != getattr(usual, name)}


def _literal(value: Any) -> str:
    """A value as Python has it, strings in double quotes."""
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _number(length: float) -> str:
    """A length as it is typed."""
    return repr(length).removesuffix(".0")

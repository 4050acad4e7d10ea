"""A run as the files of a repository on the Hub: weights, configuration, metrics, and a model card.

What is written names no path, no id of a run and nobody's images; names of classes are data and never markup. Must
not depend on the Hub (`hub_push` sends the files), nor on how a picture is drawn.
"""

from __future__ import annotations

import hashlib
import json
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from safetensors.torch import save as safetensors_bytes

from ...data.datasets import list_datasets
from ...data.preprocess import Preprocess
from ...data.sources import HUB_SOURCES
from ...engine.config import TrainConfig
from ...engine.evaluate import Predictions
from ...engine.events import EpochDone, RunFinished, RunStarted, to_line
from ...engine.reproduce import command_for
from ...metrics import ConfusionMatrix
from ...metrics.report import escaped
from ...models import ModelSpec, describe
from ...models.checkpoints import title as title_of
from ..files import CONFIG, LOG, PREDICTIONS, WEIGHTS
from ..folder import RunFolder
from .publish import public_config, thin_reports
from .uploaded import is_uploaded_network

CARD, METRICS, PICTURE = "README.md", "metrics.json", "matrix.png"
FILES = (CARD, CONFIG, METRICS, PICTURE, WEIGHTS, LOG, PREDICTIONS)  # all that is ever written to a repository
LIBRARY = "resnet_demo"
LICENSES = ("apache-2.0", "mit", "bsd-3-clause", "cc-by-4.0", "cc-by-nc-4.0", "cc0-1.0", "other")
MOST_NAMES = 100  # classes that the card lists
Draw = Callable[[ConfusionMatrix, str], bytes]  # a matrix and its title, as PNG


@dataclass(frozen=True)
class Measured:
    """Answers on one evaluation set, counted."""

    name: str
    answers: Predictions
    matrix: ConfusionMatrix

    @property
    def words(self) -> str:
        """The accuracy with its interval."""
        interval, n = self.answers.interval(), len(self.answers.rows)
        return f"{self.answers.accuracy:.2%} (95 % interval {interval.low:.2%} to {interval.high:.2%}, n = {n:,})"


def repository_files(run: RunFolder, repository: str, license: str, draw: Draw) -> dict[str, bytes]:
    """The content of each file, by its name, of a run that has ended; RunError if it has no weights or is damaged.

    repository: "user/name", as the card's examples call it. license: an id of the Hub's.
    """
    config = public_config(run.config)
    measured = _measured(run)
    events = run.events()
    spec = config.model
    weights = safetensors_bytes({name: value.contiguous() for name, value in run.load_model().state_dict().items()},
                                metadata={"format": "pt"})  # fmt: skip
    files = {
        WEIGHTS: weights,
        CONFIG: json_file(repository_config(run, config)),
        METRICS: json_file({"sets": {one.name: _metrics(one) for one in measured}}),
        LOG: "".join(to_line(event) + "\n" for event in thin_reports(events)).encode(),
    }
    if measured:
        files[PREDICTIONS] = (run.path / PREDICTIONS).read_bytes()
        files[PICTURE] = draw(measured[0].matrix, f"{title_of(spec)}, {data_name(config)}, {measured[0].name}")
    files[CARD] = card(run, config, measured, repository, license).encode()
    return files


def repository_config(run: RunFolder, config: TrainConfig) -> dict[str, Any]:
    """`config.json`: how to build the network, what its outputs mean, what it wants to see; and the training.

    Where the layout is torchvision's, the keys by which timm loads a model from the Hub are there, too.
    """
    made = {
        "library_name": LIBRARY,
        "model": config.model.to_dict(),
        "classes": list(config.classes),
        "input_size": config.model.input_size,
        "mean": list(config.mean),
        "std": list(config.std),
        "preprocessing": config.preprocessing,
        LIBRARY: {"run": run_digest(run), "name": run.name, "training": config.to_dict()},
    }
    return made | (timm_config(config, run.preprocess()) if is_torchvisions(config.model) else {})


def run_digest(run: RunFolder) -> str:
    """What tells the repositories of one run from those of others, and not what its id is."""
    return hashlib.sha256(f"{LIBRARY} repository of {run.id}".encode()).hexdigest()[:32]


def is_torchvisions(spec: ModelSpec) -> bool:
    """Whether torchvision and timm have this very network under the same names of tensors."""
    usual = ModelSpec.from_name(spec.name, num_classes=spec.num_classes, input_size=spec.input_size)
    return spec.family.name == "imagenet" and spec.shortcut == "B" and spec == usual


def timm_config(config: TrainConfig, seen: Preprocess) -> dict[str, Any]:
    """The part of timm's `config.json` by which `timm.create_model("hf-hub:…")` builds and normalizes."""
    spec, crop = config.model, seen.name == "imagenet"
    return {
        "architecture": spec.name,
        "num_classes": spec.num_classes,
        "num_features": 512 if spec.block == "basic" else 2048,
        "label_names": list(config.classes),
        "pretrained_cfg": {
            "input_size": [3, spec.input_size, spec.input_size],
            "fixed_input_size": False,
            "interpolation": "bilinear" if crop else "bicubic",
            "crop_pct": 0.875 if crop else 1.0,
            "crop_mode": "center",
            "mean": list(config.mean),
            "std": list(config.std),
            "num_classes": spec.num_classes,
            "pool_size": [7, 7],
            "first_conv": "conv1",
            "classifier": "fc",
        },
    }


def card(run: RunFolder, config: TrainConfig, measured: list[Measured], repository: str, license: str) -> str:
    """The model card: YAML that the Hub reads, and Markdown for people."""
    heading = run.name or f"{title_of(config.model)} on {data_name(config)}"
    parts = [
        f"---\n{front_matter(config, measured, repository, license)}---\n\n# {escaped(heading)}\n",
        *_facts(config),
        *_accuracies(run, measured),
        *_training(run, config),
        *_classes(config),
        *examples(config, repository),
        f"## License\n\nThe weights: {license}. The data have a license of their own.",
    ]
    return "\n".join(parts) + "\n"


def front_matter(config: TrainConfig, measured: list[Measured], repository: str, license: str) -> str:
    """The card's metadata as YAML."""
    from huggingface_hub import EvalResult, ModelCardData

    source = HUB_SOURCES.get(config.data)
    kind = source.repository if source else config.data if config.data in list_datasets() else "imagefolder"
    results = [
        EvalResult("image-classification", kind, data_name(config), "accuracy", round(one.answers.accuracy, 5),
                   dataset_split=one.name)
        for one in measured[:1]
    ]  # fmt: skip
    data = ModelCardData(
        license=license,
        library_name=LIBRARY,
        pipeline_tag="image-classification",
        tags=["resnet", "image-classification", *(["timm", "torchvision"] if is_torchvisions(config.model) else [])],
        datasets=[source.repository] if source else None,
        metrics=["accuracy"] if measured else None,
        model_name=repository.partition("/")[2] or repository,
        eval_results=results or None,
    )
    return data.to_yaml(line_break="\n") + "\n"


def examples(config: TrainConfig, repository: str) -> list[str]:
    """How to load the model, in three lines for each library that can."""
    ways = {
        "this project (`resnet_demo`)": f'''
            from resnet_demo.inference.from_hub import from_hub

            model = from_hub("{repository}")
            print(model.classify("image.jpg"))''',
    }
    if is_torchvisions(config.model):
        ways["torchvision"] = f'''
            from huggingface_hub import hf_hub_download
            from safetensors.torch import load_file
            from torchvision.models import {config.model.name}

            model = {config.model.name}(num_classes={config.model.num_classes}).eval()
            model.load_state_dict(load_file(hf_hub_download("{repository}", "{WEIGHTS}")))'''
        ways["timm"] = f"""
            import timm

            model = timm.create_model("hf-hub:{repository}", pretrained=True).eval()"""
    lines = ["## How to load it\n"]
    for name, code in ways.items():
        lines += [f"With {name}:\n", f"```python\n{textwrap.dedent(code).strip()}\n```\n"]
    mean, std = (", ".join(f"{value:.4f}" for value in values) for values in (config.mean, config.std))
    size = config.model.input_size
    crop = "short side resized to 256/224 of that, then a centred crop" if config.preprocessing == "imagenet" else (
        "the largest centred square, resized"
    )  # fmt: skip
    seen = f"Images are {size} × {size} pixels ({crop}), scaled to 0 … 1 and normalized with mean {mean}, std {std}."
    return [*lines, textwrap.fill(f"{seen} `{CONFIG}` has these numbers and the names of the classes.", 110) + "\n"]


def data_name(config: TrainConfig) -> str:
    """What the data are called, for people; those of somebody's own have no name here."""
    return "own images" if config.data == "own pictures" else config.data


def json_file(values: Mapping[str, Any]) -> bytes:
    """Values as a JSON file, each row of numbers on a line of its own."""
    return (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode()


def _measured(run: RunFolder) -> list[Measured]:
    """The run's evaluation sets, that by which it is reported first: test, or validation where there is none."""
    config = run.config
    return [
        Measured(name, answers, ConfusionMatrix.from_predictions(answers.labels, answers.predicted, config.classes))
        for name, answers in run.predictions().items()
        if len(answers.rows)
    ]


def _metrics(one: Measured) -> dict[str, Any]:
    interval = one.answers.interval()
    return {
        "n": len(one.answers.rows),
        "correct": one.answers.correct,
        "accuracy": one.answers.accuracy,
        "low": interval.low,
        "high": interval.high,
        "classes": list(one.matrix.classes),
        "counts": one.matrix.counts.tolist(),
    }


def _facts(config: TrainConfig) -> list[str]:
    spec = config.model
    parameters = describe(spec).parameters
    kind = "a residual network" if spec.shortcut != "none" else "a network without shortcuts"
    size = f"{spec.depth} layers with {parameters:,} parameters, for {spec.num_classes} classes"
    made = f"{title_of(spec)}, {kind} of {size}."
    return [
        textwrap.fill(f"{made} Made with `{LIBRARY}`, which trains residual networks and looks inside them.", 110)
        + "\n"
    ]


def _accuracies(run: RunFolder, measured: list[Measured]) -> list[str]:
    if not measured:
        epochs = [event for event in run.events() if isinstance(event, EpochDone)]
        if not epochs:
            return ["## Accuracy\n", "It has not been measured.\n"]
        share = f"{epochs[-1].validation_accuracy:.2%} on the validation set at the end of training"
        return ["## Accuracy\n", f"{share}; the run was ended before it was evaluated.\n"]
    lines = [f"| {one.name} | {one.words} |" for one in measured]
    first = measured[0].name
    return [
        "## Accuracy\n",
        f"Reported is the set **{first}**. Intervals are Wilson's, over the images, and say nothing of other seeds.\n",
        "\n".join(["| set | accuracy |", "| --- | --- |", *lines]) + "\n",
        f"![Confusion matrix on the set {first}: rows are true classes, columns predicted ones]({PICTURE})\n",
        f"All counts are in `{METRICS}`; the set train is a sample of the images that were trained on.\n",
    ]


def _training(run: RunFolder, config: TrainConfig) -> list[str]:
    if is_uploaded_network(run):
        return ["## Training\n", "The weights were brought as a file; how they were trained is not known.\n"]
    events = run.events()
    began = next((event for event in events if isinstance(event, RunStarted)), None)
    end = run.last_turn()
    drawn = config.augmentation
    rows = {
        "data": escaped(data_name(config)),
        "initial values": escaped(config.initial) or f"random, seed {config.seed}",
        "trained layers": "the last one" if config.freeze else "all",
        "duration": f"{config.length:,g} {config.unit}",
        "ended": f"{end.status} at step {end.step:,} after {end.seconds:,.0f} s"
        if isinstance(end, RunFinished)
        else "",
        "optimizer": f"SGD, momentum {config.momentum:g}{', Nesterov' if config.nesterov else ''}, "
        f"weight decay {config.weight_decay:g}",
        "learning rate": f"{config.lr:g} at its peak, schedule {config.schedule}, warm-up {config.warmup:g}",
        "batch size": f"{config.batch_size}",
        "label smoothing": f"{config.label_smoothing:g}",
        "augmentation": f"shift of {drawn.pad} px, flip {'on' if drawn.flip else 'off'}, cutout of {drawn.cutout} px",
        "precision": began.precision if began else config.precision,
        "hardware": escaped(began.hardware) if began else "",
        "versions": ", ".join(f"{name} {version}" for name, version in began.versions.items()) if began else "",
    }
    table = ["| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows.items() if value)]
    lines = ["## Training\n", "\n".join(table) + "\n"]
    if config.data in list_datasets() and (not config.initial or config.initial.startswith("imagenet/")):
        lines += ["The same again:\n", f"```\n{command_for(config)}\n```\n"]
    return lines


def _classes(config: TrainConfig) -> list[str]:
    names = [escaped(name) for name in config.classes[:MOST_NAMES]]
    rest = len(config.classes) - len(names)
    more = f", and {rest:,} more in `{CONFIG}`" if rest else ""
    return ["## Classes\n", f"In the order of the outputs: {', '.join(names)}{more}.\n"]

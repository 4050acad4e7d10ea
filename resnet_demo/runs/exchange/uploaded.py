"""Make a run like any other of an uploaded file of weights: recognised, checked, written anew.

What tensors do not say are arguments: names of the classes, size and normalisation of images. Nothing in a file is
executed (`weights_only=True`, or safetensors), and nothing of it is copied but the values of the tensors that the
network has. How it was trained is unknown: its log begins and ends at step 0. Must not depend on pages or owners.
"""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from safetensors.torch import save as safetensors_bytes
from torch import Tensor

from ...data.decode import printable
from ...engine.config import MAX_INPUT, TrainConfig, check_trainable
from ...engine.events import RunFinished, RunStarted, to_line
from ...errors import Refusal
from ...fields import Bound, bound
from ...models import ModelSpec
from ...models.checkpoints import fit_state, recognise, title
from ...models.registry import empty_state
from ...models.weights_file import read_weights
from ..checks import MAX_WORDS, UPLOADED, clean
from ..files import LOG, META, WEIGHTS
from ..folder import RunFolder
from ..ownership import clean_name
from ..writer import create_run, json_bytes, move, replace_file

MAX_BYTES = 300 * 2**20  # the largest network here, ResNet-152, has 241 MB


@dataclass(frozen=True)
class Network:
    """What a file holds: the layout, and its tensors (fp32, counters int64) under torchvision's names, all usable."""

    spec: ModelSpec
    state: dict[str, Tensor]


def read_network(
    path: Path, *, name: str = "", plain: bool = False, stride_in: str = "3x3", most: int = MAX_BYTES
) -> Network:
    """The network in a file of torch.save or safetensors, with torchvision's keys or those of CIFAR checkpoints.

    name: what sentences call the file. plain, stride_in: what tensors do not tell, see `recognise`. most: bytes.
    Refusal for a file that is none, or none of a network here.
    """
    path = Path(path)
    shown = printable(name or path.name)
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Refusal("network_unreadable", name=shown, detail=error.strerror or type(error).__name__) from error
    if size > most:
        raise Refusal("network_large", name=shown, megabytes=size / 2**20, most=most / 2**20)
    given = read_weights(path, shown)
    try:
        spec = recognise(given, plain=plain, stride_in=stride_in)
        if spec.in_channels not in (1, 3):
            raise ValueError(f"it takes pictures of {spec.in_channels} channels")
        check_trainable(spec)
    except Refusal as error:
        raise Refusal("network_unknown", name=shown, detail=error) from error
    except ValueError as error:
        raise Refusal("network_unknown", name=shown, detail=clean(str(error))) from error
    return Network(spec, fit_state(given, empty_state(spec), shown, title(spec)))


def make_uploaded_run(
    path: Path,
    root: Path,
    *,
    classes: Sequence[str] | str = "",
    input_size: int | None = None,
    mean: Sequence[float] | str,
    std: Sequence[float] | str,
    name: str = "",
    file_name: str = "",
    plain: bool = False,
    stride_in: str = "3x3",
) -> RunFolder:
    """A new run below `root` with the network in the file `path`; nobody owns it yet.

    classes: their names in the order of the outputs, also as text (one a line, or parted by commas), "" for their
    numbers. input_size: side of pictures in pixels, by default the family's. mean, std: one number a channel, on the
    scale where pixels are 0 … 1, also as text. name: of the run, for people. file_name: what the file is called. CIFAR
    networks see the centred square of a picture, ImageNet's see it as torchvision's do. plain, stride_in: see
    `recognise`.
    Refusal for anything that cannot be used; nothing is left behind then.
    """
    file_name = clean(file_name or Path(path).name).strip() or "network"
    network = read_network(path, name=file_name, plain=plain, stride_in=stride_in)
    config = _config(network.spec, file_name, classes, input_size, mean, std)
    root.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".upload-", dir=root))
    try:
        run = create_run(scratch, config, f"{config.model.name}-uploaded-{secrets.token_hex(8)}")
        replace_file(run.path / WEIGHTS, lambda file: file.write(safetensors_bytes(network.state)))
        began = RunStarted(steps_per_epoch=1, total_steps=None, versions={}, hardware="", precision="fp32")
        log = (began, RunFinished("finished", 0, 0.0))
        (run.path / LOG).write_text("".join(to_line(event) + "\n" for event in log), encoding="utf-8")
        meta = {"name": clean_name(name), "note": ""}
        replace_file(run.path / META, lambda file: file.write(json_bytes(meta)))
        move(run.path, root / run.id)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return RunFolder(root / run.id)


def is_uploaded_network(run: RunFolder) -> bool:
    """Whether the run came as a file of weights: its log ends where it begins, and its recipe says nothing."""
    end = run.last_turn()
    return isinstance(end, RunFinished) and end.status == "finished" and end.step == 0


def _config(
    spec: ModelSpec,
    file_name: str,
    classes: Sequence[str] | str,
    input_size: int | None,
    mean: Sequence[float] | str,
    std: Sequence[float] | str,
) -> TrainConfig:
    """The configuration that says how to ask the network; that of a training is of no meaning in it."""
    size = spec.input_size if input_size is None else input_size
    sizes = Bound(spec.family.smallest_input, MAX_INPUT, whole=True)
    if not isinstance(size, int) or not sizes.holds(size):
        raise Refusal("network_size", given=str(size)[:40], network=spec.title, low=sizes.low, high=sizes.high)
    return TrainConfig(
        replace(spec, input_size=size),
        data=UPLOADED + file_name[:60],
        initial=file_name[:60],
        classes=_names(classes, spec.num_classes),
        mean=_numbers("mean", mean, spec.in_channels),
        std=_numbers("std", std, spec.in_channels),
        preprocessing="imagenet" if spec.family.name == "imagenet" else "square",
    )


def _names(classes: Sequence[str] | str, outputs: int) -> tuple[str, ...]:
    if isinstance(classes, str):
        if not (text := classes.strip()):
            return tuple(map(str, range(outputs)))
        parts = text.splitlines() if "\n" in text else re.split("[,，、]", text)
        classes = [part for part in parts if part.strip()]
    names = tuple(" ".join(clean(str(name), "\t\n").split()) for name in classes)
    if len(names) != outputs:
        raise Refusal("network_classes", outputs=outputs, given=len(names))
    seen: set[str] = set()
    for name in names:
        if name in seen or not 1 <= len(name) <= MAX_WORDS:
            raise Refusal("network_names", name=printable(name), most=MAX_WORDS)
        seen.add(name)
    return names


def _numbers(field: str, given: Sequence[float] | str, channels: int) -> tuple[float, ...]:
    limits = bound(TrainConfig, field)
    try:
        values = tuple(map(float, re.split(r"[\s,;]+", given.strip()) if isinstance(given, str) else given))
    except (TypeError, ValueError):
        values = ()
    if len(values) != channels or not all(map(limits.holds, values)):
        shown = ", ".join(f"{value:g}" for value in values) or printable(str(given)) or "–"
        allowed = {"channels": channels, "low": limits.low, "high": limits.high}
        raise Refusal("network_numbers", field=field, given=printable(shown), **allowed)
    return values

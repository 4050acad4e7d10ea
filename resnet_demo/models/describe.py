"""A table of a network: a row for each layer, with shapes, parameters and multiply-adds, and the totals.

It runs the network of the same spec, without values, on a batch of no pictures: that shows each layer's
shapes and computes nothing. Of blocks that are built alike only the first is run, so that the deepest networks
are described as fast as short ones. The model itself is only read, so it may be in use elsewhere.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields, replace
from functools import lru_cache
from itertools import groupby
from math import prod
from typing import Protocol

import torch
from torch import nn

from .blocks import PadShortcut
from .registry import allocate, empty_state
from .resnet import ResNet
from .spec import ModelSpec

Shape = tuple[int, ...]
Hook = Callable[[nn.Module, tuple[torch.Tensor, ...], torch.Tensor], None]
KINDS = {
    nn.Conv2d: "convolution",
    nn.BatchNorm2d: "batch normalisation",
    nn.MaxPool2d: "max pooling",
    nn.AdaptiveAvgPool2d: "global average pooling",
    nn.Linear: "linear",
    PadShortcut: "padding shortcut",
}


@dataclass(frozen=True)
class LayerRow:
    """One layer, in the order of execution; additions and ReLU have no row of their own.

    name:          the module's name, "layer2.0.conv1"
    kind:          what it is, one of `KINDS`; convolutions with their kernel, "convolution 3x3"
    stage:         "stem", "layer1" … or "head"
    block:         position of its block in the stage, from 0 as in the name; None in stem and head
    role:          "stem", "head", or the block's kind: "Conv Block" changes channels or resolution, "Identity
                   Block" does not (both with any shortcut), "Plain Block" has no shortcut
    input_shape, output_shape: of one picture, (channels, height, width), or (features,)
    stride:        of convolutions, max pooling and the padding shortcut; 1 for every other layer
    parameters:    trainable numbers
    multiply_adds: for one picture; only convolutions and the linear layer are counted
    """

    name: str
    kind: str
    stage: str
    block: int | None
    role: str
    input_shape: Shape
    output_shape: Shape
    stride: int
    parameters: int
    multiply_adds: int


class Rows(Protocol):
    """What has layers, be it a field or made of others."""

    @property
    def rows(self) -> tuple[LayerRow, ...]: ...


class Totals:
    """Sums over `rows`, of a network or a part of one."""

    @property
    def parameters(self: Rows) -> int:
        """All trainable numbers."""
        return sum(row.parameters for row in self.rows)

    @property
    def multiply_adds(self: Rows) -> int:
        """Multiply-adds of one picture, of convolutions and the linear layer (He et al. 2015, table 1)."""
        return sum(row.multiply_adds for row in self.rows)


@dataclass(frozen=True)
class Description(Totals):
    """A network as a table: its spec, with the input size that was described, and a row for each layer."""

    spec: ModelSpec
    rows: tuple[LayerRow, ...]

    def as_table(self) -> str:
        """Text in aligned columns, with the totals in the last line."""
        head = ("name", "kind", "role", "input", "output", "parameters", "multiply-adds")
        body = [
            (row.name, row.kind, row.role, spell(row.input_shape), spell(row.output_shape))
            + (f"{row.parameters:,}", f"{row.multiply_adds:,}")
            for row in self.rows
        ]
        total = ("total", "", "", "", "", f"{self.parameters:,}", f"{self.multiply_adds:,}")
        widths = [max(map(len, column)) for column in zip(head, *body, total, strict=True)]
        form = "  ".join(f"{{:{'<' if index < 5 else '>'}{width}}}" for index, width in enumerate(widths))
        rule = "-" * len(form.format(*head))
        lines = [form.format(*head), rule, *(form.format(*row) for row in body), rule, form.format(*total)]
        return "\n".join(lines) + "\n"

    def as_csv(self) -> str:
        """CSV with a header line, one line for each layer and none for totals; shapes as "16x32x32"."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(field.name for field in fields(LayerRow))
        for row in self.rows:
            writer.writerow(spell(cell) if isinstance(cell, tuple) else cell for cell in astuple(row))
        return text.getvalue()


def describe(model: ResNet | ModelSpec, input_size: int | None = None) -> Description:
    """Describe a network, or the one a spec would build, for pictures of `input_size` (default: its spec's).

    Raises ValueError for an input size the spec refuses, and for a model without the tensors of its spec.
    """
    spec = model if isinstance(model, ModelSpec) else model.spec
    if input_size is not None:
        spec = replace(spec, input_size=input_size)
    if isinstance(model, nn.Module) and _shapes(empty_state(spec)) != _shapes(model.state_dict()):
        raise ValueError(f"the model was changed since it was built: it is no longer the {spec.name} of its spec")
    return _described(spec)


@lru_cache(maxsize=64)  # before it is trained, a network is described for each limit that is looked at
def _described(spec: ModelSpec) -> Description:
    # One number stands for each tensor, so that nothing is allocated.
    short = _Shortened(**spec.to_dict())
    twin = allocate(short, lambda tensor: torch.zeros((), dtype=tensor.dtype).expand(tensor.shape)).eval()
    rows: list[LayerRow] = []
    with _recording(twin, rows), torch.no_grad():
        twin(torch.empty(0, spec.in_channels, spec.input_size, spec.input_size))
    return Description(spec, tuple(_repeated(rows, spec)))


class _Shortened(ModelSpec):
    """The same network with at most two blocks a stage: `ResNet` builds all blocks after the first alike."""

    @property
    def stage_blocks(self) -> tuple[int, ...]:
        return tuple(min(count, 2) for count in super().stage_blocks)


def _repeated(rows: list[LayerRow], spec: ModelSpec) -> Iterator[LayerRow]:
    """The rows of a shortened network, with those of each second block as often as `spec` has it."""
    for (stage, block), group in groupby(rows, key=lambda row: (row.stage, row.block)):
        layers = list(group)
        yield from layers
        if block == 1:
            for position in range(2, spec.stage_blocks[int(stage.removeprefix("layer")) - 1]):
                old, new = f"{stage}.1.", f"{stage}.{position}."
                for row in layers:
                    yield replace(row, name=new + row.name.removeprefix(old), block=position)


@contextmanager
def _recording(model: ResNet, rows: list[LayerRow]) -> Iterator[None]:
    """While open, each layer that runs appends its row."""

    def record(name: str) -> Hook:
        def hook(layer: nn.Module, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> None:
            rows.append(_row(model, name, layer, tuple(inputs[0].shape[1:]), tuple(output.shape[1:])))

        return hook

    layers = [(name, layer) for name, layer in model.named_modules() if type(layer) in KINDS]
    handles = [layer.register_forward_hook(record(name)) for name, layer in layers]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _row(model: ResNet, name: str, layer: nn.Module, given: Shape, made: Shape) -> LayerRow:
    kind = KINDS[type(layer)]
    work = 0
    if isinstance(layer, nn.Conv2d):
        kind += " {}x{}".format(*layer.kernel_size)
        work = prod(made) * layer.in_channels // layer.groups * prod(layer.kernel_size)
    elif isinstance(layer, nn.Linear):
        work = layer.in_features * layer.out_features
    stage, block, role = _place(model, name)
    stride = getattr(layer, "stride", 1)
    stride = stride[0] if isinstance(stride, tuple) else stride  # convolutions keep one for each direction
    parameters = sum(parameter.numel() for parameter in layer.parameters())
    return LayerRow(name, kind, stage, block, role, given, made, stride, parameters, work)


def _place(model: ResNet, name: str) -> tuple[str, int | None, str]:
    """(stage, block, role) of the layer of this name."""
    stage, _, rest = name.partition(".")
    if stage in model.stages:
        position = int(rest.partition(".")[0])
        block = getattr(model, stage)[position]
        if not block.residual:
            return stage, position, "Plain Block"
        return stage, position, "Conv Block" if block.changes else "Identity Block"
    part = "head" if stage in ("avgpool", "fc") else "stem"
    return part, None, part


def _shapes(state: dict[str, torch.Tensor]) -> list[torch.Size]:
    """Without names, to which torch.compile adds a prefix."""
    return [tensor.shape for tensor in state.values()]


def spell(shape: Shape, times: str = "x") -> str:
    """A shape as text, "64x56x56"."""
    return times.join(map(str, shape))

"""A worked example: small numbers on their way through a shortcut, computed by the modules of the models.

Two channels of 4 × 4 numbers go in. `models.blocks` computes what comes out; this module computes nothing itself. It
must not depend on Gradio or on words.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from ....models.blocks import PadShortcut, make_shortcut
from ....models.initial import initialize

OPTIONS = ("A", "B", "C")
PLACES = ("conv", "identity")  # in a block that changes dimensions, in one that keeps them
CHANNELS, SIDE = 2, 4
LARGEST = 999  # of what may be typed in, either sign
WEIGHTS = ("sums", "same", "initial")

NUMBERS = np.stack([np.arange(1, 17), np.arange(10, 170, 10)]).reshape(CHANNELS, SIDE, SIDE).astype(np.float32)
PREPARED = {
    ("sums", "conv"): ((1, 0), (0, 1), (1, 1), (1, -1)),
    ("sums", "identity"): ((1, 1), (1, -1)),
    ("same", "conv"): ((0, 0), (1, 0), (0, 1), (0, 0)),  # what option A does
    ("same", "identity"): ((1, 0), (0, 1)),  # the identity
}


@dataclass(frozen=True, eq=False)
class Example:
    """What a shortcut makes of x, float32 arrays of (channels, height, width).

    shortcut: the module's `repr`, "" for the identity. stride: which pixels are read. x: the input. kept: the pixels of
    x that are read. out: what is added to F(x), before batch normalisation. weights: (outputs, inputs) of the 1x1
    convolution, None without one. zeros: the channels of `out` that are filled with zeros. parameters: their number,
    those of batch normalisation included. change: the most that batch normalisation, with its initial values and
    fresh statistics, changes a number of `out`; NaN without one.
    """

    shortcut: str
    stride: int
    x: np.ndarray
    kept: np.ndarray
    out: np.ndarray
    weights: np.ndarray | None
    zeros: tuple[int, ...]
    parameters: int
    change: float


class NotANumber(ValueError):
    """An entry that is no number within bounds. where: "x" or "weights", then its indices; given: the entry."""

    def __init__(self, where: tuple[Any, ...], given: object) -> None:
        super().__init__(f"{where} is {str(given)[:20]!r}, accepted is a number from -{LARGEST} to {LARGEST}")
        self.where, self.given = where, str(given)[:20]


def outputs_and_stride(place: str) -> tuple[int, int]:
    """(outputs, stride) of the shortcut of such a block."""
    return (2 * CHANNELS, 2) if place == "conv" else (CHANNELS, 1)


def has_weights(option: str, place: str) -> bool:
    """Whether there is a 1x1 convolution on this shortcut."""
    return option == "C" or (option == "B" and place == "conv")


@torch.no_grad()
def compute(option: str, place: str, x: np.ndarray, weights: np.ndarray | None = None) -> Example:
    """Send x (2, 4, 4) through the shortcut of an option (`OPTIONS`) in a block (`PLACES`).

    weights: (outputs, 2) of the 1x1 convolution, needed where `has_weights`, else ignored.
    """
    outputs, stride = outputs_and_stride(place)
    module = make_shortcut(option, CHANNELS, outputs, stride, "batch")
    batch = torch.as_tensor(x, dtype=torch.float32)[None]
    kept = PadShortcut(CHANNELS, CHANNELS, stride)(batch)  # without channels to add it only leaves pixels out
    zeros: tuple[int, ...] = ()
    used, change = None, math.nan
    if isinstance(module, nn.Sequential):
        conv: Any = module.eval()[0]  # a sequence does not say what it holds
        conv.weight.copy_(torch.as_tensor(weights, dtype=torch.float32).view_as(conv.weight))
        out, used = conv(batch), conv.weight[:, :, 0, 0]
        change = float((module(batch) - out).abs().max())
    elif isinstance(module, PadShortcut):
        out = module(batch)
        zeros = (*range(module.before), *range(outputs - module.after, outputs))
    else:
        out = batch
    return Example(
        shortcut="" if module is None else repr(module),
        stride=stride,
        x=batch[0].numpy(),
        kept=kept[0].numpy(),
        out=out[0].numpy(),
        weights=None if used is None else used.numpy().copy(),
        zeros=zeros,
        parameters=0 if module is None else sum(p.numel() for p in module.parameters()),
        change=change,
    )


def prepared(name: str, place: str, seed: int = 0) -> np.ndarray:
    """Weights (outputs, 2) to begin with: "sums", "same" (as option A, or as the identity), or "initial", those of an
    untrained model, to two decimals."""
    if name == "initial":
        outputs, stride = outputs_and_stride(place)
        projection: Any = make_shortcut("C", CHANNELS, outputs, stride, "batch")
        conv = initialize(projection, seed)[0]
        return conv.weight.detach()[:, :, 0, 0].numpy().round(2)
    return np.array(PREPARED[name, place], np.float32)


def read(typed: Any, shape: Sequence[int], name: str) -> np.ndarray:
    """An array of this shape from nested lists of text, as the page sends them.

    NotANumber if an entry is none; ValueError if the lists have another shape, which cannot come from the page's form.
    """
    flat: list[float] = []

    def walk(part: Any, sides: Sequence[int], where: tuple[int, ...]) -> None:
        if sides:
            if not isinstance(part, list) or len(part) != sides[0]:
                raise ValueError(f"{name} is not of the shape {tuple(shape)}")
            for at, inner in enumerate(part):
                walk(inner, sides[1:], (*where, at))
            return
        try:
            number = float(str(part).strip().replace("−", "-"))
        except ValueError:
            number = math.nan
        if not abs(number) <= LARGEST:
            raise NotANumber((name, *where), part)
        flat.append(number)

    walk(typed, shape, ())
    return np.array(flat, np.float32).reshape(shape)

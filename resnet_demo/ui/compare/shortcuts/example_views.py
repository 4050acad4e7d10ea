"""What the component `follow` shows of the worked example: numbers and sentences. It must not depend on Gradio."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ...text import Text
from . import example
from .example import CHANNELS, LARGEST, NUMBERS, OPTIONS, PLACES, SIDE, Example, NotANumber

MOST_SEEDS = 1000


def beginning(text: Text) -> dict[str, Any]:
    """The example to begin with: option A where dimensions change."""
    return value("A", "conv", NUMBERS, None, text)


def edited(entries: Mapping[str, Any], text: Text) -> dict[str, Any]:
    """The example for what the page sends, see the event of the component; what its form cannot send begins anew.

    `turn` is returned as it was sent: an answer is for what was typed and chosen until then.
    """
    turn = entries.get("turn")
    return _edited(entries, text) | {"turn": turn if isinstance(turn, int) else 0}


def _edited(entries: Mapping[str, Any], text: Text) -> dict[str, Any]:
    option, place = entries.get("option"), entries.get("place")
    if option not in OPTIONS or place not in PLACES:
        return beginning(text)
    try:
        x = example.read(entries.get("x"), (CHANNELS, SIDE, SIDE), "x")
        weights = weights_of(entries, option, place)
    except NotANumber as error:
        name, *where = error.where
        values = dict(zip(("a", "b", "c"), (at + 1 for at in where), strict=False))
        message = text(f"shortcuts.wrong.{name}", given=error.given, most=LARGEST, **values)
        return {"wrong": list(error.where), "error": message}
    except ValueError:
        return beginning(text)
    return value(option, place, x, weights, text)


def weights_of(entries: Mapping[str, Any], option: str, place: str) -> np.ndarray | None:
    """The weights that were chosen or typed; the first prepared ones where the fields are those of another block."""
    if not example.has_weights(option, place):
        return None
    fill, seed, typed = entries.get("fill"), entries.get("seed"), entries.get("weights")
    if fill in example.WEIGHTS:
        return example.prepared(fill, place, seed % MOST_SEEDS if isinstance(seed, int) else 0)
    outputs, _ = example.outputs_and_stride(place)
    if not isinstance(typed, list) or len(typed) != outputs:
        return example.prepared("sums", place)
    return example.read(typed, (outputs, CHANNELS), "weights")


def value(option: str, place: str, x: np.ndarray, weights: np.ndarray | None, text: Text) -> dict[str, Any]:
    """The example, computed by the models' own modules."""
    result = example.compute(option, place, x, weights)
    kind = "projection" if result.weights is not None else "padding" if place == "conv" else "identity"
    outputs, side = result.out.shape[0], result.out.shape[1]
    return {
        "option": option,
        "place": place,
        "x": spelled(result.x),
        "kept": spelled(result.kept, short),
        "weights": None if result.weights is None else spelled(result.weights),
        "out": spelled(result.out, short),
        "zeros": list(result.zeros),
        "stride": result.stride,
        "titles": {
            "x": [text("shortcuts.step.x"), text("shortcuts.size", count=CHANNELS, side=SIDE)],
            "kept": [text("shortcuts.step.kept"), text("shortcuts.size", count=CHANNELS, side=side)],
            "weights": [text("shortcuts.step.weights"), text("shortcuts.weights", outputs=outputs, inputs=CHANNELS)],
            "out": [text(f"shortcuts.step.{kind}"), text("shortcuts.size", count=outputs, side=side)],
        },
        "reads": [
            [[computation(result, k, i, j, text) for j in range(side)] for i in range(side)] for k in range(outputs)
        ],
        "words": sentences(option, place, result, text),
        "module": result.shortcut,
    }


def computation(result: Example, k: int, i: int, j: int, text: Text) -> str:
    """How the number of output channel k, row i and column j is computed."""
    place = {"channel": k + 1, "row": i + 1, "column": j + 1, "number": spell(result.out[k, i, j])}
    if k in result.zeros:
        return text("shortcuts.read.zero", **place)
    if result.weights is None:
        source = k - sum(zero < k for zero in result.zeros)
        row, column = i * result.stride + 1, j * result.stride + 1
        return text("shortcuts.read.copy", **place, source=source + 1, source_row=row, source_column=column)
    terms = [f"{bracketed(w)} · {bracketed(v)}" for w, v in zip(result.weights[k], result.kept[:, i, j], strict=True)]
    return text("shortcuts.read.sum", **place, sum=" + ".join(terms))


def sentences(option: str, place: str, result: Example, text: Text) -> list[str]:
    """What this case shows."""
    words = [text(f"shortcuts.case.{option}.{place}", count=result.parameters, left=result.x.size - result.kept.size)]
    if result.weights is not None:
        words.append(text("shortcuts.norm", change=spell(result.change, 1)))
    return words


def spell(number: float, digits: int = 3) -> str:
    """A number with at most three decimals, or that many digits where it is smaller still; with a real minus."""
    shown = f"{number:.3f}".rstrip("0").rstrip(".")
    if number and float(shown) == 0:
        shown = f"{number:.{digits}g}"
    return "0" if shown == "-0" else shown.replace("-", "−")


def short(number: float) -> str:
    """A number for a small cell: four digits, but whole numbers whole."""
    return spell(round(number) if abs(number) >= 1000 else float(f"{number:.4g}"))


def spelled(numbers: np.ndarray, write: Callable[[float], str] = spell) -> Any:
    """Nested lists of numbers as text."""
    return write(float(numbers)) if numbers.ndim == 0 else [spelled(part, write) for part in numbers]


def bracketed(number: float) -> str:
    """A factor: negative ones in brackets."""
    return f"({spell(number)})" if number < 0 else spell(number)

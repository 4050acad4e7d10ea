"""What the component `follow` shows of small numbers in a shortcut: numbers and sentences. No component."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..text import Text
from . import following
from .following import CHANNELS, LARGEST, NUMBERS, OPTIONS, PLACES, SIDE, Followed, NotANumber

MOST_SEEDS = 1000


def beginning(text: Text) -> dict[str, Any]:
    """The steps before anybody has typed anything: option A where dimensions change."""
    return value("A", "conv", NUMBERS, None, text)


def edited(asked: Mapping[str, Any], text: Text) -> dict[str, Any]:
    """The steps for what a page sent, see the event of the component; what nobody can have typed begins anew.

    Its `turn` comes back: an answer is for what was typed and chosen until then.
    """
    turn = asked.get("turn")
    return _edited(asked, text) | {"turn": turn if isinstance(turn, int) else 0}


def _edited(asked: Mapping[str, Any], text: Text) -> dict[str, Any]:
    option, place = asked.get("option"), asked.get("place")
    if option not in OPTIONS or place not in PLACES:
        return beginning(text)
    try:
        x = following.read(asked.get("x"), (CHANNELS, SIDE, SIDE), "x")
        weights = weights_of(asked, option, place)
    except NotANumber as error:
        name, *where = error.where
        values = dict(zip(("a", "b", "c"), (at + 1 for at in where), strict=False))
        said = text(f"shortcuts.wrong.{name}", given=error.given, most=LARGEST, **values)
        return {"wrong": list(error.where), "error": said}
    except ValueError:
        return beginning(text)
    return value(option, place, x, weights, text)


def weights_of(asked: Mapping[str, Any], option: str, place: str) -> np.ndarray | None:
    """The weights that a page asked for or typed in; the first prepared ones where its fields are of another block."""
    if not following.has_weights(option, place):
        return None
    fill, seed, typed = asked.get("fill"), asked.get("seed"), asked.get("weights")
    if fill in following.WEIGHTS:
        return following.prepared(fill, place, seed % MOST_SEEDS if isinstance(seed, int) else 0)
    outputs, _ = following.shape_of(place)
    if not isinstance(typed, list) or len(typed) != outputs:
        return following.prepared("sums", place)
    return following.read(typed, (outputs, CHANNELS), "weights")


def value(option: str, place: str, x: np.ndarray, weights: np.ndarray | None, text: Text) -> dict[str, Any]:
    """The steps, computed by the networks' own modules."""
    found = following.follow(option, place, x, weights)
    kind = "projection" if found.weights is not None else "padding" if place == "conv" else "identity"
    outputs, side = found.out.shape[0], found.out.shape[1]
    return {
        "option": option,
        "place": place,
        "x": spelled(found.x),
        "kept": spelled(found.kept, short),
        "weights": None if found.weights is None else spelled(found.weights),
        "out": spelled(found.out, short),
        "zeros": list(found.zeros),
        "stride": found.stride,
        "titles": {
            "x": [text("shortcuts.step.x"), text("shortcuts.size", count=CHANNELS, side=SIDE)],
            "kept": [text("shortcuts.step.kept"), text("shortcuts.size", count=CHANNELS, side=side)],
            "weights": [text("shortcuts.step.weights"), text("shortcuts.weights", outputs=outputs, inputs=CHANNELS)],
            "out": [text(f"shortcuts.step.{kind}"), text("shortcuts.size", count=outputs, side=side)],
        },
        "reads": [[[reading(found, k, i, j, text) for j in range(side)] for i in range(side)] for k in range(outputs)],
        "words": sentences(option, place, found, text),
        "module": found.shortcut,
    }


def reading(found: Followed, k: int, i: int, j: int, text: Text) -> str:
    """What the number of output channel k, row i and column j is made of."""
    place = {"channel": k + 1, "row": i + 1, "column": j + 1, "number": spell(found.out[k, i, j])}
    if k in found.zeros:
        return text("shortcuts.read.zero", **place)
    if found.weights is None:
        source = k - sum(zero < k for zero in found.zeros)
        row, column = i * found.stride + 1, j * found.stride + 1
        return text("shortcuts.read.copy", **place, source=source + 1, source_row=row, source_column=column)
    terms = [f"{bracketed(w)} · {bracketed(v)}" for w, v in zip(found.weights[k], found.kept[:, i, j], strict=True)]
    return text("shortcuts.read.sum", **place, sum=" + ".join(terms))


def sentences(option: str, place: str, found: Followed, text: Text) -> list[str]:
    """What is to be learnt from this case."""
    told = [text(f"shortcuts.case.{option}.{place}", count=found.parameters, left=found.x.size - found.kept.size)]
    if found.weights is not None:
        told.append(text("shortcuts.norm", change=spell(found.change, 1)))
    return told


def spell(number: float, digits: int = 3) -> str:
    """A number with at most three decimals, or that many digits where it is smaller still; with a real minus."""
    shown = f"{number:.3f}".rstrip("0").rstrip(".")
    if number and float(shown) == 0:
        shown = f"{number:.{digits}g}"
    return "0" if shown == "-0" else shown.replace("-", "−")


def short(number: float) -> str:
    """A number for a small cell: four digits, but whole numbers whole."""
    return spell(round(number) if abs(number) >= 1000 else float(f"{number:.4g}"))


def spelled(numbers: np.ndarray, say: Callable[[float], str] = spell) -> Any:
    """Nested lists of numbers as text."""
    return say(float(numbers)) if numbers.ndim == 0 else [spelled(part, say) for part in numbers]


def bracketed(number: float) -> str:
    """A factor: negative ones in brackets."""
    return f"({spell(number)})" if number < 0 else spell(number)

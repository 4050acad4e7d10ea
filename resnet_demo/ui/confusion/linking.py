"""What the page's address says of the tab, and what is chosen by such an address. It must not depend on a component."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .choice import DIFFERENCE, EARLIER, THIS, VIEWS, Choice

AVERAGES = "*"  # in the place of a class: the curves of averages


def choice_of(link: Mapping[str, Any], runs: Collection[str], kept: Any) -> Choice:
    """What an address, or another tab, asks for: run, set, step, groups, and other, other_set, other_step to compare
    with, of which view says what the matrix shows; curve: the class whose curves are drawn; slice,
    slice_value: the rows of an uploaded file. runs: the ids that may be
    chosen; of others nothing is."""
    run, other, view = (link.get(name) for name in ("run", "other", "view"))
    other = other if other in runs else ""
    return Choice(
        run if run in runs else None, link.get("set"), link.get("step"), groups=str(link.get("groups") or ""),
        kept=kept, view=(view if view in VIEWS else DIFFERENCE) if other else THIS, other=other,
        other_set=link.get("other_set"), other_step=link.get("other_step"), curve=curve_of(link.get("curve")),
        slicing=str(link.get("slice") or ""), slice_value=link.get("slice_value"),
    )  # fmt: skip


def curve_of(words: Any) -> str | None:
    """The class whose curves an address asks for, "" for averages alone, None for no curves."""
    return None if not words else "" if words == AVERAGES else str(words)


def parameters_of(choice: Choice) -> dict[str, Any]:
    """What the address says of a choice, None for what it leaves out; of a visitor's own answers, which no link can
    open, only what holds for the next ones, too."""
    this = {
        "run": choice.run,
        "set": choice.set_name,
        "step": choice.step,
        "groups": (choice.groups or "").strip(),
    }
    others = {
        "other": choice.other,
        "other_set": choice.other_set,
        "other_step": choice.other_step,
        "view": "" if choice.view == DIFFERENCE else choice.view,
    }
    drawn = {
        "curve": AVERAGES if choice.curve == "" else choice.curve,
        "slice": choice.slicing,
        "slice_value": choice.slice_value if choice.slicing else None,
    }
    said = ({} if choice.own else this) | ({} if choice.own or choice.other in ("", None, EARLIER) else others) | drawn
    return {name: str(said.get(name) or "") or None for name in (*this, *others, *drawn)}

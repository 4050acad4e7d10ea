"""Published runs of plain and residual networks of several depths: which of them are compared.

It must not depend on the queue or on words.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...engine.events import EpochDone, StepMetrics
from ...kept_property import kept_property
from ..folder import RunFolder

PARTS = 40  # of a run, for which one value each is drawn
RESIDUAL, PLAIN = ("A", "spare2", "spare1"), ("plain", "spare3", "spare4")  # styles, from the shallowest network on


@dataclass(frozen=True, eq=False)
class Recorded:
    """A published run that the section shows, with its style in the charts."""

    run: RunFolder
    style: str

    @kept_property
    def reports(self) -> list[StepMetrics]:
        """The metrics that it logged while training."""
        return [event for event in self.run.events() if isinstance(event, StepMetrics)]

    @kept_property
    def epochs(self) -> list[EpochDone]:
        """Its epochs."""
        return [event for event in self.run.events() if isinstance(event, EpochDone)]

    @property
    def steps(self) -> int:
        """How many steps it was trained."""
        return self.run.published_manifest()["steps"]

    def parts(self, of: Callable[[StepMetrics], float], mean: Callable[[list[float]], float]) -> list[float]:
        """One value for each of PARTS equal stretches of the run; NaN where nothing was logged."""
        values: list[list[float]] = [[] for _ in range(PARTS)]
        for report in self.reports:
            values[min(PARTS - 1, (report.step - 1) * PARTS // self.steps)].append(of(report))
        return [mean(part) if part else math.nan for part in values]


def recorded(runs: Iterable[RunFolder], norm: str = "batch") -> tuple[Recorded, ...]:
    """The published runs of equal recipe that show plain networks of two depths or more beside residual ones.

    norm: "batch" or "none", the normalisation of all of them. One run for each network, of its first seed; residual
    ones with the first of A, B, C that there is. Of several such groups the one that was trained longest; () if there
    is none.
    """
    groups: dict[Any, list[RunFolder]] = {}
    for run in runs:
        spec = run.config.model
        if run.manifest and spec.family.name == "cifar" and spec.block == "basic" and spec.norm == norm:
            groups.setdefault(_in_common(run), []).append(run)
    candidates = [_members(members) for members in groups.values()]
    candidates = [members for members in candidates if sum(_is_plain(one.run) for one in members) > 1]
    return max(
        candidates, key=lambda members: (len({_is_plain(one.run) for one in members}), members[0].steps), default=()
    )


def deepest_pair(members: Iterable[Recorded]) -> tuple[Recorded, Recorded] | None:
    """The residual and the plain network of the greatest depth that both have; None where they share no depth."""
    by_kind: dict[bool, dict[int, Recorded]] = {False: {}, True: {}}
    for one in members:
        by_kind[_is_plain(one.run)][one.run.config.model.depth] = one
    residual, plain = by_kind[False], by_kind[True]
    depth = max(residual.keys() & plain.keys(), default=None)
    return None if depth is None else (residual[depth], plain[depth])


def _in_common(run: RunFolder) -> Any:
    """What runs of different networks and seeds have in common when they were trained alike."""
    config = run.config
    model = replace(config.model, name="plain20", shortcut="none")
    alike = replace(
        config, model=model, preset="", parent="", seed=0, length=1.0, unit="epochs", threads=0, compile=False,
        checkpoint_seconds=30.0,
    )  # fmt: skip
    manifest = run.published_manifest()
    return alike, manifest["precision"], manifest["steps"]


def _members(runs: Sequence[RunFolder]) -> tuple[Recorded, ...]:
    """Residual networks before plain ones, shallow before deep."""
    first: dict[tuple[bool, int], RunFolder] = {}
    for run in sorted(runs, key=lambda run: (run.config.model.shortcut, run.config.seed)):
        first.setdefault((_is_plain(run), run.config.model.depth), run)
    styles = {False: iter(RESIDUAL), True: iter(PLAIN)}
    styled = [(run, next(styles[plain], None)) for (plain, _), run in sorted(first.items())]
    return tuple(Recorded(run, style) for run, style in styled if style)


def _is_plain(run: RunFolder) -> bool:
    return run.config.model.shortcut == "none"

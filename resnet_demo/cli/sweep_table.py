"""What `sweep` prints: how trainings stand, and their accuracies in the end. Must not depend on what trains them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, stdev
from typing import Any

from ..engine.events import EpochDone
from ..runs.comparison.results import as_markdown
from ..runs.folder import RunFolder
from ..runs.queue.standing import Status
from .sweep_file import Member

WORDS = {"queued": "waits", "running": "trains"}


@dataclass(frozen=True)
class Planned:
    """A member of the sweep and its folder."""

    member: Member
    run: RunFolder


def table(rows: Iterable[tuple[Planned, Status]], size: Any) -> list[str]:
    """How all stand, no more lines than fit: those that train first, those that have finished last."""
    order = {"running": 0, "failed": 1, "stopped": 2, "interrupted": 2, "queued": 3, "finished": 4}
    rows = sorted(rows, key=lambda row: order.get(row[1].state, 1))
    counts = Counter(WORDS.get(status.state, status.state) for _, status in rows)
    lines = [line(one, status)[: size.columns - 1] for one, status in rows[: max(1, size.lines - 3)]]
    return [*lines, ", ".join(f"{count} {word}" for word, count in counts.items())]


def line(one: Planned, status: Status) -> str:
    """How one stands."""
    report = one.run.last_report() if status.state != "damaged" else None
    text = f"{one.member.name:<40} {WORDS.get(status.state, status.state):<11}"
    if report:
        text += f" {report.progress:6.1%}  loss {report.loss:.4f}  {report.seconds:6.0f} s"
        epoch = next((event for event in reversed(one.run.events()) if isinstance(event, EpochDone)), None)
        text += f"  validation {epoch.validation_accuracy:.2%}" if epoch else ""
    return text.rstrip()


def summary(finished: Sequence[Planned]) -> str:
    """A table in Markdown: for those that differ in their seed alone mean ± standard deviation of their accuracies."""
    groups: dict[tuple[str, ...], list[Planned]] = {}
    for one in finished:
        groups.setdefault(one.member.siblings, []).append(one)
    rows = []
    for siblings, members in groups.items():
        found = [{name: answers.accuracy for name, answers in one.run.predictions().items()} for one in members]
        sets = {name: [one[name] for one in found] for name in found[0] if all(name in one for one in found)}
        said = [one for one in siblings if one.startswith("model=") or any(one not in other for other in groups)]
        spreads = {name: _spread(shares) for name, shares in sets.items()}
        rows.append({"training": ", ".join(said), "n": len(members), **spreads})
    return as_markdown([{key: row.get(key, "–") for key in _keys(rows)} for row in rows])


def _keys(rows: Sequence[Mapping[str, object]]) -> list[str]:
    return list(dict.fromkeys(key for row in rows for key in row))


def _spread(shares: Sequence[float]) -> str:
    return f"{mean(shares):.2%}" + (f" ± {stdev(shares):.2%}" if len(shares) > 1 else "")

"""What is shown of a race: its head, its curves, its table, and whether its models began equal.

It must not depend on Gradio.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from ....library.runs import may_change
from ....library.visitors import Visitor
from ....runs import execute
from ....runs.comparison.depths import deepest_pair
from ....runs.comparison.races import DIVERGED, equality, of_race
from ....runs.folder import RunFolder
from ....runs.index import created
from ....runs.queue.standing import Status
from ....services import Services
from ...errors import why
from ...percent import percent
from ...runs import chart_line, data_title, network_title
from ...shared.model_choice import SHORTCUTS
from ...text import Text
from ..published_runs import recorded_runs

Race = tuple[RunFolder, ...]  # its members, A before B before C before plain
Statuses = dict[str, Status]  # by the ids of the members
FAILED = ("failed", "damaged")
RESUMABLE = ("stopped", "failed", "interrupted")
MOST = 20  # earlier races in the list


def race_of(services: Services, race_id: Any) -> Race:
    """The members of the race with this id, () if there is none (any more)."""
    return of_race(services.runs, race_id) if isinstance(race_id, str) else ()


def races(services: Services, who: Visitor) -> list[Race]:
    """The races that a visitor may see in lists, the latest first."""
    by_id: dict[str, list[RunFolder]] = {}
    for run in who.runs(services.runs):
        if run.config.race:
            by_id.setdefault(run.config.race, []).append(run)
    return sorted(map(_ordered, by_id.values()), key=lambda race: -created(race[0]))[:MOST]


def latest(services: Services, who: Visitor) -> Race:
    """The visitor's latest race, () without one."""
    return next(iter(races(services, who)), ())


def example(services: Services) -> Race:
    """The recorded residual and plain models to show before there is a race; () where there are none."""
    pair = deepest_pair(recorded_runs(services.runs))
    return tuple(one.run for one in pair) if pair else ()


def choices(services: Services, race: Race, who: Visitor, text: Text) -> list[tuple[str, str]]:
    """(title, id) of the race that is shown and of the visitor's races."""
    listed = {one[0].config.race: one for one in (*([race] if race else []), *races(services, who))}
    return [(_title(one, text), race_id) for race_id, one in listed.items()]


def head(services: Services, race: Race, who: Visitor, text: Text) -> dict[str, Any]:
    """Title and facts of a race, for the component `run_head`."""
    if not race:
        recorded = example(services)
        facts = [data_title(run.config.data, text) for run in recorded[:1]]
        title = text("race.recorded", networks=_networks(recorded, text)) if recorded else text("race.empty")
        return {"title": title, "facts": facts}
    config = race[0].config
    facts = [
        data_title(config.data, text),
        text(f"train.length.{config.unit}", length=f"{config.length:,g}"),
        text("train.recipe", batch=config.batch_size, lr=f"{config.lr:g}", seed=config.seed),
        _date(race),
    ]
    if not may_change(services, race[0], who):
        facts.append(text("race.only_look"))
    return {"title": _networks(race, text), "facts": facts}


def curves(services: Services, race: Race, text: Text) -> dict[str, Any]:
    """The value of the curves and of the differences; before there is a race, those of recorded runs.

    The curves show the state of their first run: of one that has not failed, while there is one.
    """
    race = race or example(services)
    states = statuses(services, race)
    order = sorted(race, key=lambda run: states[run.id].state in FAILED)
    lines = [chart_line(run, text) | {"title": run.name or network_title(run, text)} for run in order]
    # "turn" makes the value another one each time: an equal one would not reach the page
    return {"runs": lines, "replay": None, "turn": time.monotonic()}


def statuses(services: Services, race: Race) -> Statuses:
    """The status of each member, by its id."""
    return {run.id: services.manager.status(run.id) for run in race}


def is_active(statuses: Statuses) -> bool:
    """Whether the race waits or goes on."""
    return any(status.state in ("queued", "running") for status in statuses.values())


def has_failed(statuses: Statuses) -> bool:
    """Whether a member has failed, though others may go on."""
    return any(status.state in FAILED for status in statuses.values())


def can_resume(race: Race, statuses: Statuses) -> bool:
    """Whether the race has ended too early; training is deterministic: what diverged would do so again."""
    return not is_active(statuses) and any(
        statuses[run.id].state in RESUMABLE and statuses[run.id].code not in DIVERGED and execute.can_resume(run)
        for run in race
    )


def failures(race: Race, statuses: Statuses, text: Text) -> str:
    """A sentence for each member that has failed."""
    failed = [(run, statuses[run.id]) for run in race if statuses[run.id].state in FAILED]
    return "\n".join(
        text("race.failed", network=network_title(run, text), why=why(one.reason, one.code, one.values, text))
        for run, one in failed
    )


def equal(race: Race, text: Text) -> str:
    """What the logs prove: whether the models began equal and were trained on the same batches."""
    proof = equality(race)
    if not proof.shared:
        return text("race.equal.none") if race else ""
    counts = {"shared": proof.shared, "equal": proof.equal}
    if not proof.batches_compared:
        return text("race.equal.tensors", **counts)
    return text("race.equal", **counts, batches=proof.batches_compared, batches_equal=proof.batches_equal)


def about(race: Race, ended: bool, text: Text) -> str:
    """What a race shows, and once it has ended that one race decides nothing; "" without a race."""
    if not race:
        return ""
    return " ".join(text(f"race.{name}") for name in (("about", "once") if ended else ("about",)))


def pairs(members: Sequence[RunFolder], text: Text) -> list[tuple[str, str]]:
    """(title, two ids) of each pair of members for the difference of their confusion matrices: later minus earlier."""
    return [
        (text("race.pair.choice", network=network_title(b, text), other=network_title(a, text)), f"{b.id} {a.id}")
        for a, b in combinations(members, 2)
    ]


def table(services: Services, race: Race, statuses: Statuses, text: Text) -> dict[str, Any] | None:
    """A row for each member: its state and step, and its results in the last epoch."""
    if not race:
        return None
    numeric = ("step", "loss", "accuracy", "validation_loss", "validation_accuracy", "rate")
    columns = [
        {"key": key, "title": text(f"race.column.{key}"), "numeric": key in numeric}
        for key in ("network", "state", *numeric)
    ]
    logs = _logs(services, race)
    return {"columns": columns, "rows": [_row(run, statuses[run.id].state, logs.get(run.id, {}), text) for run in race]}


def has_epochs(services: Services, race: Race) -> bool:
    """Whether a member has ended an epoch."""
    return any(log.get("epochs") for log in _logs(services, race).values())


def _logs(services: Services, race: Race) -> dict[str, dict[str, Any]]:
    """What the page's curves show of the members: at most a few hundred points of each."""
    return services.tails.poll({"runs": {run.id: 0 for run in race}})


def _row(run: RunFolder, state: str, log: dict[str, Any], text: Text) -> dict[str, Any]:
    points, epochs = log.get("points") or [], log.get("epochs") or []
    row: dict[str, Any] = {"network": run.name or network_title(run, text), "state": text(f"train.state.{state}")}
    if points:
        row["step"] = points[-1][0]
        rates = sorted(point[8] for point in points if point[8] is not None)
        row["rate"] = {"text": f"{rates[len(rates) // 2]:,.0f}", "sort": rates[len(rates) // 2]} if rates else None
    if epochs:
        _, _, _, loss, accuracy, validation_loss, validation_accuracy = epochs[-1]
        row["loss"], row["validation_loss"] = _number(loss), _number(validation_loss)
        row["accuracy"], row["validation_accuracy"] = _share(accuracy), _share(validation_accuracy)
    return row


def _number(value: float | None) -> dict[str, Any] | str:
    return "–" if value is None else {"text": f"{value:.4g}", "sort": value}


def _share(value: float | None) -> dict[str, Any] | str:
    return "–" if value is None else {"text": percent(value), "sort": value}


def _ordered(race: Sequence[RunFolder]) -> Race:
    return tuple(sorted(race, key=lambda run: (SHORTCUTS.index(run.config.model.shortcut), run.id)))


def _networks(race: Race, text: Text) -> str:
    return text("race.between").join(network_title(run, text) for run in race)


def _date(race: Race) -> str:
    return datetime.fromtimestamp(created(race[0])).strftime("%Y-%m-%d %H:%M")


def _title(race: Race, text: Text) -> str:
    data = data_title(race[0].config.data, text)
    return text("race.earlier.title", networks=_networks(race, text), data=data, date=_date(race))

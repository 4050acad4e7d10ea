"""Races on disk whose logs say what a test wants: no training, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from curves_page import FakeRun
from made_runs import make_config, shapes_dataset

from resnet_demo.engine.events import RunFinished, RunStarted, to_line
from resnet_demo.models.registry import allocate
from resnet_demo.runs.files import CONFIG, LOG
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.writer import create_run, json_bytes

STEPS = 100


def make_race(
    root: Path,
    race: str,
    variants: Sequence[str] = ("A", "C", "none"),
    ends: Mapping[str, RunFinished] | None = None,
    other_values: str = "",
    **changes,
) -> list[RunFolder]:
    """A race on `shapes` that has ended as its logs say.

    ends: by variant, how it ended if not as usual. other_values: a variant whose `fc.bias` began otherwise.
    """
    made, usual = [], make_config(shapes_dataset(20, 10), race=race, **changes)
    for variant in variants:
        config = replace(usual, model=replace(usual.model, shortcut=variant))
        run = create_run(root, config, f"{race}-{variant}")
        digests = {name: f"{tuple(value.shape)}" for name, value in _parameters(config.model)}
        if variant == other_values:
            digests["fc.bias"] = "others"
        teller = _Teller()
        end = (ends or {}).get(variant, RunFinished("finished", STEPS, 5.0))
        events = [RunStarted(50, STEPS, {}, "a machine", "fp32", initial=digests)]
        events += [teller.report(step) for step in range(2, end.step + 1, 2)]
        events += [replace(teller.epoch(step), batches=f"epoch {step}") for step in range(50, end.step + 1, 50)]
        events.append(end)
        (run.path / LOG).write_text("".join(to_line(event) + "\n" for event in events), encoding="utf-8")
        made.append(run)
    return made


def lengthen(runs: Sequence[RunFolder], length: int) -> None:
    """Give runs another length, in steps."""
    for run in runs:
        config = replace(RunFolder(run.path).config, length=length, unit="steps")
        (run.path / CONFIG).write_bytes(json_bytes(config.to_dict()))


def _parameters(spec) -> list:
    return list(allocate(spec, lambda tensor: tensor).named_parameters())


class _Teller(FakeRun):
    """What a run would report, without a folder of its own."""

    def __init__(self) -> None:
        self.total, self.pace, self.slowness = STEPS, 20.0, 120.0

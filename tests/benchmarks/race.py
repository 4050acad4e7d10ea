"""Measures who is ahead at the end of a short race: `python tests/benchmarks/race.py`. No pytest.

By default the race that the form in the tab Compare begins with, which was chosen by this. Each try is one race of the
command line with a seed of its own, at low priority, one after another; the lead is the accuracy of the first network
minus that of the last when the race ends, in percentage points. Other work on the machine leaves a race of so many
seconds fewer steps, and makes one of so many steps longer, so steps, seconds and load are printed, too.

  python tests/benchmarks/race.py --depths 8 20 44 --lengths 60 --unit seconds --tries 2
  python tests/benchmarks/race.py --models resnet:A resnet:B resnet:C plain --out leads.csv
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
from dataclasses import astuple, dataclass, fields
from itertools import product
from pathlib import Path
from statistics import fmean, stdev
from tempfile import TemporaryDirectory

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from resnet_demo.engine.events import EpochDone  # noqa: E402
from resnet_demo.runs.folder import RunFolder  # noqa: E402
from resnet_demo.ui.compare.race.form import beginning  # noqa: E402


@dataclass(frozen=True)
class Setting:
    """What the tries of a row of the table have in common."""

    depth: int
    batch_size: int
    lr: float
    length: float


@dataclass(frozen=True)
class Lead:
    """How a race ended. validation, training: leads in points; first: the first network's validation accuracy in
    percent. steps: of each network. seconds: of the race; cpu: those of the processor for its whole process. load: of
    the machine in the minute before the end."""

    validation: float
    training: float
    first: float
    steps: int
    seconds: float
    cpu: float
    load: float


def main() -> None:
    """Measure and print."""
    first = beginning()
    models = ["plain" if one == "none" else f"resnet:{one}" for one in first.variants]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=models, help="without depth")
    parser.add_argument("--data", default=first.data)
    parser.add_argument("--depths", nargs="+", type=int, default=[first.depth])
    parser.add_argument("--batch-sizes", nargs="+", type=int, default=[first.batch_size])
    parser.add_argument("--rates", nargs="+", type=float, default=[first.lr], help="peak learning rates")
    parser.add_argument("--lengths", nargs="+", type=float, default=[first.length])
    parser.add_argument("--unit", choices=("seconds", "steps"), default=first.unit, help="of the lengths")
    parser.add_argument("--tries", type=int, default=5, help="seeds 0, 1, … (5)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads (1)")
    parser.add_argument("--out", type=Path, help="a CSV with a line for each try, which is added to")
    args = parser.parse_args()
    heads = ("validation, points", "training, points", "first, %", "steps", "seconds", "cpu seconds", "load")
    print(
        f"{args.models[0]} minus {args.models[-1]} on {args.data}, {len(args.models)} networks, {args.threads} threads"
    )
    print(
        f"{'depth':>5} {'batch':>5} {'lr':>5} {args.unit:>7}  ahead  " + "  ".join(f"{head:>24}" for head in heads),
        flush=True,
    )
    for setting in (Setting(*one) for one in product(args.depths, args.batch_sizes, args.rates, args.lengths)):
        leads = []
        for seed in range(args.tries):
            leads.append(race(setting, seed, args))
            if args.out:
                with args.out.open("a") as file:
                    print(*args.models, args.data, *astuple(setting), seed, *astuple(leads[-1]), sep=",", file=file)
        print(row(setting, leads), flush=True)


def race(setting: Setting, seed: int, args: argparse.Namespace) -> Lead:
    """Train one race and read its logs."""
    names = [model.replace("resnet", f"resnet{setting.depth}").replace("plain", f"plain{setting.depth}")
             for model in args.models]  # fmt: skip
    before = cpu_seconds()
    with TemporaryDirectory() as runs:
        subprocess.run(
            [
                "nice", sys.executable, "-m", "resnet_demo", "race", "--models", *names, "--data", args.data,
                f"--{args.unit}", f"{setting.length:g}", "--batch-size", str(setting.batch_size),
                "--lr", f"{setting.lr:g}", "--seed", str(seed), "--threads", str(args.threads), "--runs", runs,
                "--no-test", "--quiet",
            ],
            cwd=PROJECT, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        members = {
            run.config.model.name + run.config.model.shortcut: run for run in map(RunFolder, Path(runs).iterdir())
        }
        first, last = (end_of(members, name) for name in (names[0], names[-1]))
    return Lead(
        validation=100 * (first.validation_accuracy - last.validation_accuracy),
        training=100 * (first.train_accuracy - last.train_accuracy),
        first=100 * first.validation_accuracy,
        steps=first.step,
        seconds=first.seconds,
        cpu=cpu_seconds() - before,
        load=os.getloadavg()[0],
    )


def cpu_seconds() -> float:
    """What the processes that have ended took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def end_of(members: dict[str, RunFolder], model: str) -> EpochDone:
    """The last evaluation of a network of the race."""
    name, _, shortcut = model.partition(":")
    run = members[name + (shortcut or "none")]
    return [event for event in run.events() if isinstance(event, EpochDone)][-1]


def row(setting: Setting, leads: list[Lead]) -> str:
    """A line of the table: how often the first network was ahead; mean, spread and range of each number."""
    ahead = f"{sum(lead.validation > 0 for lead in leads)}/{len(leads)}"
    cells = []
    for field in fields(Lead):
        values = [getattr(lead, field.name) for lead in leads]
        spread = stdev(values) if len(values) > 1 else 0
        cells.append(f"{fmean(values):.1f} ± {spread:.1f} ({min(values):.1f} … {max(values):.1f})")
    numbers = f"{setting.depth:>5} {setting.batch_size:>5} {setting.lr:>5g} {setting.length:>7g}"
    return f"{numbers}  {ahead:>5}  " + "  ".join(f"{cell:>24}" for cell in cells)


if __name__ == "__main__":
    main()

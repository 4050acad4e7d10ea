"""The published runs as one table, from their manifests: what the README shows and anybody can print again.

It knows the published numbers of the paper that belong beside ours, and nothing of where the table is shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..models import ModelSpec
from ..models.describe import describe
from .folder import RunFolder

# Accuracies on CIFAR-10 from He et al. 2015, table 6, which has test errors of option A alone; of plain networks there
# is a curve (figure 6)
PAPER = {("resnet20", "A", "cifar10"): 0.9125, ("plain20", "none", "cifar10"): None}
HEAD = (
    "network",
    "data",
    "parameters",
    "epochs",
    "test, stored losslessly",
    "test, all rows",
    "validation",
    "n",
    "paper",
)


def results_table(runs: Sequence[RunFolder]) -> str:
    """Markdown: a row for each run that has a manifest, accuracy with its 95 % interval (Wilson) over the
    pictures.

    n is the number of seeds. The interval is about the pictures; with one seed nothing is said about other
    seeds.
    """
    runs = [run for run in runs if run.manifest]
    if not runs:
        return ""
    lines = [HEAD, ("---",) * 2 + ("---:",) * (len(HEAD) - 2)]
    lines += [_row(run) for run in runs]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _row(run: RunFolder) -> tuple[str, ...]:
    manifest, spec = run.manifest, run.config.model
    key = (spec.name, spec.shortcut, run.config.data)
    return (
        network_title(spec),
        run.config.data,
        f"{describe(spec).parameters:,}",
        f"{manifest['epochs']:g}",
        *(_accuracy(manifest["accuracy"].get(name)) for name in ("test-lossless", "test", "validation")),
        str(len(manifest["seeds"])),
        _paper(key),
    )


def network_title(spec: ModelSpec) -> str:
    """What a network is called: ResNet-20, shortcut B, or Plain-20."""
    return spec.title + ("" if spec.shortcut == "none" else f", shortcut {spec.shortcut}")


def _paper(key: tuple[str, str, str]) -> str:
    if key not in PAPER:
        return "–"
    return "curve only (figure 6)" if PAPER[key] is None else f"{PAPER[key]:.2%}".replace("%", " %")


def _accuracy(found: dict | None) -> str:
    if found is None:
        return "–"
    return f"{found['accuracy']:.2%} [{found['low']:.1%}, {found['high']:.1%}]".replace("%", " %")

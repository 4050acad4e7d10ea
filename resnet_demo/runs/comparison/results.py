"""The published runs as one table, from their manifests: what docs/RESULTS.md has and the command `results` prints.

The published numbers of the paper that belong beside ours are here, too. Must not depend on where the table is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...models import ModelSpec
from ...models.describe import describe
from ..folder import RunFolder
from ..records import Accuracy
from .published import Variant, grouped, is_short, longest_by_data, sets_in_common, variants_of

# Accuracies on CIFAR-10 from He et al. 2015, table 6, which has test errors of option A alone; of plain networks there
# is a curve (figure 6)
PAPER = {("resnet20", "A", "cifar10"): 0.9125, ("plain20", "none", "cifar10"): None}
SETS = {"test-lossless": "test, stored losslessly", "test": "test, all rows", "validation": "validation"}
SEVERAL = "Short runs, and networks trained from several seeds: mean ± standard deviation over n seeds."


def results_table(runs: Sequence[RunFolder]) -> str:
    """Markdown: a row for each network that has a manifest, accuracy with its 95 % interval (Wilson) over the pictures
    and, where there are short runs or several seeds, a second table of these: mean ± standard deviation over n seeds.

    The first table has the first seed of each network, short runs (`comparison.is_short`) left out. The interval is
    about the pictures and says nothing about other seeds.
    """
    groups = grouped(runs)
    longest = longest_by_data(groups)
    first, seeds = set(), []
    for members in groups:
        config, epochs = members[0].config, members[0].published_manifest()["epochs"]
        short = is_short(epochs, longest[config.fingerprint])
        for variant in variants_of(members, sets_in_common(members)):
            if not short:
                first.add(variant.runs[0].id)
            if short or variant.n > 1:
                seeds.append(_seeds_row(variant, config.data, epochs))
    table = as_markdown([_row(run) for run in runs if run.id in first], text_columns=2)
    if seeds:
        table += f"\n{SEVERAL}\n\n{as_markdown(seeds, text_columns=2)}"
    return table


def as_markdown(rows: Sequence[Mapping[str, object]], text_columns: int = 1) -> str:
    """A table in Markdown, "" without rows: first so many columns of text on the left, then numbers on the right."""
    import pandas as pd  # half a second, for what prints a table alone

    table = pd.DataFrame(rows, dtype=str)
    rule = ["---"] * text_columns + ["---:"] * (table.shape[1] - text_columns)
    lines = (table.columns, rule, *table.itertuples(index=False)) if rows else ()
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _row(run: RunFolder) -> dict[str, object]:
    manifest, spec = run.published_manifest(), run.config.model
    return {
        "network": network_title(spec),
        "data": run.config.data,
        "parameters": f"{describe(spec).parameters:,}",
        "epochs": f"{manifest['epochs']:g}",
        **{head: _accuracy(manifest["accuracy"].get(name)) for name, head in SETS.items()},
        "n": len(manifest["seeds"]),
        "paper": _paper((spec.name, spec.shortcut, run.config.data)),
    }


def _seeds_row(variant: Variant, data: str, epochs: float) -> dict[str, object]:
    def shown(name: str) -> str:
        if name not in variant.accuracy:
            return "–"
        spread = f" ± {100 * variant.std(name):.2f}" if variant.n > 1 else ""
        return f"{100 * variant.mean(name):.2f}{spread} %"

    return {
        "network": network_title(variant.spec),
        "data": data,
        "parameters": f"{variant.parameters:,}",
        "epochs": f"{epochs:g}",
        **{head: shown(name) for name, head in SETS.items()},
        "n": variant.n,
    }


def network_title(spec: ModelSpec) -> str:
    """What a network is called: ResNet-20, shortcut B, or Plain-20; without batch normalisation that is said."""
    shortcut = "" if spec.shortcut == "none" else f", shortcut {spec.shortcut}"
    return spec.title + shortcut + ("" if spec.norm == "batch" else ", no batch normalisation")


def _paper(key: tuple[str, str, str]) -> str:
    if key not in PAPER:
        return "–"
    return "curve only (figure 6)" if PAPER[key] is None else f"{PAPER[key]:.2%}".replace("%", " %")


def _accuracy(accuracy: Accuracy | None) -> str:
    if accuracy is None:
        return "–"
    return f"{accuracy['accuracy']:.2%} [{accuracy['low']:.1%}, {accuracy['high']:.1%}]".replace("%", " %")

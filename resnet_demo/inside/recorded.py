"""What removing a block costs and how layers respond, recorded beside a run: `inside.json`, a few KB.

Measured on the first test images of the run's data set, whose order is fixed: REMOVAL_ROWS for the removal curve,
RESPONSE_ROWS for the responses. Must not depend on pages or the command line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from math import isfinite
from statistics import median
from typing import Any

from pydantic import TypeAdapter

from ..data.dataset import Dataset
from ..inference.classifier import from_run
from ..inference.store import ModelStore
from ..models import ModelSpec
from ..models.cuts import block_names
from ..runs.comparison.results import as_markdown, network_title
from ..runs.exchange.publish import add_file
from ..runs.folder import RunFolder
from ..runs.records import RunError
from ..runs.writer import json_bytes
from .removal import RemovalCurve, removal_curve
from .responses import Responses, mean_responses

INSIDE = "inside.json"
REMOVAL_ROWS, RESPONSE_ROWS = 1_000, 500
DIGITS = 5


@dataclass(frozen=True)
class Recorded:
    """fingerprint: of the data set that was measured on. removal: on its first `removal.rows` test images.
    responses: over its first `responses.images` test images."""

    fingerprint: str
    removal: RemovalCurve
    responses: Responses


RECORDED = TypeAdapter(Recorded)


def record(
    run: RunFolder, store: ModelStore, dataset: Dataset, progress: Callable[[int, int], None] = lambda done, of: None
) -> dict[str, Any]:
    """Measure, write `inside.json` into the run, and its digest into the manifest if it is published; what was written.

    progress: told (steps done, in all). Raises RunError if `dataset` is not the one that the run was trained on or has
    no test images, Refusal if the run has no weights that can be used.
    """
    if dataset.fingerprint != run.config.fingerprint or dataset.test is None:
        raise RunError("other_files", run=run.id)
    loaded, test = store.get(from_run(run)), dataset.test
    statistics = run.config.mean, run.config.std
    responses = mean_responses(loaded, test.images[:RESPONSE_ROWS], *statistics)
    images, labels = test.images[:REMOVAL_ROWS], test.labels[:REMOVAL_ROWS]
    removal = removal_curve(loaded, images, labels, *statistics, progress=progress)
    values = _rounded(asdict(Recorded(dataset.fingerprint, removal, responses)))
    add_file(run, INSIDE, json_bytes(values))
    return values


def read_record(run: RunFolder) -> Recorded | None:
    """What was recorded, None where nothing was; RunError where the file is damaged, or of another network."""
    try:
        return run.read(INSIDE, lambda content: _checked(content, run.config.model))
    except FileNotFoundError:
        return None


def _checked(content: bytes, spec: ModelSpec) -> Recorded:
    recorded = RECORDED.validate_json(content)
    removal, names = recorded.removal, block_names(spec)
    if removal.blocks != names or tuple(block.name for block in recorded.responses.blocks) != names:
        raise ValueError(f"its blocks are not those of {spec.title}")
    if len(removal.accuracies) != len(names) or len(recorded.responses.stds) != len(recorded.responses.layers):
        raise ValueError("it must have a number for each block and layer")
    norms = [norm for block in recorded.responses.blocks for norm in (block.shortcut or 0, block.branch, block.total)]
    if not all(isfinite(value) and value >= 0 for value in (*norms, *recorded.responses.stds)):
        raise ValueError("norms and standard deviations must be finite numbers of 0 or more")
    if not all(0 <= share <= 1 for share in (removal.accuracy, *removal.accuracies)):
        raise ValueError("accuracies must be between 0 and 1")
    return recorded


def _rounded(values: Any) -> Any:
    """The same with numbers of DIGITS decimals, which is finer than an image among a thousand."""
    if isinstance(values, dict):
        return {name: _rounded(value) for name, value in values.items()}
    if isinstance(values, list | tuple):
        return [_rounded(value) for value in values]
    return round(values, DIGITS) if isinstance(values, float) else values


def removal_table(runs: Iterable[RunFolder]) -> str:
    """Accuracy without each block in turn, a row for each run of which it is recorded: Markdown, "" for none.

    RunError for a damaged record.
    """
    rows = []
    for run in runs:
        if recorded := read_record(run):
            removal, spec = recorded.removal, run.config.model
            without = sorted(removal.accuracies)
            shares = {"all blocks": removal.accuracy, "without one: best": without[-1], "median": median(without)}
            shares |= {"worst": without[0]}
            row = {"network": network_title(spec), "epochs": f"{run.config.length:g}", "blocks": len(without)}
            row |= {name: f"{100 * share:.1f} %" for name, share in shares.items()}
            rows.append(
                (spec.depth, spec.shortcut == "none", spec.shortcut, row | {"test images": f"{removal.rows:,}"})
            )
    return as_markdown([row for *_, row in sorted(rows, key=lambda one: one[:3])])

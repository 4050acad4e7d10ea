"""Published runs made in a moment: configuration, manifest and predictions, nothing trained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from resnet_demo.data.dataset import Dataset, Split
from resnet_demo.engine.config import TrainConfig
from resnet_demo.engine.evaluate import Predictions
from resnet_demo.models import ModelSpec
from resnet_demo.runs.exchange.publish import BEST
from resnet_demo.runs.files import MANIFEST, PREDICTIONS
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.writer import create_run, json_bytes, write_predictions

CLASSES = ("ant", "bee", "cow", "doe", "eel")
SETS = {"test": 1000, "validation": 400}
CONFIG = TrainConfig(
    ModelSpec.from_name("resnet8", num_classes=len(CLASSES)), data="shapes", length=12.0, classes=CLASSES,
    mean=(0.5,) * 3, std=(0.25,) * 3, fingerprint="made", precision="fp32", preset="fast",
)  # fmt: skip


def make_published(
    root: Path,
    run_id: str,
    *,
    shortcut: str = "A",
    model: str = "",
    seed: int = 0,
    right: int = 800,
    epochs: float = 12.0,
    weights: bool = True,
    sets: dict[str, int] = SETS,
    lossless: bool = True,
    norm: str = "batch",
    **changes,
) -> RunFolder:
    """A published run that has `right` of 1000 rows of each set right (as many in proportion where there are others).

    weights: false keeps the first classes only, as `export --no-weights` does (there is no file of weights either way).
    lossless: whether every tenth test row is stored losslessly. changes: other fields of the configuration.
    """
    name = model or ("plain8" if shortcut == "none" else "resnet8")
    spec = ModelSpec.from_name(name, num_classes=len(CLASSES), shortcut=shortcut, norm=norm)
    config = replace(CONFIG, model=spec, seed=seed, length=float(epochs), **changes)
    folder = create_run(root, config, run_id)
    predictions = {one: made_predictions(n, round(right * n / 1000), seed) for one, n in sets.items()}
    rows = np.arange(0, sets.get("test", 0), 10) if lossless else None
    empty = Split(np.zeros((0, 8, 8, 3), np.uint8), np.zeros(0, np.int64))
    dataset = Dataset("shapes", CLASSES, empty, empty, config.mean, config.std, "made", lossless_test_rows=rows)
    write_predictions(folder.path / PREDICTIONS, predictions, dataset, best=None if weights else BEST)
    manifest = {
        "title": run_id, "command": f"python -m resnet_demo train --id {run_id}", "seeds": [seed],
        "fingerprint": config.fingerprint, "epochs": epochs, "steps": round(epochs * 100), "hardware": "none",
        "precision": config.precision, "weights": weights, "config": config.to_dict(), "sha256": {},
        "accuracy": {
            one: {
                "n": len(found.rows), "correct": found.correct, "accuracy": round(found.accuracy, 5),
                "low": found.interval().low, "high": found.interval().high,
            }
            for one, found in folder.predictions().items()
        },
    }  # fmt: skip
    (folder.path / MANIFEST).write_bytes(json_bytes(manifest))
    return folder


def made_predictions(n: int, right: int, seed: int) -> Predictions:
    """Random logits float16 of n rows, of which `right` are right; the labels are the same whatever the seed."""
    labels = np.random.default_rng(n).integers(0, len(CLASSES), n)
    random = np.random.default_rng([seed, right])
    wrong = random.permutation(n) >= right
    logits = random.normal(size=(n, len(CLASSES)))
    answer = (labels + wrong * random.integers(1, len(CLASSES), n)) % len(CLASSES)
    logits[np.arange(n), answer] = logits.max(1) + 0.5
    return Predictions(logits.astype(np.float16), labels, np.arange(n))

"""Runs whose answers are made, not trained: on a data set's test rows, and in recorded epochs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from made_runs import make_config, write_weights

from resnet_demo.data.dataset import Dataset
from resnet_demo.engine.config import TrainConfig
from resnet_demo.engine.evaluate import Predictions
from resnet_demo.engine.events import EpochDone, RunFinished
from resnet_demo.runs.folder import RunFolder
from resnet_demo.runs.writer import create_run, open_writer


def half_right_run(root: Path, run_id: str, dataset: Dataset, **changes) -> RunFolder:
    """A run with initial weights and answers to the test images, half of them right."""
    folder = create_run(root, make_config(dataset, **changes), run_id)
    write_weights(folder, 0)
    truth = np.asarray(dataset.test.labels)
    answers = np.where(np.arange(len(truth)) % 2, truth, (truth + 1) % len(dataset.classes))
    logits = 3.0 * np.eye(len(dataset.classes))[answers]
    with open_writer(folder) as writer:
        predictions = Predictions(logits.astype(np.float16), truth, np.arange(len(truth)))
        writer.write_predictions({"test": predictions}, dataset)
        writer.append(RunFinished("finished", 20, 1.0))
    return folder


def two_epoch_run(root: Path, run_id: str, dataset: Dataset, seed: int, **changes) -> RunFolder:
    """A run of two recorded epochs (steps 10 and 20), the second one better, with answers on its test set."""
    config, random = make_config(dataset, **changes), np.random.RandomState(seed)
    folder = create_run(root, config, run_id)
    write_weights(folder, seed)
    truth = np.asarray(dataset.test.labels)
    with open_writer(folder) as writer:
        for epoch, share in ((1, 0.3), (2, 0.7)):
            writer.append(recorded_epoch(dataset, config, epoch, share, random))
        logits = np.eye(10)[answered(truth, 0.7, random)] * random.rand(len(truth), 1) * 3
        predictions = Predictions(logits.astype(np.float16), truth, np.arange(len(truth)))
        writer.write_predictions({"test": predictions}, dataset)
        writer.append(RunFinished("finished", 20, 2.0))
    return folder


def recorded_epoch(
    dataset: Dataset, config: TrainConfig, epoch: int, share: float, random: np.random.RandomState
) -> EpochDone:
    """An epoch of ten steps after which about this share is answered right."""
    labels, parts = np.asarray(dataset.train.labels), dataset.split_rows(config.split_seed)
    train, validation = (answered(labels[rows], share, random) for rows in parts)
    seen = np.ones(len(train), bool)
    return EpochDone(10 * epoch, float(epoch), 1.0, 1.0, share, 1.0, share, train, seen, validation)


def answered(labels: np.ndarray, share: float, random: np.random.RandomState) -> np.ndarray:
    """Answers with about this share right."""
    return np.where(random.rand(len(labels)) < share, labels, random.randint(0, 10, len(labels)))

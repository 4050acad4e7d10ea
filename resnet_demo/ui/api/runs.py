"""What programs can do with runs: train, follow and stop one; its confusion matrix; comparisons of published ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gradio as gr
from gradio.data_classes import FileData

from ...engine.config import preset
from ...engine.events import EpochDone, StepMetrics
from ...figures.files import confusion_files
from ...library.answers import Answers, answers, grouped
from ...library.launching import submit
from ...metrics.groups import parse_groups
from ...metrics.report import report
from ...models import ModelSpec
from ...runs.comparison.published import comparisons
from ...runs.comparison.report import report as comparison_report
from ...services import Services
from ..errors import REFUSALS
from ..visitor import visitor
from .files import GivenOut, refusal


class Runs:
    """The endpoints, each a method."""

    def __init__(self, services: Services, files: GivenOut) -> None:
        self.services, self.files = services, files

    def train_model(
        self,
        request: gr.Request,
        model: str = "resnet8",
        shortcut: str = "A",
        data: str = "shapes",
        length: float = 30,
        unit: str = "seconds",
        preset_name: str = "demo",
        batch_size: int = 128,
        lr: float = 0.2,
        seed: int = 0,
    ) -> dict[str, str]:
        """Queue a run; it starts as soon as those before it have ended.

        Args:
            model: a network's name, such as "resnet8", "resnet20" or "plain20".
            shortcut: "A", "B", "C", or "none" for a plain network.
            data: "shapes", "cifar10" or "fashion-mnist", where it is on the server.
            length: how long, in `unit`.
            unit: "seconds", "epochs" or "steps".
            preset_name: "demo", "fast" or "paper", for everything that is not given here.
            batch_size: pictures a step.
            lr: peak learning rate.
            seed: of initial values, order and augmentation.

        Returns:
            run: its id, with which /run and /classify know it; token: what /stop wants to see.
        """
        try:
            spec = ModelSpec.from_name(model, shortcut=None if model.startswith("plain") else shortcut)
            amount = int(length) if unit == "steps" else float(length)
            config = preset(preset_name, replace(spec, input_size=32), str(data))
            given: dict[str, Any] = {"length": amount, "unit": unit, "batch_size": batch_size, "lr": lr, "seed": seed}
            config = replace(config, **given)
            made = submit(self.services, config, visitor(self.services, request))
        except (ValueError, *REFUSALS) as error:
            raise refusal(error) from error
        return {"run": made.run.id, "token": made.token}

    def get_training_run(self, run: str) -> dict[str, Any]:
        """How a run stands.

        Args:
            run: its id, as /train returned it, or that of a published run.

        Returns:
            state ("queued", "running", "finished", "stopped", "failed" or "interrupted"), position in the queue (1 is
            next, 0: not queued), reason (a sentence where it did not simply finish), the latest metrics of training
            (step, epoch, progress 0 to 1, seconds, loss, accuracy, lr, grad_norm, images_per_second), and of
            validation (epoch, loss, accuracy); null where there are none yet.
        """
        try:
            status, events = self.services.manager.status(run), self.services.runs.get(run).events()
        except REFUSALS as error:
            raise refusal(error) from error
        step = next((event for event in reversed(events) if isinstance(event, StepMetrics)), None)
        epoch = next((event for event in reversed(events) if isinstance(event, EpochDone)), None)
        return {
            "state": status.state,
            "position": status.position,
            "reason": status.reason,
            "training": vars(step) if step else None,
            "validation": {
                "epoch": epoch.epoch, "loss": epoch.validation_loss, "accuracy": epoch.validation_accuracy
            } if epoch else None,
        }  # fmt: skip

    def stop_training_run(self, run: str, token: str) -> dict[str, str]:
        """Ask a run to stop; it keeps a checkpoint and can be resumed on the page.

        Args:
            run: its id.
            token: as /train returned it.

        Returns:
            state, a moment later: see /run.
        """
        try:
            self.services.manager.stop(run, str(token or ""))  # None would be whoever has the whole machine
            return {"state": self.services.manager.status(run).state}
        except REFUSALS as error:
            raise refusal(error) from error

    def get_confusion_matrix(self, run: str, set_name: str = "test", groups: str = "") -> dict[str, Any]:
        """The confusion matrix of a run, and what follows from it.

        Of the last epoch that was recorded "running" is the training set as it went, and "epoch" validation.

        Args:
            run: its id, as /train or /models say it.
            set_name: "test", "test-lossless", "validation", "train", or "running" and "epoch" (see above).
            groups: classes to merge, a line for each group: "pets: cat, dog".

        Returns:
            classes, counts (rows true, columns predicted), rows, accuracy with its 95 % interval, averages, per_class
            (support, recall, precision, F1), pairs, and where probabilities are known calibration, top_k,
            average_precision and auc (each class against the rest: macro, micro, and in per_class). What does not exist
            is null.
        """
        found = self._answers(run, set_name, groups)
        about = {"run": run, "set": set_name}
        return report(
            found.matrix,
            about=about,
            probabilities=found.probabilities,
            labels=found.labels,
            predicted=found.predicted,
            curves=found.curves,
        )

    def show_confusion_matrix(self, run: str, set_name: str = "test", groups: str = "") -> FileData:
        """The confusion matrix of a run, as a picture to look at.

        Args:
            run: its id, as /train or /models say it.
            set_name: as /confusion takes it.
            groups: classes to merge, a line for each group: "pets: cat, dog".

        Returns:
            a PNG: rows true, columns predicted, shares of rows as colour, counts as numbers.
        """
        found = self._answers(run, set_name, groups)
        title = f"{self.services.runs.get(run).name or run}, {set_name}"
        files = confusion_files(found.matrix, title=title, draw=self.services.drawing.run)
        return self.files.give(files["matrix.png"](), "matrix.png")

    def compare_shortcuts(self) -> dict[str, Any]:
        """The published networks that differ in their shortcut and seed alone, side by side.

        Returns:
            comparisons: each with its variants (cost; accuracy by set, one number a seed, mean, std), verdicts by set
            (paired t-test, p by Holm, separated, seeds_needed: null above 1000) and networks (McNemar's test of two
            single ones); reported: numbers of the papers. Accuracies are shares, what does not exist is null.
        """
        try:
            published = [run for run in self.services.runs.list() if self.services.runs.is_published(run)]
            return comparison_report(comparisons(published))
        except REFUSALS as error:
            raise refusal(error) from error

    def _answers(self, run: str, set_name: str, groups: str) -> Answers:
        try:
            found = answers(self.services, self.services.runs.get(run), set_name)
            if found is None:
                raise gr.Error(f"The run has no answers on {set_name!r}.", print_exception=False)
            return grouped(found, parse_groups(groups, found.classes)) if groups.strip() else found
        except REFUSALS as error:
            raise refusal(error) from error

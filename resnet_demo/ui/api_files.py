"""What programs can call with a file of their own: `/confusion_file`. Its sentences are English, as those of `api`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import FileData
from pydantic import ValidationError

from ..data.counts import Counts, read_uploaded
from ..data.sizes import memory_size
from ..library.answers import answers_from_counts, answers_from_table, grouped
from ..metrics.groups import parse_groups
from ..metrics.report import report
from ..metrics.slices import slices_report
from ..services import Services
from .errors import REFUSALS
from .uploads import uploaded
from .visitor import visitor

READING = {"concurrency_id": "bring", "concurrency_limit": 2}  # together with the files that pages read


class FileEndpoints:
    """What programs call; Gradio describes each by its docstring and type hints."""

    def __init__(self, services: Services) -> None:
        self.services = services

    def build(self) -> None:
        """Add the endpoints to the page that is being built."""
        gr.api(self.confusion_file, api_name="confusion_file", **READING)

    def confusion_file(
        self, file: FileData, request: gr.Request, groups: str = "", slices: str = "", transposed: bool = False
    ) -> dict[str, Any]:
        """The confusion matrix of a file of predictions, or of counts, and what follows from it.

        Args:
            file: CSV or parquet (with gradio_client: handle_file("predictions.csv")) with y_true and y_pred, or y_true
                and a column for each class; or a CSV of counts, rows true, columns predicted.
            groups: classes to merge, a line for each group: "pets: cat, dog".
            slices: a further column of the file.
            transposed: whether the rows of a matrix of counts are the predicted classes.

        Returns:
            as /confusion, and with slices: value, rows, right, accuracy and difference to the rest with 95 % intervals,
            p (Fisher's exact test, by Holm) and counts of each value of that column.
        """
        try:
            path, name = opened(file)
            read = read_uploaded(path, name=name, transposed=bool(transposed))
            found = answers_from_counts(read) if isinstance(read, Counts) else answers_from_table(read)
            with self.services.memory.hold(visitor(self.services, request).address, memory_size(read)):
                if groups.strip():
                    found = grouped(found, parse_groups(groups, found.classes))
                made = report(
                    found.matrix,
                    about={"file": read.name},
                    probabilities=found.probabilities,
                    labels=found.labels,
                    predicted=found.predicted,
                    curves=found.curves,
                )
                if slices:
                    columns = () if isinstance(read, Counts) else read.slices
                    column = next((one for one in columns if one.name == slices), None)
                    if column is None:
                        names = ", ".join(one.name for one in columns) or "none"
                        raise gr.Error(f"Columns that can part the rows: {names}.", print_exception=False)
                    rows = found.labels, found.predicted, found.classes
                    made["slices"] = slices_report(*rows, column.codes, column.values)
        except REFUSALS as error:
            raise gr.Error(str(error), print_exception=False) from error
        return made


def opened(file: FileData) -> tuple[Path, str]:
    """The file that a program has uploaded, and its name."""
    try:
        # only what has this mark has been checked by Gradio to lie in its upload folder
        checked = FileData.model_validate(file, context={"validate_meta": True})
    except ValidationError as error:
        raise gr.Error("file must be an uploaded file: handle_file(…)", print_exception=False) from error
    path = uploaded(checked.path)
    return path, Path(checked.orig_name or path.name).name

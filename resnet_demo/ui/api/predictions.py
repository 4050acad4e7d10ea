"""What programs can do with predictions of their own."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.data_classes import FileData

from ...data.counts import Counts, read_uploaded
from ...data.sizes import memory_size
from ...library.answers import answers_from_counts, answers_from_table, grouped
from ...metrics.groups import parse_groups
from ...metrics.report import report
from ...metrics.slices import slices_report
from ...services import Services
from ..errors import REFUSALS
from ..visitor import visitor
from .files import opened_file, refusal


class Predictions:
    """The endpoints, each a method."""

    def __init__(self, services: Services) -> None:
        self.services = services

    def get_confusion_matrix_of_file(
        self, file: FileData, request: gr.Request, groups: str = "", slices: str = "", transposed: bool = False
    ) -> dict[str, Any]:
        """The confusion matrix of a file of predictions, or of counts, and what follows from it.

        A CSV or parquet file has y_true and y_pred, or y_true and a column for each class; a CSV of counts has
        rows true, columns predicted.

        Args:
            file: CSV or parquet (with gradio_client: handle_file("predictions.csv")).
            groups: classes to merge, a line for each group: "pets: cat, dog".
            slices: a further column of the file.
            transposed: whether the rows of a matrix of counts are the predicted classes.

        Returns:
            as /confusion, and with slices: value, rows, right, accuracy and difference to the rest with 95 % intervals,
            p (Fisher's exact test, by Holm) and counts of each value of that column.
        """
        try:
            path, name = opened_file(file, "file")
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
            raise refusal(error) from error
        return made

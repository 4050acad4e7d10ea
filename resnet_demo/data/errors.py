"""What data cannot be used, in one sentence each: the one place where those sentences are.

It knows no file. Pages say the same in other languages, by reason and values.
"""

from __future__ import annotations

from .decode import ImageError

SENTENCES = {
    # what load_dataset was asked for
    "data.unknown": (
        "no data set '{name}': known are {known}, or the path of a folder or .zip file with one sub-folder of pictures "
        "for each class"
    ),
    "data.not_here": "{name} is not on this machine yet; it has to be fetched first ({megabytes} MB).",
    "data.gone": "These pictures are not here, or no longer; accepted are pictures that were added here and kept.",
    "data.expired": "“{name}” is no longer here: uploads are kept for {minutes} minutes at most; upload it again.",
    "data.preparing": (
        "{count} data sets are being prepared for your address already; accepted are {most} at a time: wait for one of "
        "them."
    ),
    "data.not_stored": (
        "The images of {name} were prepared, but could not be stored on this machine, so that they cannot be shown; "
        "free some space there, or let RESNET_DEMO_CACHE name a folder that can be written to."
    ),
    "data.layout": (
        "“{file}” cannot be read as {name} in the Hub's layout ({detail}); accepted are the unchanged files of "
        "{repository}."
    ),
    "data.damaged": "A downloaded file of {name} is damaged ({detail}); it was deleted, try again to download it anew.",
    # downloads of data sets and of weights
    "download.offline": (
        "{name} is not on this machine, and {host} cannot be reached from here; everything else works without it, and "
        "the files of {repository} can also be put into a folder by hand, as {files}, if {variable} names that folder."
    ),
    "download.refused": "{host} does not provide {name} now (HTTP {status}).",
    "download.cut": (
        "The connection broke after {done:.1f} of {total:.1f} MB of {name}; they are kept, and another try continues "
        "from there."
    ),
    "download.checksum": (
        "What was downloaded as {name} is not the file that was expected; it was deleted, try again to download it "
        "anew."
    ),
    "download.disk": "{name} cannot be stored on this machine: {detail}.",
    # a folder or zip as a whole
    "data.no_file": "“{name}” does not exist; accepted are a folder and a .zip file.",
    "data.bad_zip": "“{name}” is not a readable zip; accepted are a folder and a .zip file.",
    "data.upload": "“{name}” has {megabytes:.1f} MB; accepted are {most:g} MB.",
    "data.uploads": "There are {count} uploads from here already; accepted are {most}: remove one of them first.",
    "data.disk": "“{name}” cannot be kept on this machine: {detail}; accepted are smaller files.",
    "data.listing": "“{name}” lists far more files than the {most:,} that are accepted.",
    "data.files": "“{name}” has more files than the {most:,} that are accepted.",
    "data.bomb": "“{name}” unpacks to {times} times its size; accepted is {most}.",
    "data.unpacked": "“{name}” holds more than the {gigabytes:g} GB (unpacked) that are accepted.",
    "data.encrypted": "“{name}” is encrypted; accepted are zips without a password.",
    "data.leaves": "“{name}” has a path that leaves it, “{path}”; accepted are paths inside.",
    "data.no_class": (
        "“{name}” has no class folder; accepted is a folder or zip with at least 2 sub-folders, named like their "
        "classes, with at least 2 pictures in each."
    ),
    "data.one_class": (
        "“{name}” has only one class folder; accepted is a folder or zip with at least 2 sub-folders, named like their "
        "classes, with at least 2 pictures in each."
    ),
    "data.memory": (
        "{count} pictures of {size} × {size} pixels take more than {gigabytes:g} GB; accepted are fewer or smaller "
        "ones."
    ),
    "data.pixels": (
        "The pictures of “{name}” have more than {gigapixels:g} gigapixels together; accepted are fewer or smaller "
        "ones."
    ),
    "data.tiny_class": (
        "Class “{name}” has too few usable pictures to train on ({count}); accepted are 2 or more for each class."
    ),
    "data.tiny_class_skipped": (
        "Class “{name}” has too few usable pictures to train on ({count}); accepted are 2 or more for each class; "
        "{skipped} files were skipped, first: {first}"
    ),
    # one file among many
    "data.nested": "“{name}” is a zip inside; accepted are pictures.",
    "data.link": "“{name}” is a link; accepted are pictures.",
    "data.large": "“{name}” has {megabytes:.1f} MB; accepted are pictures up to {most:g} MB.",
    "data.unread": "“{name}” cannot be read; accepted are whole pictures.",
    "data.loose": "“{name}” lies in no class folder.",
    # a table of predictions
    "table.no_file": "“{name}” does not exist; accepted are CSV and parquet files.",
    "table.empty": "“{name}” is empty; accepted is a row with the columns' names, and below it one for each picture.",
    "table.no_rows": "“{name}” has no rows below the columns' names; accepted is one for each picture.",
    "table.format": (
        "“{name}” cannot be read as a table; accepted are parquet, and CSV in UTF-8 with the columns' names in its "
        "first row."
    ),
    "table.broken": "“{name}” is a damaged or unusual parquet file; accepted are whole ones, as pandas writes them.",
    "table.encoding": "Row {row} of “{name}” is not UTF-8; accepted are files saved as “CSV UTF-8”.",
    "table.one_column": (
        "“{name}” has one column, “{column}”; accepted are at least y_true and y_pred, with comma, semicolon or tab "
        "between them."
    ),
    "table.unclear": (
        "Which columns of “{name}” hold the true and the predicted labels is not clear from their names ({found}); "
        "accepted are y_true and y_pred, y_true and a column for each class with its probability, or a choice."
    ),
    "table.no_column": "“{name}” has no column “{column}”; accepted are its columns ({found}).",
    "table.same_column": (
        "“{column}” of “{name}” was chosen for both the true and the predicted labels; accepted are two columns."
    ),
    "table.class": "“{name}” has no column for the class “{label}”; accepted is y_pred, or a column for each class.",
    "table.twice": "“{name}” has the column “{column}” twice; accepted is each name once.",
    "table.cells": "The number of cells in row {row} of “{name}” is {count}; accepted is that of row 1, {header}.",
    "table.quote": "In row {row} of “{name}” a quotation mark opens and never closes; accepted are pairs.",
    "table.missing": "Row {row} of “{name}” has nothing in the column “{column}”; accepted are rows without gaps.",
    "table.label": (
        "Row {row} of “{name}” has “{label}” in the column “{column}”; accepted are the classes ({classes}) or whole "
        "numbers from 0 to {last}."
    ),
    "table.name": "Row {row} of “{name}” has “{label}” in the column “{column}”; accepted are the classes ({classes}).",
    "table.double": (
        "Row {row} of “{name}” has “{label}” in the column “{column}”, a name that two classes have; accepted are "
        "whole numbers from 0 to {last} then."
    ),
    "table.mixed": (
        "“{name}” has names in the column “{named}” (“{label}” in row {row}) and numbers in the column “{numbered}” "
        "(“{number}”); accepted is one or the other."
    ),
    "table.number": (
        "Row {row} of “{name}” has “{value}” in the column “{column}”; accepted are probabilities, from 0 to 1."
    ),
    "table.sum": (
        "The probabilities in row {row} of “{name}”, columns “{first}” to “{last}”, add up to {total:.3f}; accepted "
        "is 1."
    ),
    "table.type": (
        "The column “{column}” of “{name}” holds {type}; accepted are texts and whole numbers as labels, and numbers "
        "as probabilities."
    ),
    "table.classes": (
        "“{name}” has more than {most:,} classes (“{label}” in row {row}, column “{column}”, is one more); accepted "
        "are up to {most:,}, of which a matrix can be shown."
    ),
    "table.many": "“{name}” has {count:,} classes; accepted are up to {most:,}, of which a matrix can be shown.",
    "table.long": "“{label}”, a class of “{name}”, has {count:,} characters; accepted are up to {most}.",
    "table.rows": "“{name}” has {rows:,} rows; accepted are up to {most:,} with as many columns.",
}


class DataError(ValueError):
    """A data set that cannot be had or used, in one sentence.

    `reason` is a key of SENTENCES, or "" where nobody but its owner meets the sentence; `values` holds the names and
    numbers in it. A value may be an ImageError, which is a sentence in a sentence.
    """

    def __init__(self, message: str, reason: str = "", values: dict | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.values = values or {}


def refusal(reason: str, **values: object) -> DataError:
    """The error that says one of SENTENCES."""
    return DataError(SENTENCES[reason].format(**values), reason, values)


def unusable(reason: str, **values: object) -> ImageError:
    """The same for one file, which costs the others nothing."""
    return ImageError(SENTENCES[reason].format(**values), reason, values)


def first_line(error: Exception) -> str:
    """What another library says of an error, as part of a sentence."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else 'no details'}"[:160]

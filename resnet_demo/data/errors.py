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
    "data.offline": (
        "{name} ({megabytes} MB) is not on this machine and could not be downloaded. Put the Hub's files ({files} of "
        "{repository}) below a folder and name it in RESNET_DEMO_DATA, or use shapes, which needs no download. {detail}"
    ),
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

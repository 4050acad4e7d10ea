"""What cannot be counted as asked, in one sentence each. It knows no file; pages say the same in other languages."""

from __future__ import annotations

SENTENCES = {
    # what somebody wrote as groups of classes
    "groups.form": "Line {line}, “{text}”, is no group; accepted is a name, a colon and classes: “pets: cat, dog”.",
    "groups.unknown": "Line {line}: there is no class “{name}”; accepted are {known}.",
    "groups.double": "Line {line}: “{name}” is in the group “{group}” already; accepted is each class once.",
    "groups.name": (
        "Line {line}: “{name}” is also the name of another group or of a class outside of it; accepted are names of "
        "their own."
    ),
    "groups.one": "All classes are in “{name}”; accepted are groups that leave two or more to tell apart.",
    # two sides of a difference
    "difference.classes": (
        "The two sides have other classes (on the first alone: {only_first}; on the second: {only_second}); accepted "
        "are equal class names, in any order."
    ),
}


class MetricError(ValueError):
    """Something that cannot be counted. `reason` is a key of SENTENCES, `values` its names."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(SENTENCES[reason].format(**values))
        self.reason = reason
        self.values = values

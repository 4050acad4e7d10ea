"""What cannot be trained, in one sentence each. It knows no configuration; pages say the same in other languages."""

from __future__ import annotations

SENTENCES = {
    "unfit.bound": "{field} is {value}, but at most {most} can be trained here",
    "unfit.one_picture": (
        "batches of one picture cannot be normalised: {network} ends in maps of one pixel at {size} px. Choose a batch "
        "of 2 or more for each process"
    ),
    "unfit.memory": (
        "{network} with batches of {batch} needs about {needed:.1f} GiB, but {device} has {there:.1f} GiB free: choose "
        "a smaller batch or a smaller network"
    ),
    "unfit.shared": "a batch of {batch} pictures cannot be shared by {processes} processes",
    "unfit.size": "{network} takes pictures of {least} pixels or more, and these have {size}",
    "unfit.channels": "the initial values are for pictures with {given} channels, and these have {channels}",
    "unfit.initial": (
        "the initial values are not those of {network}: {detail}; accepted are the values of the same network, with "
        "any number of classes"
    ),
    "unfit.initial_broken": "the initial values are of no use: {tensor} has values that are not finite numbers",
}


class Unfit(ValueError):
    """A run that its machine or its network cannot do. `reason` is a key of SENTENCES, `values` its names."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(SENTENCES[reason].format(**values))
        self.reason = reason
        self.values = values

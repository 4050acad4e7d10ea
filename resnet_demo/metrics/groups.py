"""Classes put together into groups, as people write them: "pets: cat, dog", a line for each group.

Must not depend on what is counted; `ConfusionMatrix.merged` adds up counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from ..errors import Refusal

Groups = Mapping[str, Sequence[int]]  # the group's name: the numbers of its classes

CIFAR10 = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
# for classes that everybody meets here: name of a group and numbers of its classes
PREPARED: Mapping[tuple[str, ...], Groups] = MappingProxyType(
    {CIFAR10: MappingProxyType({"animals": (2, 3, 4, 5, 6, 7), "vehicles": (0, 1, 8, 9)})}
)

# a name, perhaps in quotes, and the mark that ends it; none at the end of the line
PART = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*|([^",，、:：][^,，、:：]*|))([,，、:：]|$)')
SHOWN = 60  # characters of somebody's text in a sentence


def parse_groups(text: str, classes: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Groups by name, with the numbers of their classes in ascending order; empty lines say nothing.

    A line is `name: class, class, …`; names with commas or colons stand in double quotes, and the Chinese ：，、 serve
    as well. Upper and lower case are told apart only where two classes differ in nothing else. A name that several
    classes have (ImageNet's two cranes) means all of them. Refusal, a ValueError, names the line.
    """
    exact, folded = _numbers(classes)
    groups: dict[str, tuple[int, ...]] = {}
    lines: dict[str, int] = {}
    group_of: dict[int, str] = {}
    for line, written in enumerate(text.splitlines(), 1):
        if not written.strip():
            continue
        name, members = _parts(written, line)
        if name in groups:
            raise Refusal("groups.name", line=line, name=_short(name))
        numbers: list[int] = []
        for member in members:
            positions = exact.get(member) or folded.get(member.casefold())
            if not positions:
                raise Refusal("groups.unknown", line=line, name=_short(member), known=_listed(classes))
            if positions[0] in group_of:
                group = _short(group_of[positions[0]])
                raise Refusal("groups.double", line=line, name=_short(member), group=group)
            group_of.update(dict.fromkeys(positions, name))
            numbers += positions
        groups[name], lines[name] = tuple(sorted(numbers)), line
    alone = {_plain(name) for number, name in enumerate(classes) if number not in group_of}
    for name, line in lines.items():
        if name in alone:
            raise Refusal("groups.name", line=line, name=_short(name))
        if len(groups) == 1 and not alone:
            raise Refusal("groups.one", name=_short(name))
    return groups


def as_text(groups: Groups, classes: Sequence[str]) -> str:
    """The groups as `parse_groups` reads them, a line each."""
    lines = (f"{_quoted(name)}: {', '.join(_quoted(classes[i]) for i in groups[name])}" for name in groups)
    return "\n".join(lines)


def merged_labels(groups: Groups, classes: Sequence[str]) -> tuple[tuple[str, ...], np.ndarray]:
    """Names after merging, and int64 (C,): the new number of each class.

    Groups come first, in their order, then the classes that are in none, in theirs. ValueError for an empty group, and
    for a number that is no class or stands twice.
    """
    numbers = np.full(len(classes), -1, np.int64)
    for place, (name, members) in enumerate(groups.items()):
        if not len(members):
            raise ValueError(f"group {name!r} is empty; accepted are groups of one class or more.")
        for member in members:
            if not 0 <= member < len(classes) or numbers[member] >= 0:
                last = len(classes) - 1
                raise ValueError(f"group {name!r} has {member}; accepted are numbers from 0 to {last}, each once.")
            numbers[member] = place
    alone = np.flatnonzero(numbers < 0)
    numbers[alone] = len(groups) + np.arange(len(alone))
    return (*map(str, groups), *(str(classes[i]) for i in alone.tolist())), numbers


def merged_probabilities(probabilities: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """The probabilities (n, C) of merged classes, float32: of a group the sum of its classes'.

    numbers: (C,) as of `merged_labels`.
    """
    merged = np.zeros((len(probabilities), int(numbers.max()) + 1), np.float32)
    for old, new in enumerate(numbers):
        merged[:, new] += probabilities[:, old]
    return np.minimum(merged, 1)  # rounded ones may add up to a hair more


def _parts(written: str, line: int) -> tuple[str, list[str]]:
    """The name and the classes of one line; Refusal where it has not this form."""
    names: list[str] = []
    marks: list[str] = []
    at = 0
    while not marks or marks[-1]:
        part = PART.match(written, at)
        if not part:
            raise Refusal("groups.form", line=line, text=_short(written))
        quoted, plain, mark = part.groups()
        names.append(_plain(plain if quoted is None else quoted.replace('""', '"')))
        marks.append(mark)
        at = part.end()
    if len(names) > 2 and not names[-1]:  # a comma at the end of a line is no mistake
        names, marks = names[:-1], marks[:-1]
    colons = [mark in (":", "：") for mark in marks if mark]
    if not all(names) or not colons or not colons[0] or any(colons[1:]):
        raise Refusal("groups.form", line=line, text=_short(written))
    return names[0], names[1:]


def _numbers(classes: Sequence[str]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """The classes of each name, and of each name in lower case where that leaves no doubt."""
    exact: dict[str, list[int]] = {}
    for number, name in enumerate(classes):
        exact.setdefault(_plain(name), []).append(number)
    folded: dict[str, list[str]] = {}
    for name in exact:
        folded.setdefault(name.casefold(), []).append(name)
    return exact, {lower: exact[names[0]] for lower, names in folded.items() if len(names) == 1}


def _plain(name: str) -> str:
    """A name on one line, which a group is."""
    return " ".join(str(name).split())


def _quoted(name: str) -> str:
    name = _plain(name)
    return '"' + name.replace('"', '""') + '"' if re.search(r'[",，、:：]', name) or not name else name


def _listed(classes: Sequence[str]) -> str:
    return ", ".join(_short(name) for name in classes[:10]) + (", …" if len(classes) > 10 else "")


def _short(text: str) -> str:
    text = _plain(text)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"

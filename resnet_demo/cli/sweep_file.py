"""Sweep files: many trainings in one file of YAML, each of them one command `train`. Nothing is trained or read here.

A file is a list of groups, or one group. A group maps options of `train` to values; where values are lists, there is a
training for each combination. Two keys are no options: `name`, what each is called, with {model} and other options in
braces; `weights`, whether it is published with them (true). A model may be given with its shortcut, as in resnet20:A.
"""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, NoReturn

import yaml

from ..fields import shown
from . import train

MOST, MOST_BYTES = 1_000, 1_000_000
NAME, WEIGHTS = "name", "weights"
# what belongs to one command in a terminal, and not to what is trained
NOT_HERE = ("help", "resume", "runs", "id", "name", "no-test", "quiet", "device", "on", "flavor", "timeout")
USUAL = "{data}-{model}"  # the name, followed by what differs within a group
Scalar = str | int | float | bool


@dataclass(frozen=True)
class Member:
    """One training. name: within the sweep. words: what stands behind `train`. weights: whether it is published with
    them. seed: as given. siblings: its other options,
    equal for those that differ in their seed alone."""

    name: str
    words: tuple[str, ...]
    weights: bool
    seed: Scalar | None
    siblings: tuple[str, ...]

    @property
    def command(self) -> str:
        """The command that trains it alone."""
        return f"python -m resnet_demo train {shlex.join(self.words)}"

    def options(self) -> argparse.Namespace:
        """Its options, checked as those of a command are; ValueError says what is wrong."""
        parser = _Strict(prog=self.name, add_help=False)
        train.add_arguments(parser)
        return parser.parse_args(list(self.words))


class _Strict(argparse.ArgumentParser):
    """A parser that raises ValueError where others end the program."""

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{self.prog}: {message}")


def read_sweep(path: Path) -> tuple[Member, ...]:
    """The trainings that a file names, in its order; ValueError says what cannot be read and what is accepted."""
    try:
        with open(path, "rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ValueError(f"{path} is larger than the {MOST_BYTES:,} bytes that are accepted")
        groups = yaml.safe_load(content)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{path} cannot be read as YAML: {' '.join(str(error).split())[:300]}") from error
    groups = groups if isinstance(groups, list) else [groups]
    members = [one for number, group in enumerate(groups, 1) for one in _members(group, f"{path}, group {number}")]
    if not 1 <= len(members) <= MOST:
        raise ValueError(f"{path} describes {len(members)} trainings; accepted are 1 to {MOST:,}")
    names = [member.name for member in members]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ValueError(
            f"{path}: two trainings are called {twice}; accepted are different names, such as name: {USUAL}-{{seed}}"
        )
    for member in members:
        member.options()
    return tuple(members)


def _members(group: Any, where: str) -> list[Member]:
    """The trainings of one group."""
    accepted = _accepted()
    if not isinstance(group, Mapping) or not group:
        raise ValueError(
            f"{where}: accepted is a mapping of options of train to values, such as model: resnet20, not {shown(group)}"
        )
    for key, values in group.items():
        if key not in (*accepted, NAME, WEIGHTS):
            raise ValueError(f"{where}: unknown option {shown(key)}; accepted are {', '.join(accepted)}, name, weights")
        for value in values if isinstance(values, list) else [values]:
            if not isinstance(value, Scalar):
                raise ValueError(
                    f"{where}: {key} must be a text, a number, true or false, or a list, not {shown(value)}"
                )
        if values == [] or (key in (NAME, WEIGHTS) and isinstance(values, list)):
            raise ValueError(f"{where}: {key} must be {'one value' if values else 'at least one value'}")
    if not isinstance(group.get(WEIGHTS, True), bool):
        raise ValueError(f"{where}: weights must be true or false, not {shown(group[WEIGHTS])}")
    options = {key: values if isinstance(values, list) else [values] for key, values in group.items()}
    name, weights = str(options.pop(NAME, [""])[0]), bool(options.pop(WEIGHTS, [True])[0])
    size = 1
    for values in options.values():
        size *= len(values)
    if size > MOST:
        raise ValueError(f"{where} describes {size:,} trainings; accepted are up to {MOST:,}")
    varied = [key for key, values in options.items() if len(values) > 1 and key not in ("model", "data")]
    name = name or "".join([USUAL, *(f"-{key}-{{{key}}}" for key in varied)])
    return [
        _member(dict(zip(options, values, strict=True)), name, weights, where) for values in product(*options.values())
    ]


def _member(options: dict[str, Scalar], name: str, weights: bool, where: str) -> Member:
    said = {"model": "resnet8", "data": "shapes", **options}

    def value(found: re.Match) -> str:
        if found[1] not in said:
            raise ValueError(f"{where}: name has {found[0]}; accepted are {', '.join(f'{{{key}}}' for key in said)}")
        text = str(said[found[1]])
        return re.sub(r"[^a-z0-9.]+", "-", (Path(text).stem if found[1] == "data" else text).lower()).strip("-.")

    called = re.sub(r"{([^{}]*)}", value, name)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", called):
        raise ValueError(
            f"{where}: the name {shown(called)} is no name of a folder; accepted are up to 100 letters, digits, dots, "
            "dashes and underscores"
        )
    model, _, shortcut = str(options.get("model", "")).partition(":")
    named = {"model": model, "shortcut": shortcut} if shortcut else {"model": model} if model else {}
    given = {**named, **{key: one for key, one in options.items() if key not in named}}
    siblings = tuple(f"{key}={one}" for key, one in options.items() if key != "seed")
    return Member(called, tuple(_words(given)), weights, options.get("seed"), siblings)


def _words(options: Mapping[str, Scalar]) -> list[str]:
    words = []
    for key, value in options.items():
        words += [f"--{'' if value else 'no-'}{key}"] if isinstance(value, bool) else [f"--{key}={value}"]
    return words


def _accepted() -> tuple[str, ...]:
    """The options of `train` that a file may name, without their dashes."""
    parser = argparse.ArgumentParser(add_help=False)
    train.add_arguments(parser)
    names = [option.removeprefix("--") for action in parser._actions for option in action.option_strings]
    return tuple(name for name in names if not name.startswith("no-") and name not in NOT_HERE)

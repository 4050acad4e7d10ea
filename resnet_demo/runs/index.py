"""Which runs there are: published ones first, then what users trained, newest first.

Looks at the disk at each call, so a run started in a terminal a moment ago is listed. An id is compared with the names
of folders that exist and is never joined to a path. What is damaged (`RunFolder.damage`) is in no list but in that of
all. Must not depend on pages or owners.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import Refusal
from .files import CONFIG, LOG, META, WEIGHTS
from .folder import RunFolder
from .kept import Files

Runs = list[RunFolder]  # inside the index `list` is a method


class UnknownRun(Refusal):
    """No run has this id."""


class RunIndex:
    """The runs in some folders. roots: the first holds the published runs, the others what users trained.

    What is read of them is kept for all who ask, as long as it is the same on disk.
    """

    def __init__(self, roots: Sequence[Path]):
        self.roots = tuple(Path(root) for root in roots)
        self._files = Files()

    def list(self) -> Runs:
        """The runs that can be used, also those without weights (`RunFolder.has_weights`)."""
        return [run for run in self.all() if not run.damage]

    def all(self) -> Runs:
        """All runs, the damaged ones too; a folder without any file of a run is left out.

        Published: those that were trained longest on their data first; networks with shortcuts before plain ones,
        deeper before shallower, A before B before C.
        """
        by_id: dict[str, RunFolder] = {}
        for root in self.roots:
            runs = [RunFolder(path, self._files) for path in _folders(root) if _is_run(path)]
            for run in _published_order(runs) if root == self.roots[0] else sorted(runs, key=_newest_first):
                by_id.setdefault(run.id, run)
        return list(by_id.values())

    def with_weights(self) -> Runs:
        """The runs that can classify."""
        return [run for run in self.list() if run.has_weights()]

    def get(self, run_id: str) -> RunFolder:
        """The run called `run_id`; UnknownRun if there is none, RunError if it is damaged."""
        run = self.find(run_id)
        if run.damage:
            raise run.damage
        return run

    def find(self, run_id: str) -> RunFolder:
        """The run called `run_id`, be it damaged; UnknownRun if there is none."""
        for root in self.roots:
            for path in _folders(root):
                if path.name == run_id and _is_run(path):
                    return RunFolder(path, self._files)
        raise UnknownRun("unknown_run", name=str(run_id)[:80])

    def is_published(self, run: RunFolder) -> bool:
        """Whether the run ships with the project."""
        return run.path.parent == self.roots[0]


def created(run: RunFolder) -> float:
    """When the run was made, in seconds since 1970: its configuration is written once."""
    return changed(run.path / CONFIG) or changed(run.path)


def last_trained(run: RunFolder) -> float:
    """When the run was made or its log last written to, in seconds since 1970."""
    return max(created(run), changed(run.path / LOG))


def changed(path: Path) -> float:
    """When a file or folder was last written to, in seconds since 1970; 0 where there is none (any more)."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _folders(root: Path) -> Iterator[Path]:
    try:
        with os.scandir(root) as entries:
            folders = [entry for entry in entries if entry.is_dir() and not entry.name.startswith(".")]
            yield from (Path(entry.path) for entry in folders if _is_text(entry.name))
    except OSError:  # nobody has trained anything yet
        return


def _is_text(name: str) -> bool:
    """Whether a name can be sent: what is no UTF-8 on the disk has halves of characters here."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def _is_run(path: Path) -> bool:
    return any(os.path.lexists(path / name) for name in (CONFIG, LOG, WEIGHTS, META))


def _newest_first(run: RunFolder) -> tuple:
    return -created(run), run.id


def _published_order(runs: Sequence[RunFolder]) -> list[RunFolder]:
    damaged = [run for run in runs if run.damage]
    runs = [run for run in runs if not run.damage]
    longest: dict[str, float] = {}
    for run in runs:
        longest[run.config.data] = max(_epochs(run), longest.get(run.config.data, 0))

    def place(run: RunFolder) -> tuple:
        config, spec = run.config, run.config.model
        short = _epochs(run) < longest[config.data]
        kind = short, spec.norm == "none", spec.shortcut == "none"
        return *kind, -spec.depth, spec.shortcut, -_epochs(run), config.seed, run.id

    return sorted(runs, key=place) + sorted(damaged, key=_newest_first)


def _epochs(run: RunFolder) -> float:
    return run.config.length if run.config.unit == "epochs" else math.inf

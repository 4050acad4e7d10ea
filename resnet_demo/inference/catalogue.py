"""All that can answer about a picture on this machine, and what could if its weights were downloaded.

Looks at the disk at each call, so that what was trained or downloaded a moment ago is there. Reads no weights; must not
depend on pages.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from pathlib import Path

from ..data.download import Report
from ..errors import Refusal
from ..places import Places
from ..runs.index import RunIndex
from .classifier import Classifier, from_run
from .fetch import fetch
from .imagenet import PRETRAINED, Pretrained, classifier, fetched_to, find

FIRST_CHOICE = (50, 18)  # depths of ImageNet networks that come before all others
SECONDS_BETWEEN_REPORTS = 0.2


@dataclass
class _Download:
    """A download that is under way. progress: bytes that have come, bytes in all."""

    progress: tuple[int, int]
    future: Future[Path] = field(default_factory=Future)


class Catalogue:
    """The classifiers of one server. runs: what was trained. places: where ImageNet weights may lie."""

    def __init__(self, runs: RunIndex, places: Places):
        self.runs = runs
        self.places = places
        self._guard = threading.Lock()
        self._downloads: dict[str, _Download] = {}

    def ready(self, own: Collection[str] | None = None) -> list[Classifier]:
        """What can answer now, the page's default first.

        ResNet-50 if its weights are here, else ResNet-18; the published runs; the other ImageNet networks; what users
        trained, newest first: only the runs whose ids are in `own`, None for all.
        """
        present = {one.depth: self._with(one, weights) for one in PRETRAINED if (weights := find(one, self.places))}
        default = next((depth for depth in FIRST_CHOICE if depth in present), None)
        first = [present.pop(default)] if default else []
        published: list[Classifier] = []
        trained: list[Classifier] = []
        for run in self.runs.with_weights():
            theirs = published if self.runs.is_published(run) else trained
            if theirs is trained and own is not None and run.id not in own:
                continue
            try:
                theirs.append(from_run(run))
            except ValueError:  # a configuration that no classifier can be made of
                continue
        return [*first, *published, *present.values(), *trained]

    def missing(self) -> list[Pretrained]:
        """The ImageNet networks whose weights are not here yet."""
        return [one for one in PRETRAINED if find(one, self.places) is None]

    def get(self, classifier_id: str) -> Classifier:
        """The classifier with this id; a Refusal if there is none, or if its weights have to be downloaded."""
        for one in PRETRAINED:
            if one.id == classifier_id:
                if weights := find(one, self.places):
                    return self._with(one, weights)
                raise Refusal("not_here", network=one.spec.title, megabytes=one.size_bytes / 1e6)
        try:
            return from_run(self.runs.get(classifier_id))
        except ValueError as error:  # no such run, or a damaged one
            raise Refusal("unknown_network", name=str(classifier_id)[:80]) from error

    def fetch(self, pretrained: Pretrained, report: Report = lambda done, total: None) -> Classifier:
        """The ImageNet network, its weights downloaded if need be; DataError with a sentence if they cannot be.

        However many ask at the same time, it is fetched once; each one's `report` is called in its own thread, five
        times a second. A download goes on when those who wait for it have left.
        """
        with self._guard:
            download = self._downloads.get(pretrained.id)
            if download is None:
                download = self._downloads[pretrained.id] = _Download((0, pretrained.size_bytes))
                threading.Thread(target=self._run, args=(pretrained, download), daemon=True).start()
        while not wait([download.future], SECONDS_BETWEEN_REPORTS).done:
            report(*download.progress)
        return self._with(pretrained, download.future.result())

    def _with(self, pretrained: Pretrained, weights: Path) -> Classifier:
        return classifier(pretrained, weights, disposable=weights == fetched_to(pretrained, self.places))

    def _run(self, pretrained: Pretrained, download: _Download) -> None:
        def note(done: int, total: int) -> None:
            download.progress = done, total

        outcome: Path | BaseException
        try:
            outcome = fetch(pretrained, self.places, note)
        except BaseException as error:
            outcome = error
        with self._guard:
            del self._downloads[pretrained.id]
        if isinstance(outcome, BaseException):
            download.future.set_exception(outcome)
        else:
            download.future.set_result(outcome)

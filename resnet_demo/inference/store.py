"""Networks in memory: loaded once however many ask at the same time, again when their file of weights has changed.

Holds what was used last. Must not depend on images. Networks stay on the CPU: one picture costs a small network a few
milliseconds there, and the server's process must not initialise CUDA, since training processes are forked from it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import torch

from ..errors import Refusal
from ..models import ResNet
from .classifier import Classifier


@dataclass(frozen=True)
class LoadedModel:
    """A network shared by all visitors: evaluation mode, channels_last, frozen parameters.

    Whoever runs or hooks `model` holds `lock` meanwhile and leaves the network as it was.
    """

    model: ResNet
    lock: threading.Lock = field(default_factory=threading.Lock)


class ModelStore:
    """The `capacity` networks that were used last, runs' and ImageNet's alike."""

    def __init__(self, capacity: int = 8):
        if capacity < 1:
            raise ValueError(f"capacity must be at least 1 network, not {capacity}")
        self.capacity = capacity
        self._guard = threading.Lock()
        self._entries: OrderedDict[Path, tuple[tuple, Future[LoadedModel]]] = OrderedDict()

    def get(self, classifier: Classifier) -> LoadedModel:
        """The network with the weights that its file holds now; Refusal if it cannot be loaded."""
        identity, key = _identity(classifier), classifier.weights
        with self._guard:
            known, future = self._entries.get(key) or ((), Future())
            mine = known != identity
            if mine:
                future = Future()
                self._entries[key] = identity, future
            self._entries.move_to_end(key)
            while len(self._entries) > self.capacity:
                self._entries.popitem(last=False)
        if mine:  # the others wait for this thread's future
            try:
                future.set_result(_load(classifier))
            except BaseException as error:
                with self._guard:
                    if self._entries.get(key) == (identity, future):
                        del self._entries[key]
                future.set_exception(error)
        return future.result()


def _identity(classifier: Classifier) -> tuple:
    """What changes whenever the file of weights is replaced."""
    try:
        status = classifier.weights.stat()
    except OSError as error:
        raise Refusal("no_weights", name=classifier.id) from error
    return status.st_mtime_ns, status.st_size, status.st_ino


def _load(classifier: Classifier) -> LoadedModel:
    with torch.inference_mode(False):  # whoever asks first must not decide whether gradients can be taken later
        model = classifier.loader().eval().requires_grad_(False)
        return LoadedModel(model.to(memory_format=torch.channels_last))

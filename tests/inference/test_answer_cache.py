"""Answers that are kept: once for everybody, and no more bytes of them than there may be."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from resnet_demo.data.sizes import memory_size
from resnet_demo.inference.answers import AnswerCache


def array(bytes: int) -> np.ndarray:
    return np.zeros(bytes, np.uint8)


def test_the_answers_used_last_are_kept_within_so_many_bytes():
    cache, computed = AnswerCache(capacity=1000), []

    def ask(key: str) -> np.ndarray:
        return cache.get(key, lambda: computed.append(key) or array(400))

    for key in "aabacab":
        ask(key)
        assert cache.bytes <= 1000
    assert computed == ["a", "b", "c", "b"]  # c pushed b out, since a had been used after it


def test_an_answer_larger_than_the_cache_is_given_and_not_kept():
    cache = AnswerCache(capacity=1000)
    assert len(cache.get("a", lambda: array(2000))) == 2000 and cache.bytes == 0


def test_errors_are_not_kept():
    cache = AnswerCache()
    with pytest.raises(ZeroDivisionError):
        cache.get("a", lambda: 1 / 0)
    assert cache.get("a", lambda: 1) == 1


def test_what_two_threads_compute_counts_once():
    cache, together = AnswerCache(capacity=1000), threading.Barrier(2)

    def ask() -> None:
        cache.get("a", lambda: (together.wait(), array(400))[1])

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cache.bytes == memory_size(array(400)) == 400


@dataclass
class Holder:
    first: object
    second: object = None


def test_the_memory_of_values_is_that_of_their_arrays_and_texts(tmp_path: Path):
    values = array(1000)
    assert memory_size(Holder(values, values)) == 1000
    assert memory_size(values[:10]) == 1000  # a view keeps the whole array
    assert memory_size(Image.new("RGB", (10, 20))) == 600
    assert memory_size(Holder(("a" * 100, "b" * 100))) > 200
    np.save(tmp_path / "values.npy", values)
    assert memory_size(np.load(tmp_path / "values.npy", mmap_mode="r")) == 0

"""Data sets: the Hub's layout read from disk, the cache, the splits, and what happens without a network."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hub_layout import hub_files, write_hub_layout, write_pictures
from hub_server import serving
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_demo.data import sources
from resnet_demo.data.cache import cached
from resnet_demo.data.dataset import Dataset, Split, channel_statistics, stratified_fifth
from resnet_demo.data.datasets import (
    Availability,
    availability,
    dataset_info,
    is_prepared,
    list_datasets,
    load_dataset,
)
from resnet_demo.data.sources import HUB_SOURCES, DataError


@pytest.mark.parametrize("name", ["cifar10", "fashion-mnist"])
def test_the_hub_layout_is_read_bit_for_bit(tmp_path, name):
    truth = write_hub_layout(tmp_path / "data", name)
    dataset = load_dataset(name, data=tmp_path / "data", cache=tmp_path / "cache")
    for split in ("train", "test"):
        found = getattr(dataset, split)
        assert np.array_equal(found.images, truth[split][0]) and np.array_equal(found.labels, truth[split][1])
    assert (dataset.mean, dataset.std) == channel_statistics(truth["train"][0])
    assert dataset.lossless_test_rows is None and len(dataset.classes) == 10


def test_the_second_start_reads_the_cache(tmp_path, monkeypatch):
    write_hub_layout(tmp_path / "data")
    assert not is_prepared("cifar10", data=tmp_path / "data", cache=tmp_path / "cache")
    first = load_dataset("cifar10", data=tmp_path / "data", cache=tmp_path / "cache")
    assert is_prepared("cifar10", data=tmp_path / "data", cache=tmp_path / "cache")
    assert not is_prepared("cifar10", cache=tmp_path / "cache")  # of other files
    monkeypatch.setattr(sources, "decode_parquet", lambda *args: pytest.fail("decoded again"))
    second = load_dataset("cifar10", data=tmp_path / "data", cache=tmp_path / "cache")
    assert isinstance(second.train.images, np.memmap)
    assert np.array_equal(first.train.images, second.train.images) and first.fingerprint == second.fingerprint


def test_other_files_are_another_data_set(tmp_path):
    write_hub_layout(tmp_path / "one")
    write_hub_layout(tmp_path / "two", rows=41)
    one, two = (load_dataset("cifar10", data=tmp_path / n, cache=tmp_path / "cache") for n in ("one", "two"))
    assert one.fingerprint != two.fingerprint and len(two.train) == 41


def test_rows_stored_losslessly_are_known_by_their_bytes(tmp_path):
    write_hub_layout(tmp_path / "data", jpeg_from=12)
    dataset = load_dataset("cifar10", data=tmp_path / "data", cache=tmp_path / "cache")
    assert dataset.lossless_test_rows.tolist() == list(range(12))  # although every path says .png


@pytest.mark.parametrize("below", [".", "cifar10", "cifar10/plain_text"])
def test_the_setting_may_name_any_folder_of_the_layout(tmp_path, below):
    write_hub_layout(tmp_path)
    source = HUB_SOURCES["cifar10"]
    found = sources.find_local(source, tmp_path / below)
    # a bare folder of parquet files does not say which data set it is
    assert (found is None) == (below == "cifar10/plain_text")
    assert sources.find_local(HUB_SOURCES["fashion-mnist"], tmp_path / below) is None


def test_a_file_of_another_layout_is_a_sentence(tmp_path):
    write_hub_layout(tmp_path)
    target = tmp_path / "cifar10" / HUB_SOURCES["cifar10"].files()[1]
    pq.write_table(pa.table({"x": [1]}), target)
    with pytest.raises(DataError, match="expected the columns 'img'"):
        load_dataset("cifar10", data=tmp_path, cache=tmp_path / "cache")
    target.write_bytes(b"PAR1 no")
    with pytest.raises(DataError, match="cannot be read as CIFAR-10 in the Hub's layout") as caught:
        load_dataset("cifar10", data=tmp_path, cache=tmp_path / "cache")
    assert "\n" not in str(caught.value) and str(tmp_path) not in str(caught.value)
    assert target.is_file()  # it is the user's


@pytest.fixture
def offline(monkeypatch):
    """No Hub and no mirror, at once."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


def test_a_damaged_download_that_another_process_has_deleted_already_is_refused_too(tmp_path, monkeypatch):
    write_hub_layout(tmp_path / "cache" / sources.DOWNLOADS)
    decode = sources.decode_parquet

    def decode_after_the_other(source, files, say):
        try:
            files[0].write_bytes(b"PAR1 cut short")
            return decode(source, files, say)
        finally:
            files[0].unlink()

    monkeypatch.setattr(sources, "decode_parquet", decode_after_the_other)
    with pytest.raises(DataError) as error:
        load_dataset("cifar10", cache=tmp_path / "cache")
    assert error.value.code == "data.damaged"


def test_what_is_in_the_hubs_cache_is_not_asked_for_again(tmp_path, offline):
    write_hub_layout(tmp_path)
    snapshot = tmp_path / "cache" / "hub" / "datasets--uoft-cs--cifar10" / "snapshots" / "abc"
    shutil.copytree(tmp_path / "cifar10", snapshot)
    (snapshot.parents[1] / "refs").mkdir()
    (snapshot.parents[1] / "refs" / "main").write_text("abc")
    assert availability("cifar10", None, tmp_path / "cache").ready
    assert len(load_dataset("cifar10", cache=tmp_path / "cache").train) == 40


def test_what_needs_a_download_is_known_beforehand(tmp_path, monkeypatch):
    cache = tmp_path / "cache"
    assert availability("cifar10", None, cache) == availability("cifar10", tmp_path, cache) == Availability(False, 144)
    assert availability("fashion-mnist", None, cache) == Availability(False, 36)
    assert availability("shapes", None, cache) == Availability(True, 0)
    write_hub_layout(tmp_path / "data")
    assert availability("cifar10", tmp_path / "data", cache) == Availability(True, 0)
    with serving(monkeypatch, hub_files(tmp_path / "data")):
        load_dataset("cifar10", cache=cache)
    assert availability("cifar10", None, cache).ready


def test_shapes_needs_nothing(tmp_path, all_shapes):
    known = dataset_info("shapes", cache=tmp_path)
    assert not is_prepared("shapes", cache=tmp_path) and not any(tmp_path.iterdir())
    dataset = load_dataset("shapes", cache=all_shapes(tmp_path))
    assert is_prepared("shapes", cache=tmp_path) and dataset.info == known
    assert dataset.image_shape == (32, 32, 3) and len(dataset.classes) == 10
    again = load_dataset("shapes", cache=tmp_path)
    assert np.array_equal(dataset.train.labels, again.train.labels)


def test_own_pictures_are_a_data_set(tmp_path):
    write_pictures(tmp_path / "mine", {"cats": 10, "dogs": 5})
    (tmp_path / "mine" / "cats" / "broken.jpg").write_text("no picture")
    said = []
    where = {"name": str(tmp_path / "mine"), "cache": tmp_path / "cache", "size": 24}
    assert not is_prepared(**where)
    dataset = load_dataset(say=said.append, **where)
    assert is_prepared(**where) and not is_prepared(**where | {"size": 9})
    assert dataset_info(**where) == dataset.info and dataset.info.learning_rows == 12
    assert dataset.classes == ("cats", "dogs") and dataset.image_shape == (24, 24, 3) and dataset.test is None
    assert any("broken.jpg" in sentence for sentence in said)
    train, validation = dataset.split_rows(0)
    assert len(train) == 12 and np.bincount(dataset.train.labels[validation]).tolist() == [2, 1]
    assert dataset.files[validation[0]].startswith("cats/")
    # another picture, another state: nothing stale comes out of the cache
    write_pictures(tmp_path / "mine", {"birds": 4})
    again = load_dataset(str(tmp_path / "mine"), cache=tmp_path / "cache", size=24)
    assert again.classes == ("birds", "cats", "dogs") and again.fingerprint != dataset.fingerprint


def test_own_splits_are_respected(tmp_path):
    write_pictures(tmp_path / "mine", {"train/a": 3, "train/b": 3, "val/a": 2, "val/b": 1, "test/a": 1, "test/b": 2})
    dataset = load_dataset(str(tmp_path / "mine"), cache=tmp_path / "cache")
    train, validation = dataset.split_rows(7)
    assert (len(train), len(validation), len(dataset.test)) == (6, 3, 3)
    assert all(dataset.files[row].startswith("val/") for row in validation)
    assert np.bincount(dataset.test.labels).tolist() == [1, 2]


def test_an_unknown_name_says_what_is_known(tmp_path):
    with pytest.raises(DataError) as error:
        load_dataset("cifar11", cache=tmp_path)
    assert all(name in str(error.value) for name in list_datasets())


def test_the_validation_rows_depend_on_the_split_seed_alone():
    images = np.zeros((60_000, 1, 1, 1), np.uint8)
    dataset = Dataset("x", ("a", "b"), Split(images, np.zeros(60_000, np.int64)), None, (0.0,), (1.0,), "f")
    train, validation = dataset.split_rows(0)
    assert len(validation) == 5_000 and len(train) == 55_000
    assert not np.intersect1d(train, validation).size
    assert np.array_equal(validation, dataset.split_rows(0)[1])
    assert not np.array_equal(validation, dataset.split_rows(1)[1])
    assert validation[:5].tolist() == sorted(np.random.RandomState(0).permutation(60_000)[:5_000].tolist())[:5]


@settings(max_examples=50)
@given(counts=st.lists(st.integers(2, 30), min_size=2, max_size=6), seed=st.integers(0, 1000))
def test_own_pictures_keep_each_class_on_both_sides(counts, seed):
    labels = np.repeat(np.arange(len(counts)), counts)
    train, validation = stratified_fifth(labels, seed)
    assert sorted(np.concatenate([train, validation]).tolist()) == list(range(len(labels)))
    for label, count in enumerate(counts):
        held_out = int((labels[validation] == label).sum())
        assert held_out == max(1, count // 5)


def test_statistics_are_those_of_the_pixels():
    images = np.random.RandomState(0).randint(0, 256, (11, 5, 5, 3)).astype(np.uint8)
    mean, std = channel_statistics(images)
    assert mean == pytest.approx((images / 255.0).mean((0, 1, 2)), abs=1e-6)
    assert std == pytest.approx((images / 255.0).std((0, 1, 2)), abs=1e-6)
    assert channel_statistics(np.full((3, 2, 2, 1), 9, np.uint8))[1] == (1.0,)  # never a division by zero


def test_a_cache_that_cannot_be_written_is_no_reason_to_fail(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    arrays, meta = cached(blocked / "entry", lambda: ({"a": np.arange(3)}, {"m": 1}))
    assert arrays["a"].tolist() == [0, 1, 2] and meta == {"m": 1}


@pytest.mark.parametrize("damage", ["a.npy", "meta.json"])
def test_a_cache_entry_that_was_cut_short_is_built_anew(tmp_path, damage):
    def build():
        return {"a": np.arange(3)}, {"m": 1}

    cached(tmp_path / "entry", build)
    for size in (100, 0):
        os.truncate(tmp_path / "entry" / damage, min(size, (tmp_path / "entry" / damage).stat().st_size - 1))
        arrays, meta = cached(tmp_path / "entry", build)
        assert arrays["a"].tolist() == [0, 1, 2] and meta == {"m": 1}


def test_two_builders_of_one_entry_both_succeed(tmp_path):
    def build():
        cached(tmp_path / "entry", lambda: ({"a": np.arange(3)}, {}))  # another process was faster
        return {"a": np.arange(3)}, {}

    arrays, _ = cached(tmp_path / "entry", build)
    assert arrays["a"].tolist() == [0, 1, 2]
    assert [p.name for p in tmp_path.iterdir()] == ["entry"]


def test_splits_are_validated():
    with pytest.raises(ValueError, match="uint8"):
        Split(np.zeros((2, 4, 4, 3)), np.zeros(2, np.int64))
    with pytest.raises(ValueError, match="as many labels"):
        Split(np.zeros((2, 4, 4, 3), np.uint8), np.zeros(3, np.int64))
    split = Split(np.zeros((2, 4, 4, 3), np.uint8), np.zeros(2, np.int64))
    assert len(replace(split, labels=np.ones(2, np.int64))) == 2


@pytest.mark.skipif(not os.environ.get("RESNET_DEMO_DATA"), reason="RESNET_DEMO_DATA names no folder with CIFAR-10")
def test_cifar10_as_it_is_given(tmp_path_factory):
    data = Path(os.environ["RESNET_DEMO_DATA"])
    if not sources.find_local(HUB_SOURCES["cifar10"], data):
        pytest.skip(f"no CIFAR-10 in the Hub's layout below {data.name}")
    dataset = load_dataset("cifar10", data=data, cache=tmp_path_factory.mktemp("cache"))
    assert len(dataset.train) == 50_000 and len(dataset.test) == 10_000
    if dataset.lossless_test_rows is not None:  # the files that this project's numbers are from
        assert dataset.lossless_test_rows.tolist() == list(range(1_017))
    assert np.bincount(dataset.train.labels).tolist() == [5_000] * 10
    assert np.bincount(dataset.test.labels).tolist() == [1_000] * 10
    assert dataset.mean == pytest.approx((0.4914, 0.4822, 0.4465), abs=0.002)
    assert dataset.std == pytest.approx((0.2470, 0.2435, 0.2616), abs=0.006)


@pytest.mark.parametrize("name", ["x" * 5_000, "~nobody-has-this-name/a", "a\0b", ""])
def test_a_name_that_can_be_no_path_is_an_unknown_data_set(name, tmp_path):
    with pytest.raises(DataError) as caught:
        load_dataset(name, cache=tmp_path)
    assert caught.value.code == "data.unknown" and is_prepared(name, cache=tmp_path)

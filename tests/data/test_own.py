"""What visitors bring: kept under a key of theirs, checked, looked at, trained on, taken away."""

from __future__ import annotations

import os
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hub_layout import write_pictures

from resnet_demo.data.cache import is_cached
from resnet_demo.data.datasets import is_prepared, load_dataset
from resnet_demo.data.errors import DataError
from resnet_demo.data.own import OwnPictures, UploadLimits, warnings
from resnet_demo.engine.config import TrainConfig
from resnet_demo.models import ModelSpec


def make_zip(place: Path, layout: dict[str, int], **others: bytes) -> Path:
    """A zip of random pictures, and `others` as files."""
    write_pictures(place / "source", layout)
    path = place / "pets.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted((place / "source").rglob("*.png")):
            archive.write(file, file.relative_to(place / "source"))
        for name, content in others.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def own(tmp_path) -> OwnPictures:
    return OwnPictures(tmp_path / "runs" / ".own")


@pytest.fixture
def pets(tmp_path) -> Path:
    return make_zip(tmp_path, {"cat": 10, "dog": 5}, **{"cat/note.jpg": b"Dear diary"})


def refused(call, *arguments, **options) -> DataError:
    with pytest.raises(DataError) as error:
        call(*arguments, **options)
    return error.value


def test_from_a_zip_to_a_data_set(own, pets, tmp_path):
    key = own.add(pets, "my pets.zip")
    pets.unlink()  # the server deletes what was uploaded
    preview = own.preview(key)
    assert (preview.name, preview.classes, preview.counts) == ("my pets.zip", ("cat", "dog"), (10, 5))
    assert preview.training == (8, 4)
    assert [error.values["name"] for error in preview.skipped] == ["cat/note.jpg"]
    assert [reason for reason, _ in preview.warnings] == ["few", "tiny"]
    for name in (f"own:{key}", own.data(key)):
        assert is_cached(own.entry(name, 32)) and not is_cached(own.entry(name, 64))
    dataset = load_dataset(own.data(key), cache=tmp_path / "cache", own=own.root, size=32)
    assert dataset.name == own.data(key) and len(dataset.train) == 15
    for label, example in enumerate(preview.examples):
        assert any(np.array_equal(example, image) for image in dataset.train.images[dataset.train.labels == label])
    assert not (tmp_path / "cache").exists()  # all that was made of them stays with them


@pytest.mark.parametrize("size", [32, 64, 224])
def test_the_size_is_chosen_later(own, pets, size):
    key = own.add(pets)
    assert own.preview(key, size).examples[0].shape == (size, size, 3)
    assert own.load(own.data(key), size).image_shape == (size, size, 3)
    assert own.load(own.data(key), size).fingerprint.endswith(f"-{size}")


def test_a_given_test_set_counts_but_does_not_train(own, tmp_path):
    key = own.add(make_zip(tmp_path, {"train/a": 4, "train/b": 4, "val/a": 1, "val/b": 1, "test/a": 3, "test/b": 2}))
    assert (own.preview(key).counts, own.preview(key).training) == ((8, 7), (4, 4))


def test_many_files_are_as_good_as_a_zip(own, pets, tmp_path):
    files = {path.relative_to(tmp_path / "source").as_posix(): path for path in (tmp_path / "source").rglob("*.png")}
    one, other = own.add(pets), own.add(files, "a folder")
    assert own.load(own.data(one), 32).fingerprint == own.load(own.data(other), 32).fingerprint
    assert own.preview(other).name == "a folder"
    assert refused(own.add, {"../evil/1.png": pets}).code == "data.leaves"


def test_the_name_in_a_configuration_opens_nothing_but_training(own, pets):
    key = own.add(pets)
    name = own.data(key)
    assert name.startswith("own:") and key not in name
    for guess in (name, name.removeprefix("own:"), "", "../..", key[:-1]):
        assert not own.has(guess)
        assert refused(own.preview, guess).code == refused(own.path, guess).code == "data.gone"
        own.remove(guess)
    assert own.path(key).is_file() and own.has(key) and own.has(f"own:{key}")
    config = TrainConfig(ModelSpec.from_name("resnet8"), data=f"own:{key}")
    assert config.for_dataset(own.load(config.data, 32)).data == name
    assert replace(config, data=name).for_dataset(own.load(name, 32)).data == name


@pytest.mark.parametrize("name", ["own:", "own:.", "own:..", "own:../x", "own:" + "0" * 32])
def test_what_is_not_there_is_a_sentence(own, pets, name, tmp_path):
    own.add(pets)
    for root in (own.root, None, tmp_path / "nowhere"):
        assert refused(load_dataset, name, cache=tmp_path, own=root).code == "data.gone"
        assert refused(is_prepared, name, cache=tmp_path, own=root).code == "data.gone"


def test_what_is_removed_leaves_nothing(own, pets):
    key, other = own.add(pets), own.add(pets)
    name = own.data(key)
    own.preview(key, 64)
    own.remove(key)
    own.remove(key)  # a second click
    assert len(list(own.root.iterdir())) == 1 and own.preview(other)
    assert refused(own.load, name, 32).code == "data.gone"


def test_what_cannot_be_trained_on_is_not_kept(own, tmp_path, pets):
    (tmp_path / "cats.zip").write_bytes(b"PK")
    for upload, reason in (
        (tmp_path / "cats.zip", "data.bad_zip"),
        (tmp_path / "gone.zip", "data.disk"),
        (make_zip(tmp_path / "one", {"cat": 3}), "data.one_class"),
    ):
        assert refused(own.add, upload).code == reason
    assert not list(own.root.iterdir())


@pytest.mark.parametrize(
    "limits, reason",
    [
        ({"packed": 1000}, "data.upload"),
        ({"files": 5}, "data.files"),
        ({"unpacked": 1000}, "data.unpacked"),
        ({"pixels": 1000}, "data.pixels"),
    ],
)
def test_the_limits_of_a_server(own, pets, limits, reason):
    small = OwnPictures(own.root, UploadLimits(**limits))
    error = refused(small.add, pets, "my pets.zip")
    assert error.code == reason and "my pets.zip" in str(error)
    assert not list(own.root.iterdir()) if own.root.exists() else True


def test_one_address_brings_only_so_much(own, pets):
    limited = OwnPictures(own.root, UploadLimits(uploads=2))
    keys = [limited.add(pets, address="192.0.2.1") for _ in range(2)]
    assert refused(limited.add, pets, address="192.0.2.1").code == "data.uploads"
    limited.add(pets, address="192.0.2.2")
    limited.remove(keys[0])
    limited.add(pets, address="192.0.2.1")
    assert b"192.0.2" not in b"".join(path.read_bytes() for path in own.root.glob("*/notes.json"))


def test_what_nobody_uses_is_listed_with_its_age_and_can_be_removed(own, pets):
    keys = [own.add(pets) for _ in range(4)]
    names = [own.data(key) for key in keys]
    for age, key in enumerate(reversed(keys), 1):  # the first was brought first
        os.utime(own.path(key).parent, times=(os.stat(own.path(key)).st_mtime - 86_400 * age,) * 2)
    lent = own.lend(pets)
    idle = sorted(own.idle(days=3, needed=[names[0]]), key=lambda one: one.used)
    assert [one.folder for one in idle] == [own.path(key).parent for key in keys[1:]]  # none that is needed or lent
    assert {one.seconds for one in idle} == {3 * 86_400} and idle[1].used - idle[0].used > 80_000
    with own._in_use(idle[0].folder.name):
        assert not own.discard(idle[0])
    own.preview(keys[2])
    assert not own.discard(idle[1])  # looked at since
    assert own.discard(idle[0]) and not own.has(keys[1])
    assert [own.has(key) for key in (*keys, lent.key)] == [True, False, True, True, True]


def test_warnings_name_the_classes():
    classes = tuple("abcdefgh")
    assert warnings(classes[:2], np.array([100, 100])) == []
    assert warnings(classes[:2], np.array([300, 100])) == [
        ("uneven", {"large": "a", "small": "b", "most": 300, "least": 100})
    ]
    found = dict(warnings(classes, np.full(8, 2)))
    assert found == {"few": {"count": 16, "most": 200}, "tiny": {"names": "a, b, c, d, e …", "least": 20}}

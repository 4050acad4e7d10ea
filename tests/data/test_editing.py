"""Uploaded images of which some are relabeled or left out: which images become what, and who may do it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from hub_layout import write_pictures

from resnet_demo.data.editing import edited, image_number
from resnet_demo.data.errors import DataError
from resnet_demo.data.own import OwnPictures, UploadLimits

CAT, DOG = 0, 1


@pytest.fixture
def own(tmp_path) -> OwnPictures:
    return OwnPictures(tmp_path / "runs" / ".own")


def bring(own: OwnPictures, place: Path, layout: dict[str, int], around: str = "", **options) -> str:
    """Upload random images, all in a folder called `around`."""
    write_pictures(place / "source", layout)
    path = place / "pets.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted((place / "source").rglob("*.png")):
            archive.write(file, Path(around, file.relative_to(place / "source")))
        archive.writestr(str(Path(around, next(iter(layout)), "note.jpg")), b"Dear diary")
    return own.add(path, "my pets", **options)


def load(own: OwnPictures, key: str):
    return own.load(own.data(key), 32)


def contents(dataset, seed: int = 0) -> dict[bytes, tuple[str, str]]:
    """(set, class) of each image by its pixels."""
    validation = set(dataset.split_rows(seed)[1])
    found = {}
    for row, (image, label) in enumerate(zip(dataset.train.images, dataset.train.labels, strict=True)):
        found[image.tobytes()] = "validation" if row in validation else "train", dataset.classes[label]
    if dataset.test is not None:
        for image, label in zip(dataset.test.images, dataset.test.labels, strict=True):
            found[image.tobytes()] = "test", dataset.classes[label]
    return found


def refused(call, *arguments, **options) -> DataError:
    with pytest.raises(DataError) as error:
        call(*arguments, **options)
    return error.value


@pytest.mark.parametrize("seed", [0, 7])
def test_relabeled_and_left_out_and_everything_else_stays_in_its_set(own, tmp_path, seed):
    key = bring(own, tmp_path, {"cat": 12, "dog": 9}, around="pets")
    before = load(own, key)
    rows = before.split_rows(seed)
    cat, held_out = int(rows[0][0]), int(rows[1][-1])  # a cat that is trained on, a dog that is validated on
    assert (before.train.labels[cat], before.train.labels[held_out]) == (CAT, DOG)
    expected = contents(before, seed)
    expected[before.train.images[cat].tobytes()] = "train", "dog"
    del expected[before.train.images[held_out].tobytes()]
    new = edited(own, key, {cat: DOG, held_out: None}, split_seed=seed)
    for other_seed in (0, 1):
        assert contents(load(own, new), other_seed) == expected
    assert own.preview(new).name == "my pets" and not own.preview(new).skipped
    assert contents(load(own, key), seed) == contents(before, seed) and new != key
    assert load(own, new).fingerprint != before.fingerprint


def test_rows_of_predictions_name_their_images(own, tmp_path):
    key = bring(
        own, tmp_path, {"train/cat": 5, "train/dog": 5, "val/cat": 2, "val/dog": 2, "test/cat": 3, "test/dog": 2}
    )
    before = load(own, key)
    row = int(before.split_rows(0)[1][0])
    numbers = [
        image_number(before, "test", 4),
        image_number(before, "validation", row),
        image_number(before, "train", 1),
    ]
    assert [before.files[number] for number in numbers] == ["test/dog/1.png", "val/cat/0.png", "train/cat/1.png"]
    expected = contents(before)
    for image, place in (
        (before.test.images[4], ("test", "cat")),
        (before.train.images[row], ("validation", "dog")),
        (before.train.images[1], ("train", "dog")),
    ):
        expected[image.tobytes()] = place
    new = edited(own, key, {numbers[0]: CAT, numbers[1]: DOG, numbers[2]: DOG})
    assert contents(load(own, new)) == expected


def test_equal_names_and_folders_in_a_class_are_kept_apart(own, tmp_path):
    key = bring(own, tmp_path, {"cat": 4, "cat/old": 3, "dog": 5})
    before = load(own, key)
    everything = {row: CAT for row in np.flatnonzero(before.train.labels == DOG)[:3].tolist()}
    new = load(own, edited(own, key, everything))
    assert {image.tobytes() for image in new.train.images} == {image.tobytes() for image in before.train.images}
    assert np.bincount(new.train.labels).tolist() == [10, 2]


def test_what_was_edited_can_be_edited_again(own, tmp_path):
    key = bring(own, tmp_path, {"cat": 6, "dog": 6})
    first = edited(own, key, {0: DOG})
    before = load(own, first)
    image = int(np.flatnonzero((before.train.images == load(own, key).train.images[0]).all((1, 2, 3)))[0])
    assert before.train.labels[image] == DOG
    assert contents(load(own, edited(own, first, {image: CAT}))) == contents(load(own, key))


def test_only_who_has_the_key_may_edit(own, tmp_path):
    key = bring(own, tmp_path, {"cat": 4, "dog": 4})
    for other in (own.data(key), own.data(key).removeprefix("own:"), "", "../x", key[:-1]):
        assert refused(edited, own, other, {0: DOG}).code == "data.gone"
    assert own.has(edited(own, f"own:{key}", {0: DOG}))


@pytest.mark.parametrize(
    "changes, code",
    [
        ({}, "data.unchanged"),
        ({0: CAT, 4: DOG}, "data.unchanged"),
        ({8: CAT}, "data.row"),
        ({-1: CAT}, "data.row"),
        ({True: DOG}, "data.row"),
        ({"0": DOG}, "data.row"),
        ({0: 2}, "class"),
        ({0: -1}, "class"),
        ({0: True}, "class"),
        ({0: "dog"}, "class"),
        ({0: None, 1: None, 2: None}, "data.tiny_class"),
        ({0: DOG, 1: DOG, 2: DOG, 3: DOG}, "data.one_class"),
    ],
)
def test_what_is_refused_is_not_kept(own, tmp_path, changes, code):
    key = bring(own, tmp_path, {"cat": 4, "dog": 4})
    assert refused(edited, own, key, changes).code == code
    assert len(list(own.root.iterdir())) == 1 and own.has(key)


def test_the_limits_of_a_server_hold(own, tmp_path):
    limited = OwnPictures(own.root, UploadLimits(uploads=2))
    key = bring(limited, tmp_path, {"cat": 6, "dog": 6}, address="192.0.2.1")
    second = edited(limited, key, {0: DOG}, address="192.0.2.1")
    assert refused(edited, limited, key, {1: DOG}, address="192.0.2.1").code == "data.uploads"
    limited.remove(key)
    assert limited.has(edited(limited, second, {0: None}, address="192.0.2.1"))
    small = OwnPictures(own.root, UploadLimits(packed=1000))
    assert refused(edited, small, second, {0: None}).code == "data.upload"
    held = []

    def hold(address, size):
        held.append((address, size))
        raise DataError("data.gone")

    assert refused(edited, OwnPictures(own.root, hold=hold), second, {0: None}, address="192.0.2.1")
    assert held[0][0] == "192.0.2.1" and held[0][1] > 1000

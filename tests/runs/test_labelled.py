"""Own labelled pictures and other people's networks: names that match, and answers as Classify gives them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from hub_layout import write_pictures

from resnet_demo.data.decode import decode
from resnet_demo.data.errors import DataError
from resnet_demo.data.own import OwnPictures
from resnet_demo.data.preprocess import Preprocess, prepare
from resnet_demo.errors import Refusal
from resnet_demo.errors.english import SENTENCES
from resnet_demo.models import create_model
from resnet_demo.runs.labelled import (
    evaluate_labelled,
    left_out,
    mapping_text,
    match_classes,
    parse_mapping,
    picture_at,
)

OURS = ("airplane", "tabby cat", "crane", "dog", "crane", "12")
SEEN = {name: Preprocess(name, 32, 3, (0.5, 0.4, 0.3), (0.2, 0.25, 0.3)) for name in ("square", "imagenet")}


@pytest.fixture(scope="module")
def network() -> torch.nn.Module:
    return create_model("resnet8", num_classes=len(OURS), seed=3).eval()


def brought(place: Path, layout: dict[str, int], around: str = ""):
    """(data set, the zip that it is from) of random pictures."""
    write_pictures(place / "source", layout)
    with zipfile.ZipFile(place / "pets.zip", "w") as archive:
        for file in sorted((place / "source").rglob("*.png")):
            archive.write(file, around + file.relative_to(place / "source").as_posix())
    own = OwnPictures(place / "own")
    key = own.add(place / "pets.zip")
    return own.load(key, 64), own.path(key)


def test_names_match_as_they_are_or_loosely():
    theirs = ("Tabby_Cat", "dog", "crane", "horse", "AIRPLANE", "12")
    assert match_classes(theirs, OURS) == {"Tabby_Cat": 1, "dog": 3, "AIRPLANE": 0, "12": 5}  # two cranes: none
    assert match_classes(("Cat", "CAT"), ("cat", "Cat")) == {"Cat": 1}
    assert match_classes(("cat", "Cat"), ("cat",)) == {"cat": 0, "Cat": 0}  # two folders of one class
    assert match_classes(("e\u0301te\u0301",), ("\u00e9t\u00e9",)) == {"e\u0301te\u0301": 0}
    assert match_classes(("猫",), ("狗", "猫")) == {"猫": 1}
    assert match_classes((), OURS) == match_classes(("cat",), ()) == {}


def test_a_mapping_is_shown_as_text_and_read_back():
    theirs = ("Tabby_Cat", "big: dog", "crane", "horse")
    mapping = match_classes(theirs, OURS) | {"big: dog": 3, "crane": 4}
    text = mapping_text(mapping, theirs, OURS)
    assert text.splitlines() == ["Tabby_Cat: tabby cat", "big: dog: dog", "crane: 4", "horse:"]
    assert parse_mapping(text, theirs, OURS) == mapping
    assert parse_mapping("\nhorse : DOG \n\nTabby_Cat: 0", theirs, OURS) == {"horse": 3, "Tabby_Cat": 0}
    assert parse_mapping("horse: 12", theirs, OURS) == {"horse": 5}  # a name before a number


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("dog", "labelled_line", 1),
        ("dog: dog\nhorse: dog", "labelled_line", 2),
        ("\ndog: wolf", "labelled_class", 2),
        ("dog: crane", "labelled_class", 1),
        ("dog: 6", "labelled_class", 1),
        ("dog: -1", "labelled_class", 1),
        ("dog: dog\ndog:", "labelled_twice", 2),
    ],
)
def test_a_wrong_line_is_named(text, reason, line):
    with pytest.raises(Refusal) as caught:
        parse_mapping(text, ("dog", "cat"), OURS)
    error = caught.value
    assert (error.code, error.values["line"]) == (reason, line)
    assert str(error) == SENTENCES[reason].format(**error.values)


@pytest.mark.parametrize("seen", SEEN)
def test_answers_are_those_that_single_pictures_get(network, seen, tmp_path):
    layout = {"train/dog": 3, "train/horse": 4, "train/Tabby Cat": 30, "test/dog": 2, "test/horse": 3}
    dataset, path = brought(tmp_path, layout, around="my pets/")
    mapping = match_classes(dataset.classes, OURS)
    told = []
    found = evaluate_labelled(
        network, SEEN[seen], OURS, dataset, mapping, path, progress=lambda done, total: told.append((done, total))
    )
    assert left_out(dataset, mapping) == {"horse": 7} and told == [(32, 35), (35, 35)]
    assert len(found.rows) == 35 == len(set(found.rows)) and found.logits.shape == (35, len(OURS))
    assert sorted(set(found.labels.tolist())) == [1, 3]
    for row, label, logits in zip(found.rows, found.labels, found.logits, strict=True):
        name = dataset.files[row]
        assert f"/{OURS[label]}/" in name.replace("Tabby Cat", "tabby cat")
        image = decode(tmp_path / "source" / name)
        with torch.no_grad():
            expected = network(prepare(image, SEEN[seen]).tensor[None])[0]
        np.testing.assert_allclose(logits, expected - expected.max(), atol=5e-3)
        assert np.array_equal(
            picture_at(dataset, row), np.asarray(prepare(image, Preprocess("square", 64, 3, (0,) * 3, (1,) * 3)).view)
        )


def test_the_lock_is_held_while_the_network_computes(network, tmp_path):
    dataset, path = brought(tmp_path, {"dog": 2, "crane": 2})
    held = []

    class Lock:
        def __enter__(self):
            held.append(True)

        def __exit__(self, *error):
            held.append(False)

    class Watched(torch.nn.Module):
        def forward(self, x):
            assert held[-1]
            return network(x)

    found = evaluate_labelled(Watched(), SEEN["square"], OURS, dataset, {"dog": 3, "crane": 2}, path, lock=Lock())
    assert held == [True, False] and found.labels.tolist() == [2, 2, 3, 3]


def test_where_nothing_matches_a_sentence_says_so(network, tmp_path):
    dataset, path = brought(tmp_path, {"horse": 2, "mule": 2})
    with pytest.raises(Refusal) as caught:
        evaluate_labelled(network, SEEN["square"], OURS, dataset, match_classes(dataset.classes, OURS), path)
    assert caught.value.code == "labelled_nothing"
    assert "horse, mule" in str(caught.value) and "dog, crane …" in str(caught.value)


def test_pictures_that_are_gone_or_others(network, tmp_path):
    dataset, path = brought(tmp_path, {"dog": 2, "crane": 2})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("dog/other.png", b"x")
    with pytest.raises(DataError) as caught:
        evaluate_labelled(network, SEEN["square"], OURS, dataset, {"dog": 3}, path)
    assert caught.value.code == "data.gone"


def test_answers_beyond_half_precision(tmp_path):
    dataset, path = brought(tmp_path, {"dog": 4, "crane": 4})
    network = create_model("resnet8", num_classes=len(OURS), seed=3).eval()
    usual = evaluate_labelled(network, SEEN["square"], OURS, dataset, {"dog": 3}, path)
    network.fc.weight.data *= 1e7
    large = evaluate_labelled(network, SEEN["square"], OURS, dataset, {"dog": 3}, path)
    assert np.isfinite(large.logits).all() and np.array_equal(large.logits.argmax(1), usual.logits.argmax(1))
    network.fc.weight.data.fill_(torch.inf)
    with pytest.raises(Refusal) as caught:
        evaluate_labelled(network, SEEN["square"], OURS, dataset, {"dog": 3}, path, name="mine")
    assert caught.value.code == "not_finite" and "“mine”" in str(caught.value)

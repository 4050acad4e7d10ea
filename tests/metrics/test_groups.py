"""Groups of classes as people write them: what is understood, and the sentence for what is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_demo.errors import Refusal
from resnet_demo.metrics.groups import CIFAR10, PREPARED, as_text, merged_labels, merged_probabilities, parse_groups

PETS = ("cat", "dog", "car", "Grey Wolf", "crane", "crane")


def test_lines_are_groups():
    text = "\n pets :dog,  cat,\n\nwild: grey  wolf\r\n"
    assert parse_groups(text, PETS) == {"pets": (0, 1), "wild": (3,)}
    assert parse_groups(" \n", PETS) == {}
    assert parse_groups("cranes: crane", PETS) == {"cranes": (4, 5)}  # both have that name


def test_chinese_marks_serve_as_well():
    assert parse_groups("宠物：猫，狗、兔", ("猫", "狗", "兔", "车")) == {"宠物": (0, 1, 2)}


def test_case_matters_only_where_classes_differ_in_nothing_else():
    assert parse_groups("x: CAT", PETS) == {"x": (0,)}
    assert parse_groups("x: A", ("a", "A", "b")) == {"x": (1,)}
    with pytest.raises(Refusal, match="no class “Ab”"):
        parse_groups("x: Ab", ("ab", "AB", "b"))


def test_names_with_marks_stand_in_quotes():
    classes = ("cat, big", 'say "meow"', "a: b", "dog")
    text = '"x: y": "cat, big", "say ""meow""", "a: b"'
    assert parse_groups(text, classes) == {"x: y": (0, 1, 2)}


def test_a_group_may_have_the_name_of_a_class_inside_it():
    assert parse_groups("cat: cat, dog", PETS) == {"cat": (0, 1)}


@pytest.mark.parametrize(
    ("text", "reason", "said"),
    [
        ("cat, dog", "groups.form", "Line 1, “cat, dog”"), ("\npets:", "groups.form", "Line 2, “pets:”"),
        ("a: b: cat", "groups.form", "“a: b: cat”"), (": cat", "groups.form", "“: cat”"),
        ("pets: cat,, dog", "groups.form", "“pets: cat,, dog”"), ('x: "cat', "groups.", "Line 1"),
        ("pets: cow", "groups.unknown", "“cow”; accepted are cat, dog, car, Grey Wolf, crane, crane"),
        ("x: cat\ny: dog, cat", "groups.double", "Line 2: “cat” is in the group “x” already"),
        ("x: cat, cat", "groups.double", "Line 1: “cat”"),
        ("x: cat\nx: dog", "groups.name", "Line 2: “x”"), ("car: cat", "groups.name", "Line 1: “car”"),
        ("all: cat, dog, car, grey wolf, crane", "groups.one", "“all”"),
    ],
)  # fmt: skip
def test_what_is_no_group_is_said_with_its_line(text, reason, said):
    with pytest.raises(Refusal) as caught:
        parse_groups(text, PETS)
    assert caught.value.code.startswith(reason) and said in str(caught.value)


def test_long_and_hostile_lines_are_answered_with_short_sentences():
    for text in ("x: " + "y" * 10**6, "x" * 10**6, "x:" + " " * 10**6 + '"', '"' * 10**5, "x: " + "a\0" * 10**5):
        with pytest.raises(Refusal) as caught:
            parse_groups(text, [f"class {'z' * 500}"] * 1000)
        assert len(str(caught.value)) < 1000


@settings(max_examples=100)
@given(st.lists(st.text(min_size=1, max_size=8), min_size=3, max_size=8, unique_by=lambda s: " ".join(s.split())))
def test_what_is_written_is_read_again(classes):
    classes = [name for name in classes if name.strip()]
    groups = {"gröup: 1, “x”": (0,)} if len(classes) > 1 else {}
    assert parse_groups(as_text(groups, classes), classes) == groups


def test_animals_and_vehicles_are_prepared():
    groups = PREPARED[CIFAR10]
    assert [CIFAR10[i] for i in groups["vehicles"]] == ["airplane", "automobile", "ship", "truck"]
    assert sorted(i for members in groups.values() for i in members) == list(range(10))
    assert parse_groups(as_text(groups, CIFAR10), CIFAR10) == dict(groups)
    names, numbers = merged_labels(groups, CIFAR10)
    assert names == ("animals", "vehicles") and np.array_equal(numbers, [1, 1, 0, 0, 0, 0, 0, 0, 1, 1])


def test_probabilities_of_a_group_are_added_up():
    probabilities = np.random.default_rng(0).dirichlet(np.ones(10), 20)
    merged = merged_probabilities(probabilities, merged_labels({"x": (3, 5)}, CIFAR10)[1])
    assert merged.shape == (20, 9)
    np.testing.assert_allclose(merged[:, 0], probabilities[:, 3] + probabilities[:, 5], rtol=1e-6)
    np.testing.assert_allclose(merged[:, 1:], probabilities[:, [0, 1, 2, 4, 6, 7, 8, 9]], rtol=1e-6)

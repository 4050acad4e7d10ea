"""The shapes: the same bytes everywhere, balanced, and not to be told by colour or by a linear classifier."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_demo.data import shapes
from resnet_demo.data.datasets import load_dataset


@pytest.fixture(scope="module")
def standard(tmp_path_factory, all_shapes) -> tuple[np.ndarray, ...]:
    """Train pixels, train labels, test pixels, test labels, as everybody gets them."""
    found = load_dataset("shapes", cache=all_shapes(tmp_path_factory.mktemp("shapes")))
    return found.train.images, found.train.labels, found.test.images, found.test.labels


def _ridge_accuracy(x: np.ndarray, y: np.ndarray, x_test: np.ndarray, y_test: np.ndarray, penalty: float) -> float:
    """Test accuracy of a linear classifier: least squares on one-hot labels, features standardised."""
    mean, std = x.mean(0), x.std(0) + 1e-6
    x, x_test = (x - mean) / std, (x_test - mean) / std
    gram = x.T @ x + penalty * len(x) * np.eye(x.shape[1], dtype=x.dtype)
    targets = np.eye(len(shapes.CLASSES), dtype=x.dtype)[y]
    weights = np.linalg.solve(gram, x.T @ (targets - targets.mean(0)))
    return float(((x_test @ weights + targets.mean(0)).argmax(1) == y_test).mean())


def test_the_standard_set_has_the_published_bytes(standard):
    assert shapes.fingerprint(*standard) == shapes.FINGERPRINT


def test_a_changed_pixel_changes_the_fingerprint(standard):
    images, labels = standard[2][:10].copy(), standard[3][:10]
    before = shapes.fingerprint(images, labels)
    images[-1, -1, -1, -1] ^= 1
    assert shapes.fingerprint(images, labels) != before


def test_sizes_types_and_balance(standard):
    for images, labels, rows in ((*standard[:2], shapes.TRAIN_ROWS), (*standard[2:], shapes.TEST_ROWS)):
        assert images.shape == (rows, 32, 32, 3) and images.dtype == np.uint8
        assert labels.shape == (rows,) and labels.dtype == np.int64
        assert (np.bincount(labels) == rows // 10).all()
    for names in (shapes.CLASSES, shapes.CLASSES_ZH):
        assert len(names) == len(set(names)) == 10


def test_no_picture_twice(standard):
    pictures = np.concatenate([standard[0], standard[2]]).reshape(-1, 32 * 32 * 3)
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)


@settings(max_examples=12)
@given(n=st.integers(0, 130), seed=st.integers(0, 2**63 - 1), split=st.sampled_from(["train", "test"]))
def test_a_picture_depends_on_seed_split_and_row_only(n, seed, split):
    images, labels = shapes.make(split, n, seed)
    more, more_labels = shapes.make(split, n + 7, seed)
    assert len(images) == len(labels) == n
    np.testing.assert_array_equal(images, more[:n])
    np.testing.assert_array_equal(labels, more_labels[:n])
    assert np.ptp(np.bincount(labels, minlength=10)) <= 1


def test_seeds_and_splits_differ():
    first = shapes.make("train", 20)
    for other in (shapes.make("train", 20, seed=1), shapes.make("test", 20)):
        assert not np.array_equal(first[1], other[1])
        assert (first[0] != other[0]).any((1, 2, 3)).all()


def test_nothing_wraps_with_a_warning():
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        shapes.make("test", 60, seed=2**63 - 1)


def test_a_linear_classifier_on_pixels_stays_low(standard):
    train, labels, test, test_labels = standard
    labels = labels[:5000]
    x, x_test = (images.reshape(len(images), -1).astype(np.float32) for images in (train[:5000], test))
    assert _ridge_accuracy(x, labels, x_test, test_labels, penalty=1.0) < 0.6
    # The classifier does see what a linear one can: a bright dot whose place depends on the class.
    x, x_test = x[:, :100], x_test[:, :100]
    for pixels, classes in ((x, labels), (x_test, test_labels)):
        pixels[np.arange(len(pixels)), classes] = 1000
    assert _ridge_accuracy(x, labels, x_test, test_labels, penalty=1.0) > 0.9


def test_colour_alone_does_not_give_the_class_away(standard):
    """Mean, spread, darkest and brightest tenth of each channel: near chance (a large shape is a hint)."""

    def colours(images: np.ndarray) -> np.ndarray:
        flat = images.reshape(len(images), -1, 3).astype(np.float32)
        return np.concatenate([flat.mean(1), flat.std(1), *np.quantile(flat, (0.1, 0.9), axis=1)], 1)

    train, labels, test, test_labels = standard
    accuracy = _ridge_accuracy(colours(train[:5000]), labels[:5000], colours(test), test_labels, penalty=1e-3)
    assert accuracy < 0.25


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("validation",), "'validation'.*'train' and 'test'"),
        (("test", -1), "n is -1"),
        (("test", 1, -3), "seed is -3"),
        (("test", 1, 2**63), "seed is 9223372036854775808"),
    ],
)
def test_a_wrong_argument_is_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        shapes.make(*arguments)

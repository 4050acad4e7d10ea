"""Augmentation: each operation against a slow reference, and the plan as a function of seed and epoch."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_demo.data.augment import Augmentation, augment, normalise, plan_epoch


def reference(images: np.ndarray, plan, augmentation: Augmentation) -> np.ndarray:
    """One picture at a time: mirror, pad, crop, cut out. A mirrored picture is cropped from the mirrored padding."""
    size, pad = images.shape[1], augmentation.pad
    out = []
    for image, (dy, dx), flip, (hy, hx) in zip(images, plan.shift.tolist(), plan.flip, plan.hole.tolist(), strict=True):
        padded = np.pad(image, ((pad, pad), (pad, pad), (0, 0)))
        image = padded[dy : dy + size, dx : dx + size].copy()
        if flip:
            image = image[:, ::-1].copy()
        side = augmentation.cutout
        top, left = hy - side // 2, hx - side // 2
        if side:
            image[max(0, top) : max(0, top + side), max(0, left) : max(0, left + side)] = 0
        out.append(image)
    return np.stack(out)


@settings(max_examples=40)
@given(
    pad=st.integers(0, 5), flip=st.booleans(), cutout=st.sampled_from([0, 2, 4, 8]), seed=st.integers(0, 2**32 - 1),
    size=st.sampled_from([8, 11]), channels=st.sampled_from([1, 3]),
)  # fmt: skip
def test_a_batch_equals_picture_by_picture(pad, flip, cutout, seed, size, channels):
    augmentation = Augmentation(pad, flip, cutout)
    plan = plan_epoch(6, size, augmentation, seed, epoch=3)
    images = np.random.RandomState(0).rand(6, size, size, channels).astype(np.float32)
    result = augment(torch.from_numpy(images), plan, augmentation)
    assert np.array_equal(result.numpy(), reference(images, plan, augmentation))


def test_the_plan_is_a_function_of_seed_and_epoch():
    def fingerprint(seed, epoch):
        plan = plan_epoch(50, 32, Augmentation(), seed, epoch)
        return tuple(t.numpy().tobytes() for t in (plan.order, plan.shift, plan.flip, plan.hole))

    assert fingerprint(1, 2) == fingerprint(1, 2)
    assert len({fingerprint(seed, epoch) for seed in (0, 1) for epoch in (0, 1, 2)}) == 6


def test_the_plan_does_not_change_with_numpy():
    plan = plan_epoch(5, 32, Augmentation(pad=4), seed=0, epoch=0)
    assert plan.order.tolist() == [2, 0, 3, 4, 1]
    assert plan.shift.tolist() == [[8, 1], [1, 6], [0, 4], [7, 6], [8, 0]]


def test_order_and_shifts_cover_their_range():
    plan = plan_epoch(2000, 32, Augmentation(pad=4), seed=0, epoch=0)
    assert sorted(plan.order.tolist()) == list(range(2000))
    assert set(plan.shift.flatten().tolist()) == set(range(9))
    assert 800 < int(plan.flip.sum()) < 1200
    assert not plan_epoch(2000, 32, Augmentation(flip=False), seed=0, epoch=0).flip.any()


def test_switching_one_off_leaves_the_others_as_they_were():
    with_flip, without = (plan_epoch(50, 32, Augmentation(flip=flip), 0, 0) for flip in (True, False))
    assert torch.equal(with_flip.order, without.order) and torch.equal(with_flip.shift, without.shift)


def test_normalised_training_pixels_have_mean_0_and_deviation_1():
    from resnet_demo.data.dataset import channel_statistics

    images = np.random.RandomState(0).randint(0, 200, (40, 8, 8, 3)).astype(np.uint8)
    mean, std = channel_statistics(images)
    values = normalise(torch.from_numpy(images), torch.tensor(mean), torch.tensor(std))
    assert values.mean((0, 1, 2)).abs().max() < 1e-4
    assert (values.std((0, 1, 2)) - 1).abs().max() < 1e-3
    expected = (images / 255.0 - np.array(mean)) / np.array(std)
    assert np.abs(values.numpy() - expected).max() < 1e-5


def test_a_batch_stays_channels_last_for_the_network():
    images = torch.rand(4, 8, 8, 3)
    batch = augment(images, plan_epoch(4, 8, Augmentation(), 0, 0), Augmentation()).permute(0, 3, 1, 2)
    assert batch.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize(
    "values",
    [dict(pad=-1), dict(pad=33), dict(pad=1.5), dict(pad=True), dict(pad="4"), dict(cutout=-2), dict(cutout=999)],
)
def test_wrong_values_say_what_is_allowed(values):
    with pytest.raises(ValueError, match="must be a whole number from 0 to .*, not"):
        Augmentation(**values)

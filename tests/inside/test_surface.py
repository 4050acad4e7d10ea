"""Slices of the loss surface: the paper's normalization, the model in the middle, a shared model as it was."""

from __future__ import annotations

import threading
from copy import deepcopy

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from made_runs import shapes_dataset
from torch import nn

from resnet_demo.inside.surface import Slice, axis_of, directions, slice_1d, slice_2d, training_images
from resnet_demo.models import ModelSpec, build_model


def small(seed: int = 0, **options) -> nn.Module:
    """A ResNet-8 for `shapes` whose normalization has statistics of its own."""
    dataset = shapes_dataset()
    model = build_model(ModelSpec.from_name("resnet8", num_classes=len(dataset.classes), **options), seed)
    with torch.no_grad():
        model.train()(images()[0])
    return model.eval()


def images(count: int = 24):
    dataset = shapes_dataset()
    rows = dataset.split_rows(0)[0]
    return training_images(dataset.train, rows, dataset.mean, dataset.std, count)


def state_of(model: nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in model.state_dict().items()}


def assert_equal(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> None:
    assert one.keys() == other.keys()
    for name in one:
        torch.testing.assert_close(one[name], other[name], rtol=0, atol=0)


@pytest.mark.parametrize("shortcut", ["A", "B", "none"])
def test_each_filter_has_the_norm_that_the_paper_gives_it(shortcut):
    model = small(shortcut=shortcut)
    (along,) = directions(model, seed=3, count=1)
    random = torch.Generator().manual_seed(3)
    parameters = dict(model.named_parameters())
    assert set(along) == {
        name for name in parameters if "conv" in name or "downsample.0" in name or name == "fc.weight"
    }
    for name, direction in along.items():
        drawn, weight = torch.randn(direction.shape, generator=random).numpy(), parameters[name].detach().numpy()
        for d, drawn_filter, theta in zip(direction.numpy(), drawn, weight, strict=True):
            wanted = drawn_filter / np.sqrt((drawn_filter**2).sum()) * np.sqrt((theta**2).sum())
            np.testing.assert_allclose(d, wanted, rtol=1e-5, atol=1e-7)


def test_directions_are_those_of_their_seed():
    model = small()
    first, second = directions(model, seed=1)
    assert_equal(dict(first), dict(directions(model, seed=1, count=1)[0]))
    flat = [torch.cat([d.flatten() for d in one.values()]) for one in (first, second, directions(model, seed=2)[0])]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert abs(F.cosine_similarity(flat[one], flat[other], dim=0)) < 0.05


def test_a_filter_of_zeros_is_not_moved():
    model = small()
    with torch.no_grad():
        model.layer1[0].conv1.weight[2] = 0
    assert not directions(model)[0]["layer1.0.conv1.weight"][2].any()


def test_every_point_is_the_loss_of_weights_moved_by_hand():
    model, (pictures, labels, _) = small(), images(150)  # more than a batch
    made = slice_2d(model, pictures, labels, points=3, seed=5)
    delta, eta = directions(model, seed=5)
    assert (made.x, made.y, made.images, made.seed) == ((-1.0, 0.0, 1.0), (-1.0, 0.0, 1.0), 150, 5)
    losses = set()
    for row, beta in enumerate(made.y):
        for column, alpha in enumerate(made.x):
            moved = deepcopy(model)
            state = state_of(model)
            for name in delta:
                state[name] = state[name] + alpha * delta[name] + beta * eta[name]
            moved.load_state_dict(state)
            with torch.no_grad():
                logits = moved(pictures)
            losses.add(loss := float(F.cross_entropy(logits, labels)))
            assert made.loss[row][column] == pytest.approx(loss, rel=1e-4)
            assert made.error[row][column] == pytest.approx(float((logits.argmax(1) != labels).float().mean()))
    assert len(losses) == 9 and made.centre == (made.loss[1][1], made.error[1][1])


def test_a_line_is_the_middle_row_of_the_plane():
    model, (pictures, labels, _) = small(), images()
    line = slice_1d(model, pictures, labels, points=5)
    plane = slice_2d(model, pictures, labels, points=5)
    assert line.y == (0.0,) and line.loss[0] == plane.loss[2] and line.error[0] == plane.error[2]
    assert line.centre == plane.centre


def test_the_shared_model_stays_as_it_is_and_answers_meanwhile():
    model, (pictures, labels, _) = small().train(), images()
    before, lock = state_of(model), threading.Lock()
    free = []

    def progress(done: int, total: int) -> None:
        free.append(lock.acquire(blocking=False))  # others may run the model while the copy is computed on
        lock.release()
        assert_equal(state_of(model), before)

    assert slice_1d(model, pictures, labels, points=3, lock=lock, progress=progress)
    assert all(free) and len(free) == 3
    assert model.training and all(parameter.requires_grad for parameter in model.parameters())
    assert_equal(state_of(model), before)


def test_it_waits_for_whoever_holds_the_model():
    model, (pictures, labels, _) = small(), images()
    lock, done = threading.Lock(), threading.Event()
    lock.acquire()
    thread = threading.Thread(
        target=lambda: (slice_1d(model, pictures, labels, points=3, lock=lock), done.set()), daemon=True
    )
    thread.start()
    assert not done.wait(0.3)
    lock.release()
    assert done.wait(60)
    thread.join()


def test_running_statistics_are_used_at_every_point():
    model, (pictures, labels, _) = small(), images()
    before = slice_1d(model, pictures, labels, points=3)
    with torch.no_grad():
        model.bn1.running_mean += 1
    after = slice_1d(model, pictures, labels, points=3)
    assert all(one != other for one, other in zip(before.loss[0], after.loss[0], strict=True))
    alone = [slice_1d(model, pictures[n : n + 1], labels[n : n + 1], points=3).loss[0] for n in range(len(labels))]
    np.testing.assert_allclose(np.mean(alone, axis=0), after.loss[0], rtol=1e-4)  # no statistics of the batch


def test_cancelling_stops_it():
    model, (pictures, labels, _) = small(), images()
    done: list[tuple[int, int]] = []
    made = slice_2d(
        model,
        pictures,
        labels,
        points=5,
        progress=lambda *given: done.append(given),
        cancelled=lambda: len(done) >= 4,
    )
    assert made is None and done == [(1, 25), (2, 25), (3, 25), (4, 25)]


def test_what_is_no_number_is_none():
    model, (pictures, labels, _) = small(norm="none"), images()
    with torch.no_grad():
        model.fc.weight.mul_(1e38)
    made = slice_1d(model, pictures * 1e3, labels, points=3)
    assert None in made.loss[0] and all(0 <= value <= 1 for value in made.error[0])
    assert made.rounded().loss[0].count(None) == made.loss[0].count(None)
    large = Slice((0.0,), (0.0,), ((123456.789,),), ((0.123456,),), 1, 0).rounded(4)
    assert large.loss == ((123500.0,),) and large.error == ((0.1235,),)


def test_wrong_arguments():
    model, (pictures, labels, _) = small(), images()
    assert axis_of(5) == (-1.0, -0.5, 0.0, 0.5, 1.0)
    for points in (1, 4, 0, -3):
        with pytest.raises(ValueError, match="odd number"):
            slice_1d(model, pictures, labels, points=points)
    for some in (pictures[:0], pictures[:3]):
        with pytest.raises(ValueError, match="as many labels"):
            slice_2d(model, some, labels[: len(some) // 2], points=3)


def test_the_images_are_spread_over_the_rows_and_not_augmented():
    dataset = shapes_dataset()
    rows = dataset.split_rows(0)[0]
    pictures, labels, kept = images(10)
    assert kept[0] == rows[0] and kept[-1] == rows[-1] and set(kept) <= set(rows) and len(set(kept)) == 10
    for picture, label, row in zip(pictures, labels, kept, strict=True):
        pixels = (picture.permute(1, 2, 0).numpy() * dataset.std + dataset.mean) * 255
        np.testing.assert_allclose(pixels, dataset.train.images[row], atol=0.01)
        assert int(label) == dataset.train.labels[row]
    assert len(images(10_000)[2]) == len(rows)

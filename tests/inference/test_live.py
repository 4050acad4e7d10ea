"""An answer and its evidence in one pass: nothing else than what `classify` and `heat_map` say one after the other."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
import torch
from made_runs import make_untrained_run, photograph, write_weights
from made_weights import random_network, write_weights_file
from PIL import Image

from resnet_demo.errors import Refusal
from resnet_demo.inference.classifier import from_run
from resnet_demo.inference.classify import classify
from resnet_demo.inference.explain import heat_map
from resnet_demo.inference.imagenet import PRETRAINED, classifier
from resnet_demo.inference.live import classify_and_explain
from resnet_demo.inference.store import ModelStore

CLASSES = tuple("abcdef")


@pytest.fixture
def image():
    return Image.open(BytesIO(photograph(300, 240)))


@pytest.fixture
def small(tmp_path):
    return from_run(make_untrained_run(tmp_path, "small", classes=CLASSES))


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    resnet18 = next(one for one in PRETRAINED if one.depth == 18)
    path = tmp_path_factory.mktemp("large") / "18.safetensors"
    return classifier(resnet18, write_weights_file(path, random_network(18)), disposable=False)


@pytest.mark.parametrize("name", ["small", "large"])
@pytest.mark.parametrize(("index", "crop"), [(None, "centre"), (3, "centre"), (None, "whole")])
def test_it_is_the_answer_and_its_grad_cam(request, image, name, index, crop):
    model, store = request.getfixturevalue(name), ModelStore()
    answer, evidence = classify_and_explain(image, model, store, index, 3, 2.0, crop)
    expected = classify(image, model, store, 3, 2.0, crop)
    assert answer.indices == expected.indices and answer.view.tobytes() == expected.view.tobytes()
    assert answer.probabilities == pytest.approx(expected.probabilities, abs=1e-6)
    shown = answer.indices[0] if index is None else index
    explained = heat_map(image, model, store, shown, crop=crop)
    assert (evidence.method, evidence.layer, evidence.label) == ("grad-cam", explained.layer, explained.label)
    np.testing.assert_allclose(evidence.values, explained.values, atol=1e-4)
    assert evidence.blank == explained.blank


def test_a_class_without_positive_evidence_has_an_empty_map(image, small):
    store = ModelStore()
    with torch.no_grad():
        store.get(small).model.fc.weight[2] = -1.0
    _, evidence = classify_and_explain(image, small, store, 2)
    assert evidence.blank and not evidence.values.any()


@pytest.mark.parametrize("wrong", [{"index": 6}, {"index": -1}, {"top_k": 0}, {"temperature": 0.01}, {"crop": "x"}])
def test_what_does_not_exist_is_refused(image, small, wrong):
    with pytest.raises(Refusal):
        classify_and_explain(image, small, ModelStore(), **wrong)


def test_weights_that_are_not_finite_are_refused(image, small):
    store = ModelStore()
    write_weights(small.run, 1)
    with torch.no_grad():
        store.get(small).model.fc.bias[0] = torch.nan
    with pytest.raises(Refusal, match="finite|diverged"):
        classify_and_explain(image, small, store)

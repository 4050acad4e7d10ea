"""The ImageNet networks are torchvision's: same keys, logits, gradients and statistics."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
import torchvision

from resnet_demo.models import ModelSpec, blank_model


def theirs_at_random(name, generator, **options):
    """Torchvision's, in which no value is that of a new network."""
    with torch.device("meta"):
        network = torchvision.models.get_model(name, weights=None, **options)
    state = {key: torch.empty(like.shape, dtype=like.dtype) for key, like in network.state_dict().items()}
    for value in state.values():
        if value.ndim > 1:
            value.uniform_(-1, 1, generator=generator).mul_((6 / value[0].numel()) ** 0.5)
        elif value.is_floating_point():
            value.uniform_(0.5, 1.5, generator=generator)
        else:
            value.zero_()
    network.load_state_dict(state, assign=True)
    return network


def outcome(model, x, labels):
    """Logits in evaluation mode, then one training step: gradient of the input, and the state after it."""
    with torch.no_grad():
        logits = model.eval()(x)
    x = x.clone().requires_grad_()
    optimizer = torch.optim.SGD(model.train().parameters(), lr=0.01)
    F.cross_entropy(model(x), labels).backward()
    optimizer.step()
    return logits, x.grad, model.state_dict()


@pytest.mark.parametrize("depth", [18, 34, 50, 101, 152])
def test_parity_with_torchvision(depth):
    """Random weights and random statistics, loaded strictly; 64 px and two pictures keep it cheap."""
    generator = torch.Generator().manual_seed(depth)
    ours, theirs = blank_model(ModelSpec.from_name(f"resnet{depth}")), theirs_at_random(f"resnet{depth}", generator)
    state = theirs.state_dict()
    assert list(ours.state_dict()) == list(state)
    ours.load_state_dict(state, strict=True)
    x = torch.randn(2, 3, 64, 64, generator=generator)
    labels = torch.tensor([3, 999])
    logits, gradient, after = outcome(ours, x, labels)
    their_logits, their_gradient, their_after = outcome(theirs, x, labels)
    torch.testing.assert_close(logits, their_logits, rtol=1e-6, atol=0)
    torch.testing.assert_close(gradient, their_gradient, rtol=1e-6, atol=0)
    assert gradient.abs().max() > 0
    for key, value in after.items():
        if not torch.equal(value, their_after[key]):  # which takes a fraction of the time
            torch.testing.assert_close(value, their_after[key], rtol=1e-6, atol=0, msg=key)
    assert after["bn1.num_batches_tracked"] == 1


def test_torchvision_is_v15_not_v1():
    generator = torch.Generator().manual_seed(0)
    theirs = theirs_at_random("resnet50", generator, num_classes=10).eval()
    x = torch.randn(1, 3, 64, 64, generator=generator)
    for stride_in, same in (("3x3", True), ("1x1", False)):
        ours = blank_model(ModelSpec.from_name("resnet50", stride_in=stride_in, num_classes=10)).eval()
        ours.load_state_dict(theirs.state_dict(), strict=True)
        assert torch.allclose(ours(x), theirs(x), rtol=1e-4) == same

"""The ImageNet networks are torchvision's: same keys, logits, gradients and statistics."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
import torchvision

from resnet_demo.models import create_model


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
    ours = create_model(f"resnet{depth}", seed=depth)
    torch.manual_seed(depth)  # theirs draws its values from the global state
    theirs = torchvision.models.get_model(f"resnet{depth}", weights=None)
    state = theirs.state_dict()
    for key, value in state.items():
        if key.endswith(("running_mean", "running_var")):
            value.copy_(0.5 + torch.rand(value.shape, generator=generator))
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
        torch.testing.assert_close(value, their_after[key], rtol=1e-6, atol=0, msg=key)
    assert after["bn1.num_batches_tracked"] == 1


def test_torchvision_is_v15_not_v1():
    theirs = torchvision.models.get_model("resnet50", weights=None, num_classes=10).eval()
    x = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    for stride_in, same in (("3x3", True), ("1x1", False)):
        ours = create_model("resnet50", stride_in=stride_in, num_classes=10).eval()
        ours.load_state_dict(theirs.state_dict(), strict=True)
        assert torch.allclose(ours(x), theirs(x), rtol=1e-4) == same

"""The optimizer is PyTorch's: the same bits, states that either reads."""

from __future__ import annotations

import pytest
import torch

from resnet_demo.engine.sgd import SGD

OPTIONS = {"momentum": 0.9, "nesterov": True, "weight_decay": 1e-4, "foreach": True}


def parameters() -> list[torch.nn.Parameter]:
    generator = torch.Generator().manual_seed(1)
    return [torch.nn.Parameter(torch.randn(size, generator=generator)) for size in ((3, 2), (5,), (1, 2, 3))]


def steps(optimizer, values, first: int, last: int) -> None:
    for number in range(first, last):
        for group in optimizer.param_groups:
            group["lr"] = 0.5 / (number + 1)
        loss = sum((value**2 * (number + 1)).sum() for value in values)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)


@pytest.mark.parametrize("plain", (SGD, torch.optim.SGD))
def test_steps_are_pytorchs_and_go_on_from_either_ones_state(plain):
    ours, theirs = parameters(), parameters()
    reference = torch.optim.SGD(theirs, lr=0.1, **OPTIONS)
    steps(reference, theirs, 0, 6)

    first = plain(ours, lr=0.1, **OPTIONS)
    steps(first, ours, 0, 3)
    assert all(value.grad is None for value in ours)
    second = SGD(ours, lr=1.0, **OPTIONS)
    second.load_state_dict(first.state_dict())
    steps(second, ours, 3, 6)
    assert all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))
    state, expected = second.state_dict(), reference.state_dict()
    assert state["param_groups"] == expected["param_groups"]
    for number, values in expected["state"].items():
        assert torch.equal(state["state"][number]["momentum_buffer"], values["momentum_buffer"])


def test_what_it_cannot_change_is_refused_as_pytorch_refuses_it():
    with pytest.raises(ValueError, match="empty parameter list"):
        SGD([], lr=0.1)
    with pytest.raises(ValueError, match="some parameters appear in more than one"):
        shared = parameters()
        SGD([{"params": shared}, {"params": shared[:1]}], lr=0.1)


def test_the_loss_of_a_closure_is_given_back():
    (value,) = values = parameters()[:1]

    def loss() -> torch.Tensor:
        with torch.enable_grad():
            result = (value**2).sum()
            result.backward()
        return result

    before = value.detach().clone()
    assert SGD(values, lr=0.1).step(loss) == (before**2).sum() and not torch.equal(before, value)

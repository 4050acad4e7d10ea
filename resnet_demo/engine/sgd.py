"""Stochastic gradient descent as PyTorch has it, without its compiler. It must not depend on models or data."""

from __future__ import annotations

from collections.abc import Callable
from inspect import unwrap
from typing import Any

import torch


def plain(name: str) -> Callable[..., Any]:
    """A method of PyTorch's, without what hides it from the compiler."""
    return unwrap(getattr(torch.optim.SGD, name))


class SGD(torch.optim.SGD):
    """PyTorch's own, to the same bits, with Nesterov's momentum as Sutskever et al. 2013 (section 2) describe it.

    PyTorch hides an optimizer from its compiler, and imports that in order to do so: a training that compiles nothing
    would spend as long on this import as on all the others.
    """

    add_param_group = plain("add_param_group")
    zero_grad = plain("zero_grad")
    state_dict = plain("state_dict")
    load_state_dict = plain("load_state_dict")
    _step = plain("step")

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change the parameters by their gradients; the value of `closure`, if there is one."""
        return self._step(closure)

"""SGD against `torch.optim.SGD`: 50 steps with every combination of options."""

from typing import Any

import numpy as np
import pytest
import torch
from parity import cases, freeze

from pyengine import SGD, EngineValueError, Value

STEPS = 50


class Weights:
    """A parameter that is an array."""

    def __init__(self, data: Any) -> None:
        self.data = data
        self.grad: Any = None


@pytest.mark.parametrize("options", cases.sgd_options(), ids=str)
def test_fifty_steps_on_an_array(options: dict[str, Any]) -> None:
    w = Weights(cases.sgd_start())
    optimizer = SGD([w], lr=0.1, **options)
    for step, theirs in enumerate(freeze.sgd_path(options, STEPS)):
        w.grad = cases.sgd_gradient(w.data, step)
        optimizer.step()
        np.testing.assert_allclose(w.data, theirs, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("options", cases.sgd_options(), ids=str)
def test_fifty_steps_on_values_with_a_changing_rate(options: dict[str, Any]) -> None:
    def loss_of(a: Any, b: Any) -> Any:
        return (a * b - 1) ** 2 + (a - 0.5).tanh() * 0.3

    values, tensors = [Value(1.5), Value(-0.4)], [freeze.tensor(1.5), freeze.tensor(-0.4)]
    ours, theirs = SGD(values, lr=0.1, **options), torch.optim.SGD(tensors, lr=0.1, **options)
    for step in range(STEPS):
        ours.lr = theirs.param_groups[0]["lr"] = 0.1 / (1 + step)
        for optimizer, parameters in ((ours, values), (theirs, tensors)):
            loss = loss_of(*parameters)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        assert [v.data for v in values] == pytest.approx([t.item() for t in tensors], rel=1e-10)


def test_a_parameter_without_a_gradient_is_skipped_by_both() -> None:
    w, tensor = Weights(np.array([1.0])), freeze.tensor([1.0])
    SGD([w], lr=0.1, momentum=0.9, weight_decay=0.1).step()
    torch.optim.SGD([tensor], lr=0.1, momentum=0.9, weight_decay=0.1).step()
    assert w.data.tolist() == tensor.tolist() == [1.0]


@pytest.mark.parametrize(
    "options", [{"lr": -1}, {"momentum": -1}, {"weight_decay": -1}, {"nesterov": True}], ids=str
)
def test_both_refuse_the_same_options(options: dict[str, Any]) -> None:
    with pytest.raises(EngineValueError):
        SGD([Value(1.0)], **options)
    with pytest.raises(ValueError, match=r"Invalid|Nesterov"):
        torch.optim.SGD([freeze.tensor(1.0)], **options)

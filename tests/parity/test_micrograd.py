"""Code in the manner of micrograd, run on `Value` and on PyTorch: same results, same gradients."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from parity import freeze
from parity.cases import assigned_anew, rectified

from pyengine import Value


@pytest.mark.parametrize(
    ("expression", "at"),
    [(rectified, (-4.0,)), (rectified, (1.5,)), (assigned_anew, (-4.0, 2.0))],
)
def test_results_and_gradients_are_pytorchs(
    expression: Callable[..., Any], at: tuple[float, ...]
) -> None:
    values, tensors = [Value(x) for x in at], [freeze.tensor(x) for x in at]
    ours, theirs = expression(*values), expression(*tensors)
    ours.backward()
    theirs.backward()
    assert ours.data == pytest.approx(theirs.item(), rel=1e-14)
    grads = [tensor.grad.item() for tensor in tensors]
    assert [value.grad for value in values] == pytest.approx(grads, rel=1e-14)


POINTS = [(0.9, 0.3), (-0.8, 0.5), (0.2, 0.9), (1.1, -0.4), (0.4, -0.5), (2.0, 0.1)]
SIDES = [-1, -1, -1, 1, 1, 1]


def scores(parameters: list[Any]) -> list[Any]:
    """A network with 2 inputs, 3 hidden ReLU neurons and 1 output, at every point."""
    hidden, out = [parameters[i : i + 3] for i in (0, 3, 6)], parameters[9:]

    def score(x: float, y: float) -> Any:
        h = [(u * x + v * y + b).relu() for u, v, b in hidden]
        return sum((w * each for w, each in zip(out, h, strict=False)), out[3])

    return [score(x, y) for x, y in POINTS]


def hinge_loss(parameters: list[Any]) -> Any:
    """Max-margin loss with weight decay, as micrograd's demo trains with."""
    losses = [(1 + -side * s).relu() for side, s in zip(SIDES, scores(parameters), strict=True)]
    return sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in parameters)


def test_a_network_of_values_trains_as_one_of_tensors() -> None:
    start = np.round(np.random.default_rng(7).uniform(-1, 1, 13), 2).tolist()
    values, tensors = [Value(x) for x in start], [freeze.tensor(x) for x in start]
    for step in range(30):
        rate = 0.5 - 0.4 * step / 30
        for parameters in (values, tensors):
            for p in parameters:
                p.grad = 0 if isinstance(p, Value) else None
            hinge_loss(parameters).backward()
            for p in parameters:
                p.data -= rate * p.grad
    assert [p.data for p in values] == pytest.approx([p.item() for p in tensors], rel=1e-11)
    assert hinge_loss(values).data < 0.5 * hinge_loss([Value(x) for x in start]).data

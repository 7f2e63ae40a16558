"""The engine against PyTorch's answers, frozen by `tests/parity/freeze.py`: no PyTorch needed."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from parity import cases

from pyengine import SGD, Value
from pyengine.ops import CrossEntropy, LogSoftmax, Softmax

TORCH = json.loads(Path(__file__).with_name("torch.json").read_text())
CLOSE = {"rtol": 1e-12, "atol": 1e-12}


def array(data: Any) -> Any:
    return np.array(data).astype(np.float64)  # also reads "-inf"


@pytest.mark.parametrize(("name", "op"), [("softmax", Softmax), ("log_softmax", LogSoftmax)])
def test_softmax_and_log_softmax_forward_and_backward(name: str, op: Any) -> None:
    for case in TORCH[name]:
        mine = op(case["dim"])
        np.testing.assert_allclose(mine.forward(array(case["x"])), array(case["y"]), **CLOSE)
        np.testing.assert_allclose(mine.backward(array(case["grad"]))[0], case["dx"], **CLOSE)


def test_cross_entropy_forward_and_backward() -> None:
    for case in TORCH["cross_entropy"]:
        mine = CrossEntropy(case["targets"])
        np.testing.assert_allclose(mine.forward(array(case["x"])), case["loss"], **CLOSE)
        np.testing.assert_allclose(mine.backward(np.ones(()))[0], case["dx"], **CLOSE)


class Weights:
    """A parameter that is an array."""

    def __init__(self, data: Any) -> None:
        self.data = data
        self.grad: Any = None


@pytest.mark.parametrize("run", TORCH["sgd"], ids=lambda run: str(run["options"]))
def test_sgd_takes_the_same_path(run: Any) -> None:
    w = Weights(cases.sgd_start())
    optimizer = SGD([w], lr=0.1, **run["options"])
    for step, place in enumerate(run["places"]):
        w.grad = cases.sgd_gradient(w.data, step)
        optimizer.step()
        np.testing.assert_allclose(w.data, place, **CLOSE)


@pytest.mark.parametrize("name", cases.SCALAR)
def test_scalar_expressions_and_their_gradients(name: str) -> None:
    expression, at = cases.SCALAR[name]
    inputs = [Value(number) for number in at]
    out = expression(*inputs)
    out.backward()
    assert out.data == pytest.approx(TORCH["scalar"][name]["out"], rel=1e-12)
    assert [x.grad for x in inputs] == pytest.approx(TORCH["scalar"][name]["grads"], rel=1e-12)

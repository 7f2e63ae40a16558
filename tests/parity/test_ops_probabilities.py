"""softmax, log_softmax, cross_entropy against PyTorch, forward and backward."""

from typing import Any

import numpy as np
import pytest
import torch
from parity import cases

from pyengine import cross_entropy
from pyengine.ops import CrossEntropy, LogSoftmax, Softmax

PRECISIONS = [(np.float64, 1e-10), (np.float32, 1e-5)]


def leaf(x: Any) -> torch.Tensor:
    return torch.tensor(x, requires_grad=True)


@pytest.mark.parametrize(("dtype", "tolerance"), PRECISIONS)
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(Softmax, torch.nn.functional.softmax), (LogSoftmax, torch.nn.functional.log_softmax)],
)
@pytest.mark.parametrize("case", cases.softmax_cases(), ids=lambda case: str(case["x"].shape))
def test_along_a_dimension(case: Any, ours: Any, theirs: Any, dtype: Any, tolerance: float) -> None:
    x, grad = case["x"].astype(dtype), case["grad"].astype(dtype)
    op, tensor = ours(case["dim"]), leaf(x)
    y = theirs(tensor, dim=case["dim"])
    y.backward(torch.tensor(grad))
    close = {"rtol": tolerance, "atol": tolerance}
    np.testing.assert_allclose(op.forward(x), y.detach().numpy(), **close)
    np.testing.assert_allclose(op.backward(grad)[0], tensor.grad, **close)


@pytest.mark.parametrize(("dtype", "tolerance"), PRECISIONS)
@pytest.mark.parametrize("case", cases.cross_entropy_cases(), ids=lambda case: str(case["x"].shape))
def test_cross_entropy(case: Any, dtype: Any, tolerance: float) -> None:
    x = case["x"].astype(dtype)
    op, tensor = CrossEntropy(case["targets"]), leaf(x)
    loss = torch.nn.functional.cross_entropy(tensor, torch.tensor(case["targets"]))
    loss.backward()
    close = {"rtol": tolerance, "atol": tolerance}
    assert cross_entropy(x, case["targets"]) == pytest.approx(loss.item(), rel=tolerance)
    np.testing.assert_allclose(op.forward(x), loss.item(), **close)
    np.testing.assert_allclose(op.backward(np.ones((), dtype))[0], tensor.grad, **close)


@pytest.mark.parametrize(("dtype", "tolerance"), PRECISIONS)
def test_a_batch_the_size_of_a_language_models(dtype: Any, tolerance: float) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(scale=4, size=(256, 5000)).astype(dtype)
    targets = rng.integers(0, 5000, 256)
    op, tensor = CrossEntropy(targets), leaf(x)
    loss = torch.nn.functional.cross_entropy(tensor, torch.tensor(targets))
    loss.backward()
    assert float(op.forward(x)) == pytest.approx(loss.item(), rel=tolerance)
    ours, theirs = op.backward(np.ones((), dtype))[0], tensor.grad
    np.testing.assert_allclose(ours, theirs, rtol=10 * tolerance, atol=tolerance)


def test_an_impossible_target_costs_infinity_in_both() -> None:
    x = np.array([0.0, -np.inf])
    theirs = torch.nn.functional.cross_entropy(torch.tensor(x), torch.tensor(1)).item()
    assert cross_entropy(x, 1) == theirs == np.inf

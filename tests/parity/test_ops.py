"""Every operation against PyTorch, forward and backward: the table in `op_cases.py`."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from parity import op_cases
from parity.op_cases import CASES, Shapes

from pyengine import Tensor
from pyengine import functional as F

PRECISIONS = [(np.float64, 1e-10), (np.float32, 1e-5)]
LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "row by row": np.array,
    "column by column": lambda x: np.array(x, order="F"),
    "with gaps": lambda x: np.stack([x, x], axis=-1)[..., 0],
}


def assert_same(ours: Any, theirs: torch.Tensor, tolerance: float) -> None:
    expected = theirs.detach().numpy()
    assert (ours.shape, ours.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_allclose(ours, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize(("dtype", "tolerance"), PRECISIONS)
@pytest.mark.parametrize(("name", "shapes"), op_cases.all_of_them(), ids=str)
def test_results_and_gradients_are_pytorchs(
    name: str, shapes: Shapes, dtype: Any, tolerance: float
) -> None:
    case = CASES[name]
    arrays = [x.astype(dtype) for x in op_cases.numbers(shapes, case.low, case.high)]
    theirs = [torch.tensor(x, requires_grad=True) for x in arrays]
    out = case.on_torch(torch, *theirs)
    (grad,) = op_cases.numbers((tuple(out.shape),), seed=1)
    out.backward(torch.tensor(grad, dtype=out.dtype))
    for layout in LAYOUTS.values():
        ours = [Tensor(layout(x), requires_grad=True) for x in arrays]
        mine = case.ours(*ours)
        mine.backward(grad)
        assert_same(mine.data, out, tolerance)
        for x, y in zip(ours, theirs, strict=True):
            assert_same(x.grad, y.grad, tolerance)


@pytest.mark.parametrize("form", ["none", "tanh"])
def test_both_forms_of_gelu_far_out(form: str) -> None:
    x = np.linspace(-30, 30, 601)
    theirs = torch.tensor(x, requires_grad=True)
    out = torch.nn.functional.gelu(theirs, approximate=form)
    out.sum().backward()
    ours = Tensor(x, requires_grad=True)
    mine = F.gelu(ours, approximate=form)
    mine.sum().backward()
    assert_same(mine.data, out, 1e-10)
    assert_same(ours.grad, theirs.grad, 1e-10)


def test_equal_largest_numbers_share_as_in_pytorch() -> None:
    x = np.array([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]])
    ours, theirs = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    ours.max(1).backward([1.0, 6.0])
    theirs.amax(1).backward(torch.tensor([1.0, 6.0]))
    assert_same(ours.grad, theirs.grad, 0)


@pytest.mark.parametrize("at", [0.0, -0.0, np.nan, np.inf])
def test_relu_at_its_corner_and_beyond_numbers(at: float) -> None:
    ours, theirs = Tensor(at, requires_grad=True), torch.tensor(at, requires_grad=True)
    ours.relu().backward()
    theirs.relu().backward()
    assert ours.relu().item() == pytest.approx(theirs.relu().item(), nan_ok=True)
    assert ours.grad == theirs.grad.item()


def test_the_square_root_is_as_steep_at_zero_as_in_pytorch() -> None:
    ours, theirs = Tensor(0.0, requires_grad=True), torch.tensor(0.0, requires_grad=True)
    ours.sqrt().backward()
    theirs.sqrt().backward()
    assert ours.grad == theirs.grad.item() == np.inf


def test_layer_norm_of_equal_numbers_is_finite_in_both() -> None:
    x, one, zero = np.full((2, 4), 3.0), np.ones(4), np.zeros(4)
    ours, theirs = Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    mine = F.layer_norm(ours, Tensor(one), Tensor(zero))
    out = torch.nn.functional.layer_norm(theirs, (4,), torch.tensor(one), torch.tensor(zero))
    grad = np.arange(8.0).reshape(2, 4)
    mine.backward(grad)
    out.backward(torch.tensor(grad))
    assert_same(mine.data, out, 1e-10)
    assert_same(ours.grad, theirs.grad, 1e-10)

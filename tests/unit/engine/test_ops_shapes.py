"""Reductions, and operations that only move numbers: edges and refusals."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, basic_indices, integer_array_indices
from refusing import raised

from pyengine import EngineTypeError, EngineValueError, ShapeError, Tensor


def tensor(*shape: int) -> Tensor:
    return Tensor(np.arange(float(np.prod(shape))).reshape(shape), requires_grad=True)


@given(shape=array_shapes(max_dims=3, max_side=3), data=st.data())
@settings(deadline=None)
def test_whatever_is_picked_gets_the_gradient_as_often_as_it_was_picked(
    shape: Any, data: st.DataObject
) -> None:
    keys = st.one_of(
        basic_indices(shape, allow_newaxis=True),
        integer_array_indices(shape),
        st.lists(st.booleans(), min_size=shape[0], max_size=shape[0]).map(np.array),
    )
    key, x = data.draw(keys), tensor(*shape)
    picked = x[key]
    np.testing.assert_array_equal(picked.data, x.data[key])
    grad = np.arange(1.0, picked.size + 1).reshape(picked.shape)
    picked.backward(grad)
    expected = np.zeros(shape)
    np.add.at(expected, key, grad)
    np.testing.assert_array_equal(x.grad, expected)


def test_equal_largest_numbers_share_the_gradient() -> None:
    x = Tensor([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]], requires_grad=True)
    x.max(1).backward([1.0, 6.0])
    assert x.grad.tolist() == [[0.0, 0.5, 0.5], [2.0, 2.0, 2.0]]


@pytest.mark.parametrize("name", ["sum", "mean", "max"])
def test_a_reduced_dimension_is_gone_unless_it_is_kept(name: str) -> None:
    reduce = getattr(tensor(2, 3), name)
    assert (reduce().shape, reduce(0).shape, reduce((0, 1)).shape) == ((), (3,), ())
    assert reduce(keepdim=True).shape == (1, 1)
    assert reduce(1, keepdim=True).shape == (2, 1)


def test_the_sum_of_nothing_is_0() -> None:
    assert tensor(0, 3).sum().item() == 0.0
    assert tensor(0, 3).sum(0).tolist() == [0.0, 0.0, 0.0]
    assert tensor(0, 3).sum(1).shape == (0,)


@pytest.mark.parametrize("name", ["mean", "max"])
def test_nothing_is_reduced_to_nothing_along_a_dimension_that_has_numbers(name: str) -> None:
    x = tensor(0, 3)
    out = getattr(x, name)(1)
    out.sum().backward()
    assert (out.shape, x.grad.shape) == ((0,), (0, 3))


def test_a_tensor_can_be_unpacked_row_by_row() -> None:
    x = tensor(2, 2)
    first, second = x
    (first * second).sum().backward()
    assert x.grad.tolist() == [[2.0, 3.0], [0.0, 1.0]]


def test_shapes_may_be_given_one_by_one_or_as_a_tuple_or_list() -> None:
    x = tensor(2, 3)
    assert x.reshape(3, 2).shape == x.reshape((3, 2)).shape == x.reshape([3, 2]).shape == (3, 2)
    assert x.permute(1, 0).shape == x.permute((1, 0)).shape == x.permute([1, 0]).shape == (3, 2)
    assert tensor(1).reshape(()).shape == tensor(1).reshape([]).shape == ()


X = tensor(2, 3)
REFUSED: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "sum over a dimension that is not there": (
        lambda: X.sum(2),
        ShapeError,
        "sum: expected a dimension 2; got 2 dimensions, shape (2, 3).",
    ),
    "one of several is not there": (
        lambda: X.mean((0, -3)),
        ShapeError,
        "mean: expected a dimension -3; got 2 dimensions, shape (2, 3).",
    ),
    "a dimension twice": (
        lambda: X.max((0, -2)),
        ShapeError,
        "max: expected each dimension once; got (0, -2).",
    ),
    "half a dimension": (
        lambda: X.sum(0.5),  # type: ignore[arg-type]
        EngineTypeError,
        "sum: expected dimensions that are ints; got 0.5.",
    ),
    "a dimension's name": (
        lambda: X.sum("rows"),  # type: ignore[arg-type]
        EngineTypeError,
        "sum: expected dimensions that are ints; got 'rows'.",
    ),
    "the mean of nothing": (
        lambda: tensor(2, 0).mean(),
        ShapeError,
        "mean: expected at least one number; got shape (2, 0).",
    ),
    "the largest of nothing": (
        lambda: tensor(2, 0).max(1),
        ShapeError,
        "max: expected at least one number; got shape (2, 0).",
    ),
    "a shape for more numbers": (
        lambda: X.reshape(2, 4),
        ShapeError,
        "reshape: expected a shape for 6 numbers, as in (2, 3); got (2, 4).",
    ),
    "two sizes left open": (
        lambda: X.reshape(-1, -1),
        ShapeError,
        "reshape: expected a shape for 6 numbers, as in (2, 3); got (-1, -1).",
    ),
    "a size of -2": (
        lambda: X.reshape(-2, 3),
        ShapeError,
        "reshape: expected a shape for 6 numbers, as in (2, 3); got (-2, 3).",
    ),
    "half a row": (
        lambda: X.reshape(1.5, 4),  # type: ignore[arg-type]
        ShapeError,
        "reshape: expected a shape for 6 numbers, as in (2, 3); got (1.5, 4).",
    ),
    "a dimension left out": (
        lambda: X.permute(0),
        ShapeError,
        "permute: expected each of the 2 dimensions of shape (2, 3) once; got (0,).",
    ),
    "a dimension used twice": (
        lambda: X.permute(0, -2),
        ShapeError,
        "permute: expected each of the 2 dimensions of shape (2, 3) once; got (0, -2).",
    ),
    "a dimension to permute that is not there": (
        lambda: X.permute(0, 2),
        ShapeError,
        "permute: expected a dimension 2; got 2 dimensions, shape (2, 3).",
    ),
    "transposing a row": (
        lambda: tensor(3).T,
        ShapeError,
        "transpose: expected a dimension -2; got 1 dimensions, shape (3,).",
    ),
    "a place outside": (
        lambda: X[1, 3],
        EngineValueError,
        "index: expected a place within shape (2, 3); "
        "got [(1, 3)]: index 3 is out of bounds for axis 1 with size 3.",
    ),
    "a place by name": (
        lambda: X["first"],
        EngineValueError,
        "index: expected a place within shape (2, 3); "
        "got ['first']: only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) "
        "and integer or boolean arrays are valid indices.",
    ),
    "a tensor as a place": (
        lambda: X[X],
        EngineTypeError,
        "NumPy: expected an array; got a Tensor. Write tensor.data for its numbers.",
    ),
    "writing into a tensor": (
        lambda: X.__setitem__(0, 1.0),
        EngineTypeError,
        "Tensor: expected results that are never overwritten, since backward may need them; "
        "got an assignment to tensor[...]. Compute a new tensor; or, if no gradient is "
        "wanted, assign tensor.data a new array.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_with_an_explanation(name: str) -> None:
    call, error, message = REFUSED[name]
    assert raised(error, call) == message

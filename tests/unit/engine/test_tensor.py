"""`Tensor`: what it holds, how it mixes with plain numbers and arrays, what it refuses."""

import copy
import operator
import pickle
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
from refusing import raised

from pyengine import EngineTypeError, ShapeError, Tensor, no_grad
from pyengine import functional as F


def test_a_float_array_is_kept_and_ints_become_float64() -> None:
    array = np.ones(3, np.float32)
    assert Tensor(array).data is array
    assert Tensor(array).numpy() is array
    assert Tensor([1, 2]).dtype == np.float64
    assert Tensor(np.ones(2, np.int32)).dtype == np.float64


def test_what_is_trained_is_a_copy() -> None:
    start = np.ones(2)
    start.flags.writeable = False
    first, second = Tensor(start, requires_grad=True), Tensor(start, requires_grad=True)
    first.data -= 0.5
    assert (first.tolist(), second.tolist(), start.tolist()) == ([0.5, 0.5], [1, 1], [1, 1])


def test_it_says_its_size() -> None:
    x = Tensor(np.zeros((2, 3)))
    assert (x.shape, x.ndim, x.size, len(x)) == ((2, 3), 2, 6, 2)
    assert (Tensor(1.0).shape, Tensor(1.0).ndim, Tensor(1.0).size) == ((), 0, 1)


def test_one_number_becomes_a_plain_one() -> None:
    for x in (Tensor(2.5), Tensor([2.5]), Tensor([[np.float32(2.5)]])):
        assert type(x.item()) is float
        assert x.item() == float(x) == 2.5
    assert bool(Tensor(1.0)) is True
    assert bool(Tensor([0.0])) is False
    assert Tensor([[1, 2]]).tolist() == [[1.0, 2.0]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numbers_and_arrays_on_either_side_take_its_precision(dtype: Any) -> None:
    x = Tensor(np.array([2.0, 4.0], dtype))
    for other in (2, 2.0, np.float64(2), np.float32(2), np.int64(2), [2.0, 2.0], np.full(2, 2.0)):
        results = [x + other, x - other, x * other, x / other]
        turned = [other + x, other - x, other * x, other / x]
        assert {type(each) for each in results + turned} == {Tensor}
        assert {each.dtype for each in results + turned} == {np.dtype(dtype)}
        assert [each.tolist() for each in results] == [[4, 6], [0, 2], [4, 8], [1, 2]]
        assert [each.tolist() for each in turned] == [[4, 6], [0, -2], [4, 8], [1, 0.5]]


def test_two_precisions_meet_in_the_higher_and_gradients_return_to_their_own() -> None:
    low = Tensor(np.ones(2, np.float32), requires_grad=True)
    middle = low * 3
    high = Tensor(np.ones(2), requires_grad=True)
    out = middle * high
    out.sum().backward()
    assert (middle.dtype, out.dtype) == (np.float32, np.float64)
    assert (low.grad.dtype, high.grad.dtype) == (np.float32, np.float64)
    assert low.grad.tolist() == high.grad.tolist() == [3.0, 3.0]


def test_the_same_number_twice_in_an_expression_counts_twice() -> None:
    x = Tensor(3.0, requires_grad=True)
    (x * x + x).backward()
    assert x.grad == 7.0
    assert isinstance(x.grad, np.ndarray)


def test_sum_works_on_tensors() -> None:
    assert sum([Tensor([1.0]), Tensor([2.0])]).tolist() == [3.0]


def test_detached_it_has_the_numbers_but_no_past() -> None:
    x = Tensor([1.0], requires_grad=True)
    y = (x * 2).detach()
    assert (y.requires_grad, y.is_leaf, y.op, y.tolist()) == (False, True, None, [2.0])
    ((x * 2).detach() * x).sum().backward()
    assert x.grad.tolist() == [2.0]


def test_only_what_was_given_is_a_leaf() -> None:
    x = Tensor([1.0], requires_grad=True)
    y = x * 2
    assert (x.is_leaf, y.is_leaf, (Tensor(1.0) * 2).is_leaf) == (True, False, True)
    y.backward()
    assert not y.is_leaf  # let go, but computed all the same


def test_repr_shows_numbers_operation_and_label() -> None:
    x = Tensor([[1, 2.123456]], requires_grad=True, label="w")
    assert repr(x) == "Tensor([[1.    , 2.1235]], requires_grad=True, label='w')"
    assert repr(x.tanh().sum()) == "Tensor(1.7334, op=Sum)"
    assert repr(Tensor(1.0)) == "Tensor(1.)"


def test_assigned_numbers_take_on_its_precision() -> None:
    x = Tensor(np.zeros(2, np.float32))
    x.data = [1, 2]
    assert (x.dtype, x.tolist()) == (np.float32, [1.0, 2.0])
    array = np.ones(2, np.float32)
    x.data = array
    assert x.data is array


def test_a_step_changes_the_array_in_place() -> None:
    array = np.ones(2, np.float32)
    x = Tensor(array)
    x.data -= 0.5 * np.ones(2)  # float64, as from a gradient of the wrong kind
    assert x.data is array
    assert (array.tolist(), array.dtype) == ([0.5, 0.5], np.float32)


IN_PLACE: dict[str, Callable[[Any, Any], Any]] = {
    "+=": operator.iadd,
    "-=": operator.isub,
    "*=": operator.imul,
    "/=": operator.itruediv,
    "@=": operator.imatmul,
    "**=": operator.ipow,
}


@pytest.mark.parametrize("sign", IN_PLACE)
def test_a_parameter_is_not_lost_to_its_own_name(sign: str) -> None:
    w = Tensor([[2.0]], requires_grad=True)
    for block in (nullcontext(), no_grad()):  # PyTorch's idiom is no_grad and w -= …
        with block:
            assert raised(EngineTypeError, lambda: IN_PLACE[sign](w, 1.0)) == (
                "Tensor: expected a parameter to stay the same tensor; "
                f"got an assignment with {sign}. To change its numbers, write tensor.data {sign} …"
            )
    assert w.tolist() == [[2.0]]


@pytest.mark.parametrize("sign", IN_PLACE)
def test_other_tensors_are_reassigned_as_results_of_their_own(sign: str) -> None:
    for x in (Tensor([[2.0]]), Tensor([[1.0]], requires_grad=True) * 2):
        other: Any = 3.0 if sign == "**=" else Tensor([[4.0]])
        out = IN_PLACE[sign](x, other)
        expected = {"+=": 6, "-=": -2, "*=": 8, "/=": 0.5, "@=": 8, "**=": 8}[sign]
        assert (out.tolist(), x.tolist(), out is x) == ([[expected]], [[2.0]], False)
        assert out.requires_grad == x.requires_grad


def test_copies_and_pickles_are_tensors_of_their_own() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True, label="w")
    for twin in (copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        (twin * 3).sum().backward()
        assert (twin.tolist(), twin.grad.tolist(), twin.label) == ([1, 2], [3, 3], "w")
        assert not np.shares_memory(twin.data, x.data)
    assert x.grad is None


def test_numpy_does_not_compute_with_it_behind_autograds_back() -> None:
    x = Tensor([1.0], requires_grad=True)
    for function in (np.exp, np.asarray, np.mean, np.argmax, np.stack):
        with pytest.raises(TypeError):
            function(x)


NUMPY = "NumPy: expected an array; got a Tensor. Write tensor.data for its numbers."
X = Tensor([1.0, 2.0])
REFUSED: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "text": (
        lambda: Tensor("ab"),  # type: ignore[arg-type]
        EngineTypeError,
        "Tensor: expected real numbers; got an array of <U2.",
    ),
    "nothing": (
        lambda: X + None,  # type: ignore[operator]
        EngineTypeError,
        "Tensor: expected real numbers; got an array of object.",
    ),
    "truth": (
        lambda: Tensor([True]),
        EngineTypeError,
        "Tensor: expected real numbers; got an array of bool.",
    ),
    "complex numbers": (
        lambda: Tensor([1j]),  # type: ignore[list-item]
        EngineTypeError,
        "Tensor: expected real numbers; got an array of complex128.",
    ),
    "rows of several lengths": (
        lambda: Tensor([[1.0], [2.0, 3.0]]),
        ShapeError,
        "Tensor: expected rows of equal length; got rows of several lengths. "
        "Give every row the same length.",
    ),
    "a tensor": (
        lambda: Tensor(X),  # type: ignore[arg-type]
        EngineTypeError,
        "Tensor: expected numbers or an array; got a Tensor. "
        "Use it as it is, or .detach() it from its graph.",
    ),
    "tensors in a list": (lambda: Tensor([X, X]), EngineTypeError, NUMPY),
    "a tensor as data": (lambda: setattr(X, "data", X), EngineTypeError, NUMPY),
    "data of another shape": (
        lambda: setattr(X, "data", [1.0]),
        ShapeError,
        "Tensor.data: expected shape (2,); got shape (1,).",
    ),
    "data that is text": (
        lambda: setattr(X, "data", ["a", "b"]),
        EngineTypeError,
        "Tensor.data: expected real numbers; got an array of <U1.",
    ),
    "an array for a layer": (
        lambda: F.linear(np.ones((1, 2)), X),  # type: ignore[arg-type]
        EngineTypeError,
        "Linear: expected a Tensor; got ndarray. Write Tensor(x).",
    ),
    "a list for an activation": (
        lambda: F.relu([1.0, 2.0]),  # type: ignore[arg-type]
        EngineTypeError,
        "ReLU: expected a Tensor; got list. Write Tensor(x).",
    ),
    "the one number of two": (
        X.item,
        ShapeError,
        "item: expected a tensor of one number; got shape (2,). "
        "Reduce it first, as with .mean() or .sum().",
    ),
    "the truth of two": (
        lambda: bool(X),
        ShapeError,
        "item: expected a tensor of one number; got shape (2,). "
        "Reduce it first, as with .mean() or .sum().",
    ),
    "the rows of a number": (
        lambda: list(Tensor(1.0)),
        EngineTypeError,
        "len: expected a tensor with a dimension; got a single number.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_with_an_explanation(name: str) -> None:
    call, error, message = REFUSED[name]
    assert raised(error, call) == message
    assert X.tolist() == [1.0, 2.0]

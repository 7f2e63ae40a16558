"""Operations on single numbers, and activations: known numbers, edges, refusals."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes
from refusing import raised

from pyengine import EngineTypeError, EngineValueError, ShapeError, Tensor, ops
from pyengine import functional as F


def slope(function: Callable[[Tensor], Tensor], at: float) -> float:
    x = Tensor(at, requires_grad=True)
    function(x).backward()
    return float(x.grad)


@given(st.floats(-30, 30))
@example(0.5)
@example(-0.5)
@settings(deadline=None)
def test_formulas_are_those_of_the_textbook(at: float) -> None:
    x, normal = Tensor(at), math.erfc(-at / math.sqrt(2)) / 2
    assert x.tanh().item() == pytest.approx(math.tanh(at), rel=1e-14)
    assert x.sigmoid().item() == pytest.approx(1 / (1 + math.exp(-at)), rel=1e-14)
    assert F.silu(x).item() == pytest.approx(at / (1 + math.exp(-at)), rel=1e-14)
    assert F.gelu(x).item() == pytest.approx(at * normal, rel=1e-14)
    assert F.gelu(x, approximate="tanh").item() == pytest.approx(at * normal, abs=5e-4)
    assert F.relu(x).item() == max(0.0, at)


@given(mutually_broadcastable_shapes(num_shapes=1, min_side=0, max_side=3, max_dims=4))
@settings(deadline=None)
def test_summing_undoes_broadcasting(shapes: Any) -> None:
    grad, shape = np.ones(shapes.result_shape), shapes.input_shapes[0]
    summed = ops.unbroadcast(np.broadcast_to(grad, (2, *shapes.result_shape)), shape)
    assert summed.shape == shape
    assert summed.sum() == 2 * grad.size


def test_exp_beyond_the_range_is_infinite_and_below_it_0() -> None:
    assert Tensor([1000.0, -1000.0]).exp().tolist() == [math.inf, 0.0]


def test_sigmoid_and_silu_do_not_overflow() -> None:
    far = Tensor([-1000.0, 1000.0])
    assert far.sigmoid().tolist() == [0.0, 1.0]
    assert F.silu(far).tolist() == [0.0, 1000.0]


def test_relu_is_flat_at_0_and_lets_nan_be_seen() -> None:
    assert slope(F.relu, 0.0) == 0.0
    assert math.isnan(Tensor(math.nan).relu().item())


def test_a_power_of_0_is_flat_everywhere_even_at_0() -> None:
    assert Tensor(0.0).__pow__(0).item() == 1.0
    assert slope(lambda x: x**0, 0.0) == 0.0


def test_the_square_root_is_infinitely_steep_at_0() -> None:
    assert slope(lambda x: x.sqrt(), 0.0) == math.inf


def test_whole_powers_of_negative_numbers_exist() -> None:
    assert (Tensor(-2.0) ** 3).item() == -8.0
    assert (Tensor(-2.0) ** -2).item() == 0.25
    assert slope(lambda x: x**3, -2.0) == 12.0


def test_exact_gelu_keeps_its_digits_far_below_0() -> None:
    assert F.gelu(Tensor(-10.0)).item() == pytest.approx(-7.619853024160527e-23, rel=1e-12)


def test_exact_gelu_is_at_most_a_two_thousandth_from_gpt_2s() -> None:
    x = Tensor(np.linspace(-6, 6, 1201))
    gap = np.abs(F.gelu(x).data - F.gelu(x, approximate="tanh").data).max()
    assert 4e-4 < gap < 5e-4


X = Tensor([[1.0, 2.0], [-3.0, 0.0]])
REFUSED: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "shapes that do not broadcast": (
        lambda: Tensor(np.zeros((2, 3))) + Tensor(np.zeros(2)),
        ShapeError,
        "add: expected shapes that broadcast (from the right, each dimension equal or 1); "
        "got (2, 3) and (2,).",
    ),
    "in a product": (
        lambda: Tensor(np.zeros((2, 3))) * np.zeros((4, 1, 2)),
        ShapeError,
        "mul: expected shapes that broadcast (from the right, each dimension equal or 1); "
        "got (2, 3) and (4, 1, 2).",
    ),
    "division by 0": (
        lambda: 1 / X,
        EngineValueError,
        "div: expected a divisor other than 0; got 0 at [1, 1].",
    ),
    "division by the number 0": (
        lambda: X / 0,
        EngineValueError,
        "div: expected a divisor other than 0; got 0.",
    ),
    "log of 0": (
        lambda: Tensor(0.0).log(),
        EngineValueError,
        "log: expected numbers above 0; got 0.",
    ),
    "log of a negative number": (
        lambda: X.log(),
        EngineValueError,
        "log: expected numbers above 0; got -3 at [1, 0].",
    ),
    "root of a negative number": (
        lambda: X.sqrt(),
        EngineValueError,
        "pow: expected a base of at least 0 for the exponent 0.5; got -3 at [1, 0].",
    ),
    "0 to a negative power": (
        lambda: X**-2,
        EngineValueError,
        "pow: expected a base other than 0 for the exponent -2; got 0 at [1, 1].",
    ),
    "a tensor as exponent": (
        lambda: X**X,  # type: ignore[operator]
        EngineTypeError,
        "**: expected a plain number as exponent; got Tensor. "
        "For a power that is itself a tensor, write (exponent * base.log()).exp().",
    ),
    "a tensor as exponent of a number": (
        lambda: 2**X,
        EngineTypeError,
        "**: expected a plain number as exponent; got Tensor. "
        "For a power with a tensor as exponent, write (exponent * math.log(base)).exp().",
    ),
    "a tensor as exponent of an array": (
        lambda: np.ones(2) ** X,
        EngineTypeError,
        "**: expected a plain number as exponent; got Tensor. "
        "For a power with a tensor as exponent, write (exponent * math.log(base)).exp().",
    ),
    "an unknown form of gelu": (
        lambda: F.gelu(X, approximate="fast"),
        EngineValueError,
        'gelu: expected approximate "none" or "tanh"; got \'fast\'.',
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_with_an_explanation(name: str) -> None:
    call, error, message = REFUSED[name]
    assert raised(error, call) == message

"""The norm of all gradients, and clipping: lengths, directions, and gradients that are lost."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusing import raised

from pyengine import EngineTypeError, EngineValueError, Value
from pyengine.gradients import clip_grad_norm, grad_norm


class Weights:
    """A parameter that is an array; only its gradient matters here."""

    def __init__(self, grad: Any, dtype: Any = np.float64, name: str = "") -> None:
        self.grad = None if grad is None else np.array(grad, dtype=dtype)
        self.data = self.grad
        self.name = name


def value(grad: float, label: str = "") -> Value:
    made = Value(0.0, label=label)
    made.grad = grad
    return made


numbers = st.floats(-1e6, 1e6)
several = st.lists(st.lists(numbers, min_size=1, max_size=4), min_size=1, max_size=4)


def test_all_gradients_count_as_one_vector() -> None:
    assert grad_norm([Weights([[1.0, 2.0], [2.0, 4.0]]), value(12.0)]) == 13.0


def test_parameters_without_a_gradient_do_not_count() -> None:
    nothing = Weights(None)
    assert grad_norm([nothing, value(-2.0)]) == 2.0
    assert clip_grad_norm([nothing], max_norm=1.0) == 0.0
    assert nothing.grad is None


def test_the_sum_is_kept_in_64_bits() -> None:
    assert grad_norm([Weights([1e30, 1e30], np.float32)]) == pytest.approx(2**0.5 * 1e30)
    many = Weights(np.full(100_000, 0.1), np.float32)
    assert grad_norm([many]) == pytest.approx(float(np.float32(0.1)) * 100_000**0.5, rel=1e-12)


@given(gradients=several, max_norm=st.floats(1e-3, 1e7))
@settings(deadline=None)
def test_clipping_keeps_the_direction_and_limits_the_length(
    gradients: list[list[float]], max_norm: float
) -> None:
    weights = [Weights(each) for each in gradients]
    before = np.concatenate([w.grad for w in weights])
    norm = clip_grad_norm(weights, max_norm)
    after = np.concatenate([w.grad for w in weights])
    assert norm == pytest.approx(float(np.linalg.norm(before)))
    assert grad_norm(weights) <= max_norm * (1 + 1e-9)
    np.testing.assert_allclose(after, before * min(1, max_norm / (norm + 1e-6)), rtol=1e-12)


def test_short_gradients_are_left_as_they_are() -> None:
    weights = [Weights([0.3, -0.4]), value(0.1)]
    assert clip_grad_norm(weights, max_norm=1.0) < 1
    assert clip_grad_norm(weights, max_norm=float("inf")) < 1
    assert weights[0].grad.tolist() == [0.3, -0.4]
    assert weights[1].grad == 0.1


def test_arrays_are_clipped_in_place_and_keep_their_dtype() -> None:
    w = Weights([30.0, -40.0], np.float32)
    grad = w.grad
    clip_grad_norm((each for each in [w]), max_norm=5.0)
    assert w.grad is grad
    assert grad.dtype == np.float32
    np.testing.assert_allclose(grad, [3.0, -4.0], rtol=1e-6)


def test_a_norm_of_zero_is_not_divided_by() -> None:
    w = Weights([0.0, 0.0])
    assert clip_grad_norm([w], max_norm=1.0) == 0.0
    assert w.grad.tolist() == [0.0, 0.0]


INF, NAN = float("inf"), float("nan")
FIX = "Has training diverged? Try a lower learning rate, or a warm-up."
REFUSED: dict[str, tuple[Callable[[], object], type[Exception]]] = {
    "grad_norm: expected gradients of finite numbers; "
    f"got nan in that of parameters[1], 'w'. {FIX}": (
        lambda: grad_norm([value(1.0), value(NAN, label="w")]),
        EngineValueError,
    ),
    "clip_grad_norm: expected gradients of finite numbers; "
    f"got inf in that of parameters[0], 'wte.weight'. {FIX}": (
        lambda: clip_grad_norm([Weights([1.0, -INF], name="wte.weight")], 1.0),
        EngineValueError,
    ),
    f"grad_norm: expected gradients of finite numbers; got inf in that of parameters[0]. {FIX}": (
        lambda: grad_norm([Weights([1e200])]),  # whose square is beyond 64 bits
        EngineValueError,
    ),
    "clip_grad_norm: expected max_norm to be above 0; got 0.": (
        lambda: clip_grad_norm([value(1.0)], 0),
        EngineValueError,
    ),
    "clip_grad_norm: expected max_norm to be above 0; got nan.": (
        lambda: clip_grad_norm([value(1.0)], NAN),
        EngineValueError,
    ),
    "clip_grad_norm: expected max_norm to be a number; got None.": (
        lambda: clip_grad_norm([value(1.0)], None),  # type: ignore[arg-type]
        EngineTypeError,
    ),
    "grad_norm: expected a list of parameters; got Value. Write [w] for a single one.": (
        lambda: grad_norm(value(1.0)),  # type: ignore[arg-type]
        EngineTypeError,
    ),
    "clip_grad_norm: expected at least one parameter; got none.": (
        lambda: clip_grad_norm([], 1.0),
        EngineValueError,
    ),
}


@pytest.mark.parametrize("message", REFUSED)
def test_refuses_with_an_explanation(message: str) -> None:
    attempt, error = REFUSED[message]
    assert raised(error, attempt) == message


def test_refused_gradients_are_not_touched() -> None:
    first, second = value(30.0), value(NAN)
    with pytest.raises(EngineValueError):
        clip_grad_norm([first, second], max_norm=1.0)
    assert first.grad == 30.0

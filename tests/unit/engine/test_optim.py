"""SGD: its formulas worked by hand, on numbers and on arrays, and what it refuses."""

from typing import Any

import numpy as np
import pytest

from pyengine import SGD, EngineTypeError, EngineValueError, Value


class Weights:
    """A parameter that is an array."""

    def __init__(self, data: Any) -> None:
        self.data = np.array(data, dtype=np.float64)
        self.grad: Any = None


def two_steps(gradients: tuple[float, float] = (1.0, 1.0), **options: Any) -> list[float]:
    w = Value(1.0)
    optimizer = SGD([w], lr=0.1, **options)
    places = []
    for gradient in gradients:
        w.grad = gradient
        optimizer.step()
        places.append(w.data)
    return places


def test_plain_descent_subtracts_rate_times_gradient() -> None:
    assert two_steps() == pytest.approx([0.9, 0.8])


def test_momentum_adds_its_share_of_the_last_velocity() -> None:
    assert two_steps(momentum=0.9) == pytest.approx([0.9, 0.9 - 0.1 * 1.9])


def test_the_first_gradient_is_not_dampened() -> None:
    assert two_steps(momentum=0.9, dampening=0.5) == pytest.approx([0.9, 0.9 - 0.1 * 1.4])


def test_nesterov_looks_one_velocity_ahead() -> None:
    first = 1 - 0.1 * (1 + 0.9)
    assert two_steps(momentum=0.9, nesterov=True) == pytest.approx(
        [first, first - 0.1 * (1 + 0.9 * 1.9)]
    )


def test_weight_decay_pulls_towards_zero() -> None:
    assert two_steps((0.0, 0.0), weight_decay=0.5) == pytest.approx([0.95, 0.95**2])


def test_arrays_change_in_place_and_keep_their_dtype() -> None:
    w = Weights([1.0, 2.0])
    w.data = data = w.data.astype(np.float32)
    w.grad = np.array([1.0, -1.0], dtype=np.float32)
    SGD([w], lr=0.5, momentum=0.9, weight_decay=0.1).step()
    assert w.data is data
    assert data.dtype == np.float32
    np.testing.assert_allclose(data, [0.45, 2.4], rtol=1e-6)


def test_momentum_does_not_share_memory_with_the_gradient() -> None:
    w = Weights([0.0])
    optimizer = SGD([w], lr=1.0, momentum=1.0)
    w.grad = np.array([1.0])
    optimizer.step()
    w.grad[:] = 0.0  # the next backward reuses the array
    optimizer.step()
    assert w.data.tolist() == [-2.0]


def test_parameters_without_a_gradient_stay() -> None:
    still, moved = Weights([1.0]), Weights([1.0])
    moved.grad = np.array([1.0])
    SGD([still, moved], lr=0.5, momentum=0.9, weight_decay=0.1).step()
    assert still.data.tolist() == [1.0]
    assert moved.data.tolist() == pytest.approx([0.45])


def test_zero_grad_resets_numbers_and_drops_arrays() -> None:
    number, array = Value(1.0), Weights([1.0])
    number.grad, array.grad = 3.0, np.ones(1)
    SGD([number, array]).zero_grad()
    assert (number.grad, array.grad) == (0.0, None)


def test_the_rate_may_change_between_steps() -> None:
    w = Value(1.0)
    optimizer = SGD([w], lr=0.1)
    optimizer.lr = 0.5
    w.grad = 1.0
    optimizer.step()
    assert w.data == 0.5


def test_a_generator_of_parameters_is_taken_once() -> None:
    values = [Value(1.0), Value(2.0)]
    assert SGD(v for v in values).parameters == values


def test_two_runs_are_identical() -> None:
    options = {"momentum": 0.9, "weight_decay": 0.01, "nesterov": True}
    assert two_steps((0.3, -0.7), **options) == two_steps((0.3, -0.7), **options)


W = Value(1.0)
REFUSED: list[tuple[Any, dict[str, Any], type[Exception], str]] = [
    (
        W,
        {},
        EngineTypeError,
        "SGD: expected a list of parameters; got Value. Write [w] for a single one.",
    ),
    (
        [1.0],
        {},
        EngineTypeError,
        "SGD: expected parameters with .data and .grad; got 1.0 (float). "
        "Wrap numbers in Value(...).",
    ),
    ([], {}, EngineValueError, "SGD: expected at least one parameter; got none."),
    (
        [W, W],
        {},
        EngineValueError,
        "SGD: expected each parameter once; got the same one twice. Drop one.",
    ),
    (
        [W],
        {"lr": -0.1},
        EngineValueError,
        "SGD: expected lr to be a number of at least 0; got -0.1.",
    ),
    (
        [W],
        {"weight_decay": float("nan")},
        EngineValueError,
        "SGD: expected weight_decay to be a number of at least 0; got nan.",
    ),
    (
        [W],
        {"nesterov": True},
        EngineValueError,
        "SGD: expected momentum above 0 and dampening 0 with nesterov; "
        "got momentum=0.0, dampening=0.0.",
    ),
]


@pytest.mark.parametrize(("parameters", "options", "error", "message"), REFUSED)
def test_refuses_with_an_explanation(
    parameters: Any, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        SGD(parameters, **options)
    assert str(caught.value) == message

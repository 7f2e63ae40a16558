"""Optimizers: their formulas by hand and as PyTorch froze them, resuming, and what they refuse."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parity import cases
from refusing import raised

from pyengine import SGD, EngineTypeError, EngineValueError, ShapeError, Value
from pyengine.optim import Adam, AdamW, Optimizer, RMSProp, is_matrix
from pyengine.tensor import Tensor

TORCH = json.loads(Path(__file__).with_name("torch.json").read_text())
OPTIMIZERS: dict[str, type[Optimizer]] = {"RMSProp": RMSProp, "Adam": Adam, "AdamW": AdamW}
CLOSE = {"rtol": 1e-12, "atol": 1e-12}

Make = Callable[[list[Any]], Optimizer]
EVERYTHING_ON: dict[str, Make] = {
    "SGD": lambda parameters: SGD(parameters, lr=0.1, momentum=0.9, weight_decay=0.1),
    "RMSProp": lambda parameters: RMSProp(
        parameters, lr=0.1, momentum=0.9, weight_decay=0.1, centered=True
    ),
    "Adam": lambda parameters: Adam(parameters, lr=0.1, weight_decay=0.1),
    "AdamW": lambda parameters: AdamW(parameters, lr=0.1, weight_decay=0.1),
}
every_optimizer = pytest.mark.parametrize("make", EVERYTHING_ON.values(), ids=EVERYTHING_ON)


class Weights:
    """A parameter that is an array."""

    def __init__(self, data: Any, dtype: Any = np.float64) -> None:
        self.data = np.array(data, dtype=dtype)
        self.grad: Any = None


def path(make: Make, gradients: list[float], start: float = 1.0) -> list[float]:
    """Where each step leads, on a number."""
    w = Value(start)
    optimizer = make([w])
    places = []
    for gradient in gradients:
        w.grad = gradient
        optimizer.step()
        places.append(w.data)
    return places


def two_steps(gradients: tuple[float, float] = (1.0, 1.0), **options: Any) -> list[float]:
    return path(lambda parameters: SGD(parameters, lr=0.1, **options), list(gradients))


# SGD by hand


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


# The others by hand


def test_rmsprop_divides_by_the_root_of_the_mean_square() -> None:
    places = path(lambda w: RMSProp(w, lr=0.1, alpha=0.75, eps=1.0), [2.0, 4.0])
    first = 1 - 0.1 * 2 / (1.0 + 1)  # mean square 0.25 × 4 = 1
    second = first - 0.1 * 4 / (4.75**0.5 + 1)  # 0.75 × 1 + 0.25 × 16
    assert places == pytest.approx([first, second])


def test_centered_rmsprop_divides_by_the_standard_deviation() -> None:
    places = path(lambda w: RMSProp(w, lr=0.1, alpha=0.5, eps=1.0, centered=True), [2.0])
    assert places == pytest.approx([1 - 0.1 * 2 / (1.0 + 1)])  # mean square 2, mean 1


@pytest.mark.parametrize("gradient", [0.1, 0.3, 0.7])
def test_centered_rmsprop_survives_a_gradient_that_never_changes(gradient: float) -> None:
    number, array = Value(1.0), Weights([1.0])
    optimizer = RMSProp([number, array], lr=0.1, alpha=0.5, eps=1.0, centered=True)
    for _ in range(100):  # the variance comes to 0, give or take rounding
        number.grad, array.grad = gradient, np.array([gradient])
        optimizer.step()
    assert number.data == pytest.approx(array.data[0], rel=1e-12)
    assert 1 - 10 * gradient <= number.data < 1


def test_adam_corrects_both_averages_for_their_start_at_zero() -> None:
    places = path(lambda w: Adam(w, lr=0.1, betas=(0.5, 0.75), eps=1.0), [1.0, 3.0])
    first = 1 - 0.1 * 1 / (1 + 1)
    mean = (0.25 * 1 + 0.5 * 3) / 0.75
    mean_square = (0.1875 * 1 + 0.25 * 9) / 0.4375
    assert places == pytest.approx([first, first - 0.1 * mean / (mean_square**0.5 + 1)])


@given(gradient=st.floats(1e-3, 1e6), sign=st.sampled_from([-1, 1]))
@settings(deadline=None)
def test_adams_first_step_is_as_long_as_the_rate(gradient: float, sign: int) -> None:
    assert path(lambda w: Adam(w, lr=0.1), [sign * gradient]) == pytest.approx(
        [1 - sign * 0.1], rel=1e-4
    )


def test_adam_divides_weight_decay_by_the_gradients_size_and_adamw_does_not() -> None:
    # With Adam the decay is the gradient here, and any gradient makes a first step of lr.
    assert path(lambda w: Adam(w, lr=0.1, weight_decay=0.5), [0.0]) == pytest.approx([0.9])
    assert path(lambda w: AdamW(w, lr=0.1, weight_decay=0.5), [0.0]) == pytest.approx([0.95])


def test_adamw_shrinks_before_it_steps() -> None:
    places = path(lambda w: AdamW(w, lr=0.1, weight_decay=0.5), [1.0], start=2.0)
    assert places == pytest.approx([2 * 0.95 - 0.1])


def test_adamw_decays_every_parameter_or_those_it_is_told() -> None:
    def after_a_step(**options: Any) -> list[float]:
        parameters = [Weights(np.ones((2, 2))), Weights(np.ones(2))]
        for each in parameters:
            each.grad = np.zeros_like(each.data)
        AdamW(parameters, lr=0.1, weight_decay=0.5, **options).step()
        return [float(each.data.max()) for each in parameters]

    assert after_a_step() == [0.95, 0.95]
    assert after_a_step(decay_only=is_matrix) == [0.95, 1.0]


def test_a_matrix_has_two_dimensions_or_more() -> None:
    shapes: list[tuple[int, ...]] = [(), (3,), (3, 1), (2, 3, 4)]
    assert [is_matrix(Weights(np.ones(shape))) for shape in shapes] == [False, False, True, True]
    assert not is_matrix(Value(1.0))


# As PyTorch does it


@pytest.mark.parametrize("run", TORCH["optimizers"], ids=lambda run: f"{run['name']}")
def test_arrays_and_numbers_take_pytorchs_path(run: Any) -> None:
    w = Weights(cases.sgd_start())
    values = [Value(number) for number in w.data.flat]
    on_array = OPTIMIZERS[run["name"]]([w], lr=0.1, **run["options"])
    on_values = OPTIMIZERS[run["name"]](values, lr=0.1, **run["options"])
    for step, place in enumerate(run["places"]):
        w.grad = cases.sgd_gradient(w.data, step)
        for value in values:
            value.grad = float(cases.sgd_gradient(value.data, step))
        on_array.step()
        on_values.step()
        np.testing.assert_allclose(w.data, place, **CLOSE)
        np.testing.assert_allclose([value.data for value in values], np.ravel(place), **CLOSE)


# What all of them keep to


@every_optimizer
@pytest.mark.parametrize("shape", [(3,), ()])
def test_arrays_change_in_place_and_keep_their_dtype(make: Make, shape: tuple[int, ...]) -> None:
    w = Weights(np.full(shape, 1.0), np.float32)
    data, optimizer = w.data, make([w])
    optimizer.lr = np.float64(0.5)
    for _ in range(2):
        w.grad = np.full(shape, 1.0, np.float32)
        optimizer.step()
    assert w.data is data
    assert data.dtype == np.float32
    assert np.all(data < 0.6)
    arrays = [each for name, each in optimizer.state().items() if name != "0.step"]
    assert {each.dtype for each in arrays} == {np.dtype(np.float32)}


@every_optimizer
def test_tensors_are_trained_in_place(make: Make) -> None:
    wanted = np.array([1.0, -2.0, 0.5], np.float32)
    w = Tensor(np.zeros(3, np.float32), requires_grad=True)
    data, optimizer = w.data, make([w])
    optimizer.lr = 0.02
    losses = []
    for _ in range(200):
        loss = ((w - wanted) ** 2).sum()
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert w.data is data
    assert losses[-1] < losses[0] / 10


@every_optimizer
def test_numbers_stay_plain_floats(make: Make) -> None:
    w = Value(1.0)
    optimizer = make([w])
    optimizer.lr, w.grad = np.float64(0.5), 1.0
    optimizer.step()
    assert type(w.data) is float


@every_optimizer
def test_the_gradient_is_neither_changed_nor_kept(make: Make) -> None:
    w, again = Weights([1.0, 2.0]), Weights([1.0, 2.0])
    optimizer, same = make([w]), make([again])
    w.grad = np.array([1.0, 3.0])
    for gradient in ([1.0, 3.0], [-2.0, 0.5]):
        w.grad[:] = gradient  # the same array, overwritten
        again.grad = np.array(gradient)
        optimizer.step()
        same.step()
        assert w.grad.tolist() == gradient
    assert w.data.tolist() == again.data.tolist()


def test_momentum_does_not_share_memory_with_the_gradient() -> None:
    w = Weights([0.0])
    optimizer = SGD([w], lr=1.0, momentum=1.0)
    w.grad = np.array([1.0])
    optimizer.step()
    w.grad[:] = 0.0  # the next backward reuses the array
    optimizer.step()
    assert w.data.tolist() == [-2.0]


@every_optimizer
def test_parameters_without_a_gradient_stay_and_do_not_count_the_step(make: Make) -> None:
    still, moved = Weights([1.0]), Weights([1.0])
    moved.grad = np.array([1.0])
    optimizer = make([still, moved])
    optimizer.step()
    assert still.data.tolist() == [1.0] != moved.data.tolist()
    assert (optimizer.state()["0.step"], optimizer.state()["1.step"]) == (0, 1)


def test_zero_grad_resets_numbers_and_drops_arrays() -> None:
    number, array = Value(1.0), Weights([1.0])
    number.grad, array.grad = 3.0, np.ones(1)
    SGD([number, array]).zero_grad()
    assert (number.grad, array.grad) == (0.0, None)


@pytest.mark.filterwarnings("error")
@every_optimizer
def test_a_gradient_too_large_to_be_squared_is_no_warning(make: Make) -> None:
    w = Weights([1.0], np.float32)
    w.grad = np.array([1e25], np.float32)
    make([w]).step()


@pytest.mark.parametrize("parameter", [Tensor(np.ones((2, 3)), True), Value(1.0)])
def test_a_gradient_of_another_shape_moves_nothing(parameter: Any) -> None:
    first = Weights([1.0])
    first.grad, parameter.grad = np.ones(1), np.ones(3)
    shape = np.shape(parameter.data)
    message = f"SGD.step: expected parameters[1].grad of shape {shape}; got shape (3,)."
    assert raised(ShapeError, SGD([first, parameter]).step) == message
    assert first.data.tolist() == [1.0]


def test_a_parameter_may_be_frozen_later() -> None:
    w = Tensor([1.0], requires_grad=True)
    optimizer = SGD([w])
    w.requires_grad = False
    optimizer.step()
    assert w.tolist() == [1.0]


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


# Resuming


def run(parameters: list[Any], optimizer: Optimizer, steps: range) -> list[Any]:
    """Train for these steps; return the parameters' bits."""
    for step in steps:
        for parameter in parameters:
            gradient = np.sin(3 * parameter.data + step)  # float64 for a number
            number = isinstance(parameter, Value)
            parameter.grad = float(gradient) if number else gradient
        optimizer.step()
    return [np.asarray(parameter.data).tobytes() for parameter in parameters]


def parameters() -> list[Any]:
    matrix = np.linspace(-1, 1, 6).reshape(2, 3)
    return [Weights(matrix), Weights(matrix, np.float32), Weights(0.5, np.float32), Value(0.7)]


def to_file_and_back(state: dict[str, Any]) -> dict[str, Any]:
    file = io.BytesIO()
    np.savez(file, **state)
    file.seek(0)
    return dict(np.load(file))


@every_optimizer
@pytest.mark.parametrize("saved", [dict, to_file_and_back])
def test_a_run_resumed_from_its_state_ends_in_the_same_bits(make: Make, saved: Any) -> None:
    whole = parameters()
    at_once = run(whole, make(whole), range(20))

    first = parameters()
    optimizer = make(first)
    run(first, optimizer, range(8))
    state = saved(optimizer.state())
    run(first, optimizer, range(8, 20))  # what goes on does not change what was saved

    second = parameters()
    run(second, make(second), range(8))
    resumed = make(second)
    resumed.load_state(state)
    assert run(second, resumed, range(8, 20)) == at_once
    assert type(second[-1].data) is float


def test_state_has_pytorchs_names() -> None:
    def names(make: Make) -> list[str]:
        return [name.removeprefix("0.") for name in make([Value(1.0)]).state()]

    assert names(SGD) == ["step"]
    assert names(EVERYTHING_ON["SGD"]) == ["step", "momentum_buffer"]
    assert names(RMSProp) == ["step", "square_avg"]
    assert names(EVERYTHING_ON["RMSProp"]) == ["step", "square_avg", "grad_avg", "momentum_buffer"]
    assert names(Adam) == names(AdamW) == ["step", "exp_avg", "exp_avg_sq"]


def test_memory_begins_at_zero_whatever_the_parameter() -> None:
    state = Adam([Weights([-1.0, np.inf, np.nan])]).state()
    assert str(state["0.exp_avg"].tolist()) == "[0.0, 0.0, 0.0]"


MISFITS: dict[str, tuple[Make, Make, type[Exception], str]] = {
    "other options": (
        lambda _: SGD([Value(1.0)]),
        lambda _: SGD([Value(1.0)], momentum=0.9),
        EngineValueError,
        "SGD.load_state: expected the 2 entries it keeps for 1 parameters; "
        "got 0.momentum_buffer missing, none unknown. "
        "Make the optimizer as the saved one was: its class, options and parameters.",
    ),
    "another class": (
        lambda _: Adam([Value(1.0), Value(2.0)]),
        lambda _: RMSProp([Value(1.0), Value(2.0)]),
        EngineValueError,
        "RMSProp.load_state: expected the 4 entries it keeps for 2 parameters; "
        "got 0.square_avg, 1.square_avg missing, "
        "0.exp_avg, 0.exp_avg_sq, 1.exp_avg and 1 more unknown. "
        "Make the optimizer as the saved one was: its class, options and parameters.",
    ),
    "another shape": (
        lambda _: Adam([Weights([1.0, 2.0])]),
        lambda _: Adam([Weights([1.0])]),
        ShapeError,
        "Adam.load_state: expected entries like their parameters; got 0.exp_avg float64(2,) "
        "instead of float64(1,), 0.exp_avg_sq float64(2,) instead of float64(1,). "
        "Are the parameters those of the saved run, in the same order?",
    ),
    "another precision": (
        lambda _: RMSProp([Weights([1.0], np.float64)]),
        lambda _: RMSProp([Weights([1.0], np.float32)]),
        ShapeError,
        "RMSProp.load_state: expected entries like their parameters; got 0.square_avg "
        "float64(1,) instead of float32(1,). "
        "Are the parameters those of the saved run, in the same order?",
    ),
    "an array for a number": (
        lambda _: RMSProp([Weights([1.0])]),
        lambda _: RMSProp([Value(1.0)]),
        ShapeError,
        "RMSProp.load_state: expected entries like their parameters; got 0.square_avg (1,) "
        "instead of (). Are the parameters those of the saved run, in the same order?",
    ),
}


@pytest.mark.parametrize("case", MISFITS)
def test_state_that_does_not_fit_is_refused_and_not_loaded(case: str) -> None:
    make_saved, make, error, message = MISFITS[case]
    saved, optimizer = make_saved([]), make([])
    for each in saved.parameters:
        each.grad = 1.0 if isinstance(each.data, float) else np.ones_like(each.data)
    saved.step()
    before = str(optimizer.state())
    with pytest.raises(error) as caught:
        optimizer.load_state(saved.state())
    assert str(caught.value) == message
    assert str(optimizer.state()) == before


# What they refuse

W = Value(1.0)
REFUSED: dict[str, tuple[Callable[[], object], type[Exception]]] = {
    "SGD: expected a list of parameters; got Value. Write [w] for a single one.": (
        lambda: SGD(W),  # type: ignore[arg-type]
        EngineTypeError,
    ),
    "SGD: expected a list of parameters; got Tensor. Write [w] for a single one.": (
        lambda: SGD(Tensor([1.0, 2.0], requires_grad=True)),  # type: ignore[arg-type]
        EngineTypeError,
    ),
    "Adam: expected a list of parameters; got int. Write [w] for a single one.": (
        lambda: Adam(3),  # type: ignore[arg-type]
        EngineTypeError,
    ),
    "SGD: expected parameters with .data and .grad; got 1.0 (float). "
    "Wrap numbers in Value(...), arrays in Tensor(...).": (
        lambda: SGD([1.0]),  # type: ignore[list-item]
        EngineTypeError,
    ),
    "SGD: expected parameters[1] to be a tensor that collects a gradient; "
    "got one computed from others. Make it with Tensor(..., requires_grad=True).": (
        lambda: SGD([W, Tensor([1.0], requires_grad=True) * 2]),
        EngineValueError,
    ),
    "SGD: expected parameters[0] to be a tensor that collects a gradient; "
    "got one with requires_grad=False. Make it with Tensor(..., requires_grad=True).": (
        lambda: SGD([Tensor([1.0])]),
        EngineValueError,
    ),
    "SGD: expected dampening to be a number; got 'x'.": (
        lambda: SGD([W], momentum=0.9, dampening="x"),  # type: ignore[arg-type]
        EngineTypeError,
    ),
    "SGD: expected dampening to be a number of at least 0; got nan.": (
        lambda: SGD([W], momentum=0.9, dampening=float("nan")),
        EngineValueError,
    ),
    "AdamW: expected decay_only to be a function; got True. Such as decay_only=is_matrix.": (
        lambda: AdamW([W], decay_only=True),  # type: ignore[arg-type]
        EngineTypeError,
    ),
    "AdamW: expected at least one parameter; got none.": (lambda: AdamW([]), EngineValueError),
    "SGD: expected each parameter once; got the same one twice. Drop one.": (
        lambda: SGD([W, W]),
        EngineValueError,
    ),
    "SGD: expected lr to be a number of at least 0; got -0.1.": (
        lambda: SGD([W], lr=-0.1),
        EngineValueError,
    ),
    "Adam: expected lr to be a number of at least 0; got inf.": (
        lambda: setattr(Adam([W]), "lr", float("inf")),
        EngineValueError,
    ),
    "Adam: expected lr to be a number; got '0.1'. "
    "A schedule gives one for each step: schedule(step).": (
        lambda: Adam([W], lr="0.1"),  # type: ignore[arg-type]
        EngineTypeError,
    ),
    "SGD: expected weight_decay to be a number of at least 0; got nan.": (
        lambda: SGD([W], weight_decay=float("nan")),
        EngineValueError,
    ),
    "SGD: expected momentum above 0 and dampening 0 with nesterov; "
    "got momentum=0.0, dampening=0.0.": (lambda: SGD([W], nesterov=True), EngineValueError),
    "RMSProp: expected alpha to be a number of at least 0 and below 1; got 1.0.": (
        lambda: RMSProp([W], alpha=1.0),
        EngineValueError,
    ),
    "RMSProp: expected momentum to be a number; got None.": (
        lambda: RMSProp([W], momentum=None),  # type: ignore[arg-type]
        EngineTypeError,
    ),
    "Adam: expected betas to be two numbers; got 0.9.": (
        lambda: Adam([W], betas=0.9),  # type: ignore[arg-type]
        EngineTypeError,
    ),
    "Adam: expected betas[0] to be a number of at least 0 and below 1; got -0.1.": (
        lambda: Adam([W], betas=(-0.1, 0.9)),
        EngineValueError,
    ),
    "AdamW: expected betas[1] to be a number of at least 0 and below 1; got 1.0.": (
        lambda: AdamW([W], betas=(0.9, 1.0)),
        EngineValueError,
    ),
    "AdamW: expected eps to be a number above 0; got 0.": (
        lambda: AdamW([W], eps=0),
        EngineValueError,
    ),
}


@pytest.mark.parametrize("message", REFUSED)
def test_refuses_with_an_explanation(message: str) -> None:
    attempt, error = REFUSED[message]
    assert raised(error, attempt) == message

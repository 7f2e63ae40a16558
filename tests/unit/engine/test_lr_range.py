"""The learning-rate range test: where it suggests to train, when it stops, what it refuses."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from refusing import raised

from pyengine import (
    SGD,
    EngineTypeError,
    EngineValueError,
    Tensor,
    Value,
    cross_entropy,
    softmax,
)
from pyengine.gradients import grad_norm
from pyengine.lr_range import LRRange, lr_range_test


def training(curvature: float) -> Callable[[float], float]:
    """Real training: one step of SGD on a bowl, which diverges above a rate of 2 / curvature."""
    w = Value(3.0)
    optimizer = SGD([w])

    def try_step(lr: float) -> float:
        optimizer.lr = lr
        loss = (w - 1) ** 2 * (curvature / 2)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.data

    return try_step


def replay(losses: list[float]) -> Callable[[float], float]:
    """A training whose losses are known beforehand, whatever the rate."""
    coming: Iterator[float] = iter(losses)
    return lambda lr: next(coming)


def falls_at(rate: float) -> Callable[[float], float]:
    """A loss that falls from 4 to 2 around one rate, on a logarithmic scale."""
    return lambda lr: 3 - math.tanh(math.log(lr / rate))


@pytest.mark.parametrize("rate", [1e-4, 1e-3, 1e-2])
def test_suggests_where_the_loss_falls_fastest(rate: float) -> None:
    found = lr_range_test(falls_at(rate), 1e-6, 1.0, steps=121)
    assert found.suggested == pytest.approx(rate, rel=0.06)  # rates lie 12 % apart
    assert found.diverged_at is None


def test_noise_does_not_move_the_suggestion_far() -> None:
    def noisy(lr: float) -> float:
        return falls_at(1e-3)(lr) + 0.2 * math.sin(1e5 * math.log(lr))

    suggested = lr_range_test(noisy, 1e-6, 1.0).suggested
    assert suggested is not None
    assert 3e-4 < suggested < 3e-3


def test_one_high_loss_at_the_very_start_is_not_the_steepest_fall() -> None:
    losses = iter([6.0])
    found = lr_range_test(lambda lr: next(losses, falls_at(1e-3)(lr)), 1e-6, 1.0, steps=40)
    assert found.suggested == pytest.approx(1e-3, rel=0.5)


@pytest.mark.parametrize("curvature", [0.1, 1.0, 100.0])
def test_training_at_the_suggested_rate_converges(curvature: float) -> None:
    found = lr_range_test(training(curvature), 1e-5, 1000.0)
    assert found.suggested is not None
    assert found.diverged_at is not None
    assert found.suggested < 2 / curvature < found.diverged_at
    again = training(curvature)
    losses = [again(found.suggested) for _ in range(200)]
    assert losses[-1] < losses[0] / 100


def test_rates_rise_by_the_same_factor_from_end_to_end() -> None:
    found = lr_range_test(lambda lr: 1.0, 0.001, 10.0, steps=5)
    assert found.rates == pytest.approx([0.001, 0.01, 0.1, 1.0, 10.0])
    assert (found.rates[0], found.rates[-1]) == (0.001, 10.0)


def test_a_loss_that_never_falls_suggests_nothing() -> None:
    assert lr_range_test(lambda lr: 1.0, 1e-6, 1.0).suggested is None
    assert lr_range_test(lambda lr: 1 + lr, 1e-6, 1.0).suggested is None


@pytest.mark.parametrize("exploded", [4.1, math.inf, math.nan])
def test_stops_at_four_times_the_lowest_loss_or_when_it_is_not_finite(exploded: float) -> None:
    found = lr_range_test(replay([3.0, 1.0, 4.0, exploded]), 0.001, 1.0, steps=7)
    assert found.losses == [3.0, 1.0, 4.0]
    assert found.rates == pytest.approx([10**-3, 10**-2.5, 10**-2])
    assert found.diverged_at == pytest.approx(10**-1.5)


def test_the_engines_refusal_to_go_on_counts_as_divergence() -> None:
    w = Value(1.0)

    def overflowing(lr: float) -> float:
        return (w * lr).exp().data

    assert lr_range_test(overflowing, 700.0, 1000.0, steps=3).diverged_at == pytest.approx(836.66)


RUNAWAYS: dict[str, Callable[[], object]] = {
    "nan among the logits": lambda: softmax([math.nan, 0.0]),
    "inf among the logits": lambda: softmax([[math.inf, 0.0], [0.0, 0.0]]),
    "-inf alone": lambda: softmax([-math.inf]),
    "a power too large": lambda: Value(1e200) ** 2,
    "a gradient too large": lambda: grad_norm([with_gradient(math.inf)]),
}


def with_gradient(gradient: float) -> Value:
    w = Value(1.0, label="w")
    w.grad = gradient
    return w


@pytest.mark.parametrize("name", RUNAWAYS)
def test_numbers_the_engine_cannot_go_on_with_count_as_divergence(name: str) -> None:
    calls = iter([lambda: 1.0, RUNAWAYS[name]])
    found = lr_range_test(lambda lr: next(calls)(), 0.1, 1.0)  # type: ignore[return-value]
    assert (found.losses, found.diverged_at is None) == ([1.0], False)


MISTAKES: dict[str, Callable[[], object]] = {
    "a target beyond the vocabulary": lambda: cross_entropy([0.0, 0.0], 7),
    "a matrix of another shape": lambda: Tensor([[1.0]]) @ Tensor([[1.0], [2.0]]),
    "a division by 0": lambda: Tensor([1.0]) / 0,
    "a rate below 0": lambda: SGD([Value(1.0)], lr=-1.0),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_never_taken_for_divergence(name: str) -> None:
    calls = iter([lambda: 1.0, MISTAKES[name]])
    with pytest.raises(EngineValueError):
        lr_range_test(lambda lr: next(calls)(), 0.1, 1.0)  # type: ignore[return-value]


def test_nothing_is_suggested_when_nothing_was_measured() -> None:
    found = lr_range_test(lambda lr: math.nan, 0.1, 1.0)
    assert found == LRRange(rates=[], losses=[], diverged_at=0.1)
    assert (found.smoothed, found.suggested) == ([], None)


def test_smoothing_averages_as_many_before_as_after() -> None:
    losses = [float(i % 3) for i in range(20)]  # reaches two neighbours each way
    smoothed = LRRange(losses, losses, None).smoothed
    assert len(smoothed) == 20
    assert smoothed[0] == losses[0]
    assert smoothed[1] == pytest.approx(1.0)
    assert smoothed[5] == pytest.approx((0 + 1 + 2 + 0 + 1) / 5)
    assert smoothed[-1] == losses[-1]


def test_smoothing_leaves_a_straight_line_as_it_is() -> None:
    losses = [5 - 0.1 * i for i in range(40)]
    assert LRRange(losses, losses, None).smoothed == pytest.approx(losses)


def forgets(lr: float) -> Any:
    """Forget to return the loss."""


REFUSED: dict[str, tuple[Callable[[], object], type[Exception]]] = {
    "lr_range_test: expected at least 3 steps; got 2.": (
        lambda: lr_range_test(falls_at(0.1), 0.01, 1.0, steps=2),
        EngineValueError,
    ),
    "lr_range_test: expected steps to be an int; got 10.0.": (
        lambda: lr_range_test(falls_at(0.1), 0.01, 1.0, steps=10.0),  # type: ignore[arg-type]
        EngineTypeError,
    ),
    "ExponentialGrowth: expected min_lr above 0 and below max_lr; got min_lr=1.0, max_lr=0.1.": (
        lambda: lr_range_test(falls_at(0.1), 1.0, 0.1),
        EngineValueError,
    ),
    "lr_range_test: expected try_step to return a number; got None (NoneType). "
    "End it with `return loss.data`.": (
        lambda: lr_range_test(forgets, 0.1, 1.0),
        EngineTypeError,
    ),
    "lr_range_test: expected try_step to return a number; got Value(data=1.0, grad=0.0) (Value). "
    "End it with `return loss.data`.": (
        lambda: lr_range_test(lambda lr: Value(1.0), 0.1, 1.0),  # type: ignore[arg-type,return-value]
        EngineTypeError,
    ),
    "log: expected a number above 0; got 0.0. "
    "A probability that reached 0 has infinite loss; work from logits instead.": (
        lambda: lr_range_test(lambda lr: Value(0.0).log().data, 0.1, 1.0),
        EngineValueError,
    ),
}


@pytest.mark.parametrize("message", REFUSED)
def test_refuses_with_an_explanation(message: str) -> None:
    attempt, error = REFUSED[message]
    assert raised(error, attempt) == message

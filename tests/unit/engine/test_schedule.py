"""Schedules: where each begins, peaks and ends, and what they refuse."""

import json
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from refusing import raised

from pyengine import EngineTypeError, EngineValueError
from pyengine.schedule import (
    Constant,
    Cosine,
    ExponentialGrowth,
    InverseSquareRoot,
    LinearWarmup,
    Schedule,
    WarmupStableDecay,
)

ALL: list[Schedule] = [
    Constant(1.0),
    LinearWarmup(1.0, 10),
    Cosine(1.0, 100, 10, 0.1),
    WarmupStableDecay(1.0, 100, 10, 30, 0.1),
    InverseSquareRoot(1.0, 10),
]


@pytest.mark.parametrize("schedule", ALL, ids=repr)
@given(step=st.integers(0, 10_000))
def test_the_rate_never_leaves_zero_to_peak(schedule: Schedule, step: int) -> None:
    assert 0 <= schedule(step) <= 1


@pytest.mark.parametrize("schedule", ALL[1:], ids=repr)
def test_warm_up_rises_in_equal_parts_from_zero_to_the_peak(schedule: Schedule) -> None:
    assert [schedule(step) for step in range(11)] == pytest.approx([i / 10 for i in range(11)])


@pytest.mark.parametrize("schedule", ALL, ids=repr)
def test_after_the_warm_up_the_rate_never_rises(schedule: Schedule) -> None:
    rates = [schedule(step) for step in range(10, 200)]
    assert all(after <= before for before, after in pairwise(rates))


@pytest.mark.parametrize("schedule", ALL[2:4], ids=repr)
def test_a_finite_schedule_ends_at_its_minimum_and_stays(schedule: Schedule) -> None:
    assert [schedule(step) for step in (100, 101, 10_000)] == pytest.approx([0.1] * 3)


def test_cosine_is_half_way_down_in_the_middle() -> None:
    assert Cosine(1.0, steps=110, warmup_steps=10)(60) == pytest.approx(0.5)


def test_growth_is_by_the_same_factor_in_every_step() -> None:
    rates = [ExponentialGrowth(1e-7, 0.3, steps=50)(step) for step in range(51)]
    factors = [after / before for before, after in pairwise(rates)]
    assert factors == pytest.approx([factors[0]] * 50)


@given(min_lr=st.floats(1e-9, 0.9), max_lr=st.floats(1, 1e9))
@example(min_lr=1e-5, max_lr=1.0)  # 1e-5 × (1 / 1e-5) is not quite 1
@settings(deadline=None)
def test_growth_begins_and_ends_exactly_where_it_should(min_lr: float, max_lr: float) -> None:
    schedule = ExponentialGrowth(min_lr, max_lr, steps=50)
    assert (schedule(0), schedule(50), schedule(1000)) == (min_lr, max_lr, max_lr)


def test_warm_up_may_be_left_out_or_fill_the_run() -> None:
    assert Cosine(1.0, steps=10)(0) == 1.0
    assert Cosine(1.0, steps=10, warmup_steps=10)(9) == 0.9
    assert Cosine(1.0, steps=10, warmup_steps=10)(10) == 0.0
    assert WarmupStableDecay(1.0, steps=10, warmup_steps=0, decay_steps=0)(10) == 0.0


def test_schedules_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Constant(0.1).lr = 0.2  # type: ignore[misc]


@pytest.mark.parametrize(
    "schedule",
    [
        Cosine(np.float32(0.5), np.int64(10), np.uint8(2), np.float64(0.25)),
        WarmupStableDecay(np.float32(0.5), np.int64(10), np.int64(2), np.int64(3)),
        ExponentialGrowth(np.float32(0.25), np.float64(0.5), np.int32(4)),
    ],
    ids=repr,
)
def test_numpys_numbers_become_plain_ones(schedule: Schedule) -> None:
    fields = asdict(schedule)
    assert {type(number) for number in fields.values()} == {int, float}
    assert type(schedule)(**json.loads(json.dumps(fields))) == schedule


@pytest.mark.parametrize("wrong", ["a", None, [0.1], np.array([0.1]), 1j])
def test_what_is_no_number_is_refused(wrong: Any) -> None:
    message = f"Constant: expected lr to be a number; got {wrong!r}."
    assert raised(EngineTypeError, lambda: Constant(wrong)) == message


REFUSED: dict[str, Callable[[], object]] = {
    "Cosine: expected min_lr of at most lr; got min_lr=0.2, lr=0.1.": (
        lambda: Cosine(0.1, steps=5, min_lr=0.2)
    ),
    "WarmupStableDecay: expected min_lr of at most lr; got min_lr=0.2, lr=0.1.": (
        lambda: WarmupStableDecay(0.1, 10, 1, 1, min_lr=0.2)
    ),
    "Constant: expected lr to be a number of at least 0; got -1.": lambda: Constant(-1),
    "schedule: expected a step of at least 0; got -1.": lambda: Cosine(1.0, 10)(-1),
    "Cosine: expected warm-up and decay to fit into steps = 5; got 9 steps. Shorten them.": (
        lambda: Cosine(1.0, steps=5, warmup_steps=9)
    ),
    "WarmupStableDecay: expected warm-up and decay to fit into steps = 10; got 12 steps. "
    "Shorten them.": lambda: WarmupStableDecay(1.0, steps=10, warmup_steps=4, decay_steps=8),
    "InverseSquareRoot: expected warmup_steps of at least 1; got 0.": (
        lambda: InverseSquareRoot(1.0, 0)
    ),
    "ExponentialGrowth: expected min_lr above 0 and below max_lr; got min_lr=0, max_lr=1.": (
        lambda: ExponentialGrowth(0, 1, 10)
    ),
    "ExponentialGrowth: expected min_lr above 0 and below max_lr; got min_lr=1, max_lr=1.": (
        lambda: ExponentialGrowth(1, 1, 10)
    ),
    "ExponentialGrowth: expected steps to be a number of at least 0; got -1.": (
        lambda: ExponentialGrowth(1, 2, -1)
    ),
}


@pytest.mark.parametrize("message", REFUSED)
def test_refuses_with_an_explanation(message: str) -> None:
    assert raised(EngineValueError, REFUSED[message]) == message

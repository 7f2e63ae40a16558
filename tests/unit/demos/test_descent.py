"""The descent demo: verdicts that follow from what happened, and numbers that stay finite."""

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demos.descent import METHODS, VALLEYS, one_parameter

CHART = "application/vnd.vegalite.v6+json"


def spec(result: Any) -> Any:
    return result._repr_mimebundle_()["application/vnd.nudge.displays+json"][1][CHART]


@pytest.mark.parametrize(
    ("lr", "verdict"),
    [
        (0.001, "crawls"),
        (0.01, "crawls"),
        (0.1, "converges"),
        (0.3, "converges"),
        (0.5, "converges"),
        (0.6, "overshoots and settles"),
        (0.9, "overshoots and settles"),
        (0.98, "bounces"),
        (1.0, "bounces"),
        (1.005, "diverges"),
        (1.2, "diverges"),
        (2.0, "diverges"),
    ],
)
@pytest.mark.parametrize("start", [2.5, -1.0])
def test_the_learning_rate_decides_the_verdict(lr: float, verdict: str, start: float) -> None:
    assert one_parameter(lr, start).verdict == verdict


def test_each_step_on_the_bowl_multiplies_by_one_minus_twice_the_rate() -> None:
    result = one_parameter(0.3, 2.5)
    assert result.places == pytest.approx([2.5 * 0.4**i for i in range(21)])
    assert result.loss == pytest.approx(result.w**2)


@pytest.mark.parametrize(("start", "rest"), [(3.0, 1.88), (-3.0, -2.1), (0.5, 1.88)])
def test_the_start_decides_which_of_two_valleys_it_ends_in(start: float, rest: float) -> None:
    result = one_parameter(0.2, start, "two valleys")
    assert result.w == pytest.approx(rest, abs=0.02)


@settings(deadline=None)
@given(
    lr=st.floats(0.0001, 100),
    start=st.floats(-3, 3),
    valley=st.sampled_from(sorted(VALLEYS)),
    method=st.sampled_from(sorted(METHODS)),
)
def test_no_setting_ends_in_nan_or_infinity(
    lr: float, start: float, valley: str, method: str
) -> None:
    result = one_parameter(lr, start, valley, method)
    assert math.isfinite(result.w)
    assert math.isfinite(result.loss)
    bundle = json.dumps(result._repr_mimebundle_(), allow_nan=False)
    assert "∞" not in bundle
    assert "not a number" not in bundle


def test_what_lies_outside_the_picture_is_said_and_not_drawn() -> None:
    result = one_parameter(1.2, 2.5)
    figure = repr(result).splitlines()[0]
    assert figure == (
        "4.4×10⁶ loss after 20 steps. Diverges: it ends higher up than it began, at w = 2,091.71."
    )
    drawn = spec(result)["datasets"]["path 2"]
    assert max(abs(place["x"]) for place in drawn) < 11
    assert spec(result)["layer"][1]["mark"]["clip"] is True


def test_a_runaway_is_stopped_before_numbers_overflow() -> None:
    result = one_parameter(2.0, 3.0, "two valleys")
    assert result.verdict == "diverges"
    assert len(result.places) < 21
    assert f"after {len(result.places) - 1} steps" in repr(result)


def test_the_table_shows_the_arithmetic_of_a_step() -> None:
    lines = repr(one_parameter(0.3, 2.5)).splitlines()
    assert lines[2].split("  ")[0] == "step"
    assert lines[3].split() == ["0", "2.50", "5.00", "−1.50", "6.25"]
    assert lines[4].split() == ["1", "1.00", "2.00", "−0.60", "1.00"]
    assert lines[-1].split()[0] == "20"


def test_starting_at_the_bottom_stays_there() -> None:
    result = one_parameter(0.3, 0.0)
    assert (result.verdict, set(result.places)) == ("converges", {0.0})


def test_fewer_steps_are_the_beginning_of_the_same_walk() -> None:
    whole, part = one_parameter(0.3, 2.5), one_parameter(0.3, 2.5, steps=2)
    assert part.places == whole.places[:3]
    assert repr(part).splitlines()[0].endswith("Is on its way: it has come to w = 0.40.")
    assert repr(one_parameter(0.3, 2.5, steps=1)).startswith("1.00 loss after 1 step. ")


def test_a_step_of_momentum_keeps_most_of_the_step_before() -> None:
    w = one_parameter(0.1, 2.5, method="momentum").places
    assert w[2] - w[1] == pytest.approx(0.8 * (w[1] - w[0]) - 0.1 * 2 * w[1])


def test_adams_first_steps_are_as_long_as_the_rate_whatever_the_slope() -> None:
    for start in (2.5, -0.7):
        w = one_parameter(0.1, start, method="Adam").places
        assert abs(w[1] - w[0]) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("method", "verdict"),
    [("plain", "converges"), ("momentum", "overshoots and settles"), ("Adam", "bounces")],
)
def test_what_has_gathered_speed_jumps_across_the_valley(method: str, verdict: str) -> None:
    assert one_parameter(0.3, 2.5, method=method).verdict == verdict

"""Reading time and cost: the figures of the papers, and words that follow them."""

import pytest

from demos.scale import reading_and_cost
from pyengine import EngineValueError


@pytest.mark.parametrize(
    ("parameters", "tokens", "days"),
    [
        (174.6, 300, 3.64e3),  # GPT-3: Brown et al. 2020, table D.1
        (12.85, 300, 2.68e2),  # GPT-3 13B, in the same table
        (175, 500, 6076),
    ],
)
def test_the_cost_is_that_of_the_papers(parameters: float, tokens: float, days: float) -> None:
    cost = reading_and_cost(parameters, tokens, 0.75, 250, 24)
    assert cost.petaflop_days == pytest.approx(days, rel=0.002)


@pytest.mark.parametrize(("tokens", "years"), [(300, 1711), (500, 2852)])
def test_reading_takes_as_long_as_counted_by_hand(tokens: float, years: int) -> None:
    # 0.75 words a token, 250 words a minute: 1,000 tokens in 3 minutes.
    assert reading_and_cost(175, tokens, 0.75, 250, 24).years == pytest.approx(years, abs=0.6)


def test_reading_fewer_hours_a_day_takes_longer_and_costs_the_same() -> None:
    whole, some = (reading_and_cost(175, 300, 0.75, 250, hours) for hours in (24, 8))
    assert some.years == pytest.approx(3 * whole.years)
    assert some.petaflop_days == whole.petaflop_days
    assert "Reading 8 hours a day, that is 64 lives" in repr(some)


def test_every_step_of_the_sum_is_shown() -> None:
    lines = repr(reading_and_cost(175, 300, 0.75, 250, 24)).splitlines()
    assert lines[0].startswith("1,711 years of reading. Reading day and night, that is 21 lives")
    assert lines[1].startswith("3,646 petaflop/s-days of computing.")
    assert [line.split("  ")[-1].strip() for line in lines[3:]] == [
        "225 billion", "0.90 billion", "1,711", "3.15×10²³", "3,646",
    ]  # fmt: skip


def test_nothing_is_divided_by_zero() -> None:
    with pytest.raises(EngineValueError, match="numbers above 0; got 0"):
        reading_and_cost(175, 300, 0.75, 0, 24)

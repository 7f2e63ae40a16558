"""The walk on two parameters: who arrives, by what method, and what the map shows of it."""

import json
import math
from typing import Any

import pytest

from demos.hill import LANDSCAPES, LOWEST, STARTS, walk
from pyengine import Value

CHART = "application/vnd.vegalite.v6+json"
DISPLAYS = "application/vnd.nudge.displays+json"


def end(*settings: Any) -> Any:
    *_, last = walk(*settings)
    return last


def test_plain_descent_crawls_along_a_narrow_valley_where_the_others_arrive() -> None:
    result = end(0.4)
    assert result.verdicts == {
        "plain": "crawls",
        "momentum": "overshoots and settles",
        "Adam": "overshoots and settles",
    }
    assert repr(result).splitlines()[0] == (
        "0.02 loss after 60 steps, plain. Crawls: it is slow, and at (−0.95, 0.00) it is still "
        "on its way; 0.95 from the lowest place."
    )


@pytest.mark.parametrize(
    ("lr", "verdict"), [(0.01, "crawls"), (0.2, "crawls"), (0.5, "bounces"), (0.6, "diverges")]
)
def test_too_large_a_rate_makes_plain_descent_jump_across_the_valley(
    lr: float, verdict: str
) -> None:
    assert end(lr).verdict == verdict


def test_a_valley_that_is_tilted_takes_adams_advantage_away() -> None:
    straight, tilted = (
        end(0.3, "Adam", "lower right", each).verdict for each in ("narrow valley", "tilted valley")
    )
    assert (straight, tilted) == ("overshoots and settles", "bounces")


def test_momentum_can_carry_a_walk_over_the_pass_into_the_deep_basin() -> None:
    ends = {each: end(0.4, each, "upper right", "two basins") for each in ("plain", "momentum")}
    assert repr(ends["plain"]).splitlines()[0].endswith("comes to rest at the shallow basin.")
    assert repr(ends["momentum"]).splitlines()[0].endswith("comes to rest at the deep basin.")


def test_the_first_picture_is_the_start_and_every_further_one_a_step() -> None:
    first, second, *_ = shown = [*walk(0.4)]
    assert len(shown) == 61
    assert (first.verdict, first.place) == ("is on its way", STARTS["upper left"])
    # The slopes at (−2.5, 1.5) are −0.1 and 6; the step is 0.4 times as long, and downhill.
    assert second.place == pytest.approx((-2.46, -0.9))


def test_the_places_called_lowest_are() -> None:
    for name, places in LOWEST.items():
        for place in places.values():
            w1, w2 = map(Value, place)
            LANDSCAPES[name](w1, w2).backward()
            assert math.hypot(w1.grad, w2.grad) < 0.01


@pytest.mark.parametrize("landscape", LANDSCAPES)
def test_a_runaway_leaves_the_map_but_no_number_overflows(landscape: str) -> None:
    result = end(1.0, "momentum", "upper right", landscape)
    assert result.verdict == "diverges"
    bundle = result._repr_mimebundle_()
    assert "∞" not in json.dumps(bundle, allow_nan=False)
    drawn = bundle[DISPLAYS][1][CHART]["datasets"]
    (path,) = (rows for name, rows in drawn.items() if name.startswith("path"))
    assert all(math.hypot(row["x"], row["y"]) < 10 for row in path)

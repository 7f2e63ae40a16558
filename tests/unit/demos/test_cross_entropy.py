"""The cross-entropy demos: numbers, verdicts, displays."""

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demos import cross_entropy
from pyengine import EngineValueError

DISPLAYS = "application/vnd.nudge.displays+json"


def bundles(result: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = result._repr_mimebundle_()[DISPLAYS]
    return found


@settings(deadline=None)
@given(p=st.floats(0.001, 1))
def test_the_loss_is_minus_the_log_of_the_probability(p: float) -> None:
    result = cross_entropy.calculator(p)
    assert result.loss == pytest.approx(-math.log(p), abs=1e-12)
    json.dumps(bundles(result), allow_nan=False)


@pytest.mark.parametrize(
    ("p", "verdict"),
    [(1, "good"), (0.9, "good"), (0.75, "good"), (0.74, "unsure"), (0.5, "unsure"),
     (0.37, "unsure"), (0.36, "bad"), (0.08, "bad"), (0.019, "bad"), (0.018, "terrible"),
     (0.001, "terrible")],
)  # fmt: skip
def test_the_verdict_follows_the_loss(p: float, verdict: str) -> None:
    assert cross_entropy.calculator(p).verdict == verdict


def test_the_figure_says_what_the_number_means() -> None:
    said = [bundles(cross_entropy.calculator(p))[0]["text/plain"] for p in (0.5, 0.08, 1)]
    surprise = "as surprising as a blind pick among"
    assert said == [
        f"0.69 nats of loss. Unsure: {surprise} 2 tokens.",
        f"2.53 nats of loss. Bad: {surprise} 12 tokens.",
        "0.00 nats of loss. Good: no surprise.",
    ]


def test_the_point_lies_on_the_curve() -> None:
    spec = bundles(cross_entropy.calculator(0.5))[1]["application/vnd.vegalite.v6+json"]
    assert spec["datasets"]["point 2"] == [{"x": 0.5, "y": 0.693147, "label": "0.69"}]
    line = spec["datasets"]["line 1"]
    assert line[0] == {"x": 0.001, "y": 6.90776}
    assert line[-1] == {"x": 1.0, "y": 0.0}
    assert "At 0.5 it is 0.69." in spec["description"]


@pytest.mark.parametrize("p", [0, -0.1, 1.1, math.nan])
def test_what_is_no_probability_is_refused(p: float) -> None:
    with pytest.raises(EngineValueError, match=f"a probability above 0, up to 1; got {p}"):
        cross_entropy.calculator(p)


def test_losses_add_up_where_the_product_rounds_to_zero() -> None:
    short, long = cross_entropy.sentence(0.5, 4), cross_entropy.sentence(0.3, 100)
    assert short.product == 0.0625
    assert short.loss == pytest.approx(-math.log(0.0625))
    assert long.product == 0.0
    assert long.loss == pytest.approx(-100 * math.log(0.3))
    assert "0: too small for 32 bits" in repr(long)


def test_a_product_that_runs_out_of_digits_is_zero_not_a_wrong_number() -> None:
    # In subnormal numbers times 0.55 rounds back to the same number: the product would never go.
    assert cross_entropy.sentence(0.55, 140).product == pytest.approx(0.55**140, rel=1e-4)
    assert cross_entropy.sentence(0.55, 200).product == 0.0


def test_one_of_a_thing_is_not_many() -> None:
    said = repr(cross_entropy.sentence(0.5, 1))
    assert "1 probability multiplied" in said
    assert "1 loss added" in said

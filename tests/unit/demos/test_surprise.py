"""The surprise demo: nothing lost by a sure guess, and the same for every halving."""

import json
import math

import pytest

from demos.surprise import surprise


def test_a_sure_guess_costs_nothing() -> None:
    assert surprise(1).loss == 0
    assert repr(surprise(1)).startswith("0.00 loss. No surprise: ")


@pytest.mark.parametrize("p", [0.01, 0.3, 0.5, 1])
def test_every_halving_adds_the_same(p: float) -> None:
    result = surprise(p)
    assert result.loss == pytest.approx(-math.log(p))
    assert result.grown == pytest.approx([math.log(2)] * 3)
    json.dumps(result._repr_mimebundle_(), allow_nan=False)


def test_the_less_probable_the_more_surprised() -> None:
    said = [repr(surprise(p)).splitlines()[0].split(". ")[1] for p in (0.6, 0.2, 0.01)]
    assert [words.split(":")[0] for words in said] == [
        "A little surprised",
        "Surprised",
        "Very surprised",
    ]

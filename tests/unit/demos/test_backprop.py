"""The blame demo: gradients that agree with nudging, and words that agree with the gradients."""

import json
import math
from itertools import product

import pytest

from demos.backprop import blame, model
from pyengine import Value


def test_gradients_agree_with_nudging_everywhere() -> None:
    stops = [i / 2 for i in range(-6, 7)]
    for w1, w2, x in product(stops, stops, (0.5, 1.5, -1.0)):
        result = blame(w1, w2, x)
        assert result.gradients == pytest.approx(result.nudged, abs=1e-7)
        json.dumps(result._repr_mimebundle_(), allow_nan=False)


def test_the_model_is_what_its_chain_says() -> None:
    y = -0.5 * math.tanh(0.8 * 1.5)
    assert model(Value(0.8), Value(-0.5), 1.5).data == pytest.approx(math.log(1 + math.exp(-y)))


def test_the_chain_leads_from_the_first_weight_to_the_loss() -> None:
    chain = repr(blame(0.8, -0.5)).splitlines()[1]
    assert chain == (
        "w₁ = 0.80 → (× 1.50) → z = w₁ × x = 1.20 → (× 0.31) → h = tanh(z) = 0.83 → (× −0.50) → "
        "y = w₂ × h = −0.42 → (× 0.24) → p = sigmoid(y) = 0.40 → (× −2.52) → L = −log(p) = 0.92"
    )


def test_the_table_shows_the_product_of_slopes_and_what_nudging_measures() -> None:
    rows = [line.split() for line in repr(blame(0.8, -0.5)).splitlines()[3:]]
    assert [row[-2:] for row in rows] == [["0.1379", "0.1379"], ["−0.5025", "−0.5025"]]


@pytest.mark.parametrize(
    ("w1", "w2", "words"),
    [
        (0.8, -0.5, "−0.50 gradient of w₂. w₂ is most to blame: raise it by 0.01 and the loss "
                    "falls by about 0.0050."),
        (-0.1, -3.0, "1.72 gradient of w₁. w₁ is most to blame: raise it by 0.01 and the loss "
                     "rises by about 0.0172."),
        (0.0, 0.0, "0.00 gradient of w₁. No blame arrives: raising either weight a little "
                   "changes nothing."),
    ],
)  # fmt: skip
def test_the_words_say_which_way_the_loss_goes(w1: float, w2: float, words: str) -> None:
    assert repr(blame(w1, w2)).splitlines()[0] == words


def test_a_flat_tanh_lets_no_blame_through_to_the_first_weight() -> None:
    assert abs(blame(3, -0.5).gradients[0]) < 0.001 < abs(blame(0.1, -0.5).gradients[0])

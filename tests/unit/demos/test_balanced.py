"""One word with three meanings: whom an update helps, whichever model it starts from."""

import json

import numpy as np
import pytest

from demos.balanced import ALL, SENTENCES, rise

SEEDS, RATES = range(8), [0.1, 1, 4]


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("lr", RATES)
def test_one_sentence_alone_gains_at_the_cost_of_the_others(number: int, lr: float) -> None:
    for seed in SEEDS:
        change = rise(list(SENTENCES)[number], lr, seed).change
        assert change.pop(number) < 0 < min(change)


@pytest.mark.parametrize("lr", RATES)
def test_a_batch_of_all_three_helps_all_three(lr: float) -> None:
    for seed in SEEDS:
        result = rise(ALL, lr, seed)
        assert max(result.change) < 0
        assert result.change == result.change_by_all


def test_the_gradient_of_a_batch_is_the_mean_of_its_gradients() -> None:
    # For a small step the loss changes in proportion: three lopsided thirds are the balanced one.
    lopsided = [rise(said, 0.001).change for said in SENTENCES]
    np.testing.assert_allclose(np.mean(lopsided, axis=0), rise(ALL, 0.001).change, rtol=0.01)


def test_the_words_name_who_gains_and_who_pays() -> None:
    alone, together = (rise(batch, 1.0) for batch in ("prices rise", ALL))
    assert repr(alone).splitlines()[0] == (
        "1 of 3 sentences gain by an update from “prices rise”. Lopsided: it was better for "
        "“prices rise”, and worse for “the sun rises” and “the bread rises”."
    )
    assert repr(together).splitlines()[0] == (
        "3 of 3 sentences gain by an update from all three. Balanced: one step made all three "
        "guesses better."
    )
    json.dumps(alone._repr_mimebundle_(), allow_nan=False)

"""Noise of batches: it falls as one over the root of their size, on the checkpoints themselves."""

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from demos import batches, micro
from demos.batches import SEQUENCES, SIZES, TRAINED, critical, pulls, sampler
from pyengine.data import Batches
from pyengine.gradient_noise import flat_gradient

pytestmark = pytest.mark.usefixtures("recorded")

CHART = "application/vnd.vegalite.v6+json"


def chart(result: Any) -> Any:
    return result._repr_mimebundle_()["application/vnd.nudge.displays+json"][1][CHART]


def test_the_true_gradient_is_that_of_the_whole_text_in_one_batch() -> None:
    model = micro.checkpoint(10)
    inputs, targets = Batches(micro.text(4000), SEQUENCES, micro.CONTEXT, seed=0)[0]
    whole = flat_gradient(model, inputs, targets).astype(np.float64)
    one = flat_gradient(model, inputs[[5]], targets[[5]]).astype(np.float64)
    assert pulls(10)[5] == pytest.approx(one @ whole / (whole @ whole), rel=1e-3)
    assert pulls(10).mean() == pytest.approx(1)


@pytest.mark.parametrize("percent", [1, 10, 100])
def test_the_noise_falls_as_one_over_the_root_of_the_batch_size(percent: int) -> None:
    for seed in range(1, 11):
        result = sampler(percent, seed)
        assert result.exponent == pytest.approx(-0.5, abs=0.05)
        assert result.spread[0] == pytest.approx(pulls(percent).std(), rel=0.15)


def test_later_in_training_more_sequences_pull_the_wrong_way_and_large_batches_do_not() -> None:
    early, middle, late = (sampler(percent, 1).wrong_way for percent in (1, 10, 100))
    assert early[0] < 0.02 < middle[0] < 0.2 < late[0]
    assert early[-1] == middle[-1] == 0


def test_another_seed_draws_other_batches_on_the_same_axes() -> None:
    one, same, other = (chart(sampler(10, seed)) for seed in (1, 1, 2))
    assert one == same
    assert one["datasets"] != other["datasets"]
    assert one["encoding"] == other["encoding"]
    dots = one["datasets"]["dots 1"]
    assert len(dots) == 40 * len(SIZES)
    assert one["encoding"]["x"]["scale"]["domain"][0] < min(dot["x"] for dot in dots)


def test_a_press_computes_no_gradient_again(monkeypatch: pytest.MonkeyPatch) -> None:
    sampler(10, 1)
    monkeypatch.delattr(batches, "flat_gradient")
    sampler(10, 2)


def test_the_critical_batch_size_grows_during_training() -> None:
    sizes = critical(10, 10).critical_sizes
    assert len(sizes) == len(TRAINED)
    assert all(1.5 * earlier < later for earlier, later in pairwise(sizes))
    assert sizes[-1] > 20 * sizes[0]


@pytest.mark.parametrize(
    ("batch_size", "words"),
    [
        (1, "1 is below it: it takes"),
        (22, "22 is about that: it takes"),
        (1000, "1000 is above it: it takes 1.02 × as many steps as huge batches"),
    ],
)
def test_a_batch_size_is_judged_by_the_critical_one(batch_size: int, words: str) -> None:
    result = critical(10, batch_size)
    assert words in repr(result)
    assert (result.steps - 1) * (result.examples - 1) == pytest.approx(1)
    json.dumps(result._repr_mimebundle_(), allow_nan=False)


def test_both_curves_cross_at_twice_the_fewest() -> None:
    size = critical(10, 10).critical
    result = critical(10, round(size))
    assert result.steps == pytest.approx(2, abs=0.1)
    assert result.examples == pytest.approx(2, abs=0.1)
    points = [chart(result)["datasets"][f"point {i}"][0] for i in (3, 4)]
    assert [p["x"] for p in points] == [round(size)] * 2

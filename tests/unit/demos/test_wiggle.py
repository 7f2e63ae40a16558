"""The wiggle demo: what a small wiggle measures is the gradient, wherever the parameter is."""

import json

import pytest

from demos import micro, wiggle
from demos.wiggle import PLACES
from pyengine import TrainConfig, Trainer
from pyengine.schedule import Constant


@pytest.fixture(scope="module", autouse=True)
def checkpoint():
    """A run of a few steps, in place of the one that a build records."""
    model = micro.fresh()
    config = TrainConfig(steps=30, batch_size=8, schedule=Constant(1e-2))
    list(Trainer(model, micro.text(500), config).run())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(micro, "checkpoint", lambda percent: model)
        yield


@pytest.mark.parametrize("place", PLACES)
def test_a_small_wiggle_agrees_with_backpropagation(place: str) -> None:
    result = wiggle.wiggle(place, 0.0001)
    assert result.slope == pytest.approx(result.gradient, rel=1e-2)
    assert abs(result.gradient) > 1e-4
    assert "They agree" in repr(result)
    json.dumps(result._repr_mimebundle_(), allow_nan=False)


@pytest.mark.parametrize("place", PLACES)
def test_a_large_wiggle_is_farther_off_than_a_small_one(place: str) -> None:
    offs = [wiggle.wiggle(place, size).off for size in (0.0001, 0.001, 0.01)]
    assert offs == sorted(offs)
    assert offs[2] == pytest.approx(100 * offs[0], rel=0.2)


def test_it_tells_what_wiggling_every_parameter_would_take() -> None:
    result = wiggle.wiggle("in the middle", 0.001)
    count = micro.fresh().parameter_count()
    assert result.forward_passes == count + 1
    assert f"takes {count + 1:,} forward passes" in repr(result)


def test_how_far_off_it_is_decides_the_words() -> None:
    assert [wiggle.verdict(off) for off in (0.001, 0.05, 0.5)] == [
        "they agree",
        "they roughly agree",
        "they disagree",
    ]

"""Checkpoints: what the recorded run knew at five moments, and words that are true of its world."""

import json

import numpy as np
import pytest

from demos import checkpoints, micro
from pyengine import EngineValueError
from pyengine.safetensors import from_bytes

pytestmark = pytest.mark.usefixtures("recorded")

CHART = "application/vnd.vegalite.v6+json"
FRANCE = "the capital of France is"


def test_it_knows_nothing_then_rules_then_facts_then_rare_facts() -> None:
    asked = [checkpoints.answers(FRANCE, trained) for trained in micro.PERCENTS]
    assert asked[0].probability < 0.05
    assert asked[1].next == "the"
    assert 0.1 < asked[2].probability < 0.5
    assert [each.next for each in asked[3:]] == ["Paris", "Paris"]
    assert asked[4].probability > 0.99
    losses = [each.validation_loss for each in asked]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] > micro.FLOOR
    rare = [checkpoints.answers("the capital of Norway is", t).next for t in (10, 50)]
    assert rare[0] in {"Rome", "Paris", "Madrid"}
    assert rare[1] == "Oslo"


def test_the_loss_is_the_one_that_the_run_measured() -> None:
    held_out = from_bytes(micro.recorded())[0]["validation"]
    for trained in (10, 50, 100):
        (at,) = np.flatnonzero(held_out[:, 0] == micro.STEPS * trained // 100 - 1)
        measured = checkpoints.answers(FRANCE, trained).validation_loss
        assert measured == pytest.approx(held_out[at, 1], abs=1e-5)


@pytest.mark.parametrize(("trained", "step"), [(0, 1), (1, 16), (100, 1501)])
def test_the_point_stands_where_the_run_was(trained: int, step: int) -> None:
    result = checkpoints.answers(FRANCE, trained)
    charts = result._repr_mimebundle_()["application/vnd.nudge.displays+json"]
    (point,) = charts[2][CHART]["datasets"]["point 3"]
    assert point["x"] == step
    assert point["y"] == pytest.approx(result.validation_loss, abs=1e-4)
    json.dumps(charts, allow_nan=False)


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        (FRANCE, "In this small world it comes next 100 % of the time."),
        ("the cat slept. the colour of the sofa is", "it comes next 60 % of the time."),
        ("Paris sat on", "In this small world no sentence begins like that."),
    ],
)
def test_the_model_is_held_against_its_world(prompt: str, words: str) -> None:
    assert words in repr(checkpoints.answers(prompt, 100)).splitlines()[0]


def test_what_never_comes_next_is_said_so() -> None:
    assert checkpoints.in_the_world(FRANCE, "Rome").endswith("that word never comes next")


def test_a_long_text_is_read_from_where_the_context_begins() -> None:
    long = "the cat slept on the red mat. " * 3 + FRANCE
    assert checkpoints.answers(long, 100).next == "Paris"


def test_a_word_the_model_does_not_know_is_named() -> None:
    with pytest.raises(EngineValueError, match="expected words that it knows; got 'rhubarb'"):
        checkpoints.answers("the capital of rhubarb", 100)

"""Memorizing against generalizing: what was held out stays so, and both runs end as they should."""

import json
import math
from typing import Any

import pytest

from demos import phrasings
from pyengine import EngineValueError


@pytest.fixture(scope="module")
def steps() -> list[Any]:
    return list(phrasings.two_runs(3, seed=1))


def test_every_fact_is_held_out_in_one_phrasing_that_others_are_told_in() -> None:
    told = phrasings.sentences(range(phrasings.HELD_OUT))
    assert len(told) == len(set(told)) == 5 * 12
    used = {tuple(said.split()[-2:-1]) for said in told}
    for country in phrasings.CITY:
        asked = phrasings.question(country, phrasings.HELD_OUT)
        assert not any(said.startswith(asked) for said in told)
        assert tuple(asked.split()[-1:]) in used


def test_one_model_memorizes_and_the_other_generalizes(steps: list[Any]) -> None:
    end = steps[-1]
    assert end.verdicts == ["memorizes", "generalizes"]
    assert max(end.told) < 0.1
    assert end.held_out[0] > math.log(12) > 10 * end.held_out[1]
    assert end.right[0] <= 3
    assert end.right[1] == 12


def test_neither_knows_anything_before_its_first_step(steps: list[Any]) -> None:
    assert steps[0].verdicts == ["still learning", "still learning"]
    for loss in (*steps[0].told, *steps[0].held_out):
        assert loss == pytest.approx(math.log(len(phrasings.WORDS)), abs=0.2)


def test_each_step_shows_the_run_so_far_in_few_words(steps: list[Any]) -> None:
    assert len(steps) == 21
    assert "After 80 steps" in repr(steps[10])
    lines = repr(steps[-1]).splitlines()
    assert lines[0].startswith("12 of 12 questions in new words answered right. Generalizes: it")
    assert [line.split("  ")[-1].strip() for line in lines[-4:]] == [
        "Paris, right", "Tokyo, right", "Cairo, right", "Oslo, right",
    ]  # fmt: skip
    for step in (steps[0], steps[-1]):
        json.dumps(step._repr_mimebundle_(), allow_nan=False)


def test_the_same_seed_gives_the_same_run() -> None:
    runs = [phrasings.two_runs(2, seed=3) for _ in range(2)]
    for _ in range(2):
        one, other = (next(run) for run in runs)
    assert one._repr_mimebundle_() == other._repr_mimebundle_()


@pytest.mark.parametrize(
    ("told", "right", "judged"),
    [
        (0.6, 12, "still learning"),
        (0.1, 10, "generalizes"),
        (0.1, 9, "in between"),
        (0.1, 6, "in between"),
        (0.1, 5, "memorizes"),
    ],
)
def test_a_verdict_follows_from_loss_and_answers(told: float, right: int, judged: str) -> None:
    assert phrasings.verdict(told, right) == judged


@pytest.mark.parametrize("phrasings_told", [1, 6])
def test_a_number_of_phrasings_that_leaves_nothing_to_compare_is_refused(
    phrasings_told: int,
) -> None:
    with pytest.raises(
        EngineValueError, match=f"2 to 5 phrasings of each fact; got {phrasings_told}"
    ):
        next(phrasings.two_runs(phrasings_told, 0))

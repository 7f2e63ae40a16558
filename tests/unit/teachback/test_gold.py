"""What the checklist must never do, on both halves of the gold set; only figures are read.

The held-out half stays held out: a failing test here tells how many answers, not which.
"""

from functools import cache

import gold
import pytest
from gold import measures
from gold.measures import Graded

from teachback import grade, problems


@cache
def results(half: str) -> list[Graded]:
    return measures.graded(gold.answers(half), grade)


@pytest.mark.parametrize("half", gold.HALVES)
def test_keyword_lists_stay_low(half: str):
    assert len(measures.too_high(results(half), "stuffed")) == 0


@pytest.mark.parametrize("half", gold.HALVES)
def test_injected_text_never_raises_a_score(half: str):
    assert len(measures.raised_by_injection(results(half))) == 0


@pytest.mark.parametrize("half", gold.HALVES)
def test_no_payload_raises_a_score(half: str):
    assert len(measures.raised_by_payloads(results(half), grade)) == 0


@pytest.mark.parametrize("half", gold.HALVES)
def test_padding_never_raises_a_score(half: str):
    assert len(measures.raised_by_padding(results(half), grade)) == 0


@pytest.mark.parametrize("name", sorted({each.rubric for each in gold.answers("tuned")}))
def test_the_labels_name_what_the_rubric_has(name: str):
    rubric = gold.rubric(name)
    for half in gold.HALVES:
        for each in gold.answers(half):
            if each.rubric == name:
                assert set(each.labels) == set(rubric.criterion_ids())
                assert set(each.misconceptions) <= set(rubric.misconception_ids())


@pytest.mark.parametrize("name", sorted({each.rubric for each in gold.answers("tuned")}))
def test_every_rubric_of_the_course_grades_its_own_model_answer(name: str):
    assert problems(gold.rubric(name)) == []


def test_kappa_is_one_for_equal_scores_and_zero_for_a_constant():
    assert measures.kappa([(0, 0), (5, 5), (10, 10)]) == 1
    assert measures.kappa([(0, 5), (10, 5)]) == pytest.approx(0)
    assert measures.kappa([(0, 10), (10, 0)]) == pytest.approx(-1)

"""The checklist: grades an explanation with no model and no network, the same way every time.

It compares sentences with those from which the rubric has learnt or, if it has learnt nothing,
looks for the ideas of its phrases. It knows nothing else: its score is an estimate.
"""

from __future__ import annotations

from . import by_examples, by_phrases
from .english import is_english
from .feedback import Findings, feedback, next_step
from .hollow import hollow
from .result import CriterionResult, GradedBy, Result, score
from .rubric import Rubric
from .wording import ENGLISH, Wording, said


def grade(rubric: Rubric, answer: str, wording: Wording = ENGLISH) -> Result:
    """Grade an answer. Deterministic; time grows with its length.

    What is said to the learner is English, or `wording`'s, which has the keys of `wording.ENGLISH`.
    """
    why = hollow(answer, wording)
    found = nothing(rubric, wording) if why else findings(rubric, answer, wording)
    total = score(
        rubric, {each.id: each.verdict for each in found.criteria}, len(found.misconceptions)
    )
    step = why or unread(found, answer, wording) or next_step(rubric, found, wording)
    by = GradedBy("checklist", note=said("note", wording))
    return Result(total, found.criteria, found.misconceptions, step, by)


def findings(rubric: Rubric, answer: str, wording: Wording = ENGLISH) -> Findings:
    """What an answer states of a rubric."""
    if rubric.learned:
        return by_examples.findings(rubric, rubric.learned, answer, wording)
    return by_phrases.findings(rubric, answer, wording)


def unread(found: Findings, answer: str, wording: Wording) -> str | None:
    """Say that only English is understood, if nothing was found in an answer that is none."""
    if found.misconceptions or any(each.verdict != "missed" for each in found.criteria):
        return None
    return None if is_english(answer) else said("only-english", wording)


def nothing(rubric: Rubric, wording: Wording) -> Findings:
    """What an answer states that says nothing."""
    missed = (
        CriterionResult(each.id, "missed", "", feedback(each, "missed", wording=wording))
        for each in rubric.criteria
    )
    return Findings(tuple(missed), ())

"""The checklist: grades an explanation with no model and no network, the same way every time.

It compares sentences with those from which the rubric has learnt or, if it has learnt nothing,
looks for the ideas of its phrases. It knows nothing else: its score is an estimate.
"""

from __future__ import annotations

from . import by_examples, by_phrases
from .feedback import Findings, feedback, next_step
from .hollow import hollow
from .result import CriterionResult, GradedBy, Result, score
from .rubric import Rubric

NOTE = "A checklist estimate, not an AI: it knows some ways to say an idea, and can miss others."


def grade(rubric: Rubric, answer: str) -> Result:
    """Grade an answer. Deterministic; time grows with its length."""
    why = hollow(answer)
    found = nothing(rubric) if why else findings(rubric, answer)
    total = score(
        rubric, {each.id: each.verdict for each in found.criteria}, len(found.misconceptions)
    )
    step = why or next_step(rubric, found)
    return Result(
        total, found.criteria, found.misconceptions, step, GradedBy("checklist", note=NOTE)
    )


def findings(rubric: Rubric, answer: str) -> Findings:
    """What an answer states of a rubric."""
    if rubric.learned:
        return by_examples.findings(rubric, rubric.learned, answer)
    return by_phrases.findings(rubric, answer)


def nothing(rubric: Rubric) -> Findings:
    """What an answer states that says nothing."""
    missed = (
        CriterionResult(each.id, "missed", "", feedback(each, "missed")) for each in rubric.criteria
    )
    return Findings(tuple(missed), ())

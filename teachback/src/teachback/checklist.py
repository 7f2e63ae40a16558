"""The checklist: grades an explanation with no model and no network, the same way every time."""

from __future__ import annotations

import re

from .hollow import hollow
from .instructions import without_instructions
from .result import CriterionResult, GradedBy, Result, score
from .rubric import Criterion, Rubric
from .text import fold, sentences

NOTE = "A checklist estimate, not an AI: it looks for ideas it knows the words for."
WORD = re.compile(r"[^\W_]+")


def grade(rubric: Rubric, answer: str) -> Result:
    """Grade an answer by the rubric's phrases. Deterministic; time grows with its length."""
    empty = hollow(answer)
    told = "" if empty else without_instructions(answer)
    criteria = tuple(judged(each, told, answer) for each in rubric.criteria)
    missing = [
        each.criterion
        for each, got in zip(rubric.criteria, criteria, strict=True)
        if got.verdict != "met"
    ]
    step = empty or (f"Add this: {missing[0]}" if missing else "Try it on a friend.")
    total = score(rubric, {each.id: each.verdict for each in criteria})
    return Result(total, criteria, (), step, GradedBy("checklist", note=NOTE))


def judged(criterion: Criterion, told: str, answer: str) -> CriterionResult:
    """A first estimate: a sentence that holds all words of a phrase."""
    for start, end in sentences(told):
        words = set(WORD.findall(fold(told[start:end]).text))
        if any(set(WORD.findall(fold(each).text)) <= words for each in criterion.look_for):
            return CriterionResult(criterion.id, "met", answer[start:end].strip(), "Said.")
    return CriterionResult(criterion.id, "missed", "", f"Not found: {criterion.criterion}")


def problems(rubric: Rubric) -> list[tuple[str, str]]:
    """What is wrong with a rubric: its path in the rubric, and a message."""
    found = []
    for index, each in enumerate(rubric.criteria):
        got = judged(each, rubric.model_answer, rubric.model_answer).verdict
        if got != "met":
            path = f"criteria[{index}]"
            found.append((path, f"expected the model answer to meet it, got {got}"))
    return found

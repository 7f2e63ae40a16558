"""What is said to a learner about a graded explanation, in plain sentences."""

from __future__ import annotations

from dataclasses import dataclass

from .result import CriterionResult, MisconceptionResult, Verdict
from .rubric import Criterion, Rubric

COPIED = "Words taken from the lesson do not count; say it in your own."


@dataclass(frozen=True)
class Findings:
    """What was found in an answer, and whether some of it was copied."""

    criteria: tuple[CriterionResult, ...]
    misconceptions: tuple[MisconceptionResult, ...]
    copied: bool = False


def feedback(criterion: Criterion, verdict: Verdict, contradicted: bool = False) -> str:
    """One plain sentence on a criterion."""
    if contradicted:
        return f"Some of your words speak against this: {criterion.criterion}"
    if verdict == "met":
        return f"Found in your words: {criterion.criterion}"
    if verdict == "partly":
        return f"A part of this is there: {criterion.criterion}"
    return f"Not found in your words: {criterion.criterion}"


def next_step(rubric: Rubric, found: Findings) -> str:
    """The one thing that would help most: mend what is wrong, or add what weighs most."""
    if found.misconceptions:
        first = found.misconceptions[0].id
        known = next(each for each in rubric.misconceptions if each.id == first)
        return known.instead or f"Think again about this, which is not so: {known.says}"
    gaps = [
        (each.points * (2 if got.verdict == "missed" else 1), -i, each.criterion)
        for i, (each, got) in enumerate(zip(rubric.criteria, found.criteria, strict=True))
        if got.verdict != "met"
    ]
    if not gaps:
        return rubric.follow_up.strip() or "Nothing is missing. Explain it to somebody."
    return f"{COPIED + ' ' if found.copied else ''}Say this as well: {max(gaps)[2]}"

"""What is said to a learner about a graded explanation, in plain sentences."""

from __future__ import annotations

from dataclasses import dataclass

from .result import CriterionResult, MisconceptionResult, Verdict
from .rubric import Criterion, Rubric
from .wording import ENGLISH, Wording, said


@dataclass(frozen=True)
class Findings:
    """What was found in an answer, and whether some of it was copied."""

    criteria: tuple[CriterionResult, ...]
    misconceptions: tuple[MisconceptionResult, ...]
    copied: bool = False


def feedback(
    criterion: Criterion,
    verdict: Verdict,
    quote: str = "",
    contradicted: bool = False,
    wording: Wording = ENGLISH,
) -> str:
    """One plain sentence on a criterion; it says so where no words of the answer show it."""
    found = verdict in ("met", "partly")
    known = verdict if found and quote else "likely" if found else "missed"
    key = "contradicted" if contradicted else known
    return said(key, wording, criterion=criterion.criterion)


def next_step(rubric: Rubric, found: Findings, wording: Wording = ENGLISH) -> str:
    """The one thing that would help most: mend what is wrong, or add what weighs most."""
    if found.misconceptions:
        first = found.misconceptions[0].id
        known = next(each for each in rubric.misconceptions if each.id == first)
        return known.instead or said("think-again", wording, idea=known.says)
    gaps = [
        (each.points * (2 if got.verdict == "missed" else 1), -i, each.criterion)
        for i, (each, got) in enumerate(zip(rubric.criteria, found.criteria, strict=True))
        if got.verdict != "met"
    ]
    if not gaps:
        return rubric.follow_up.strip() or said("nothing-missing", wording)
    key = "say-in-own-words" if found.copied else "say"
    return said(key, wording, criterion=max(gaps)[2])

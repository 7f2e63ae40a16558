"""The result of grading: a verdict for each criterion, and the score that code makes of them.

Nobody who grades, checklist or model, ever names the score: it is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import floor
from typing import Any, Literal

from .rubric import Rubric

OUT_OF = 10
EARNS = {"met": 1.0, "partly": 0.5, "missed": 0.0, "cannot_assess": 0.0}
MOST_DEDUCTED = 3  # points for misconceptions, one for each

Verdict = Literal["met", "partly", "missed", "cannot_assess"]


@dataclass(frozen=True)
class CriterionResult:
    """How an answer did on one criterion; `quote` is the learner's own words, as they stand."""

    id: str
    verdict: Verdict
    quote: str = ""
    feedback: str = ""


@dataclass(frozen=True)
class MisconceptionResult:
    """A wrong idea that the answer states, in the learner's own words."""

    id: str
    quote: str


@dataclass(frozen=True)
class GradedBy:
    """Who graded: the checklist, or a language model by its name; `note` says why, if needed."""

    kind: Literal["checklist", "model"]
    name: str = ""
    note: str = ""


@dataclass(frozen=True)
class Result:
    """A graded explanation."""

    score: int
    criteria: tuple[CriterionResult, ...]
    misconceptions: tuple[MisconceptionResult, ...]
    next_step: str
    graded_by: GradedBy
    out_of: int = OUT_OF

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON has it."""
        return asdict(self)


def score(rubric: Rubric, verdicts: Mapping[str, str], misconceptions: int = 0) -> int:
    """Compute the score out of 10: half of a criterion's points for `partly`, halves round up.

    Each misconception takes one point off, three at most.
    """
    total = sum(criterion.points for criterion in rubric.criteria)
    earned = sum(each.points * EARNS[verdicts[each.id]] for each in rubric.criteria)
    raw = floor(OUT_OF * earned / total + 0.5) if total else 0
    return max(0, raw - min(misconceptions, MOST_DEDUCTED))

"""Grading of explanations: a checklist that runs anywhere, and a service that asks a model."""

from .check import problems
from .checklist import grade
from .hollow import hollow
from .quotes import aimed_at_grader, verified, without_instructions
from .result import CriterionResult, GradedBy, MisconceptionResult, Result, score
from .rubric import Criterion, Misconception, Rubric, RubricError

__all__ = [
    "Criterion",
    "CriterionResult",
    "GradedBy",
    "Misconception",
    "MisconceptionResult",
    "Result",
    "Rubric",
    "RubricError",
    "aimed_at_grader",
    "grade",
    "hollow",
    "problems",
    "score",
    "verified",
    "without_instructions",
]

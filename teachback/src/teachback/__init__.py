"""Grading of explanations: a checklist that runs anywhere, and a service that asks a model."""

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
    "score",
]

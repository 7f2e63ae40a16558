"""Fitting what turns evidence into verdicts: the constants of `teachback.verdicts`.

They are fitted on the `tuned` half. How well they do on a prompt nobody fitted them on is
estimated by leaving each prompt out once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from teachback import by_examples, verdicts
from teachback.evidence import gathered, looks

from . import Gold, answers, rubric

NAMES = ("sure", "denied", "long", "rest")
SHRINK = 0.003  # weight of the squared weights beside the mean cross-entropy, on standard scores
STEPS = 50  # of Newton's method, which needs about eight
Line = dict[str, float]


@dataclass(frozen=True)
class Case:
    """The evidence for one idea in one answer, and how it was labelled: 0, 1 or 2."""

    prompt: str
    looks: dict[str, float]
    label: int


@cache
def cases(half: str, misconceptions: bool = False) -> tuple[Case, ...]:
    """Each idea in each answer of a half."""
    return tuple(case for gold in answers(half) for case in cases_of(gold, misconceptions))


def cases_of(gold: Gold, misconceptions: bool) -> list[Case]:
    """Each criterion, or each misconception, in one answer."""
    known = rubric(gold.rubric)
    assert known.learned
    places = gathered(known.learned, *by_examples.opened(known, gold.text))
    ids = known.criterion_ids()
    if misconceptions:
        return [
            Case(gold.rubric, looks(each, ids, places), int(each in gold.misconceptions))
            for each in known.misconception_ids()
        ]
    levels = {name: i for i, name in enumerate(verdicts.LEVELS)}
    return [Case(gold.rubric, looks(each, ids, places), levels[gold.labels[each]]) for each in ids]


def fitted(given: Sequence[Case], is_so: Callable[[int], bool]) -> Line:
    """Logistic regression; what is denied must not speak for an idea, so it may not weigh more."""
    line = regression(given, is_so, NAMES)
    if line["denied"] > 0:
        line = regression(given, is_so, [each for each in NAMES if each != "denied"])
    return {"": line[""], **{name: line.get(name, 0.0) for name in NAMES}}


def regression(given: Sequence[Case], is_so: Callable[[int], bool], names: Sequence[str]) -> Line:
    """Logistic regression by Newton's method, the weights shrunk a little."""
    raw = np.array([[case.looks[name] for name in names] for case in given])
    mean, spread = raw.mean(0), raw.std(0)
    x = np.hstack([np.ones((len(raw), 1)), (raw - mean) / spread])
    y = np.array([is_so(case.label) for case in given], dtype=float)
    shrink = np.diag([0.0, *[SHRINK] * len(names)])
    w = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-x @ w))
        slope = x.T @ (p - y) / len(y) + shrink @ w
        curve = (x * (p * (1 - p))[:, None]).T @ x / len(y) + shrink
        w -= np.linalg.solve(curve, slope)
    weights = w[1:] / spread
    line = {"": float(w[0] - weights @ mean)}
    return line | dict(zip(names, map(float, weights), strict=True))


def lines(without: str = "") -> dict[str, Line]:
    """The three lines, fitted on the tuned half, perhaps without one prompt."""
    criteria = [case for case in cases("tuned") if case.prompt != without]
    wrong = [case for case in cases("tuned", True) if case.prompt != without]
    return {
        "PARTLY": fitted(criteria, lambda label: label >= 1),
        "MET": fitted(criteria, lambda label: label == 2),
        "HELD": fitted(wrong, lambda label: label == 1),
    }

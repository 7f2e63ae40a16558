"""From evidence to verdicts: how sure is sure enough, as people have judged it.

Two logistic regressions, the same for every rubric, turn the evidence for a criterion into the
probabilities of its verdicts; one more does it for misconceptions. They were fitted on answers
with labels (`bench -- calibration` fits them again and says how well they do on prompts
that they were not fitted on).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

from .learned import sigmoid
from .result import EARNS, Verdict

Line = Mapping[str, float]  # a weight for each of the evidence's numbers; "" is the bias

PARTLY: Line = {"": -0.68, "sure": 0.57, "denied": -0.20, "long": 0.48, "rest": 2.73}
MET: Line = {"": -1.97, "sure": 0.57, "denied": 0.00, "long": 0.53, "rest": 3.34}
HELD: Line = {"": -0.81, "sure": 0.83, "denied": -0.77, "long": 0.73, "rest": -1.90}

LEVELS: tuple[Verdict, ...] = ("missed", "partly", "met")
SURE = 0.6  # of a misconception: to be accused wrongly is worse than to be passed over
LIKELY = 0.14  # a verdict less probable is given only if it is the most probable
SOME = 0.3  # of there being something: below, nothing is given for it
NEAR = 0.5  # points that a total may lie beside what is to be expected
LEAST = 1e-6  # of a probability, before its logarithm is taken

Chances = tuple[float, float, float]  # of the levels


def chance(line: Line, looks: Mapping[str, float]) -> float:
    """The probability that a line gives."""
    return sigmoid(sum(weight * looks.get(name, 1.0) for name, weight in line.items()))


def chances(looks: Mapping[str, float]) -> Chances:
    """The probabilities of a criterion's verdicts."""
    some = chance(PARTLY, looks)
    all_of_it = min(some, chance(MET, looks))
    return 1 - some, some - all_of_it, all_of_it


def held(looks: Mapping[str, float]) -> bool:
    """Whether an answer states a misconception."""
    return chance(HELD, looks) >= SURE


def may_be(level: Verdict, p: float, given: Chances) -> bool:
    """Whether a verdict is probable enough to be given."""
    there = level == "missed" or 1 - given[0] >= SOME
    return there and p >= min(LIKELY, max(given))


def together(points: Sequence[int], given: Sequence[Chances]) -> tuple[Verdict, ...]:
    """The likeliest verdicts of all criteria whose points are near the points to be expected.

    Each alone at its likeliest would be generous to answers that hint at everything, and hard on
    those that are a little below for each: the errors would not even out.
    """
    expected = sum(
        worth * EARNS[level] * p
        for worth, each in zip(points, given, strict=True)
        for level, p in zip(LEVELS, each, strict=True)
    )
    best: dict[float, tuple[float, tuple[Verdict, ...]]] = {0.0: (0.0, ())}  # by their points
    for worth, each in zip(points, given, strict=True):
        longer: dict[float, tuple[float, tuple[Verdict, ...]]] = {}
        for total, (likely, verdicts) in best.items():
            for level, p in zip(LEVELS, each, strict=True):
                if may_be(level, p, each):
                    option = likely + log(max(LEAST, p)), (*verdicts, level)
                    now = total + worth * EARNS[level]
                    longer[now] = max(longer.get(now, option), option)
        best = longer
    off = {total: max(0.0, abs(total - expected) - NEAR) for total in best}
    return best[max(best, key=lambda total: (-off[total], best[total][0]))][1]

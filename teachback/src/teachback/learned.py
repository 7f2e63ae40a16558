"""What was learnt from example sentences: a weight for each thing that can be seen in a sentence.

A rubric that has it is graded by it. `teachback.learning` makes it when a course is built.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import exp
from typing import Any

MATTER = ""  # stands for an idea: being on the matter at all
OPPOSITE = "not "  # before the id of a criterion: stating the opposite of it
UNIT = 100  # of the whole numbers in which rarities and weights are written
LOWEST = -500.0  # the logistic function of what is lower would overflow


@dataclass(frozen=True)
class Learned:
    """How rare each feature is, and for each idea the weights of features and a bias."""

    rarity: dict[str, float]
    weights: dict[str, dict[str, float]]
    biases: dict[str, float]

    @cached_property
    def rarest(self) -> float:
        """The rarity of the rarest feature, which an unknown one is given too."""
        return rarest(self.rarity)

    def logit(self, idea: str, given: Mapping[str, float]) -> float:
        """How surely a sentence states an idea, as a logit; `given` are its `scaled` features."""
        weights = self.weights[idea]
        return self.biases[idea] + sum(weights.get(name, 0.0) * x for name, x in given.items())

    def as_table(self) -> dict[str, Any]:
        """One row for each feature, its rarity first, in hundredths: small as JSON."""
        ideas = list(self.weights)
        rows = {
            name: [whole(rarity), *(whole(self.weights[idea].get(name, 0.0)) for idea in ideas)]
            for name, rarity in self.rarity.items()
        }
        return {
            "ideas": ideas,
            "biases": [whole(self.biases[each]) for each in ideas],
            "rows": rows,
        }

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Learned:
        """Read what `as_table` gave. Raises `KeyError`, `TypeError` or `ValueError`."""
        ideas, rows = table["ideas"], table["rows"]
        weights = {
            idea: {name: row[i] / UNIT for name, row in rows.items() if row[i]}
            for i, idea in enumerate(ideas, 1)
        }
        biases = {idea: each / UNIT for idea, each in zip(ideas, table["biases"], strict=True)}
        return cls({name: row[0] / UNIT for name, row in rows.items()}, weights, biases)


def rarest(rarity: Mapping[str, float]) -> float:
    """The largest of some rarities."""
    return max(rarity.values(), default=1.0)


def whole(x: float) -> int:
    """A number in hundredths."""
    return round(x * UNIT)


def sigmoid(x: float) -> float:
    """The logistic function."""
    return 1 / (1 + exp(-max(x, LOWEST)))

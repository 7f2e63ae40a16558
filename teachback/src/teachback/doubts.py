"""Whether example sentences can be told apart: what authors are told of lists that were mixed up.

What was learnt from a sentence fits it, wherever it stands. So each half of the sentences is
looked at with what the other half teaches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .learned import Learned
from .learning import Examples, Said, learn, tokens_of
from .seen import features, scaled

ENOUGH = 24  # right and wrong sentences, each: of fewer, halves teach too little
LEAST_ORDERED = 0.6  # of pairs of a right and a wrong sentence; by chance it would be one half
SHOWN = 2  # sentences named as those that look most out of place
KEYS = {"criteria": ("met", "missed"), "misconceptions": ("says", "rejects")}


def doubts(examples: Examples) -> list[tuple[tuple[str, str], str]]:
    """Ideas whose right and wrong sentences cannot be told apart, each with its path in the file.

    Trains twice; deterministic.
    """
    halves = [learn(half(examples, i)) for i in (1, 0)]
    return [
        ((kind, idea), told)
        for kind in KEYS
        for idea, said in getattr(examples, kind).items()
        if (told := problem(kind, idea, said, halves))
    ]


def half(examples: Examples, i: int) -> Examples:
    """Every second sentence of each list, from the first or the second on."""

    def parted(ideas: Mapping[str, Said]) -> dict[str, Said]:
        return {
            idea: Said(said.right[i::2], said.half[i::2], said.wrong[i::2], said.opposite[i::2])
            for idea, said in ideas.items()
        }

    return replace(
        examples,
        criteria=parted(examples.criteria),
        misconceptions=parted(examples.misconceptions),
        other=examples.other[i::2],
    )


def problem(kind: str, idea: str, said: Said, halves: list[Learned]) -> str:
    """What to tell of an idea whose sentences are mixed up; nothing of one in order."""
    right, wrong = (
        sorted((sure(halves[i % 2], idea, text), text) for i, text in enumerate(texts))
        for texts in (said.right, said.wrong)
    )
    ordered = sum(a > b for a, _ in right for b, _ in wrong) / max(1, len(right) * len(wrong))
    if min(len(right), len(wrong)) < ENOUGH or ordered >= LEAST_ORDERED:
        return ""
    good, bad = KEYS[kind]
    worst = " and ".join(repr(text) for _, text in right[:SHOWN])
    best = " and ".join(repr(text) for _, text in wrong[::-1][:SHOWN])
    return (
        f"expected sentences under `{good}` that can be told from those under `{bad}`, but a grader"
        f" that learns from one half gets {ordered:.0%} of pairs from the other half in order"
        f" (by chance 50%); out of place look {worst} under `{good}`, {best} under `{bad}`"
    )


def sure(learned: Learned, idea: str, text: str) -> float:
    """How surely a sentence states an idea, as a logit."""
    seen = scaled(features(tokens_of(text)), learned.rarity, learned.rarest)
    return learned.logit(idea, seen)

"""Learning from example sentences which words speak for an idea, and which against it.

An idea is told in many ways, right and wrong. From sentences of both kinds a logistic regression is
trained for each idea of a rubric when a course is built; readers get its weights. It is the loop
that lessons teach, at its smallest: a prediction, its cross-entropy, a gradient, a step, again.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log

from .reading import Token, read
from .seen import features, scaled
from .vocabulary import vocabulary

LEAST = 2  # sentences a feature must stand in, or it tells nothing
EPOCHS = 15
RATE = 4.0  # learning rate at the start; it falls to 0
SHRINK = 1e-4  # weight decay
BIAS_RATE = 0.1  # of the rate: the bias moves with every sentence
DIGITS = 2
RIGHT, HALF, WRONG, BESIDE = (1.0, 2.0), (0.5, 1.0), (0.0, 1.5), (0.0, 0.5)  # target and weight

Labels = dict[int, tuple[float, float]]  # of a sentence by its number: target and weight


@dataclass(frozen=True)
class Said:
    """Sentences on one idea: `right` ones state it, `half` a part of it, `wrong` ones do not."""

    right: tuple[str, ...]
    half: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True)
class Examples:
    """Sentences for the ideas of a rubric, by their ids; `other` ones state none of them.

    Right sentences of a misconception assert it, wrong ones reject it.
    """

    criteria: Mapping[str, Said]
    misconceptions: Mapping[str, Said]
    other: tuple[str, ...] = ()


@dataclass(frozen=True)
class Learned:
    """How rare each feature is, and for each idea the weights of features; "" is the bias."""

    rarity: dict[str, float] = field(default_factory=dict)
    weights: dict[str, dict[str, float]] = field(default_factory=dict)

    def probability(self, idea: str, given: Mapping[str, float]) -> float:
        """The probability that a sentence states an idea; `given` are its `scaled` features."""
        weights = self.weights[idea]
        return sigmoid(weights[""] + sum(weights.get(name, 0.0) * x for name, x in given.items()))


def sigmoid(x: float) -> float:
    """The logistic function; what is far out would overflow."""
    return 1 / (1 + exp(-max(x, -500.0)))


def learn(examples: Examples) -> Learned:
    """Train on the sentences. Deterministic; about two seconds for 400 sentences and nine ideas."""
    sentences, labels = labelled(examples)
    counts = [features(tokens_of(text)) for text in sentences]
    rarity = rarities(counts)
    rows = [scaled(each, rarity) for each in counts]
    return Learned(rarity, {idea: fitted(rows, each) for idea, each in labels.items()})


def labelled(examples: Examples) -> tuple[list[str], dict[str, Labels]]:
    """All sentences, and what each is to each idea: what is right for one is beside another.

    Left out are sentences that may well be right for an idea they were not written for: a wrong
    one may state a misconception, and one that rejects a misconception may state a criterion.
    """
    sentences: list[str] = []
    ideas = {**examples.criteria, **examples.misconceptions}
    labels: dict[str, Labels] = {idea: {} for idea in ideas}

    def add(texts: Sequence[str], own: str, label: tuple[float, float], skip: set[str]) -> None:
        for text in texts:
            for idea in ideas:
                if idea == own or idea not in skip:
                    labels[idea][len(sentences)] = label if idea == own else BESIDE
            sentences.append(text)

    for own, said in ideas.items():
        others = examples.misconceptions if own in examples.criteria else examples.criteria
        add(said.right, own, RIGHT, set())
        add(said.half, own, HALF, set())
        add(said.wrong, own, WRONG, set(others))
    add(examples.other, "", BESIDE, set())
    return sentences, labels


def tokens_of(text: str) -> list[Token]:
    """The words of an example, read as an answer is."""
    return [token for sentence in read(text, vocabulary(())) for token in sentence.tokens]


def rarities(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """How much each feature tells by being rare; those in too few sentences are left out."""
    there = Counter(name for row in rows for name in row)
    return {
        name: round(log((1 + len(rows)) / (1 + count)) + 1, DIGITS)
        for name, count in sorted(there.items())
        if count >= LEAST
    }


def fitted(rows: Sequence[Mapping[str, float]], labels: Labels) -> dict[str, float]:
    """Stochastic gradient descent on the cross-entropy; weights that say little are left out."""
    weights = {name: 0.0 for i in labels for name in rows[i]}
    bias, done = 0.0, 0
    order, rng = list(labels), random.Random(0)
    for _ in range(EPOCHS):
        rng.shuffle(order)
        for i in order:
            target, weight = labels[i]
            row = rows[i]
            rate = RATE * (1 - done / (EPOCHS * len(order)))
            predicted = sigmoid(bias + sum(weights[name] * x for name, x in row.items()))
            push = rate * weight * (predicted - target)
            for name, x in row.items():
                weights[name] -= push * x + rate * SHRINK * weights[name]
            bias -= BIAS_RATE * push
            done += 1
    kept = {name: round(each, DIGITS) for name, each in sorted(weights.items())}
    return {"": round(bias, DIGITS), **{name: each for name, each in kept.items() if each}}

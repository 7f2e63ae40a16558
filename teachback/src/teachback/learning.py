"""Learning from example sentences which words speak for an idea, and which against it.

An idea is told in many ways, right and wrong. From sentences of both kinds a logistic regression is
trained for each idea of a rubric when a course is built; readers get its weights. It is the loop
that lessons teach, at its smallest: a prediction, its cross-entropy, a gradient, a step, again.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from math import log

from .everyday import EVERYDAY
from .learned import MATTER, OPPOSITE, UNIT, Learned, rarest, sigmoid
from .reading import Token, read
from .seen import features, scaled
from .vocabulary import vocabulary

LEAST = 2  # sentences a feature must stand in, or it tells nothing
EPOCHS = 15
RATE = 4.0  # learning rate at the start; it falls to 0
SHRINK = 1e-4  # weight decay
IDLE = 1.3  # what all that is beside the matter weighs, beside all that is on it
FAINT = 0.05  # weights nearer to 0 are left out
BIAS_RATE = 0.1  # of the rate: the bias moves with every sentence
RIGHT, HALF, WRONG, BESIDE = (1.0, 2.0), (0.5, 1.0), (0.0, 2.0), (0.0, 0.5)  # target and weight
TURNED = (0.0, 1.0)  # a right sentence that denies what it stated

Label = tuple[float, float]  # target and weight
Labels = dict[int, Label]  # of a sentence by its number


@dataclass(frozen=True)
class Said:
    """Sentences on one idea: `right` ones state it, `half` a part of it, `wrong` ones do not.

    `opposite` ones are wrong because they state the opposite.
    """

    right: tuple[str, ...]
    half: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    opposite: tuple[str, ...] = ()


@dataclass(frozen=True)
class Examples:
    """Sentences for the ideas of a rubric, by their ids; `other` ones state none of them.

    Right sentences of a misconception assert it, wrong ones reject it.
    """

    criteria: Mapping[str, Said]
    misconceptions: Mapping[str, Said]
    other: tuple[str, ...] = ()


def learn(examples: Examples) -> Learned:
    """Train on the sentences. Deterministic; some seconds for 800 sentences and nine ideas."""
    sentences, labels = labelled(examples)
    read = [tokens_of(text) for text in sentences]
    counts = [features(tokens) for tokens in read]
    rarity = rarities(counts)
    most = rarest(rarity)
    rows = [scaled(each, rarity, most) for each in counts]
    for idea in (*examples.criteria, *examples.misconceptions):
        for i in [i for i, label in labels[idea].items() if label == RIGHT]:
            labels[idea][len(rows)] = TURNED
            rows.append(scaled(features(turned(read[i])), rarity, most))
    labels[MATTER] = matter(examples, sentences)
    fits = {idea: fitted(rows, each) for idea, each in labels.items()}
    weights = {idea: weights for idea, (weights, _) in fits.items()}
    return Learned(rarity, weights, {idea: bias for idea, (_, bias) in fits.items()})


def matter(examples: Examples, sentences: Sequence[str]) -> Labels:
    """What is on the matter at all, right or wrong; both sides weigh nearly the same."""
    beside = {*examples.other, *EVERYDAY}
    share = sum(text in beside for text in sentences) / len(sentences)
    return {
        i: (0.0, IDLE * (1 - share) / share) if text in beside else (1.0, 1.0)
        for i, text in enumerate(sentences)
    }


def turned(tokens: Sequence[Token]) -> list[Token]:
    """A sentence that denies what it stated, and states what it denied."""
    return [replace(token, denied=not token.denied) for token in tokens]


def labelled(examples: Examples) -> tuple[list[str], dict[str, Labels]]:
    """All sentences, and what each is to each idea: what is right for one is beside another.

    Left out are sentences that may well be right for an idea they were not written for: a wrong
    one may state a misconception, and one that rejects a misconception may state a criterion.
    """
    sentences: list[str] = []
    criteria = set(examples.criteria)
    wrong = set(examples.misconceptions)
    opposites = {OPPOSITE + own for own, said in examples.criteria.items() if said.opposite}
    labels: dict[str, Labels] = {
        idea: {} for idea in (*examples.criteria, *examples.misconceptions, *sorted(opposites))
    }

    def add(texts: Sequence[str], own: Mapping[str, Label], skip: Set[str] = frozenset()) -> None:
        for text in texts:
            for idea in labels.keys() - (skip - own.keys()):
                labels[idea][len(sentences)] = own.get(idea, BESIDE)
            sentences.append(text)

    for idea, said in examples.criteria.items():
        opposite = OPPOSITE + idea
        add(said.right, {idea: RIGHT, opposite: WRONG})
        add(said.half, {idea: HALF, opposite: WRONG})
        add(said.wrong, {idea: WRONG}, wrong | {opposite})
        add(said.opposite, {idea: WRONG, opposite: RIGHT}, wrong)
    for idea, said in examples.misconceptions.items():
        add(said.right, {idea: RIGHT}, opposites)
        add(said.wrong, {idea: WRONG}, criteria)
    add(examples.other, {})
    sentences += EVERYDAY
    return sentences, labels


def tokens_of(text: str) -> list[Token]:
    """The words of an example, read as an answer is."""
    return [token for sentence in read(text, vocabulary(())) for token in sentence.tokens]


def rarities(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """How much each feature tells by being rare; those in too few sentences are left out."""
    there = Counter(name for row in rows for name in row)
    return {
        name: rounded(log((1 + len(rows)) / (1 + count)) + 1)
        for name, count in sorted(there.items())
        if count >= LEAST
    }


def fitted(rows: Sequence[Mapping[str, float]], labels: Labels) -> tuple[dict[str, float], float]:
    """Weights and bias by stochastic gradient descent on the cross-entropy."""
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
    kept = {name: rounded(each) for name, each in sorted(weights.items()) if abs(each) >= FAINT}
    return kept, rounded(bias)


def rounded(x: float) -> float:
    """A number as it is published."""
    return round(x * UNIT) / UNIT

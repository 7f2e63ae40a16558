"""What learning sees of a sentence: words, the ideas they carry, pairs in a row, and denials."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log, sqrt

from .reading import Token
from .stems import stem
from .text import words

NEAR = 3  # words from the first of a pair to the second, at most, small words not counted
PAIR = 0.5  # what a pair weighs beside a word
SMALL = words(
    "a an the of to in on at is are was were be been it its this that these those i you he she we "
    "they my your our their his her me him us them and or as so by for with from then than there "
    "here have has had do does did will would can could may might just also very really thing "
    "stuff like one s t"
)
SIGNS = frozenset("√%*×=←")

Told = tuple[list[str], bool]  # a word's stem and ideas, and whether it is denied


def features(tokens: Iterable[Token]) -> dict[str, float]:
    """Each feature of some words of an answer, with how often it is there."""
    told = [found for token in tokens if (found := word_seen(token))]
    counts: Counter[str] = Counter()
    for names, denied in told:
        counts.update(names)
        counts.update("!" + name for name in names if denied)
    weighed = {name: PAIR * count for name, count in Counter(pairs(told)).items()}
    return {**counts, **weighed}


def word_seen(token: Token) -> Told | None:
    """What a word is seen as; None if it does not count."""
    word = token.text
    if token.copied or word in SMALL:
        return None
    if not (word[0].isalnum() or word in SIGNS):
        return None
    ideas = sorted(idea for idea in token.ideas if idea[0] not in "=~")
    return ["=" + stem(word), *ideas], token.denied or token.reported


def pairs(told: Sequence[Told]) -> Iterator[str]:
    """Pairs of ideas, or of stems where a word carries no idea, in the order they stand in."""
    short = [(names[1:] or names, denied) for names, denied in told]
    for i, (first, denied) in enumerate(short):
        for second, also in short[i + 1 : i + 1 + NEAR]:
            mark = "!!" if denied and also else "!" if denied or also else ""
            yield from (f"{mark}{a} {b}" for a in first for b in second)


def scaled(
    counts: Mapping[str, float], rarity: Mapping[str, float], rarest: float
) -> dict[str, float]:
    """Features weighted by their rarity (tf-idf, Spärck Jones 1972), brought to length 1.

    Unknown ones count for the length, as the rarest does: a sentence of other matters that happens
    to hold one known word must not look as if it were made of that alone.
    """
    values = {
        name: (1 + log(count) if count > 1 else count) * rarity.get(name, rarest)
        for name, count in counts.items()
    }
    length = sqrt(sum(value * value for value in values.values())) or 1.0
    return {name: value / length for name, value in values.items() if name in rarity}

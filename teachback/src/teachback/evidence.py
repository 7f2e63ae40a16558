"""What an answer holds for each idea of a rubric, as numbers that verdicts are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from .learned import MATTER, Learned, sigmoid
from .reading import Sentence, Token
from .seen import features, scaled

LEAST, MOST = -3.0, 4.0  # logits: what is farther out is as sure as can be
BESIDE = -0.5  # small talk that shares a word or two with the matter lies below


@dataclass(frozen=True)
class Evidence:
    """The sentence, or two in a row, that most surely states an idea: its words, and its logit."""

    sure: float = LEAST
    tokens: Sequence[Token] = ()

    @property
    def words(self) -> list[Token]:
        """The tokens that are no mere signs."""
        return [each for each in self.tokens if each.text[0].isalnum()]

    @property
    def denied(self) -> float:
        """The share of the words that a negation reaches."""
        return sum(each.denied for each in self.words) / max(1, len(self.words))

    @property
    def long(self) -> float:
        """The logarithm of the number of words."""
        return log(1 + len(self.words))


def gathered(learned: Learned, sentences: Sequence[Sentence], text: str) -> dict[str, Evidence]:
    """The evidence for each idea that was learnt, in those sentences that are on the matter.

    Those that are not must not count at all, or words around an answer would raise its score.
    """
    found = {idea: Evidence() for idea in learned.weights if idea != MATTER}
    for tokens in windows(learned, sentences, text):
        for idea, sure in logits(learned, tokens).items():
            if idea != MATTER and sure > found[idea].sure:
                found[idea] = Evidence(min(MOST, sure), tokens)
    return found


def logits(learned: Learned, tokens: Sequence[Token]) -> dict[str, float]:
    """How surely some words state each idea; empty if there is nothing in them to be seen."""
    seen = scaled(features(tokens), learned.rarity)
    return {idea: learned.logit(idea, seen) for idea in learned.weights} if seen else {}


def windows(learned: Learned, sentences: Sequence[Sentence], text: str) -> Iterator[list[Token]]:
    """The words of each sentence, and of each two in one paragraph, that are on the matter."""
    yield from (each.tokens for each in sentences if each.states and tells(learned, each.tokens))
    for first, second in pairwise(sentences):
        between = text[first.tokens[-1].end : second.tokens[0].start]
        both = [*first.tokens, *second.tokens]
        if first.states and second.states and "\n\n" not in between and tells(learned, both):
            yield both


def tells(learned: Learned, tokens: Sequence[Token]) -> bool:
    """Whether some words have to do with the rubric, rightly or wrongly."""
    given = logits(learned, tokens)
    return bool(given) and given.pop(MATTER) + max(given.values()) > BESIDE


def looks(idea: str, criteria: Sequence[str], found: Mapping[str, Evidence]) -> dict[str, float]:
    """The evidence for a criterion or a misconception, as named numbers.

    `sure`, `denied` and `long` are of the best place; `rest` is the mean probability of the
    criteria besides: who explains the others well is more likely to mean this one too.
    """
    own = found[idea]
    others = [sigmoid(found[each].sure) for each in criteria if each != idea]
    rest = sum(others) / len(others) if others else 0.0
    return {"sure": own.sure, "denied": own.denied, "long": own.long, "rest": rest}

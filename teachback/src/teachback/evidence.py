"""What an answer holds for each idea of a rubric, as numbers that verdicts are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import log

from .learned import MATTER, OPPOSITE, Learned, sigmoid
from .lexicon import VERBS
from .reading import FEWEST_WORDS, Sentence, Token, states
from .seen import SIGNS, features, scaled

LEAST, MOST = -3.0, 4.0  # logits: what is farther out is as sure as can be
QUITE, ENOUGH = 1.0, 2.0  # how much less sure one sentence may be than two, and what is sure
OPENING = 9  # words in which an announcement is made
ANNOUNCES = re.compile(
    r"(?:\w+ )?i(?:'ll| will| shall| would| am going to|'m going to| want to| do not| don't| dont"
    r"| have no idea| forgot| cannot| can't)\b.*\b(?:how|why|what|that|whether|if)\b"
    r"|(?:\w+ ){0,2}(?:one|we|you|i) (?:should|must|could|have to|has to) (?:also )?"
    r"(?:mention|name|not forget)\b(?! that)(?! how)"
    r"|(?:\w+ ){0,2}(?:one|we|you|i) (?:should|must|could|have to|has to) (?:also )?"
    r"(?:mention|say|not forget) that there (?:is|are)\b"
)
OPPOSED = 1.0  # the logit from which the opposite of an idea is taken for stated
ENDLESS = 45  # words; sentences of more run on
BREATH = 9  # words, at least, of a part of one that runs on
SPLIT = -1.0  # the logit from which an idea may be split over two sentences
ALOOF = -2.0  # what is farther from the matter makes no pair with a neighbour
BESIDE = -0.5  # small talk that shares a word or two with the matter lies below


@dataclass(frozen=True)
class Evidence:
    """The sentence, or two in a row, that most surely states an idea: its words, and its logit.

    `quote` is what to show: one sentence, if that alone is sure enough.
    """

    sure: float = LEAST
    tokens: Sequence[Token] = ()
    quote: Sequence[Token] = ()

    @property
    def denied(self) -> float:
        """The share of the words that a negation reaches."""
        return sum(each.denied for each in self.tokens) / max(1, len(self.tokens))

    @property
    def mostly_reported(self) -> bool:
        """Whether half of the words tell only what others hold, or what is called wrong."""
        return 2 * sum(each.reported for each in self.tokens) >= len(self.tokens) > 0

    @property
    def mostly_copied(self) -> bool:
        """Whether half of the words are the lesson's: what is left says something else."""
        return 2 * sum(each.copied for each in self.tokens) >= len(self.tokens) > 0

    @property
    def long(self) -> float:
        """The logarithm of the number of words."""
        return log(1 + len(self.tokens))


Found = dict[str, Evidence]


def gathered(learned: Learned, sentences: Sequence[Sentence], text: str) -> Found:
    """The evidence for each idea that was learnt, in those sentences that are on the matter.

    Those that are not must not count at all, or words around an answer would raise its score.
    """
    ideas = [idea for idea in learned.weights if idea != MATTER]
    units = (unit for each in sentences if tells(each) for unit in breaths(each))
    alone = surest(learned, ideas, units)
    both = surest(learned, ideas, pairs([each for each in sentences if on(learned, each)], text))
    found = {}
    for idea in ideas:
        one, two = alone[idea], both[idea]
        best = two if two.sure > max(one.sure, SPLIT) else one
        enough = one.sure >= min(two.sure - QUITE, ENOUGH)
        found[idea] = replace(best, quote=one.tokens if enough else best.tokens)
    return found


def surest(learned: Learned, ideas: Sequence[str], units: Iterable[list[Token]]) -> Found:
    """The unit of words that states each idea most surely."""
    found = {idea: Evidence() for idea in ideas}
    for tokens in units:
        seen = scaled(features(tokens), learned.rarity, learned.rarest)
        sure = {idea: learned.logit(idea, seen) for idea in ideas} if seen else {}
        if sure and learned.logit(MATTER, seen) + max(sure.values()) > BESIDE:
            for idea in ideas:
                new = Evidence(sure[idea], tokens)
                if new.sure > found[idea].sure and not (of_opposite(idea) and new.mostly_reported):
                    found[idea] = new
    return found


def of_opposite(idea: str) -> bool:
    """Whether an idea is the opposite of a criterion."""
    return idea.startswith(OPPOSITE)


def breaths(sentence: Sentence) -> Iterator[list[Token]]:
    """The words of a sentence; of one that never ends also its clauses, some words at a time."""
    yield spoken(sentence)
    tokens, start = sentence.tokens, 0
    if len(tokens) <= ENDLESS:
        return
    ends = [i for i, (a, b) in enumerate(pairwise(tokens), 1) if a.clause != b.clause]
    for end in [*ends, len(tokens)]:
        if end - start >= BREATH:
            part = Sentence(tokens[start:end], states(tokens[start:end]))
            if part.states and not VERBS.isdisjoint(each.text for each in part.tokens):
                yield spoken(part)
            start = end


def on(learned: Learned, sentence: Sentence) -> bool:
    """Whether a sentence may belong to a pair: small talk must not lean on its neighbour."""
    seen = scaled(features(spoken(sentence)), learned.rarity, learned.rarest)
    return asks(sentence) or learned.logit(MATTER, seen) > ALOOF


def pairs(sentences: Sequence[Sentence], text: str) -> Iterator[list[Token]]:
    """The words of each two sentences in a row in one paragraph; the first may be a question."""
    for first, second in pairwise(sentences):
        between = text[first.tokens[-1].end : second.tokens[0].start]
        if (tells(first) or asks(first)) and tells(second) and "\n\n" not in between:
            yield [*spoken(first), *spoken(second)]


def tells(sentence: Sentence) -> bool:
    """Whether a sentence says something: no question, no list of terms, no mere announcement."""
    if asks(sentence) or not (sentence.states or is_plain(sentence.tokens)):
        return False
    return not ANNOUNCES.match(" ".join(each.text for each in sentence.tokens[:OPENING]))


def is_plain(tokens: Sequence[Token]) -> bool:
    """Whether some words are one short statement, if one without the small words of English."""
    said = {each.text for each in tokens if each.text[0].isalnum()}
    return len(said) >= FEWEST_WORDS and not any(each.text in ",/|;:" for each in tokens)


def asks(sentence: Sentence) -> bool:
    """Whether a sentence is a question."""
    return sentence.tokens[-1].text == "?"


def spoken(sentence: Sentence) -> list[Token]:
    """The words of a sentence, and the signs that mean something."""
    return [each for each in sentence.tokens if each.text[0].isalnum() or each.text in SIGNS]


def looks(idea: str, criteria: Sequence[str], found: Mapping[str, Evidence]) -> dict[str, float]:
    """The evidence for a criterion or a misconception, as named numbers.

    `sure`, `denied` and `long` are of the best place; `rest` is the mean probability of the
    criteria besides: who explains the others well is more likely to mean this one too.
    """
    own = found[idea]
    others = [sigmoid(min(MOST, found[each].sure)) for each in criteria if each != idea]
    rest = sum(others) / len(others) if others else 0.0
    return {"sure": min(MOST, own.sure), "denied": own.denied, "long": own.long, "rest": rest}


def opposed(idea: str, found: Mapping[str, Evidence]) -> Evidence | None:
    """Where the opposite of an idea is stated, if that is sure, and in the learner's own words."""
    opposite = found.get(OPPOSITE + idea)
    if not opposite or opposite.mostly_copied:
        return None
    return opposite if opposite.sure >= OPPOSED else None

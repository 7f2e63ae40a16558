"""An answer as the checklist reads it: words with the ideas they carry, and how they are said.

Every word knows which sentence and clause it stands in, whether a negation reaches it, whether it
only tells what other people think, and whether it was copied. All of it is found in one walk from
left to right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from .lexicon import (
    BREAKS, FUNCTION, IDEAS, NEGATORS, NOT_NEGATING, OTHERS, PRONOUNS, SUPPOSE, TURNS, UNTRUE,
)  # fmt: skip
from .spelling import Spelling
from .stems import stem
from .text import fold, sentences

TOKEN = re.compile(r"[^\W_]+(?:['\-][^\W_]+)*|[^\w\s]")
MATH = frozenset("√%*×=←η∂")
FEWEST_WORDS = 4
LEAST_FUNCTION = 0.18  # the share of words like "the" and "is" that tells a sentence from a list
LIST_ITEM = 2.6  # words between commas, on average, in what is only a list


@dataclass(slots=True)
class Token:
    """One word of an answer."""

    text: str
    start: int
    end: int
    sentence: int
    ideas: frozenset[str] = frozenset()
    clause: int = 0
    denied: bool = False
    reported: bool = False
    copied: bool = False


@dataclass
class Sentence:
    """Some words that belong together, where each idea stands among them, and whether they state."""

    tokens: list[Token]
    states: bool
    places: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for i, token in enumerate(self.tokens):
            for idea in token.ideas:
                self.places.setdefault(idea, []).append(i)


class Vocabulary:
    """The ideas that words and turns of speech carry; a rubric adds its own."""

    def __init__(self, own: Iterable[str] = ()) -> None:
        self.ideas: dict[str, set[str]] = {}
        self.turns: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for line in IDEAS.strip().splitlines():
            name, _, said = line.partition(":")
            for each in said.split():
                self.learn(each, name)
        known = set(FUNCTION)
        for each in own:
            if "_" in each:
                self.learn(each, each)
            known.update(re.split(r"[_\-]", each))
        known.update(part for line in IDEAS.splitlines() for part in re.split(r"[ _:]+", line))
        self.spelling = Spelling(word for word in known if word.isalpha())

    def learn(self, said: str, idea: str) -> None:
        """Note that a word, or a turn of speech written with `_`, carries an idea."""
        stems = tuple(stem(word) for word in said.split("_"))
        if len(stems) == 1:
            self.ideas.setdefault(stems[0], set()).add(idea)
        else:
            self.turns.setdefault(stems[0], []).append((stems, idea))

    def carried(self, said: str) -> frozenset[str]:
        """The ideas of one word of a phrase: all that a word of an answer may share with it."""
        if "_" in said:
            stems = tuple(stem(word) for word in said.split("_"))
            named = {idea for each, idea in self.turns.get(stems[0], ()) if each == stems}
            return frozenset(named | {said})
        return frozenset({"=" + stem(said)} | self.ideas.get(stem(said), set()))


@lru_cache(maxsize=64)
def vocabulary(own: tuple[str, ...]) -> Vocabulary:
    """The vocabulary of a rubric; made once."""
    return Vocabulary(own)


def read(answer: str, known: Vocabulary) -> list[Sentence]:
    """Read an answer; its positions are those of the original text."""
    tokens = tokens_of(answer)
    spelt = [known.spelling.corrected(token.text) for token in tokens]
    for i, token in enumerate(tokens):
        token.text = spelt[i]
    give_ideas(tokens, known)
    mark_scopes(tokens)
    groups: dict[int, list[Token]] = {}
    for token in tokens:
        groups.setdefault(token.sentence, []).append(token)
    return [Sentence(group, states(group)) for group in groups.values()]


def tokens_of(answer: str) -> list[Token]:
    """Cut an answer into words and signs."""
    there = fold(answer)
    ends = [end for _, end in sentences(answer)]
    tokens, at = [], 0
    for match in TOKEN.finditer(there.text):
        start, end = there.original(match.start(), match.end())
        while at < len(ends) - 1 and start >= ends[at]:
            at += 1
        tokens.append(Token(match[0], start, end, at))
    return tokens


def give_ideas(tokens: list[Token], known: Vocabulary) -> None:
    """Note which ideas each word carries, alone or as the first of a turn of speech."""
    stems = [stem(token.text) for token in tokens]
    for i, token in enumerate(tokens):
        ideas = {"=" + stems[i], *known.ideas.get(stems[i], ())}
        if "-" in token.text[1:]:
            for part in token.text.split("-"):
                ideas |= {"=" + stem(part), *known.ideas.get(stem(part), ())}
        for turn, idea in known.turns.get(stems[i], ()):
            if tuple(stems[i : i + len(turn)]) == turn:
                ideas.add(idea)
        token.ideas = frozenset(ideas)


def mark_scopes(tokens: list[Token]) -> None:
    """Number the clauses, and mark the words that a negation or `people think` reaches."""
    clause, denied, reported = 0, False, False
    for i, token in enumerate(tokens):
        word, last = token.text, tokens[i - 1].text if i else ""
        if i and token.sentence != tokens[i - 1].sentence:
            clause, denied, reported = clause + 1, False, False
        elif word in BREAKS or not (word[0].isalnum() or word in MATH or word in "'\"-+"):
            clause, denied = clause + 1, False
        if word in TURNS:
            reported = False
        if negates(word, tokens[i + 1].text if i + 1 < len(tokens) else ""):
            denied = True
        if (last, word) in (("instead", "of"), ("rather", "than"), ("as", "if")):
            denied = True
        if word in SUPPOSE and any(each.text in OTHERS for each in tokens[max(0, i - 3) : i]):
            reported = True
        token.clause, token.denied, token.reported = clause, denied, reported
    undo_double(tokens)


def negates(word: str, following: str) -> bool:
    """Whether a word turns what follows into its opposite."""
    return word in NEGATORS and (word, following) not in NOT_NEGATING


def undo_double(tokens: list[Token]) -> None:
    """`Without X it would not Y` states that X lets it Y; `it is a myth that` denies all."""
    groups: dict[int, list[Token]] = {}
    for token in tokens:
        groups.setdefault(token.sentence, []).append(token)
    for group in groups.values():
        said = [token.text for token in group]
        text = " ".join(said)
        if any(untrue in text for untrue in UNTRUE):
            for token in group:
                token.reported = True
        if "without" in said and {"would", "wouldn't", "couldn't", "could", "can't"} & set(said):
            for token in group:
                token.denied = False


def states(tokens: list[Token]) -> bool:
    """Whether words make a statement, and are no list of terms."""
    spoken = [token.text for token in tokens if token.text[0].isalnum()]
    if len(set(spoken)) < FEWEST_WORDS:
        return False
    if any(token.text in "=←" for token in tokens):
        return True
    small = sum(word in FUNCTION or word in NEGATORS for word in spoken)
    cuts = 1 + sum(token.text in ",/|;:" for token in tokens)
    is_list = cuts > 3 and len(spoken) / cuts < LIST_ITEM
    return small / len(spoken) >= LEAST_FUNCTION and not is_list


def joined(sentences_: list[Sentence]) -> list[Sentence]:
    """Each sentence, and each pair whose second speaks of the first by a pronoun."""
    units = list(sentences_)
    for first, second in zip(sentences_, sentences_[1:], strict=False):
        if (
            first.states
            and second.states
            and any(token.text in PRONOUNS for token in second.tokens[:8])
        ):
            units.append(Sentence(first.tokens + second.tokens, True))
    return units

"""Which ideas the words of an answer carry, and which ideas a word of a phrase asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from .ideas import IDEAS
from .lexicon import FUNCTION
from .spelling import Spelling
from .stems import stem

LOOSE = "~"  # before the name of an idea that a word only may stand for


class Vocabulary:
    """The ideas that words and turns of speech carry; a rubric adds its own turns."""

    def __init__(self, own: Iterable[str] = ()) -> None:
        self.carries: dict[str, set[str]] = {}  # by stem: what a word of an answer may stand for
        self.means: dict[str, set[str]] = {}  # by word of a phrase: the ideas it asks for
        self.turns: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        known = set(FUNCTION)
        for line in IDEAS.strip().replace("\n ", " ").splitlines():
            name, _, said = line.partition(":")
            close, _, loose = said.partition("|")
            known.update(re.split(r"[ _\-|:]+", line))
            for each in loose.split():
                self.learn(each, LOOSE + name)
            for each in (name, *close.split()):
                self.learn(each, name)
            for each in (name, *close.split()):
                self.means.setdefault(key(each), set()).add(name)
        for each in own:
            if "_" in each:
                self.learn(each, key(each))
            known.update(re.split(r"[_\-]", each))
        self.spelling = Spelling(word for word in known if word.isalpha())

    def learn(self, said: str, idea: str) -> None:
        """Note that a word, or a turn of speech written with `_`, carries an idea."""
        stems = tuple(key(said).split("_"))
        if len(stems) == 1:
            self.carries.setdefault(stems[0], set()).add(idea)
        elif (stems, idea) not in self.turns.get(stems[0], []):
            self.turns.setdefault(stems[0], []).append((stems, idea))

    def asked(self, said: str) -> frozenset[str]:
        """What a word of a phrase asks for: itself, or any word of the ideas it names."""
        itself = key(said) if "_" in said else "=" + key(said)
        return frozenset({itself, *self.means.get(key(said), ())})


def key(said: str) -> str:
    """The stems of a word or a turn of speech."""
    return "_".join(stem(word) for word in said.split("_"))


@lru_cache(maxsize=64)
def vocabulary(own: tuple[str, ...]) -> Vocabulary:
    """The vocabulary of a rubric; made once."""
    return Vocabulary(own)


def loosely(ideas: frozenset[str]) -> frozenset[str]:
    """Some ideas, and what loose words carry of them."""
    return ideas | {LOOSE + idea for idea in ideas}

"""Words that an answer takes from the lesson, the prompt or the model answer in long runs.

Of what a rubric tells its readers, a criterion or what is right instead of a wrong idea, whole
sentences alone are copies: an ordinary sentence on the matter shares long runs with it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from .reading import Token
from .rubric import Rubric
from .text import fold

RUN = 8  # words in a row; shorter runs happen to anyone who speaks of the same thing
LONG_RUN = 12  # words in a row that are a copy of a longer sentence of a rubric's, too
STOP = re.compile(r"[.!?]\s")
WORD = re.compile(r"[^\W_]+")


Run = tuple[str, ...]
Runs = Mapping[Run, frozenset[Run]]  # by their first words


def taken_from(rubric: Rubric) -> Runs:
    """Every run of words that an answer to a rubric's prompt must not be copied from."""
    return runs(rubric.not_to_copy(), rubric.not_to_copy_whole())


@lru_cache(maxsize=32)
def runs(sources: tuple[str, ...], told: tuple[str, ...] = ()) -> Runs:
    """Every run of words in the sources, and each sentence or long run of what is told."""
    found: dict[Run, set[Run]] = defaultdict(set)
    whole = [sentence for text in told for sentence in STOP.split(text)]
    for texts, most in ((sources, RUN), ([*told, *whole], LONG_RUN)):
        for words in map(words_of, texts):
            for run in rows(words, min(most, max(RUN, len(words)))):
                found[run[:RUN]].add(run)
    return {first: frozenset(longer) for first, longer in found.items()}


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    return WORD.findall(fold(text).text)


def rows(words: list[str], length: int) -> Iterable[Run]:
    """Each so many words in a row."""
    return zip(*(words[i:] for i in range(length)), strict=False)


def mark_copied(tokens: list[Token], known: Runs) -> None:
    """Mark the words that stand in a run known from a source, as written or with slips mended."""
    spoken = [token for token in tokens if token.text[0].isalnum()]
    for said in ([each.written for each in spoken], [each.text for each in spoken]):
        parts = [(word, i) for i, text in enumerate(said) for word in WORD.findall(text)]
        found = in_runs([word for word, _ in parts], known)
        for (_, i), taken in zip(parts, found, strict=True):
            spoken[i].copied = spoken[i].copied or taken


def without_copies(answer: str, known: Runs) -> str:
    """The answer with blanks, character for character, for runs known from a source."""
    there, kept = fold(answer), list(answer)
    found = list(WORD.finditer(there.text))
    start: int | None = None  # of the run
    for word, taken in zip(found, in_runs([each.group() for each in found], known), strict=True):
        first, end = there.original(*word.span())
        start = (first if start is None else start) if taken else None
        if start is not None:
            kept[start:end] = " " * (end - start)
    return "".join(kept)


def in_runs(said: list[str], known: Runs) -> list[bool]:
    """For each word, whether it stands in a run known from a source."""
    found, until = [], 0
    for i in range(len(said)):
        for run in known.get(tuple(said[i : i + RUN]), ()):
            if tuple(said[i : i + len(run)]) == run:
                until = max(until, i + len(run))
        found.append(i < until)
    return found

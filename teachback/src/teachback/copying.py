"""Words that an answer takes from the lesson, the prompt or the model answer in long runs."""

from __future__ import annotations

import re
from functools import lru_cache

from .reading import Token
from .text import fold

RUN = 8  # words in a row; shorter runs happen to anyone who speaks of the same thing
WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=32)
def runs(*sources: str) -> frozenset[tuple[str, ...]]:
    """Every run of words in the sources."""
    found: set[tuple[str, ...]] = set()
    for source in sources:
        words = WORD.findall(fold(source).text)
        found.update(zip(*(words[i:] for i in range(RUN)), strict=False))
    return frozenset(found)


def mark_copied(tokens: list[Token], known: frozenset[tuple[str, ...]]) -> None:
    """Mark the words that stand in a run known from a source."""
    spoken = [token for token in tokens if token.text[0].isalnum()]
    parts = [(word, token) for token in spoken for word in WORD.findall(token.text)]
    for (_, token), taken in zip(parts, in_runs([word for word, _ in parts], known), strict=True):
        token.copied = token.copied or taken


def without_copies(answer: str, known: frozenset[tuple[str, ...]]) -> str:
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


def in_runs(said: list[str], known: frozenset[tuple[str, ...]]) -> list[bool]:
    """For each word, whether it stands in a run known from a source."""
    found, until = [], 0
    for i in range(len(said)):
        if tuple(said[i : i + RUN]) in known:
            until = i + RUN
        found.append(i < until)
    return found

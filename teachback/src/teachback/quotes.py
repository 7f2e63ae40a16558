"""Quotes a grader gives as evidence: the learner's own words, or they do not count.

A quote is compared after folding (see `text`), and what is handed on is the slice of the answer as
it stands there, never the grader's copy of it.
"""

from __future__ import annotations

import re

from .instructions import aimed_at_grader, without_instructions
from .text import Folded, fold

__all__ = ["aimed_at_grader", "verified", "without_instructions"]

FEWEST_WORDS = 3
WORD = re.compile(r"\w+")
AROUND = " \"'.…,:;()[]"  # what a grader may put around a quote


def verified(quote: str, answer: str) -> str | None:
    """The slice of the answer that a quote reproduces; None if it may not serve as evidence.

    It must stand in the answer as whole words, at least three of them, and must speak of the
    matter: what speaks to the grader proves nothing.
    """
    wanted = fold(quote).text.strip(AROUND)
    if len(WORD.findall(wanted)) < FEWEST_WORDS:
        return None
    there = fold(answer)
    start = find_words(wanted, there)
    if start < 0:
        return None
    first, end = there.original(start, start + len(wanted))
    slice_ = answer[first:end]
    return None if aimed_at_grader(slice_) else slice_


def find_words(wanted: str, there: Folded) -> int:
    """Where a text stands with no word cut in two; -1 if it does not."""
    text, start = there.text, -1
    while (start := text.find(wanted, start + 1)) >= 0:
        end = start + len(wanted)
        cut_before = start > 0 and text[start - 1].isalnum() and wanted[0].isalnum()
        cut_after = end < len(text) and text[end].isalnum() and wanted[-1].isalnum()
        if not (cut_before or cut_after):
            return start
    return -1

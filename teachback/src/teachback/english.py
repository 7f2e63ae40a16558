"""Whether an answer is English, which is all that the checklist understands."""

from __future__ import annotations

import re

from .lexicon import FUNCTION, VERBS
from .spelling import ORDINARY
from .stems import stem
from .text import fold
from .vocabulary import vocabulary

WORD = re.compile(r"[^\W\d_]{2,}(?:'[^\W\d_]+)*")  # single letters are any language's
LEAST = 0.45  # of the words; plain English has three quarters, German or French a quarter


def is_english(answer: str) -> bool:
    """Whether most words of an answer are known English ones; true where there are no words."""
    spoken = WORD.findall(fold(answer).text)
    return sum(map(is_known, spoken)) >= LEAST * len(spoken)


def is_known(word: str) -> bool:
    """Whether a word, its slips mended, is one of those of English that the checklist knows."""
    small = word in FUNCTION or word in VERBS or word in ORDINARY
    spelling = vocabulary(()).spelling
    return small or stem(spelling.corrected(word)) in spelling.stems

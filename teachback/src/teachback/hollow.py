"""Answers that say nothing: they score 0, and no model is ever asked about them.

Language models have been found to call a lone ":" or "Thought process:" a right answer
("One Token to Fool LLM-as-a-Judge", arXiv 2507.08794).
"""

from __future__ import annotations

import re

from .text import fold, words
from .wording import ENGLISH, Wording
from .wording import said as say

FEWEST_WORDS = 4  # "Loss measures the error." is a statement, if a poor one
FEWEST_DIFFERENT = 4
WORD = re.compile(r"[^\W\d_]+")
OPENERS = words(
    "thought process reasoning solution answer explanation response analysis here is my the an a "
    "let us lets me think step by this question prompt so ok okay well sure first start begin with "
    "solve problem final output result summary i will now explain to in own words friend of course "
    "as follows follow following below"
)


def hollow(answer: str, wording: Wording = ENGLISH) -> str | None:
    """Say in plain words why there is nothing to grade in an answer; None if there may be."""
    said = WORD.findall(fold(answer).text)
    if not answer.strip():
        return say("empty", wording)
    if not said:
        return say("no-words", wording)
    if all(word in OPENERS for word in said):
        return say("announced", wording)
    if len(set(said)) < FEWEST_DIFFERENT <= len(said):
        return say("repeated", wording)
    if len(said) < FEWEST_WORDS:
        return say("too-short", wording)
    return None

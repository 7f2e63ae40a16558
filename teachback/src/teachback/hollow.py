"""Answers that say nothing: they score 0, and no model is ever asked about them.

Language models have been found to call a lone ":" or "Thought process:" a right answer
("One Token to Fool LLM-as-a-Judge", arXiv 2507.08794).
"""

from __future__ import annotations

import re

from .text import fold, words

FEWEST_WORDS = 4  # "Loss measures the error." is a statement, if a poor one
FEWEST_DIFFERENT = 4
WORD = re.compile(r"[^\W\d_]+")
OPENERS = words(
    "thought process reasoning solution answer explanation response analysis here is my the an a "
    "let us lets me think step by this question prompt so ok okay well sure first start begin with "
    "solve problem final output result summary i will now explain to in own words friend of course "
    "as follows follow following below"
)


def hollow(answer: str) -> str | None:
    """Say in plain English why there is nothing to grade in an answer; None if there may be."""
    said = WORD.findall(fold(answer).text)
    if not answer.strip():
        return "The answer is empty."
    if not said:
        return "There are no words in the answer."
    if all(word in OPENERS for word in said):
        return "The answer announces an explanation, but none follows."
    if len(set(said)) < FEWEST_DIFFERENT <= len(said):
        return "The answer repeats the same few words."
    if len(said) < FEWEST_WORDS:
        return "The answer is too short to hold a statement."
    return None

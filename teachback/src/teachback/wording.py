"""What the checklist says to a learner, by its key; a course in another language brings its own."""

from __future__ import annotations

from collections.abc import Mapping

Wording = Mapping[str, str]

ENGLISH: Wording = {
    "checklist.note": "A checklist estimate, not an AI: it knows some ways to say an idea, and can "
    "miss others.",
    "checklist.met": "Found in your words: {criterion}",
    "checklist.partly": "A part of this is there: {criterion}",
    "checklist.likely": "Not found as such, but the rest makes it likely: {criterion}",
    "checklist.missed": "Not found in your words: {criterion}",
    "checklist.contradicted": "Some of your words speak against this: {criterion}",
    "checklist.think-again": "Think again about this, which is not so: {idea}",
    "checklist.say": "Say this as well: {criterion}",
    "checklist.say-in-own-words": "Words taken from the lesson do not count; say it in your own. "
    "Say this as well: {criterion}",
    "checklist.nothing-missing": "Nothing is missing. Explain it to somebody.",
    "checklist.only-english": "Most of these words are not English, and the checklist understands "
    "nothing else.",
    "checklist.empty": "The answer is empty.",
    "checklist.no-words": "There are no words in the answer.",
    "checklist.announced": "The answer announces an explanation, but none follows.",
    "checklist.repeated": "The answer repeats the same few words.",
    "checklist.too-short": "The answer is too short to hold a statement.",
}


def said(key: str, wording: Wording = ENGLISH, **values: str) -> str:
    """A text with its values, in English where a wording has none.

    >>> said("met", {"checklist.met": "Gefunden: {criterion}"}, criterion="x")
    'Gefunden: x'
    """
    text = wording.get(f"checklist.{key}") or ENGLISH[f"checklist.{key}"]
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text

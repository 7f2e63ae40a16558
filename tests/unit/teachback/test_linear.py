"""No answer takes the checklist more than linear time, and spelling is told by a few steps."""

import sys
from collections.abc import Callable
from functools import partial

import gold
import pytest

from teachback import grade, hollow, verified, without_instructions
from teachback.spelling import Spelling, slips

SHORT, LONG = 1000, 4000
STATED = "The model gives each word a chance of coming next. "  # or shapes would be no answers
SHAPES = {
    "one word": "loss",
    "words": "low loss high probability gradient ",
    "no space": "lossgradient",
    "letters": "a ",
    "stops": ". ",
    "commas": "loss, ",
    "quotes": "'\"",
    "brackets": "<a [b {c ",
    "tags": "<system>",
    "tags in tags": "<word> has ",
    "fences": "```\n",
    "negations": "not never no without nothing ",
    "people": "people think that people think ",
    "marks": "a" + "\u0301" * 20,
    "unseen": "\u200b\u00ad",
    "lines": "\n\n- ",
    "slips": "probabilty gradeint ",
    "orders": "ignore it and give or mark ",
    "spaces": " " * 20,
    "clauses": "the loss is low; ",
    "statements": "The loss is low if the right word was likely. ",
    "taken back": "None of that is true. All of it is wrong. ",
    "one sentence": "the loss is low and the chance of a word is high ",
    "spelt out": "\ufdfa",  # one character that stands for eighteen
}


def steps(job: Callable[[], object]) -> int:
    """How many lines of Python a job runs: a clock that no other process can disturb."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        job()
    finally:
        sys.settrace(before)
    return count


ENDS = {"tags in tags": "</word"}


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_four_times_the_text_takes_about_four_times_the_steps(shape: str):
    rubric = gold.rubric("the-p-in-gpt")
    piece = SHAPES[shape]
    end = ENDS.get(shape, "")
    short, long = ((STATED + piece * length)[: length - len(end)] + end for length in (SHORT, LONG))
    grade(rubric, long)  # the phrases are read once
    few, many = (steps(partial(grade, rubric, text)) for text in (short, long))
    assert many <= 4.8 * few + 2000


def test_the_other_readers_are_linear_too():
    for job in (hollow, without_instructions, lambda text: verified(text[-200:], text)):
        few, many = (steps(partial(job, "a b " * times)) for times in (250, 1000))
        assert many <= 4.8 * few + 2000


@pytest.mark.parametrize(("slip", "meant"), [
    ("probabilty", "probability"), ("gradiant", "gradient"), ("graident", "gradient"),
    ("weigths", "weights"), ("lernt", "lernt"), ("loss", "loss"),
])  # fmt: skip
def test_slips_are_mended_and_other_words_left(slip: str, meant: str):
    known = Spelling(["probability", "gradient", "weights", "loss", "large"])
    assert known.corrected(slip) == meant


def test_slips_count_what_was_added_left_out_changed_or_swapped():
    assert [slips("word", each) for each in ("word", "words", "wrd", "wird", "wrod")] == [
        0, 1, 1, 1, 1,
    ]  # fmt: skip

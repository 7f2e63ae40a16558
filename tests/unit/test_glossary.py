"""The glossary: every word that the lessons use, in order, and short."""

import re
from pathlib import Path

import pytest

from reading import grade

PAGE = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text()
ENTRY = re.compile(r"^(?P<term>\w.*) \{ #(?P<id>[\w-]+) \}\n:   (?P<words>(?:.+\n)+)", re.MULTILINE)
LINK = re.compile(r"\s*\[[^\]]+\]\[[\w-]+\]")
ENTRIES = {entry["id"]: entry for entry in ENTRY.finditer(PAGE)}
NEEDED = """\
token vocabulary parameter weight neuron layer embedding logits softmax probability prediction loss
cross-entropy logarithm nat gradient backpropagation chain-rule local-slope learning-rate
gradient-descent momentum adam batch batch-size critical-batch-size step epoch schedule warm-up
decay cosine wsd annealing teacher-forcing causal-mask exposure-bias checkpoint petaflop-s-day
training-loss validation-loss overfitting underfitting generalization memorizing held-out
pre-training fine-tuning feature activation forward-pass backward-pass optimizer model transformer
attention temperature rlhf benchmark plateau"""


def test_every_word_a_beginner_meets_is_there_once():
    assert set(NEEDED.split()) - ENTRIES.keys() == set()
    assert len(ENTRIES) == PAGE.count("\n:   ") == PAGE.count(" { #")


def test_words_stand_in_order_below_their_letters():
    terms = [entry["term"].casefold().replace("-", "") for entry in ENTRIES.values()]
    assert terms == sorted(terms)
    letters = re.findall(r"^## (\w) ", PAGE, re.MULTILINE)
    assert letters == sorted({term[0].upper() for term in terms})
    for letter, part in zip(
        letters, re.split(r"^## \w ", PAGE, flags=re.MULTILINE)[1:], strict=True
    ):
        assert {entry["term"][0].upper() for entry in ENTRY.finditer(part)} == {letter}


@pytest.mark.parametrize("name", ENTRIES)
def test_a_word_takes_a_sentence_or_two(name):
    words = LINK.sub("", ENTRIES[name]["words"])
    assert len(re.findall(r"[.?!](?=\s)", words)) <= 2
    assert len(words.split()) <= 45


def test_the_glossary_is_no_harder_to_read_than_a_lesson():
    assert grade([LINK.sub("", entry["words"]) for entry in ENTRIES.values()]) <= 9.0

"""From a model's labels to a result: no verdict counts without the learner's own words for it.

Whatever a model can be talked into, it can only point at words; which words may count, and what
they earn, is decided here.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from ..copying import taken_from, without_copies
from ..quotes import verified, without_instructions
from ..result import CriterionResult, GradedBy, MisconceptionResult, Result, score
from ..rubric import Rubric
from .prompt import clean
from .reply import SENTENCE, Label, Reply, Stated

EARNING = ("met", "partly")
MOST_CRITERIA_OF_A_WORD = 2
NO_WORDS = "No words of the explanation were found that show this."
COPIED = "Words copied from the lesson do not count; say it in your own."
WORDS_USED_UP = "The words that would show this already stand for two other criteria."
MARKUP = str.maketrans({"<": "‹", ">": "›", "`": "'"})  # shown as text anyway; twice is better
NOTE = "A language model can be wrong: compare with the model answer."


def judge(rubric: Rubric, answer: str, reply: Reply, model: str) -> Result:
    """Check a reply's quotes against the answer (which should be `clean`) and score it."""
    own = without_copies(answer, taken_from(rubric))
    evidence = without_instructions(own)
    labels = {label.id: label for label in reply.criteria}
    spans = {label.id: span_of(label.quote, evidence) for label in reply.criteria}
    allowed = within_use(reply.criteria, spans)
    criteria = tuple(
        checked(labels[each], answer, spans[each], each in allowed)
        for each in rubric.criterion_ids()
    )
    if own != answer:
        criteria = tuple(copied(each, labels[each.id], answer) for each in criteria)
    wrong = misconceptions(rubric, evidence, answer, reply.misconceptions)
    total = score(rubric, {each.id: each.verdict for each in criteria}, len(wrong))
    by = GradedBy("model", plain(model), NOTE)
    return Result(total, criteria, wrong, plain(reply.next_step) or next_step(criteria), by)


def copied(result: CriterionResult, label: Label, answer: str) -> CriterionResult:
    """Say so where a verdict fell because its words are the lesson's."""
    fell = result.feedback == NO_WORDS and verified(label.quote, answer)
    return replace(result, feedback=COPIED) if fell else result


Span = tuple[int, int]


def span_of(quote: str, evidence: str) -> Span | None:
    """Where a quote stands in what may serve as evidence; None if it does not."""
    found = verified(quote, evidence) if len(quote) <= 2 * len(evidence) else None
    start = evidence.find(found) if found else -1
    return (start, start + len(found)) if found and start >= 0 else None


def within_use(labels: list[Label], spans: dict[str, Span | None]) -> set[str]:
    """The criteria whose words are not used up: no word stands for more than two.

    Short quotes go first, so that a model that quotes the whole answer takes them from nobody.
    """
    used: Counter[int] = Counter()
    allowed = set()
    for label in sorted(labels, key=lambda each: (each.verdict != "met", len(each.quote))):
        span = spans[label.id]
        if span is None or label.verdict not in EARNING:
            continue
        worn = sum(used[at] >= MOST_CRITERIA_OF_A_WORD for at in range(*span))
        if 2 * worn < span[1] - span[0]:
            used.update(range(*span))
            allowed.add(label.id)
    return allowed


def checked(label: Label, answer: str, span: Span | None, allowed: bool) -> CriterionResult:
    """A label as far as its quote carries it."""
    quote = answer[slice(*span)] if span else ""
    if label.verdict in EARNING and not (quote and allowed):
        return CriterionResult(label.id, "missed", "", WORDS_USED_UP if quote else NO_WORDS)
    return CriterionResult(label.id, label.verdict, quote, plain(label.reason))


def misconceptions(
    rubric: Rubric, evidence: str, answer: str, stated: list[Stated]
) -> tuple[MisconceptionResult, ...]:
    """The stated misconceptions that the rubric knows and the answer's words show, each once."""
    found: dict[str, MisconceptionResult] = {}
    for each in stated:
        if each.id in found or each.id not in rubric.misconception_ids():
            continue
        if span := span_of(each.quote, evidence):
            found[each.id] = MisconceptionResult(each.id, answer[slice(*span)])
    return tuple(found.values())


def next_step(criteria: tuple[CriterionResult, ...]) -> str:
    """What to do next, if the model does not say."""
    left = any(each.verdict != "met" for each in criteria)
    return "Add what is missing above." if left else "Compare with the model answer."


def plain(text: str) -> str:
    """A model's sentence as plain text on one line: nothing hidden, no markup, not long."""
    flat = re.sub(r"\s+", " ", clean(text)).strip().translate(MARKUP)
    return flat if len(flat) <= SENTENCE else flat[: SENTENCE - 1].rstrip() + "…"

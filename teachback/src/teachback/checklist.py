"""The checklist: grades an explanation with no model and no network, the same way every time.

It looks for the ideas of a rubric's phrases in statements of the answer. It knows synonyms,
directions and negations of its field, and nothing else: its score is an estimate.
"""

from __future__ import annotations

from dataclasses import dataclass

from .copying import mark_copied, runs
from .hollow import hollow
from .instructions import parted
from .phrases import compiled, find, turns_in
from .quoting import quoted
from .reading import Sentence, joined, mark_lists, read
from .relations import NOTHING, Hit
from .result import CriterionResult, GradedBy, MisconceptionResult, Result, Verdict, score
from .rubric import Criterion, Misconception, Rubric
from .vocabulary import Vocabulary, vocabulary

NOTE = "A checklist estimate, not an AI: it looks for ideas it has words for, and can miss others."
COPIED = "Words taken from the lesson do not count; say it in your own."


@dataclass(frozen=True)
class Answer:
    """An answer that was read: what of it may serve as evidence, and all of it."""

    text: str
    evidence: list[Sentence]
    everything: list[Sentence]
    own: tuple[str, ...]


def grade(rubric: Rubric, answer: str) -> Result:
    """Grade an answer by the rubric's phrases. Deterministic; time grows with its length."""
    empty = hollow(answer)
    if empty:
        return nothing(rubric, empty)
    given = opened(rubric, answer)
    criteria = tuple(judged(each, given) for each in rubric.criteria)
    wrong = tuple(found for each in rubric.misconceptions if (found := held(each, given)))
    total = score(rubric, {each.id: each.verdict for each in criteria}, len(wrong))
    step = next_step(rubric, criteria, wrong, given)
    return Result(total, criteria, wrong, step, GradedBy("checklist", note=NOTE))


def nothing(rubric: Rubric, why: str) -> Result:
    """The result of an answer that says nothing."""
    missed = tuple(
        CriterionResult(each.id, "missed", "", missing(each)) for each in rubric.criteria
    )
    return Result(0, missed, (), why, GradedBy("checklist", note=NOTE))


def opened(rubric: Rubric, answer: str) -> Answer:
    """Read an answer for a rubric."""
    own = turns_in(phrases_of(rubric))
    known = vocabulary(own)
    taken = runs(rubric.lesson_text, rubric.prompt, rubric.model_answer)
    told, evidence = parted(answer)
    everything = opened_text(told, known, taken)
    return Answer(answer, statements(opened_text(evidence, known, taken)), everything, own)


def opened_text(text: str, known: Vocabulary, taken: frozenset[tuple[str, ...]]) -> list[Sentence]:
    """The sentences of a text, with what is copied marked."""
    sentences = read(text, known)
    mark_copied([token for each in sentences for token in each.tokens], taken)
    return sentences


def statements(sentences: list[Sentence]) -> list[Sentence]:
    """What of an answer may serve as evidence: none of its lists of terms."""
    mark_lists([token for each in sentences for token in each.tokens])
    return joined(sentences)


def phrases_of(rubric: Rubric) -> tuple[str, ...]:
    """Every phrase of a rubric."""
    lists = [(*each.look_for, *each.contradicts) for each in rubric.criteria]
    lists += [each.look_for for each in rubric.misconceptions]
    return tuple(phrase for each in lists for phrase in each)


def judged(criterion: Criterion, given: Answer) -> CriterionResult:
    """The verdict on one criterion, with the words that earned it."""
    hits = [find(compiled(each, given.own), given.evidence) for each in criterion.look_for]
    said = strongest(hits)
    against = contradiction(criterion, hits, given)
    worth = 0.0 if against.worth else said.worth
    verdict: Verdict = "met" if worth >= 1 else "partly" if worth > 0 else "missed"
    quote = quoted(said if worth > 0 else against, given.text)
    return CriterionResult(criterion.id, verdict, quote, feedback(criterion, verdict, against))


def strongest(hits: list[Hit]) -> Hit:
    """The phrase that is said best, in the fewest words."""
    stated = [hit for hit in hits if hit.worth and not hit.denied]
    return max(stated, key=lambda hit: (hit.worth, -len(hit.tokens)), default=NOTHING)


def contradiction(criterion: Criterion, hits: list[Hit], given: Answer) -> Hit:
    """Where an answer says what the criterion excludes, or turns a relation the other way."""
    for phrase in criterion.contradicts:
        hit = find(compiled(phrase, given.own), given.everything, strict=True)
        if hit.worth == 1 and not hit.denied:
            return hit
    if any(hit.worth == 1 and not hit.denied for hit in hits):
        return NOTHING
    pairs = zip(criterion.look_for, hits, strict=True)
    return next((hit for phrase, hit in pairs if "->" in phrase and hit.denied), NOTHING)


def held(misconception: Misconception, given: Answer) -> MisconceptionResult | None:
    """The misconception with the learner's words, if the answer states it."""
    for phrase in misconception.look_for:
        hit = find(compiled(phrase, given.own), given.everything, strict=True)
        if hit.worth == 1 and not hit.denied:
            return MisconceptionResult(misconception.id, quoted(hit, given.text))
    return None


def feedback(criterion: Criterion, verdict: Verdict, against: Hit) -> str:
    """One plain sentence on a criterion."""
    if against.worth:
        return f"Some of your words speak against this: {criterion.criterion}"
    if verdict == "met":
        return f"You said it: {criterion.criterion}"
    if verdict == "partly":
        return f"A part of this is there: {criterion.criterion}"
    return missing(criterion)


def missing(criterion: Criterion) -> str:
    """What to say of a criterion that was not found."""
    return f"Not found in your words: {criterion.criterion}"


def next_step(
    rubric: Rubric,
    criteria: tuple[CriterionResult, ...],
    wrong: tuple[MisconceptionResult, ...],
    given: Answer,
) -> str:
    """The one thing that would help most: mend what is wrong, or add what weighs most."""
    if wrong:
        known = next(each for each in rubric.misconceptions if each.id == wrong[0].id)
        return known.instead or f"Think again about this, which is not so: {known.says}"
    gaps = [
        (each.points * (2 if got.verdict == "missed" else 1), -i, each.criterion)
        for i, (each, got) in enumerate(zip(rubric.criteria, criteria, strict=True))
        if got.verdict != "met"
    ]
    if not gaps:
        return rubric.follow_up.strip() or "Nothing is missing. Explain it to somebody."
    copied = any(token.copied for each in given.evidence for token in each.tokens)
    return f"{COPIED + ' ' if copied else ''}Say this as well: {max(gaps)[2]}"

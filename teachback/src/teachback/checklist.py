"""The checklist: grades an explanation with no model and no network, the same way every time.

It looks for the ideas of a rubric's phrases in statements of the answer. It knows synonyms,
directions and negations of its field, and nothing else: its score is an estimate.
"""

from __future__ import annotations

from dataclasses import dataclass

from .copying import mark_copied, runs
from .hollow import hollow
from .instructions import without_instructions
from .phrases import NOTHING, Hit, compiled, find, turns_in
from .reading import Sentence, Token, joined, read, vocabulary
from .result import CriterionResult, GradedBy, MisconceptionResult, Result, Verdict, score
from .rubric import Criterion, Misconception, Rubric

NOTE = "A checklist estimate, not an AI: it looks for ideas it has words for, and can miss others."
COPIED = "Words copied from the lesson do not count; say it in your own."
LONGEST_QUOTE = 240


@dataclass(frozen=True)
class Answer:
    """An answer that was read: all of it, and what of it may serve as evidence."""

    text: str
    evidence: list[Sentence]
    everything: list[Sentence]
    own: tuple[str, ...]


def grade(rubric: Rubric, answer: str) -> Result:
    """Grade an answer by the rubric's phrases. Deterministic; time grows with its length."""
    empty = hollow(answer)
    if empty:
        missed = tuple(
            CriterionResult(each.id, "missed", "", missing(each)) for each in rubric.criteria
        )
        return Result(0, missed, (), empty, GradedBy("checklist", note=NOTE))
    given = opened(rubric, answer)
    criteria = tuple(judged(each, given) for each in rubric.criteria)
    wrong = tuple(found for each in rubric.misconceptions if (found := held(each, given)))
    total = score(rubric, {each.id: each.verdict for each in criteria}, len(wrong))
    by = GradedBy("checklist", note=NOTE)
    return Result(total, criteria, wrong, next_step(rubric, criteria, wrong, given), by)


def opened(rubric: Rubric, answer: str) -> Answer:
    """Read an answer for a rubric."""
    phrases = [phrase for each in rubric.criteria for phrase in (*each.look_for, *each.contradicts)]
    phrases += [phrase for each in rubric.misconceptions for phrase in each.look_for]
    own = turns_in(phrases)
    known = vocabulary(own)
    taken = runs(rubric.lesson_text, rubric.prompt, rubric.model_answer)
    told = read(without_instructions(answer), known)
    everything = read(answer, known)
    for sentences in (told, everything):
        mark_copied([token for each in sentences for token in each.tokens], taken)
    return Answer(answer, joined(told), joined(everything), own)


def best(phrases: tuple[str, ...], units: list[Sentence], own: tuple[str, ...]) -> Hit:
    """The phrase that is found best."""
    hits = [find(compiled(each, own), units) for each in phrases]
    return max(hits, key=lambda hit: (not hit.denied, hit.worth, -len(hit.tokens)), default=NOTHING)


def judged(criterion: Criterion, given: Answer) -> CriterionResult:
    """The verdict on one criterion, with the words that earned it."""
    hits = [find(compiled(each, given.own), given.evidence) for each in criterion.look_for]
    said = max(
        (hit for hit in hits if hit.worth and not hit.denied),
        key=lambda hit: (hit.worth, -len(hit.tokens)),
        default=NOTHING,
    )
    against = best(criterion.contradicts, given.everything, given.own)
    flipped = next(
        (
            hit
            for each, hit in zip(criterion.look_for, hits, strict=True)
            if hit.denied and hit.worth == 1 and "->" in each
        ),
        None,
    )
    if not (against.worth == 1 and not against.denied):
        against = flipped or NOTHING
    worth = said.worth - (0.5 if against.worth else 0.0)
    verdict: Verdict = "met" if worth >= 1 else "partly" if worth > 0 else "missed"
    hit = said if worth > 0 else against
    quote = quoted(hit, given.text)
    return CriterionResult(criterion.id, verdict, quote, feedback(criterion, verdict, against))


def held(misconception: Misconception, given: Answer) -> MisconceptionResult | None:
    """The misconception with the learner's words, if the answer states it."""
    hit = best(misconception.look_for, given.everything, given.own)
    if hit.denied or hit.worth < 1:
        return None
    return MisconceptionResult(misconception.id, quoted(hit, given.text))


def quoted(hit: Hit, answer: str) -> str:
    """The learner's own words around what was found: from the first sentence touched, as it is."""
    if not hit.tokens:
        return ""
    first = min(hit.tokens, key=lambda token: token.start)
    last = max(
        (each for each in hit.tokens if each.start < first.start + LONGEST_QUOTE),
        key=lambda token: token.end,
    )
    start = start_of(first, answer)
    return answer[start : end_of(last, answer)].strip()


def start_of(token: Token, answer: str) -> int:
    """Where the clause begins that a word stands in."""
    at = token.start
    while at > 0 and answer[at - 1] not in ".!?;:,\n" and token.start - at < 80:
        at -= 1
    return at


def end_of(token: Token, answer: str) -> int:
    """Where the clause ends that a word stands in."""
    at = token.end
    while at < len(answer) and answer[at] not in ".!?;:,\n" and at - token.end < 80:
        at += 1
    return at


def feedback(criterion: Criterion, verdict: Verdict, against: Hit) -> str:
    """One plain sentence on a criterion."""
    if against.worth:
        return f"Your words speak against this: {criterion.criterion}"
    if verdict == "met":
        return f"You said it: {criterion.criterion}"
    return (
        f"Part of this is there: {criterion.criterion}"
        if verdict == "partly"
        else missing(criterion)
    )


def missing(criterion: Criterion) -> str:
    """What to say of a criterion that was not found."""
    return f"Not found yet: {criterion.criterion}"


def next_step(
    rubric: Rubric,
    criteria: tuple[CriterionResult, ...],
    wrong: tuple[MisconceptionResult, ...],
    given: Answer,
) -> str:
    """The one thing that would help most: mend what is wrong, or add what weighs most."""
    by_id = {each.id: each for each in rubric.misconceptions}
    if wrong:
        known = by_id[wrong[0].id]
        return known.instead or f"Think again about this, which is not so: {known.says}"
    copied = any(token.copied for each in given.evidence for token in each.tokens)
    gaps = [
        (each.points * (2 if got.verdict == "missed" else 1), -i, each)
        for i, (each, got) in enumerate(zip(rubric.criteria, criteria, strict=True))
        if got.verdict != "met"
    ]
    if not gaps:
        return rubric.follow_up or "Nothing is missing. Explain it to somebody."
    return f"{COPIED + ' ' if copied else ''}Add this: {max(gaps)[2].criterion}"


def problems(rubric: Rubric) -> list[tuple[str, str]]:
    """What is wrong with a rubric: its path in the rubric, and a message."""
    return []

"""Grading by phrases: the checklist of a rubric that has no example sentences to learn from."""

from __future__ import annotations

from dataclasses import dataclass

from .copying import Runs, mark_copied, taken_from
from .feedback import Findings, feedback
from .instructions import parted
from .phrases import compiled, find, turns_in
from .quoting import quoted
from .reading import Sentence, joined, mark_lists, read
from .relations import NOTHING, Hit
from .result import CriterionResult, MisconceptionResult, Verdict
from .rubric import Criterion, Misconception, Rubric
from .vocabulary import Vocabulary, vocabulary
from .wording import ENGLISH, Wording


@dataclass(frozen=True)
class Answer:
    """An answer that was read: what of it may serve as evidence, and all of it."""

    text: str
    evidence: list[Sentence]
    everything: list[Sentence]
    own: tuple[str, ...]


def findings(rubric: Rubric, answer: str, wording: Wording = ENGLISH) -> Findings:
    """What an answer states, by the rubric's phrases."""
    given = opened(rubric, answer)
    criteria = tuple(judged(each, given, wording) for each in rubric.criteria)
    wrong = tuple(found for each in rubric.misconceptions if (found := held(each, given)))
    copied = any(token.copied for each in given.evidence for token in each.tokens)
    return Findings(criteria, wrong, copied)


def opened(rubric: Rubric, answer: str) -> Answer:
    """Read an answer for a rubric."""
    own = turns_in(phrases_of(rubric))
    known = vocabulary(own)
    taken = taken_from(rubric)
    told, evidence = parted(answer)
    everything = opened_text(told, known, taken)
    return Answer(answer, statements(opened_text(evidence, known, taken)), everything, own)


def opened_text(text: str, known: Vocabulary, taken: Runs) -> list[Sentence]:
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


def judged(criterion: Criterion, given: Answer, wording: Wording) -> CriterionResult:
    """The verdict on one criterion, with the words that earned it."""
    hits = [find(compiled(each, given.own), given.evidence) for each in criterion.look_for]
    said = strongest(hits)
    against = contradiction(criterion, hits, given)
    worth = 0.0 if against.worth else said.worth
    verdict: Verdict = "met" if worth >= 1 else "partly" if worth > 0 else "missed"
    quote = quoted(said if worth > 0 else against, given.text)
    told = feedback(criterion, verdict, quote, bool(against.worth), wording)
    return CriterionResult(criterion.id, verdict, quote, told)


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

"""Grading by example sentences: what a rubric has learnt from them says what a sentence states."""

from __future__ import annotations

from .copying import mark_copied, taken_from
from .evidence import Evidence, gathered, looks, opposed
from .feedback import Findings, feedback
from .instructions import parted
from .learned import Learned
from .quoting import quoted
from .reading import Sentence, read
from .relations import Hit
from .result import CriterionResult, MisconceptionResult, Verdict
from .rubric import Criterion, Rubric
from .verdicts import chances, held, together
from .vocabulary import vocabulary
from .wording import ENGLISH, Wording


def findings(rubric: Rubric, learned: Learned, answer: str, wording: Wording = ENGLISH) -> Findings:
    """What an answer states, by the likeliest place for each idea."""
    sentences, own = opened(rubric, answer)
    places = gathered(learned, sentences, own)
    ids = rubric.criterion_ids()
    given = [chances(looks(each, ids, places)) for each in ids]
    verdicts = together([each.points for each in rubric.criteria], given)

    def quote(found: Evidence) -> str:
        return quoted(Hit(1.0, tuple(found.quote)), answer)

    def judged(criterion: Criterion, verdict: Verdict) -> CriterionResult:
        own, opposite = places[criterion.id], opposed(criterion.id, places)
        if opposite:
            kept = verdict != "missed" and own.sure > opposite.sure
            verdict = "partly" if kept else "missed"
            words = quote(opposite)
            told = feedback(criterion, verdict, words, True, wording)
            return CriterionResult(criterion.id, verdict, words, told)
        words = quote(own) if verdict != "missed" else ""
        told = feedback(criterion, verdict, words, wording=wording)
        return CriterionResult(criterion.id, verdict, words, told)

    criteria = tuple(map(judged, rubric.criteria, verdicts))
    wrong = tuple(
        MisconceptionResult(each, quote(places[each]))
        for each in rubric.misconception_ids()
        if held(looks(each, ids, places)) and not places[each].mostly_copied
    )
    return Findings(
        criteria, wrong, any(token.copied for each in sentences for token in each.tokens)
    )


def opened(rubric: Rubric, answer: str) -> tuple[list[Sentence], str]:
    """The sentences of an answer, what is copied marked, and the text without instructions."""
    _, own = parted(answer)
    sentences = read(own, vocabulary(()))
    mark_copied([token for each in sentences for token in each.tokens], taken_from(rubric))
    return sentences, own

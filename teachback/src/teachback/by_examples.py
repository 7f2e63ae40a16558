"""Grading by what was learnt from examples, in place of a rubric's phrases.

Beside the checklist, to be measured against it: `bench -- grader` prints both. It knows more ways
to tell an idea; the checklist knows better what turns an idea into its opposite, and has a veto.
"""

from __future__ import annotations

from collections.abc import Iterator

from .checklist import contradiction, opened
from .copying import mark_copied, runs
from .hollow import hollow
from .instructions import parted
from .learning import Learned
from .phrases import compiled, find
from .reading import Token, joined, read
from .result import CriterionResult, GradedBy, MisconceptionResult, Result, Verdict, score
from .rubric import Rubric
from .seen import features, scaled
from .vocabulary import vocabulary

MET, PARTLY, HELD = 0.35, 0.2, 0.7  # probabilities from which a verdict, or a misconception, stands

Scored = tuple[float, list[Token]]


def grade_by_examples(rubric: Rubric, learned: Learned, answer: str) -> Result:
    """Grade an answer by the likeliest sentence, or two that belong together, for each idea."""
    units = [] if hollow(answer) else [*units_of(rubric, answer)]
    given = [(scaled(features(unit), learned.rarity), unit) for unit in units]

    def best(idea: str) -> Scored:
        found = ((learned.probability(idea, seen), unit) for seen, unit in given if seen)
        return max(found, key=lambda each: (each[0], -len(each[1])), default=(0.0, []))

    against = contradicted(rubric, answer) if units else set()
    criteria = tuple(
        judged(each, (0.0, []) if each in against else best(each), answer)
        for each in rubric.criterion_ids()
    )
    held = {each: best(each) for each in rubric.misconception_ids()}
    wrong = tuple(
        MisconceptionResult(each, quoted(unit, answer))
        for each, (p, unit) in held.items()
        if p >= HELD
    )
    total = score(rubric, {each.id: each.verdict for each in criteria}, len(wrong))
    return Result(total, criteria, wrong, "", GradedBy("checklist", name="examples"))


def units_of(rubric: Rubric, answer: str) -> Iterator[list[Token]]:
    """The words of each sentence that states something, and of each two that belong together."""
    _, evidence = parted(answer)
    sentences = read(evidence, vocabulary(()))
    taken = runs(rubric.lesson_text, rubric.prompt, rubric.model_answer)
    mark_copied([token for each in sentences for token in each.tokens], taken)
    yield from (each.tokens for each in joined(sentences) if each.states)


def contradicted(rubric: Rubric, answer: str) -> set[str]:
    """The criteria that an answer speaks against, by the rubric's phrases."""
    given = opened(rubric, answer)
    hits = {
        each.id: [find(compiled(phrase, given.own), given.evidence) for phrase in each.look_for]
        for each in rubric.criteria
    }
    return {each.id for each in rubric.criteria if contradiction(each, hits[each.id], given).worth}


def judged(idea: str, best: Scored, answer: str) -> CriterionResult:
    """The verdict on one criterion, with the words that earned it."""
    p, unit = best
    verdict: Verdict = "met" if p >= MET else "partly" if p >= PARTLY else "missed"
    return CriterionResult(idea, verdict, quoted(unit, answer) if p >= PARTLY else "")


def quoted(unit: list[Token], answer: str) -> str:
    """The learner's own words, as they stand."""
    return answer[unit[0].start : unit[-1].end] if unit else ""

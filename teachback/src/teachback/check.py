"""What is wrong with a rubric, told to its author: by grading with it what must grade well."""

from __future__ import annotations

from dataclasses import replace

from .by_phrases import phrases_of
from .checklist import grade
from .evidence import tells
from .phrases import compiled, turns_in
from .reading import read
from .rubric import Rubric
from .vocabulary import vocabulary

Problem = tuple[str, str]


def problems(rubric: Rubric) -> list[Problem]:
    """Each problem with its path in the rubric: `criteria[1].look_for[0]`, and what was expected.

    The model answer must meet every criterion and hold no misconception, every example must get
    the verdict it stands under, and what was learnt must know the criteria and misconceptions
    themselves.
    """
    if rubric.learned:  # nothing looks for phrases
        return [*model_answer(rubric), *examples(rubric), *own_texts(rubric)]
    return [*vague_phrases(rubric), *model_answer(rubric), *examples(rubric)]


def vague_phrases(rubric: Rubric) -> list[Problem]:
    """Phrases in which nothing is left to look for once the small words are passed over."""
    own = turns_in(phrases_of(rubric))
    lists = [
        (f"criteria[{i}].{name}", getattr(each, name))
        for i, each in enumerate(rubric.criteria)
        for name in ("look_for", "contradicts")
    ]
    lists += [
        (f"misconceptions[{i}].look_for", each.look_for)
        for i, each in enumerate(rubric.misconceptions)
    ]
    return [
        (f"{path}[{n}]", f"expected words that carry an idea, got {phrase!r}")
        for path, phrases in lists
        for n, phrase in enumerate(phrases)
        if not (compiled(phrase, own).parts or compiled(phrase, own).relation)
    ]


def own_texts(rubric: Rubric) -> list[Problem]:
    """Criteria and misconceptions whose own words are not taken for what they state.

    Those that are no statements, `Low probability, high loss`, are never read as such.
    """
    found = []
    for i, criterion in enumerate(rubric.criteria):
        if (
            stated(criterion.criterion)
            and grade(own_words(rubric), criterion.criterion).criteria[i].verdict == "missed"
        ):
            expected = f"expected {criterion.criterion!r} alone to state this, got 'missed'"
            found.append((f"criteria[{i}]", f"{expected}; add sentences like it under `met`"))
    for i, wrong in enumerate(rubric.misconceptions):
        result = grade(own_words(rubric), wrong.says)
        if stated(wrong.says) and wrong.id not in {each.id for each in result.misconceptions}:
            expected = f"expected {wrong.says!r} to state this, but it is not found to"
            found.append(
                (f"misconceptions[{i}]", f"{expected}; add sentences like it under `says`")
            )
    return found


def stated(text: str) -> bool:
    """Whether a text would be read as a statement in an answer."""
    return any(map(tells, read(text, vocabulary(()))))


def model_answer(rubric: Rubric) -> list[Problem]:
    """Criteria that the rubric's own model answer is not found to meet."""
    if not rubric.model_answer.strip():
        return []
    result = grade(own_words(rubric), rubric.model_answer)
    criteria = enumerate(result.criteria)
    found = [unmet(rubric, i, each.verdict) for i, each in criteria if each.verdict != "met"]
    ids = rubric.misconception_ids()
    found += [held(rubric, ids.index(each.id), each.quote) for each in result.misconceptions]
    return found


def unmet(rubric: Rubric, i: int, verdict: str) -> Problem:
    """A criterion that the model answer is not found to meet, and what to do."""
    if rubric.learned:
        expected = f"expected the model answer to meet this, got {verdict!r}"
        return f"criteria[{i}]", f"{expected}; add sentences like its own under `met`"
    expected = f"expected phrases that the model answer meets, got {verdict!r}"
    return f"criteria[{i}].look_for", expected


def held(rubric: Rubric, i: int, quote: str) -> Problem:
    """A misconception that the model answer is found to hold, and what to do."""
    if rubric.learned:
        expected = f"expected the model answer not to hold this, got {quote!r}"
        return f"misconceptions[{i}]", f"{expected}; add sentences like that under `rejects`"
    expected = f"expected phrases that the model answer does not hold, got {quote!r}"
    return f"misconceptions[{i}].look_for", expected


def examples(rubric: Rubric) -> list[Problem]:
    """Examples that do not get the verdict they stand under.

    What was learnt can seldom tell half from all or nothing, so halves are for a service's model.
    """
    found = []
    for i, criterion in enumerate(rubric.criteria):
        for wanted, text in criterion.examples.items():
            if rubric.learned and wanted == "partly":
                continue
            got = grade(own_words(rubric), text).criteria[i].verdict
            if got != wanted:
                fix = f"; add sentences like it under `{wanted}`" if rubric.learned else ""
                message = f"expected the verdict {wanted!r} for {text!r}, got {got!r}{fix}"
                found.append((f"criteria[{i}].examples.{wanted}", message))
    return found


def own_words(rubric: Rubric) -> Rubric:
    """The rubric without the texts that answers may not be copied from: an author may."""
    criteria = tuple(replace(each, criterion="") for each in rubric.criteria)
    wrong = tuple(replace(each, instead="") for each in rubric.misconceptions)
    bare = replace(rubric, criteria=criteria, misconceptions=wrong)
    return replace(bare, lesson_text="", prompt="", model_answer="")

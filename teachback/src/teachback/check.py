"""What is wrong with a rubric, told to its author: by grading with it what must grade well."""

from __future__ import annotations

from dataclasses import replace

from .checklist import grade, phrases_of
from .phrases import compiled, turns_in
from .rubric import Rubric

Problem = tuple[str, str]


def problems(rubric: Rubric) -> list[Problem]:
    """Each problem with its path in the rubric: `criteria[1].look_for[0]`, and what was expected.

    The model answer must meet every criterion and hold no misconception, and every example must
    get the verdict it stands under.
    """
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


def model_answer(rubric: Rubric) -> list[Problem]:
    """Criteria that the rubric's own model answer is not found to meet."""
    if not rubric.model_answer.strip():
        return []
    result = grade(own_words(rubric), rubric.model_answer)
    found = [
        (
            f"criteria[{i}].look_for",
            f"expected phrases that the model answer meets, got {each.verdict!r}",
        )
        for i, each in enumerate(result.criteria)
        if each.verdict != "met"
    ]
    ids = rubric.misconception_ids()
    found += [
        (
            f"misconceptions[{ids.index(each.id)}].look_for",
            f"expected phrases that the model answer does not hold, got {each.quote!r}",
        )
        for each in result.misconceptions
    ]
    return found


def examples(rubric: Rubric) -> list[Problem]:
    """Examples that do not get the verdict they stand under."""
    found = []
    for i, criterion in enumerate(rubric.criteria):
        for wanted, text in criterion.examples.items():
            got = grade(own_words(rubric), text).criteria[i].verdict
            if got != wanted:
                found.append(
                    (
                        f"criteria[{i}].examples.{wanted}",
                        f"expected the verdict {wanted!r} for {text!r}, got {got!r}",
                    )
                )
    return found


def own_words(rubric: Rubric) -> Rubric:
    """The rubric without the texts that answers may not be copied from: an author may."""
    return replace(rubric, lesson_text="", prompt="", model_answer="")

"""Example sentences for a lesson's rubric, by which explanations are graded: `explanations/ID.yml`.

An idea is told in many ways, right and wrong. Sentences of both kinds teach what a list of phrases
cannot say; a lesson without them is graded by its rubric's `look_for`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Annotated, Any

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from .diagnostics import Diagnostic, Path, did_you_mean, shown, written
from .load import load
from .nodes import Identifier, Node
from .review import TeachBack
from .source import Source
from .spec import Lesson

FOLDER = "explanations"  # of a course, beside `lessons`
IDEAS = {  # what a key tells of, and what every one of them has
    "criteria": ("criterion", "met", "missed"),
    "misconceptions": ("misconception", "says", "rejects"),
}
WORD = re.compile(r"[^\W\d_]+|\d+")
FEWEST_WORDS = 3
LONGEST = 600  # characters


def says_something(text: str) -> str:
    """A sentence; raises `ValueError` if it has too few words to state anything, or no end."""
    words = len(WORD.findall(text))
    if words < FEWEST_WORDS:
        raise ValueError(f"expected a sentence of at least {FEWEST_WORDS} words, got {text!r}")
    if len(text) > LONGEST:
        expected = f"expected a sentence of at most {LONGEST} characters, got {len(text):,}"
        raise ValueError(f"{expected}; a sentence or two state one idea")
    return text


Sentence = Annotated[str, Field(min_length=1), AfterValidator(says_something)]


@dataclass(frozen=True)
class AtLeast:
    """Refuses fewer sentences of a kind than can teach something; editors are told as well."""

    count: int

    def check(self, sentences: list[str]) -> list[str]:
        """The sentences, if there are enough."""
        missing = self.count - len(sentences)
        if missing > 0:
            expected = f"expected at least {self.count} sentences, got {len(sentences)}"
            raise ValueError(f"{expected}; write {missing} more, each in other words")
        return sentences

    def __get_pydantic_core_schema__(self, kind: Any, inner: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, inner(kind))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, inner: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**inner(schema), "minItems": self.count}


class OnCriterion(Node):
    """Sentences on one criterion, by the verdict that each deserves.

    `missed` ones are wrong or beside it; `contradicts` are those that state its opposite.
    """

    met: Annotated[list[Sentence], AtLeast(20)]
    partly: list[Sentence] = []
    missed: Annotated[list[Sentence], AtLeast(10)]
    contradicts: list[Sentence] = []


class OnMisconception(Node):
    """Sentences that state a wrong idea, and sentences that reject it."""

    says: Annotated[list[Sentence], AtLeast(8)]
    rejects: Annotated[list[Sentence], AtLeast(4)]


class Explanations(Node):
    """Example sentences for a rubric, by the ids of its criteria and misconceptions.

    `other` are sentences that state none of them: on neighbouring matters, or on none.
    """

    criteria: dict[Identifier, OnCriterion]
    misconceptions: dict[Identifier, OnMisconception] = {}
    other: Annotated[list[Sentence], AtLeast(20)]

    def sentences(self) -> Iterator[tuple[Path, str]]:
        """Every sentence with its path in the file."""
        for key in IDEAS:
            for idea, about in getattr(self, key).items():
                for kind in type(about).model_fields:
                    for i, text in enumerate(getattr(about, kind)):
                        yield (key, idea, kind, i), text
        for i, text in enumerate(self.other):
            yield ("other", i), text


@dataclass
class ExplanationsFile:
    """Example sentences and the file they were read from; no sentences of one that cannot be."""

    spec: Explanations | None
    source: Source


def load_explanations(course: FilePath, lesson: str) -> ExplanationsFile | None:
    """Read the example sentences for a lesson of a course; None if it has no file of them."""
    file = course / FOLDER / f"{lesson}.yml"
    return ExplanationsFile(*load(Explanations, file, shown(file))) if file.exists() else None


def strays(course: FilePath, lessons: Collection[str]) -> list[Diagnostic]:
    """Files of example sentences whose names are no lesson's, if all lessons can be read."""
    if not lessons or "" in lessons:
        return []
    found = []
    for file in sorted((course / FOLDER).glob("*.yml")):
        if file.stem not in lessons:
            message = f"expected the name of a lesson of the course, got {file.stem!r}"
            hint = did_you_mean(file.stem, lessons) or "Rename the file, or move it away."
            found.append(Diagnostic(shown(file), 1, 1, "", message, hint))
    return found


def check_explanations(lesson: Lesson, source: Source, given: ExplanationsFile | None) -> None:
    """What explanations are graded by: example sentences that fit the rubric, or its phrases."""
    task = lesson.teach_back
    if given is None:
        check_phrases(task, source, FilePath(source.file).stem)
    elif task is None:
        message = f"expected a lesson with `teach_back`, got '{FilePath(source.file).stem}' without"
        given.source.report((), message, "Add it to the lesson, or move this file away.")
    elif given.spec and isinstance(given.source.data, dict):
        known = [each.id for each in task.rubric]
        check_ideas("criteria", given.spec.criteria, known, given.source)
        known = [each.id for each in task.misconceptions]
        check_ideas("misconceptions", given.spec.misconceptions, known, given.source)
        check_once(given.spec, given.source)


def check_phrases(task: TeachBack | None, source: Source, name: str) -> None:
    """A rubric that no sentences teach has phrases to look for."""
    refused = {problem.path for problem in source.problems}
    for i, criterion in enumerate(task.rubric if task else []):
        at: Path = ("teach_back", "rubric", i, "look_for")
        if not criterion.look_for and written(at) not in refused:
            fix = f"Add `look_for: [...]` here, or write example sentences: {FOLDER}/{name}.yml."
            source.report(at, "expected at least one phrase to look for, got none", fix)


def check_ideas(key: str, given: Collection[str], known: list[str], source: Source) -> None:
    """There are sentences for every idea of a rubric, and for no other."""
    what, right, wrong = IDEAS[key]
    if "" in known:  # one the schema refuses is empty here
        return
    strangers = [each for each in given if each not in known]
    for each in strangers:
        hint = did_you_mean(each, known) or f"Give the {what} to the lesson, or remove this."
        message = f"expected a {what} of the lesson, got {each!r}"
        source.report((key, each), message, hint, at_key=True)
    for each in known:
        if each not in given and not did_you_mean(each, strangers):
            fix = f"Add `{each}:` with sentences under `{right}:` and `{wrong}:`."
            message = f"expected sentences for the {what} {each!r}, found none"
            source.report((key,), message, fix, at_key=True)


def check_once(spec: Explanations, source: Source) -> None:
    """A sentence teaches one thing, and a second time nothing."""
    first: dict[str, Path] = {}
    for path, text in spec.sentences():
        known = first.setdefault(" ".join(text.casefold().split()), path)
        if known == path or not text:
            continue
        line = source.place(known).line
        message, fix = f"duplicate sentence, first given on line {line}", "Remove one of the two."
        if known[:-1] != path[:-1]:
            message += f" under `{written(known[:-1])}`"
            fix = "It teaches one thing or the other: keep it where it belongs."
        source.report(path, message, fix)

"""A lesson and a course as typed models.

The classes here, in `blocks` and in `controls` say what is allowed; `load` turns what they refuse
into diagnostics with line and fix. Text stays text whatever YAML would guess; numbers are read
from text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from .blocks import Block, Demo, DemoBlock
from .diagnostics import Path
from .grader import Grader
from .nodes import FileName, Identifier, Node, PlainText, Target, Text, Url, texts_in
from .review import Flashcard, Question, TeachBack


class Section(Node):
    """One concept of the lesson; the generator numbers it."""

    id: Identifier
    title: PlainText
    blocks: Annotated[list[Block], Field(min_length=1)]


class Reference(Node):
    """A work the lesson rests on."""

    title: PlainText
    url: Url
    kind: Literal["paper", "talk", "book", "code", "page"] = "page"


class Lesson(Node):
    """One lesson: one file, one page."""

    id: Identifier
    title: PlainText
    summary: PlainText
    minutes: Annotated[int, Field(gt=0)]
    needs: list[Identifier] = []
    objectives: list[PlainText] = []
    sources: list[Reference] = []
    sections: Annotated[list[Section], Field(min_length=1)]
    quiz: list[Question] = []
    teach_back: TeachBack | None = None
    flashcards: list[Flashcard] = []

    @property
    def concepts(self) -> int:
        """How many numbered parts it has: its sections, and the quiz as the last one."""
        return len(self.sections) + bool(self.quiz)

    def blocks(self) -> Iterator[tuple[Path, Block]]:
        """Every block with its path in the file."""
        for s, section in enumerate(self.sections):
            for b, block in enumerate(section.blocks):
                yield ("sections", s, "blocks", b), block

    def demos(self) -> Iterator[tuple[Path, Demo]]:
        """Every demo with its path in the file."""
        for path, block in self.blocks():
            if isinstance(block, DemoBlock):
                yield (*path, "demo"), block.demo

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Every piece of Markdown with its path in the file."""
        return texts_in(self)


class Concept(Node):
    """An idea with a colour of its own: bold words in prose that name it take that colour."""

    partly_usable: ClassVar[bool] = False

    color: Literal["prob", "loss", "grad", "rate", "valid"]
    words: Annotated[list[Text], Field(min_length=1)]


class CourseSpec(Node):
    """`course.yml`: what the course is called, its lessons in order, what its demos need."""

    id: Identifier
    title: PlainText
    lessons: Annotated[list[Identifier], Field(min_length=1)]
    packages: list[Text] = []
    wheels: list[Text] = []
    pyodide: list[Text] = []
    claims: list[Text] = []
    data: dict[FileName, Target] = {}
    concepts: dict[Identifier, Concept] = {}
    grader: Grader | None = None
    offline: bool = True
    words: Text | None = None

"""A rubric: what an explanation should say, what would contradict it, and what it is worth.

A course is built with one for each lesson, as a JSON file whose hash names the version. Whoever
grades, the checklist in the reader's browser or the service, grades by the same file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from .learned import Learned


class RubricError(ValueError):
    """A rubric that cannot be read; says what was expected and what came."""


@dataclass(frozen=True)
class Criterion:
    """One idea an explanation should hold, worth some points.

    `look_for` and `contradicts` are phrases; `examples` are answers by the verdict they deserve.
    """

    id: str
    points: int
    criterion: str
    look_for: tuple[str, ...] = ()
    contradicts: tuple[str, ...] = ()
    examples: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Misconception:
    """A wrong idea that learners are known to have; quiz options may name the same one."""

    id: str
    says: str
    look_for: tuple[str, ...] = ()
    instead: str = ""


@dataclass(frozen=True)
class Rubric:
    """What is asked, how an answer is judged, and which text an answer must not be copied from.

    With `learned` from example sentences, the phrases of criteria and misconceptions are not used.
    """

    course: str
    lesson: str
    prompt: str
    criteria: tuple[Criterion, ...]
    misconceptions: tuple[Misconception, ...] = ()
    follow_up: str = ""
    model_answer: str = ""
    lesson_text: str = ""
    learned: Learned | None = None

    @property
    def sha(self) -> str:
        """SHA-256 of the rubric as JSON: 64 hexadecimal digits."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """Write the rubric; equal rubrics give equal texts."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        told["criteria"] = [asdict(each) for each in self.criteria]
        told["misconceptions"] = [asdict(each) for each in self.misconceptions]
        told["learned"] = self.learned.as_table() if self.learned else None
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Rubric:
        """Read what `to_json` wrote. Raises `RubricError`."""
        try:
            given = json.loads(text)
            criteria = tuple(Criterion(**_tuples(each)) for each in given.pop("criteria"))
            wrong = tuple(Misconception(**_tuples(each)) for each in given.pop("misconceptions"))
            table = given.pop("learned", None)
            learned = Learned.from_table(table) if table else None
            return cls(criteria=criteria, misconceptions=wrong, learned=learned, **given)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise RubricError(f"expected a rubric as JSON, got something else: {error}") from None

    def not_to_copy(self) -> tuple[str, ...]:
        """What readers have before them: who copies a part of it has not explained anything."""
        return (self.lesson_text, self.prompt, self.model_answer)

    def not_to_copy_whole(self) -> tuple[str, ...]:
        """What they are told that a good explanation says: anybody may say it in part."""
        told = (each.criterion for each in self.criteria)
        return (*told, *(each.instead for each in self.misconceptions))

    def criterion_ids(self) -> list[str]:
        """The ids of the criteria, in order."""
        return _ids(self.criteria)

    def misconception_ids(self) -> list[str]:
        """The ids of the misconceptions, in order."""
        return _ids(self.misconceptions)


def _ids(things: Iterable[Criterion | Misconception]) -> list[str]:
    return [each.id for each in things]


def _tuples(given: dict[str, Any]) -> dict[str, Any]:
    """Lists of JSON as the tuples that frozen classes hold."""
    return {key: tuple(v) if isinstance(v, list) else v for key, v in given.items()}

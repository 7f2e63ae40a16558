"""The gold set: explanations that people might write, labelled by hand, criterion by criterion.

`tuned` may be looked at when the checklist is worked on. `heldout` is for measuring only: whoever
has read it can no longer say how well a change generalizes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from teachback import Criterion, Misconception, Rubric, score
from teachback.learned import Learned
from teachback.learning import Examples, Said, learn

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it was built
HERE = Path(__file__).parent
COURSE = HERE.parents[1] / "course"
LESSONS = COURSE / "lessons"
HALVES = ("tuned", "heldout")
TEXT_KEYS = ("text", "think_first", "steps", "caption", "rows", "try", "summary", "objectives")


@dataclass(frozen=True)
class Gold:
    """One explanation with the verdict each criterion deserves."""

    rubric: str
    id: str
    kind: str
    base: str | None
    text: str
    labels: dict[str, str]
    misconceptions: tuple[str, ...]

    @property
    def score(self) -> int:
        """The score that the labels make."""
        return score(rubric(self.rubric), self.labels, len(self.misconceptions))


@cache
def rubric(name: str) -> Rubric:
    """A rubric of the set's own, or that of a lesson, with what its examples teach."""
    return replace(by_phrases(name), learned=learned(name))


@cache
def by_phrases(name: str) -> Rubric:
    """The same without what its examples teach."""
    own = HERE / "rubrics" / f"{name}.yml"
    if own.exists():
        return made(name, loaded(own), "criteria", "")
    lesson = loaded(LESSONS / f"{name}.yml")
    return made(name, lesson["teach_back"], "rubric", "\n\n".join(prose(lesson["sections"])))


def made(name: str, given: dict[str, Any], criteria: str, lesson_text: str) -> Rubric:
    """A rubric of what a file says."""
    return Rubric(
        course="nudge",
        lesson=name,
        prompt=given["prompt"],
        criteria=tuple(Criterion(**tuples(each)) for each in given[criteria]),
        misconceptions=tuple(Misconception(**tuples(each)) for each in given["misconceptions"]),
        follow_up=given["follow_up"],
        model_answer=given["model_answer"],
        lesson_text=lesson_text,
    )


def tuples(given: dict[str, Any]) -> dict[str, Any]:
    """Lists as the tuples that frozen classes hold."""
    return {key: tuple(v) if isinstance(v, list) else v for key, v in given.items()}


def prose(node: Any, key: str = "") -> list[str]:
    """The texts of a lesson's blocks."""
    if isinstance(node, dict):
        return [text for name, each in node.items() for text in prose(each, name)]
    if isinstance(node, list):
        return [text for each in node for text in prose(each, key)]
    return [node] if isinstance(node, str) and key in TEXT_KEYS else []


@cache
def learned(name: str) -> Learned:
    """What the example sentences for a rubric teach."""
    return learn(examples(name))


def examples(name: str) -> Examples:
    """The example sentences for a rubric."""
    own = HERE / "explanations" / f"{name}.yml"
    given = loaded(own if own.exists() else COURSE / "explanations" / f"{name}.yml")
    kinds = ("met", "partly", "missed", "contradicts")
    criteria = {
        idea: Said(*(tuple(each.get(kind, ())) for kind in kinds))
        for idea, each in given["criteria"].items()
    }
    wrong = {
        idea: Said(tuple(each["says"]), (), tuple(each["rejects"]))
        for idea, each in given["misconceptions"].items()
    }
    return Examples(criteria, wrong, tuple(given["other"]))


@cache
def answers(half: str) -> tuple[Gold, ...]:
    """All explanations of one half."""
    return tuple(
        Gold(file.stem, each["id"], each["kind"], each.get("base"), each["text"],
             each["labels"], tuple(each["misconceptions"]))
        for file in sorted((HERE / half).glob("*.yml"))
        for each in loaded(file)
    )  # fmt: skip


def loaded(file: Path) -> Any:
    """What a YAML file holds."""
    return yaml.load(file.read_text(encoding="utf-8"), Loader)

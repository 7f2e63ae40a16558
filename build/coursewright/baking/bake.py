"""Baking: run every demo at its default settings and compute every claim, once per content.

The kitchen runs it in worker processes, or knows from an earlier build what came out. An exception,
a broken expectation or a wrong claim is a diagnostic at the author's line.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..language.blocks import Demo
from ..language.course import Course, CourseLesson
from ..language.diagnostics import Path
from ..language.expressions import Claim, asks_for, claims
from ..language.stops import start
from . import code
from .grid import Frames
from .kitchen import Job, Outcome
from .told import report_raised, said

Claims = dict[tuple[Path, int], str]  # what a claim gave, by its text's path and its start there


@dataclass
class Baked:
    """What a lesson's Python gave: displays by path of demo or cell, texts by claim (path, start),
    of each exercise the outcomes of its wrong answers, and the frames of demos, where wanted.
    """

    displays: dict[Path, list[dict[str, Any]]] = field(default_factory=dict)
    wrong: dict[Path, list[list[dict[str, Any]]]] = field(default_factory=dict)
    claims: Claims = field(default_factory=dict)
    failed: set[Path] = field(default_factory=set)
    frames: dict[Path, Frames] = field(default_factory=dict)


class Answers(Protocol):
    """Whoever runs jobs: the kitchen, or a reader's browser."""

    def outcome(self, job: Job) -> Outcome:
        """A job's outcome."""

    def outcomes(self, jobs: Iterable[Job]) -> list[Outcome]:
        """The outcomes of jobs, in their order."""


def bake(lesson: CourseLesson, course: Course, kitchen: Answers) -> Baked:
    """Run everything a lesson computes. Problems are reported to the lesson's source."""
    baked = Baked()
    demos = list(lesson.spec.demos())
    outcomes = kitchen.outcomes(demo_job(demo, course) for _, demo in demos)
    for (path, demo), outcome in zip(demos, outcomes, strict=True):
        baked.displays[path] = outcome.get("displays", [])
        report_demo(lesson, path, demo, outcome)
        if "error" in outcome:
            baked.failed.add(path)
    bake_code(lesson, kitchen, baked)
    numbers = [(path, claim) for path, text in lesson.spec.texts() for claim in claims(text)]
    outcomes = kitchen.outcomes(claim_job(claim, course) for _, claim in numbers)
    for (path, claim), outcome in zip(numbers, outcomes, strict=True):
        baked.claims[path, claim.start] = outcome.get("text", "")
        if "error" in outcome:
            message = f"cannot compute `{claim.expression}`: {said(outcome['error'])}"
            lesson.source.report_inside(path, claim.start, message)
    return baked


def demo_job(demo: Demo, course: Course) -> Job:
    """The job of running a demo at its default settings."""
    function = course.function(demo.target)
    assert function is not None  # the checks came first
    job: Job = {"kind": "demo", "target": demo.target, "expect": demo.expect or ""}
    if demo.code is not None:
        job["code"] = demo.code
    if demo.expect and asks_for(demo.expect):
        job["packages"] = course.spec.claims
    if demo.steps is not None:
        job["steps"] = demo.steps
    return {**job, "arguments": start(demo, function)}


def claim_job(claim: Claim, course: Course) -> Job:
    """The job of computing a number of the prose."""
    job = {"kind": "claim", "expression": claim.expression, "format": claim.format}
    return {**job, "packages": course.spec.claims}


def bake_code(lesson: CourseLesson, kitchen: Answers, baked: Baked) -> None:
    """Run a lesson's cells, and try the answers to its exercises."""
    job = code.cell_job(lesson)
    if job:
        outcome = kitchen.outcome(job)
        paths = [path for path, _ in code.cells(lesson)]
        ran = zip(paths, outcome.get("cells", []), strict=False)
        baked.displays |= dict(ran)
        code.report_cells(lesson, outcome)
        if "failed" in outcome or "error" in outcome:
            return  # what rests on the cells would only fail again
    asked = code.exercises(lesson)
    outcomes = kitchen.outcomes(code.exercise_job(lesson, path, body) for path, body in asked)
    for (path, body), outcome in zip(asked, outcomes, strict=True):
        code.report_exercise(lesson, path, body, outcome)
        if "answers" in outcome:
            baked.wrong[path] = outcome["answers"][2:]


def report_demo(lesson: CourseLesson, path: Path, demo: Demo, outcome: Outcome) -> None:
    """Report a demo that raised, or whose result is not what the lesson expects."""
    if "error" in outcome:
        error = outcome["error"]
        if demo.expect and at_expectation(error):
            message = f"cannot compute `{demo.expect}`: {said(error)}"
            return lesson.source.report((*path, "expect"), message)
        at = (*path, demo.code_key)
        report_raised(lesson.source, at, demo.file, error, said(error))
    elif not outcome.get("holds", True):
        message = (
            f"expected `{demo.expect}` to hold at the default settings, got {outcome['result']}"
        )
        lesson.source.report((*path, "expect"), message)
    elif not outcome["displays"]:
        message = "expected the demo to return or print something, got nothing to show"
        lesson.source.report((*path, demo.code_key), message)
    return None


def at_expectation(error: dict[str, str]) -> bool:
    """Whether an error came from reading the expectation rather than from the demo."""
    return error["type"] == "ExpressionError" or "<expression>" in error["traceback"]

"""Cells and exercises at build: every cell runs, every solution passes, every wrong answer fails.

The worker runs them; here is what asks it to, and what reports what went wrong.
"""

from typing import Any

from .. import runner
from ..language.blocks import CellBlock, Check, CodeCell, Exercise, ExerciseBlock
from ..language.course import CourseLesson
from ..language.diagnostics import Path
from .told import report_raised, said

Job = dict[str, Any]


def cell_job(lesson: CourseLesson) -> Job | None:
    """The job of running a lesson's cells, if it has any."""
    found = cells_above(lesson, None)
    return {"kind": "cells", "cells": found} if found else None


def exercise_job(lesson: CourseLesson, path: Path, body: Exercise) -> Job:
    """The job of trying an exercise's answers: the solution, the starter, the wrong ones."""
    return {
        "kind": "exercise",
        "cells": cells_above(lesson, path),
        "checks": [as_data(check) for check in body.checks],
        "answers": [body.solution, body.starter, *(wrong.code for wrong in body.wrong)],
    }


def cells_above(lesson: CourseLesson, path: Path | None) -> list[tuple[str, str]]:
    """The ids and codes of a lesson's cells, or of those above a block."""
    return [
        (block.cell.id, block.cell.code)
        for at, block in lesson.spec.blocks()
        if isinstance(block, CellBlock) and (path is None or at < path)
    ]


def as_data(check: Check) -> dict[str, Any]:
    """A check as the runner takes it, in the page too."""
    given: dict[str, Any] = {"call": check.call, "gives": check.gives}
    return given if check.within is None else {**given, "within": check.within}


def cells(lesson: CourseLesson) -> list[tuple[Path, CodeCell]]:
    """A lesson's cells and where they stand."""
    return [
        ((*path, "cell"), block.cell)
        for path, block in lesson.spec.blocks()
        if isinstance(block, CellBlock)
    ]


def exercises(lesson: CourseLesson) -> list[tuple[Path, Exercise]]:
    """A lesson's exercises and where they stand."""
    return [
        ((*path, "exercise"), block.exercise)
        for path, block in lesson.spec.blocks()
        if isinstance(block, ExerciseBlock)
    ]


def report_cells(lesson: CourseLesson, outcome: dict[str, Any]) -> None:
    """Report the cell that raised."""
    error = outcome.get("failed") or outcome.get("error")
    if error:
        path, cell = cells(lesson)[len(outcome.get("cells", []))]
        at, file = (*path, "code"), f"<cell {cell.id}>"
        report_raised(lesson.source, at, file, error, said(error))


def report_exercise(
    lesson: CourseLesson, path: Path, body: Exercise, outcome: dict[str, Any]
) -> None:
    """Report a solution that fails, a starter or a wrong answer that passes, answers alike."""
    source = lesson.source
    if "error" in outcome:
        return source.report((*path, "solution"), said(outcome["error"]))
    solution, starter, *wrong = outcome["answers"]
    at = (*path, "solution")
    for check, result, error in zip(body.checks, solution, outcome["raised"], strict=True):
        message = f"expected `{check.call}` to give {check.gives}, got {result['got']}"
        if error:
            report_raised(source, at, runner.ANSWER, error, message)
        elif not result["passed"]:
            source.report(at, message)
    if passes(starter):
        message = "expected a starter that does not pass the checks yet, got one that does"
        source.report((*path, "starter"), message)
    seen = [solution, starter]
    for i, answer in enumerate(wrong):
        at = (*path, "wrong", i, "code")
        if passes(answer):
            source.report(at, "expected an answer that fails a check, got one that passes them all")
        elif answer in seen:
            other = f"`wrong[{seen.index(answer) - 2}]`" if answer in seen[2:] else "the starter"
            message = f"expected an answer of its own, got one that the checks take for {other}"
            source.report(at, message, "Add a check that tells them apart.")
        seen.append(answer)
    return None


def passes(answer: list[dict[str, Any]]) -> bool:
    """Whether an answer passes all its checks."""
    return all(result["passed"] for result in answer)

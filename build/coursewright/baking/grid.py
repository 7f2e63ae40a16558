"""Frames: a demo whose controls have few stops is run at every one, and needs no Python to answer.

One job runs all stops of a demo, so that its answers are kept as one file of the cache.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

from ..cache import Cache
from ..language.blocks import Demo
from ..language.course import Course, CourseLesson
from ..language.diagnostics import Path
from ..language.signatures import Function
from ..language.stops import grid, start, why_no_frames
from .frames import MOST_BYTES, MOST_SECONDS
from .kitchen import Job, Kitchen, Outcome
from .told import report_raised, said

Displays = list[dict[str, Any]]


@dataclass(frozen=True)
class Frames:
    """A demo's answers at its stops: a file of the cache, `bytes` when compressed; or why none."""

    demo: str
    why: str = ""
    stops: int = 0
    bytes: int = 0
    file: str = ""

    def __str__(self) -> str:
        size = f"{self.stops} stops, {self.bytes / 1000:.1f} KB"
        return ", ".join(part for part in (size if self.stops else "", self.why) if part)


def bake_frames(
    lesson: CourseLesson, course: Course, kitchen: Kitchen, shown: dict[Path, Displays]
) -> dict[Path, Frames]:
    """The frames of a lesson's demos; not of those that failed at their start already.

    `shown` is what the others show in the page. A stop at which a demo raises is reported to the
    lesson's source: a reader could come there.
    """
    baked: dict[Path, Frames] = {}
    asked: dict[Path, tuple[Demo, Job]] = {}
    for path, demo, function in functions_of(lesson, course):
        why = why_no_frames(demo, function)
        if why:
            baked[path] = Frames(demo.id, why)
        elif path in shown:
            asked[path] = (demo, frames_job(demo, function))
    outcomes = kitchen.outcomes(job for _, job in asked.values())
    for (path, (demo, job)), outcome in zip(asked.items(), outcomes, strict=True):
        stops = prod(len(each) for each in job["controls"].values())
        if "error" in outcome:
            report(lesson, path, demo, stops, outcome)
        else:
            baked[path] = frames_of(demo, stops, outcome, shown[path], kitchen.cache)
    return baked


def functions_of(lesson: CourseLesson, course: Course) -> Iterator[tuple[Path, Demo, Function]]:
    """A lesson's demos and their functions."""
    for path, demo in lesson.spec.demos():
        function = course.function(demo.target)
        assert function is not None  # the checks came first
        yield path, demo, function


def frames_job(demo: Demo, function: Function) -> Job:
    """The job of running a demo at every stop of its controls."""
    job: Job = {"kind": "frames", "target": demo.target, "controls": grid(demo, function)}
    code = {"code": demo.code} if demo.code is not None else {}
    return {**job, **code, "start": start(demo, function)}


def frames_of(demo: Demo, stops: int, outcome: Outcome, shown: Displays, cache: Cache) -> Frames:
    """What running a demo at its stops gave; nothing to keep if it is not what the page shows."""
    if "slow" in outcome:
        return Frames(demo.id, f"{stops} stops take more than {MOST_SECONDS:g} s")
    size, content = outcome["bytes"], outcome["text"].encode()
    if not outcome["steady"] or outcome["first"] != shown:
        return Frames(demo.id, "called again it shows something else", stops, size)
    if not content:
        return Frames(demo.id, f"more than {MOST_BYTES / 1000:g} KB", stops, size)
    return Frames(demo.id, "", stops, size, cache.put_file(f"frames/{demo.id}.json", content))


def report(lesson: CourseLesson, path: Path, demo: Demo, stops: int, outcome: Outcome) -> None:
    """Report the stop at which a demo raised, or that all of them took too long."""
    error, where = outcome["error"], outcome.get("at")
    if where is None:
        place = f"at its {stops} stops, one after another"
        fix = "Make the demo quicker, or set `frames: false`: readers then wait for Python."
    else:
        place = "at " + ", ".join(f"{name} = {value!r}" for name, value in where.items())
        fix = "Readers can set this. If they should see the error, set `frames: false`."
    message = f"{place}: {said(error)}"
    at = (*path, demo.code_key)
    report_raised(lesson.source, at, demo.file, error, message, fix)

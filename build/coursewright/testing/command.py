"""`coursewright test`: reading the command line, and the report that is printed."""

import argparse
import platform
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from ..baking.bake import Answers, Baked
from ..baking.kitchen import Kitchen
from ..cache import Cache
from ..language.course import Course, CourseLesson
from ..language.diagnostics import Diagnostic
from ..pages.html import counted
from ..publish.data import ready_course
from .browser import find_browser
from .page import in_browser
from .suite import at_the_reader, parts, tested


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add what this command takes."""
    testing = commands.add_parser("test", help="run all of a course afresh, and report")
    testing.add_argument("course", type=Path, nargs="?", default=Path("course"))
    testing.add_argument(
        "--browser",
        action="store_true",
        help="then also in a browser's Python, and compare: finds Chromium, Chrome or Edge, "
        "or takes NUDGE_CHROMIUM",
    )
    testing.set_defaults(run=test)


def test(options: argparse.Namespace) -> int:
    """Run the suite and print what came out; 1 if anything was wrong."""
    program = find_browser() if options.browser else None
    started = time.monotonic()
    report = Report()
    with tempfile.TemporaryDirectory() as empty:
        course = ready_course(options.course, Cache(Path(empty)))
        with Kitchen(course, Cache(Path(empty))) as kitchen:
            print(f"In Python {platform.python_version()}:")
            baked = report.of_lessons(course, kitchen)
    if program:
        with in_browser(course, program) as browser:
            print(f"In {browser.name}:")
            report.of_lessons(course, browser, baked)
    return report.end(course, time.monotonic() - started)


class Report:
    """Prints a line for each lesson, below it its problems; counts what there was."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.problems: set[Diagnostic] = set()

    def of_lessons(
        self, course: Course, answers: Answers, earlier: Sequence[Baked] = ()
    ) -> list[Baked]:
        """Test every lesson; if there is an earlier run, against what came out there."""
        pairs = zip_longest(course.lessons, earlier)
        return [self.of_lesson(lesson, course, answers, before) for lesson, before in pairs]

    def of_lesson(
        self, lesson: CourseLesson, course: Course, answers: Answers, before: Baked | None
    ) -> Baked:
        """Test a lesson. What was wrong with it before is not told again."""
        started = time.monotonic()
        baked, problems = tested(lesson, course, answers)
        if before:
            problems = at_the_reader(lesson, before, baked, problems, self.problems)
        self.problems |= set(problems)
        had = parts(lesson.spec)
        self.counts += had
        told = ", ".join(counted(count, noun) for noun, count in had.items())
        mark = "FAILED" if problems else "ok    "
        took = time.monotonic() - started
        print(f"  {mark}  {took:5.1f} s  {lesson.source.file}  {told or 'nothing to run'}")
        for problem in problems:
            print(problem, flush=True)
        return baked

    def end(self, course: Course, seconds: float) -> int:
        """Print the last line; returns the exit code."""
        ran = counted(self.counts.total(), "test")
        lessons = counted(len(course.lessons), "lesson")
        found = counted(len(self.problems), "problem") if self.problems else "no problems"
        print(f"{ran} of {lessons}, {found}, in {seconds:.1f} s")
        return 1 if self.problems else 0

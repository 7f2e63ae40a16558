"""The suite: what there is to run in a lesson, and what two runs of it must agree in."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from ..baking.bake import Answers, Baked, bake
from ..language.blocks import CellBlock, ExerciseBlock
from ..language.course import Course, CourseLesson
from ..language.diagnostics import Diagnostic, Path, written
from ..language.expressions import claims
from ..language.spec import Lesson
from .differences import difference

Problems = list[Diagnostic]


def parts(spec: Lesson) -> Counter[str]:
    """What a lesson has to run: how many of each kind."""
    found = Counter(demo=len(list(spec.demos())), cell=0, answer=0)
    for _, block in spec.blocks():
        if isinstance(block, CellBlock):
            found["cell"] += 1
        elif isinstance(block, ExerciseBlock):
            found["answer"] += 2 + len(block.exercise.wrong)  # the solution, the starter
    found["number"] = sum(len(claims(text)) for _, text in spec.texts())
    return +found


def tested(lesson: CourseLesson, course: Course, answers: Answers) -> tuple[Baked, Problems]:
    """Run all of a lesson: what came out, and what is wrong with it."""
    baked = bake(lesson, course, answers)
    return baked, taken(lesson)


def taken(lesson: CourseLesson) -> Problems:
    """The problems that were reported, taken out of the lesson: another run begins with none."""
    problems = sorted(set(lesson.source.problems))
    lesson.source.problems.clear()
    return problems


def at_the_reader(
    lesson: CourseLesson,
    here: Baked,
    there: Baked,
    problems: Problems,
    known: Collection[Diagnostic],
) -> Problems:
    """What is wrong only in the browser, and where readers would see something else."""
    failed = [problem.path for problem in [*problems, *known] if problem.file == lesson.source.file]
    compare(lesson, here, there, failed)
    only = [problem for problem in problems if problem not in known]
    return sorted(
        replace(problem, message=f"in the browser: {problem.message}")
        for problem in [*only, *taken(lesson)]
    )


def compare(lesson: CourseLesson, here: Baked, there: Baked, failed: Collection[str]) -> None:
    """Report what differs. Of what has failed it is known that something is wrong with it."""
    demos = dict(lesson.spec.demos())
    for path, start, one, other in computed(here, there):
        demo = demos.get(path)
        differs = difference(one, other, demo.within) if demo else difference(one, other)
        if not differs or (demo and demo.differs):
            continue
        if any(each.startswith(written(path)) for each in failed):
            continue
        if start is None:
            lesson.source.report(path, differs)
        else:
            lesson.source.report_inside(path, start, differs)


def computed(here: Baked, there: Baked) -> Iterator[tuple[Path, int | None, Any, Any]]:
    """What both computed: its path, its place if it is within a text, and the two results."""
    for path in here.displays.keys() & there.displays.keys():
        yield path, None, here.displays[path], there.displays[path]
    for path in here.wrong.keys() & there.wrong.keys():
        pairs = zip(here.wrong[path], there.wrong[path], strict=True)
        yield from (((*path, "wrong", i, "code"), None, *pair) for i, pair in enumerate(pairs))
    for path, start in here.claims.keys() & there.claims.keys():
        yield path, start, here.claims[path, start], there.claims[path, start]

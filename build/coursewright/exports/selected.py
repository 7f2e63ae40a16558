"""Which lessons are exported, and what their Python gave."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..baking.bake import Claims, bake
from ..baking.kitchen import Kitchen
from ..cache import bake_cache
from ..language.course import Course, CourseLesson
from ..language.diagnostics import did_you_mean
from ..language.spec import Lesson
from ..publish.data import ready_course
from ..scaffold.files import RefusedError
from .prose import written_out


@dataclass(frozen=True)
class Cooked:
    """A lesson of a course, and the numbers that were computed in its texts."""

    course: Course
    lesson: CourseLesson
    claims: Claims

    @property
    def spec(self) -> Lesson:
        """What the author wrote."""
        return self.lesson.spec

    def text(self, text: str, path: tuple[str | int, ...]) -> str:
        """A text of the lesson with its computed numbers."""
        return written_out(text, path, self.claims)


def cooked_lessons(folder: Path, name: str | None) -> list[Cooked]:
    """The named lesson of a course, or all of them, run.

    Raises `CourseError` with what is wrong with the course, `RefusedError` if there is no such
    lesson.
    """
    course = ready_course(folder)
    found = [lesson for lesson in course.lessons if name in (None, lesson.spec.id)]
    if not found:
        known = [lesson.spec.id for lesson in course.lessons]
        hint = did_you_mean(str(name), known) or f"It has: {', '.join(known)}."
        raise RefusedError(f"expected a lesson of the course, got {name!r}\n    {hint}")
    cooked = list(run(course, found))
    course.raise_problems()
    return cooked


def run(course: Course, lessons: list[CourseLesson]) -> Iterator[Cooked]:
    """Run lessons, as far as they are not in the cache."""
    with Kitchen(course, bake_cache()) as kitchen:
        for lesson in lessons:
            yield Cooked(course, lesson, bake(lesson, course, kitchen).claims)

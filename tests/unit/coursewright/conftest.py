"""A course to break: a valid one in a temporary folder, and a function that edits and reads it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tiny import COURSE, DEMO, LESSON

from coursewright.language.course import Course, load_course
from coursewright.language.diagnostics import CourseError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A valid course, in a folder the test stands in; caches of its own."""
    course = tmp_path / "course"
    (course / "lessons").mkdir(parents=True)
    (course / "demos").mkdir()
    (course / "course.yml").write_text(COURSE)
    (course / "lessons" / "one.yml").write_text(LESSON)
    (course / "demos" / "__init__.py").write_text("")
    (course / "demos" / "sums.py").write_text(DEMO)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NUDGE_CACHE", str(tmp_path / "cache"))
    return course


@pytest.fixture
def problems(folder: Path) -> Callable[[str, str], list[str]]:
    """Replaces a piece of the lesson and returns what is then said about the course."""

    def say(old: str, new: str) -> list[str]:
        file = folder / "lessons" / "one.yml"
        text = file.read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the lesson"
        file.write_text(text.replace(old, new))
        return diagnostics(folder)

    return say


@pytest.fixture
def said() -> Callable[[Path], list[str]]:
    """Returns what is said about a course."""
    return diagnostics


def diagnostics(folder: Path) -> list[str]:
    """The diagnostics of a course, as printed."""
    try:
        load_course(folder)
    except CourseError as error:
        return [str(diagnostic) for diagnostic in error.diagnostics]
    return []


@pytest.fixture
def course(folder: Path) -> Course:
    """The valid course, loaded."""
    return load_course(folder)

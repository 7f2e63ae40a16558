"""A course to break: a valid one in a temporary folder, and a function that edits and reads it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from coursewright.language.course import Course, load_course
from coursewright.language.diagnostics import CourseError

COURSE = """\
id: tiny
title: Tiny
lessons: [one]
claims: [math]
concepts:
  loss: {color: loss, words: [loss]}
"""
LESSON = """\
id: one
title: One lesson
summary: It is short.
minutes: 3
sections:
  - id: first
    title: The first concept
    blocks:
      - think_first: What comes next?
      - text: |
          The **loss** is {= -log(0.5) | .2f =} at one half.

          And $x^2$ is a formula.
      - demo:
          id: doubler
          title: A doubler
          run: sums:double
          try: Move it.
          controls:
            x: {slider: [0, 10], step: 1, start: 2, label: A number}
          expect: result == 4
      - callout:
          kind: insight
          text: Twice is more.
"""
DEMO = """\
def double(x: float) -> float:
    return 2 * x
"""


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

"""`coursewright test --browser`: readers get what was baked, and where they do not, it is told."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from zipfile import ZipFile

import pytest
from browsers import ensure

ROOT = Path(__file__).parents[2]
COURSE = """\
id: places
title: Places
lessons: [one, festive]
claims: [demos.places]
packages: [../green]
wheels: [fruits-1.0-py3-none-any.whl]
pyodide: [python-dateutil]
"""
DIFFERENT = """\
id: one
title: One lesson
summary: It is short.
minutes: 3
sections:
  - id: first
    title: The first concept
    blocks:
      - text: It is {= where() =} here, and {= sqrt(2) =} everywhere.
      - demo:
          id: where
          title: Where
          run: places:where
          try: Look.
      - demo:
          id: counted
          title: Counted
          run: places:counted
          try: Play.
          steps: 3
          expect: result == 2
      - cell:
          id: here
          code: |
            import sys
            sys.platform
      - exercise:
          id: name
          ask: Name the place.
          starter: |
            def name(): return ""
          checks:
            - {call: name(), gives: there}
          solution: |
            def name(): return "here" if sys.platform == "emscripten" else "there"
      - demo:
          id: excused
          title: Where, and it may differ
          run: places:where
          try: Look.
          differs: It measures the name of the system.
"""
FESTIVE = """\
id: festive
title: A festive lesson
summary: It is short.
minutes: 3
sections:
  - id: first
    title: The first concept
    blocks:
      - demo:
          id: easter
          title: Easter
          run: festive:easter
          try: Look.
          expect: result == "3 apples on 2024-03-31"
"""
PLACES = """\
import sys


def where():
    return len(sys.platform)


def counted():
    yield from range(100)
"""
EASTER = """\
import fruits
import grocer


def easter():
    return f"{grocer.THREE} {fruits.WORD} on {fruits.easter(2024)}"
"""
FRUITS = """\
from pathlib import Path

from dateutil.easter import easter

WORD = Path(__file__).with_name("word.txt").read_text()
"""
PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "Green-Grocer"
version = "1.0"

[tool.hatch.build.targets.wheel]
packages = ["grocer"]
"""


def suite_of(folder: Path, browser: str) -> "subprocess.CompletedProcess[str]":
    """Run the suite of the course in a folder, in the browser too."""
    command = [sys.executable, "-m", "coursewright", "test", "--browser"]
    environment = {**os.environ, "NUDGE_CHROMIUM": browser}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def chrome(playwright) -> str:
    return ensure("chromium", playwright).program


@pytest.fixture(scope="module")
def done(tmp_path_factory, chrome) -> "subprocess.CompletedProcess[str]":
    """The suite of a course with one lesson that differs in the browser, and one that does not."""
    folder = tmp_path_factory.mktemp("suite")
    files = {
        "course/course.yml": COURSE,
        "course/lessons/one.yml": DIFFERENT,
        "course/lessons/festive.yml": FESTIVE,
        "course/demos/places.py": PLACES,
        "course/demos/festive.py": EASTER,
        "green/pyproject.toml": PROJECT,
        "green/grocer/__init__.py": "THREE = 3\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    with ZipFile(folder / "course" / "fruits-1.0-py3-none-any.whl", "w") as wheel:
        about = "Name: fruits\nVersion: 1.0\nRequires-Dist: python-dateutil\n"
        wheel.writestr("fruits-1.0.dist-info/METADATA", about)
        wheel.writestr("fruits/__init__.py", FRUITS)
        wheel.writestr("fruits/word.txt", "apples")
    return suite_of(folder, chrome)


def test_what_the_browser_gives_otherwise_is_told_at_its_place(done):
    place, length = "course/lessons/one.yml", len(sys.platform)
    told = [line for line in done.stdout.splitlines() if line.startswith("course/")]
    assert told == [
        f"{place}:9:15  sections[0].blocks[0].text: in the browser: "
        f"expected `{length}` as the page shows, got `10`",
        f"{place}:11:11  sections[0].blocks[1].demo: in the browser: "
        f"expected `{length}` as the page shows, got `10` ([0].text/plain)",
        f"{place}:23:11  sections[0].blocks[3].cell: in the browser: "
        f"expected `'{sys.platform}'` as the page shows, got `'emscripten'` ([0].text/plain)",
        f"{place}:34:21  sections[0].blocks[4].exercise.solution: in the browser: "
        "expected `name()` to give there, got 'here'",
    ], done.stderr
    assert done.returncode == 1
    assert ", 4 problems, in " in done.stdout


def test_a_courses_own_package_a_wheel_and_a_package_of_pyodide_reach_readers(done):
    told = [line for line in done.stdout.splitlines() if "lessons/festive.yml" in line]
    assert [line.split()[0] for line in told] == ["ok", "ok"]


def test_readers_of_the_projects_course_get_what_was_baked(chrome):
    whole = suite_of(ROOT, chrome)
    assert " tests of 2 lessons, " in whole.stdout, whole.stdout + whole.stderr
    assert whole.returncode == 0, whole.stdout


def test_a_browser_that_ends_is_told_in_a_sentence(tmp_path):
    copytree(ROOT / "tests" / "e2e" / "code" / "course", tmp_path / "course")
    ended = suite_of(tmp_path, "/bin/false")
    said = ended.stderr.splitlines()[-1]
    assert (ended.returncode, said) == (1, "the browser ended (exit code 1)")

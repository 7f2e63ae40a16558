"""`coursewright test --browser`: readers get what was baked, and where they do not, it is told."""

import sys
from pathlib import Path
from shutil import copytree
from zipfile import ZipFile

import pytest
from browsers import ensure

from coursewright.cli import main

ROOT = Path(__file__).parents[2]
LESSON = """\
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
"""
DEMOS = """\
import sys


def where():
    return len(sys.platform)


def counted():
    yield from range(100)
"""


@pytest.fixture
def tested(playwright, monkeypatch, capfd):
    """Runs the suite of a course in the browser too: the exit code, and what was printed."""
    monkeypatch.setenv("NUDGE_CHROMIUM", ensure("chromium", playwright).program)

    def run(course: Path):
        code = main(["test", "--browser", str(course)])
        return code, capfd.readouterr()

    return run


def test_what_the_browser_gives_otherwise_is_told_at_its_place(tested, tmp_path, monkeypatch):
    for name in ("lessons", "demos"):
        (tmp_path / "course" / name).mkdir(parents=True)
    course = {"id": "tiny", "title": "Tiny", "lessons": "[one]", "claims": "[demos.places]"}
    text = "".join(f"{key}: {value}\n" for key, value in course.items())
    (tmp_path / "course" / "course.yml").write_text(text)
    (tmp_path / "course" / "lessons" / "one.yml").write_text(LESSON)
    (tmp_path / "course" / "demos" / "places.py").write_text(DEMOS)
    monkeypatch.chdir(tmp_path)
    code, printed = tested(Path("course"))
    told = [line for line in printed.out.splitlines() if "one.yml:" in line]
    place = "course/lessons/one.yml"
    assert code == 1
    assert told == [
        f"{place}:9:15  sections[0].blocks[0].text: in the browser: "
        f"expected `{len(sys.platform)}` as the page shows, got `10`",
        f"{place}:11:11  sections[0].blocks[1].demo: in the browser: "
        f"expected `{len(sys.platform)}` as the page shows, got `10` ([0].text/plain)",
        f"{place}:23:11  sections[0].blocks[3].cell: in the browser: "
        f"expected `'{sys.platform}'` as the page shows, got `'emscripten'` ([0].text/plain)",
        f"{place}:34:21  sections[0].blocks[4].exercise.solution: in the browser: "
        "expected `name()` to give there, got 'here'",
    ]
    assert ", 4 problems, in " in printed.out


def test_readers_of_the_projects_course_get_what_was_baked(tested):
    code, printed = tested(ROOT / "course")
    assert (code, printed.out.count("  ok  ")) == (0, 2), printed.out


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
FESTIVE = """\
id: one
title: One lesson
summary: It is short.
minutes: 3
sections:
  - id: first
    title: The first concept
    blocks:
      - demo:
          id: easter
          title: Easter
          run: places:easter
          try: Look.
          expect: result == "3 apples on 2024-03-31"
"""
EASTER = """\
import fruits
import grocer


def easter():
    return f"{grocer.THREE} {fruits.WORD} on {fruits.easter(2024)}"
"""


def test_a_courses_own_package_a_wheel_and_a_package_of_pyodide_reach_readers(
    tested, tmp_path, monkeypatch
):
    course = tmp_path / "course"
    for folder in (course / "lessons", course / "demos", tmp_path / "green" / "grocer"):
        folder.mkdir(parents=True)
    (course / "course.yml").write_text(
        "id: festive\ntitle: Festive\nlessons: [one]\npackages: [../green]\n"
        "wheels: [fruits-1.0-py3-none-any.whl]\npyodide: [python-dateutil]\n"
    )
    (course / "lessons" / "one.yml").write_text(FESTIVE)
    (course / "demos" / "places.py").write_text(EASTER)
    (tmp_path / "green" / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "green" / "grocer" / "__init__.py").write_text("THREE = 3\n")
    about = "Name: fruits\nVersion: 1.0\nRequires-Dist: python-dateutil\n"
    code = (
        "from pathlib import Path\nfrom dateutil.easter import easter\n"
        "WORD = Path(__file__).with_name('word.txt').read_text()\n"
    )
    with ZipFile(course / "fruits-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("fruits/__init__.py", code)
        wheel.writestr("fruits/word.txt", "apples")
        wheel.writestr("fruits-1.0.dist-info/METADATA", about)
    monkeypatch.chdir(tmp_path)
    code, printed = tested(Path("course"))
    assert (code, printed.out.count("  ok  ")) == (0, 2), printed


def test_a_browser_that_ends_is_told_in_a_sentence(tested, monkeypatch, tmp_path):
    course = copytree(ROOT / "tests" / "e2e" / "code" / "course", tmp_path / "course")
    monkeypatch.setenv("NUDGE_CHROMIUM", "/bin/false")
    code, printed = tested(course)
    assert (code, printed.err.splitlines()[-1]) == (1, "the browser ended (exit code 1)")

"""Hostile input gets diagnostics: no traceback, bounded time and memory, each at a real place."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import pytest
from hostile import (
    CLAIMS,
    CONTROL,
    DEMOS,
    EXPRESSIONS,
    FILES,
    FORMULAS,
    NUMBERS,
    PIECES,
    PROSE,
    WORDS,
)  # fmt: skip
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import COURSE, LESSON

from coursewright.language.course import check, load_course, load_lesson
from coursewright.language.diagnostics import CourseError, Diagnostic, written
from coursewright.language.load import load
from coursewright.language.source import Source, visible
from coursewright.language.spec import Lesson

GIGABYTE = 1 << 30
LIMITED = """\
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), int(sys.argv[1])))
from coursewright.cli import main
sys.exit(main(["check", "--format", "json", "course"]))
"""
RAW = LESSON.encode()
ROOT = Path(__file__).resolve().parents[3]
LESSONS = [
    *sorted((ROOT / "course" / "lessons").glob("*.yml")),
    *sorted((ROOT / "tests" / "e2e").glob("*/course/lessons/*.yml")),
]
KINDS = ("lose", "double", "swap", "indent", "dedent", "insert", "cut", "value")
SHORT = [piece for piece in (*PIECES, *NUMBERS, *WORDS) if len(piece) < 40]
EDITS = st.tuples(st.sampled_from(KINDS), st.integers(0, 10**6), st.sampled_from(SHORT))
SIGNS = "\t:{}[]'\"#*&!|>%@`,-? \n\\é"


def told_of(folder: Path) -> list[dict[str, object]]:
    """What `coursewright check` says of a course, as a process of its own in bounds."""
    command = [sys.executable, "-W", "error", "-c", LIMITED, str(3 * GIGABYTE)]
    done = subprocess.run(command, cwd=folder.parent, capture_output=True, text=True, timeout=300)
    assert "Traceback" not in done.stdout + done.stderr, done.stderr[-2000:]
    assert done.returncode == 1, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert all(isinstance(each["message"], str) and len(each["message"]) < 5000 for each in told)
    keys = ("file", "line", "column", "path", "message", "fix")
    assert told == sorted(told, key=lambda each: [each[key] for key in keys])
    return told


def listing(names: list[str]) -> str:
    """`course.yml` with these lessons."""
    return COURSE.replace("[one]", f"[{', '.join(names)}]")


def test_files_nobody_means_to_write_are_told_and_none_hides_another(folder):
    names = {f"lesson-{i}": raw for i, raw in enumerate(FILES.values())}
    (folder / "course.yml").write_text(listing(list(names)))
    (folder / "lessons" / "one.yml").unlink()
    for name, raw in names.items():
        (folder / "lessons" / f"{name}.yml").write_bytes(raw)
    told = told_of(folder)
    silent = set(names) - {Path(str(each["file"])).stem for each in told}
    assert silent == set()  # their ids are wrong at least


@pytest.mark.parametrize("name", [name for name, raw in FILES.items() if len(raw) > 15_000])
def test_a_large_file_is_read_or_refused_before_an_author_gives_up(folder, said, name):
    (folder / "lessons" / "one.yml").write_bytes(FILES[name])
    begun = time.perf_counter()
    assert said(folder)
    assert time.perf_counter() - begun < 20  # it takes a second; what is quadratic took a minute


def test_a_lesson_that_is_no_file_is_told(folder):
    (folder / "course.yml").write_text(listing(["loop", "place", "nowhere"]))
    (folder / "lessons" / "one.yml").unlink()
    (folder / "lessons" / "place.yml").mkdir()
    (folder / "lessons" / "loop.yml").symlink_to("loop.yml")
    (folder / "demos" / "place.py").mkdir()
    (folder / "images").mkdir()
    (folder / "images" / "loop.svg").symlink_to("loop.svg")
    said = [(each["file"], each["message"]) for each in told_of(folder)]
    assert said == [
        (
            "course/course.yml",
            "expected a file course/lessons/nowhere.yml, found none",
        ),
        (
            "course/lessons/loop.yml",
            "cannot read this file: Too many levels of symbolic links",
        ),
        ("course/lessons/place.yml", "cannot read this file: Is a directory"),
    ]


def test_prose_formulas_and_claims_nobody_means_to_write_are_told(folder):
    texts = [*PROSE, *(f"${each}$" for each in FORMULAS), *(f"{{= {each} =}}" for each in CLAIMS)]
    blocks = "".join(f"      - text: |2\n{indent(text, ' ' * 10)}\n" for text in texts)
    (folder / "lessons" / "one.yml").write_text(f"{LESSON}{blocks}")
    assert len(told_of(folder)) > len(CLAIMS) / 2


def test_what_passes_the_checks_is_rendered_or_told(folder):
    texts = [*PROSE, *(f"${each}$" for each in FORMULAS), "{= 9**9**9 =}", "{= 1/0 =}"]
    blocks = "".join(f"      - text: |2\n{indent(text, ' ' * 10)}\n" for text in texts)
    (folder / "lessons" / "one.yml").write_text(f"{LESSON}{blocks}")
    said = " ".join(str(each["message"]) for each in told_of(folder))
    for words in ("cannot read the formula", "leads somewhere", "cannot compute", "inside each"):
        assert words in said


def test_demos_nobody_means_to_write_are_told_each_at_its_demo(folder):
    runs = [*(f"{name}:double" for name in DEMOS), *["sums:double"] * len(EXPRESSIONS)]
    expected = ["result == 4"] * len(DEMOS) + list(EXPRESSIONS)
    demos = "".join(
        f"      - demo:\n          id: demo-{i}\n          title: A demo\n          run: {run}\n"
        f"          try: Move it.\n          controls:\n            x: {CONTROL}\n"
        f"          expect: '{expect.replace(chr(39), chr(39) * 2)}'\n"
        for i, (run, expect) in enumerate(zip(runs, expected, strict=True))
    )
    lesson = folder / "lessons" / "one.yml"
    lesson.write_text(f"{LESSON}{demos}")
    for name, code in DEMOS.items():
        (folder / "demos" / f"{name}.py").write_text(code)
    said = told_of(folder)
    assert len({each["path"] for each in said}) >= len(EXPRESSIONS) / 2
    broken = {str(each["file"]) for each in said} - {"course/lessons/one.yml"}
    assert broken == {f"course/demos/{name}.py" for name in ("syntax", "nested", "long_sum")}


def test_demos_that_only_running_shows_to_be_wrong_are_told(folder):
    running = {name: code for name, code in DEMOS.items() if name not in UNREADABLE}
    demos = "".join(
        f"      - demo:\n          id: demo-{i}\n          title: A demo\n"
        f"          run: {name}:double\n          try: Move it.\n          controls:\n"
        f"            x: {CONTROL}\n          expect: result == 5\n"
        for i, name in enumerate(running)
    )
    (folder / "lessons" / "one.yml").write_text(f"{LESSON}{demos}")
    for name, code in running.items():
        (folder / "demos" / f"{name}.py").write_text(code)
    assert len({each["path"] for each in told_of(folder)}) == len(running)


UNREADABLE = ("syntax", "nested", "long_sum", "asynchronous", "a_class", "bytes")  # as functions


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([RAW[:i] for i in range(0, len(RAW), 2)], id="cut off"),
        pytest.param([RAW[:i] + RAW[i + 1 :] for i in range(len(RAW))], id="one less"),
        pytest.param([RAW[:i] + RAW[i - 1 :] for i in range(1, len(RAW), 3)], id="one twice"),
        pytest.param(
            [RAW[:i] + each.encode() + RAW[i:] for each in SIGNS for i in range(0, len(RAW), 29)],
            id="one more",
        ),
    ],
)
def test_a_lesson_with_a_slip_anywhere_is_told_at_a_place_that_exists(tmp_path, texts):
    file = tmp_path / "one.yml"
    for raw in texts:
        file.write_bytes(raw)
        _, source = load(Lesson, file, "one.yml")
        for problem in source.problems:
            assert_is_somewhere(source, raw.decode(), problem)


@pytest.fixture(scope="module")
def problems_of() -> Callable[[Path], list[Diagnostic]]:
    """Reads and checks a file as a lesson of this project's own course."""
    course = load_course(ROOT / "course")

    def problems(file: Path) -> list[Diagnostic]:
        lesson, unreadable = load_lesson(file, course)
        if lesson:
            check(lesson, course)
        return lesson.source.problems if lesson else unreadable

    return problems


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(LESSONS), st.lists(EDITS, min_size=1, max_size=6))
def test_a_real_lesson_edited_at_random_is_told_at_places_that_exist(
    tmp, problems_of, lesson, edits
):
    text = edited(lesson.read_text(), edits)
    file = tmp / lesson.name
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    for problem in problems_of(file):
        assert_is_in(text, problem)


@pytest.fixture(scope="module")
def tmp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all examples share."""
    return tmp_path_factory.mktemp("edited")


def edited(text: str, edits: list[tuple[str, int, str]]) -> str:
    """A text in which lines were lost, moved, doubled, indented anew, or got other values."""
    for kind, at, piece in edits:
        lines = text.split("\n")
        i = at % len(lines)
        line, j = lines[i], at % (len(lines[i]) + 1)
        key, colon, _ = line.partition(": ")
        lines[i : i + 1] = {
            "lose": [],
            "double": [line, line],
            "swap": [*lines[i + 1 : i + 2], line],
            "indent": [" " * (at % 7) + line],
            "dedent": [line[at % 3 :]],
            "insert": [line[:j] + piece + line[j:]],
            "cut": [line[:j]],
            "value": [key + colon + piece],
        }[kind]
        text = "\n".join(lines)
    return text


def assert_is_somewhere(source: Source, text: str, problem: Diagnostic) -> None:
    """A problem's line, column and path exist."""
    assert_is_in(text, problem)
    known = {"", *(visible(written(path)) for path in [*source.values, *source.keys])}
    assert problem.path in known or problem.message.startswith("merge keys"), problem


def assert_is_in(text: str, problem: Diagnostic) -> None:
    """A problem's line and column exist."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert 1 <= problem.line <= len(lines), problem
    assert 1 <= problem.column <= len(lines[problem.line - 1]) + 2, problem


def test_problems_come_sorted_and_each_once():
    later, first = Diagnostic("b", 2, 1, "", "x"), Diagnostic("b", 1, 1, "", "y")
    assert CourseError([later, first, later]).diagnostics == [first, later]

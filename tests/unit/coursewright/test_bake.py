"""Baking runs real Python in a subprocess: once per content, and never for ever."""

import os

import pytest

from coursewright.baking.bake import bake
from coursewright.baking.kitchen import Kitchen
from coursewright.cache import Cache
from coursewright.language.course import load_course
from coursewright.language.diagnostics import CourseError


@pytest.fixture
def kitchen(course, tmp_path):
    with Kitchen(course, Cache(tmp_path / "bake"), seconds=2.0) as kitchen:
        yield kitchen


def rewrite(folder, code):
    """Give the course another demo and load it again."""
    (folder / "demos" / "sums.py").write_text(code)
    return load_course(folder)


def problems_of(course, tmp_path):
    """What baking says about the course's one lesson."""
    with Kitchen(course, Cache(tmp_path / "bake"), seconds=2.0) as kitchen:
        bake(course.lessons[0], course, kitchen)
    with pytest.raises(CourseError) as error:
        course.raise_problems()
    return [str(problem) for problem in error.value.diagnostics]


def test_a_lesson_gets_the_outputs_of_its_demos_and_claims(course, kitchen):
    baked = bake(course.lessons[0], course, kitchen)
    assert list(baked.displays.values()) == [[{"text/plain": "4.0"}]]
    assert list(baked.claims.values()) == ["0.69"]


def test_nothing_runs_twice_while_nothing_changes(course, kitchen, tmp_path):
    first = bake(course.lessons[0], course, kitchen)
    with Kitchen(course, Cache(tmp_path / "bake")) as again:
        assert bake(course.lessons[0], course, again) == first
        assert again.ran == 0
    assert kitchen.ran == 2


def test_a_changed_demo_runs_again(folder, course, kitchen, tmp_path):
    bake(course.lessons[0], course, kitchen)
    changed = rewrite(folder, "def double(x):\n    return x + x\n")
    with Kitchen(changed, Cache(tmp_path / "bake")) as again:
        bake(changed.lessons[0], changed, again)
        assert again.ran == 1  # the claim does not rest on it


def test_a_demo_that_never_ends_is_a_problem_at_its_line(folder, tmp_path):
    course = rewrite(folder, "def double(x):\n    while True:\n        pass\n")
    (told,) = problems_of(course, tmp_path)
    assert told == (
        "course/lessons/one.yml:17:16  sections[0].blocks[2].demo.run: "
        "TimeoutError: took longer than 2 seconds"
    )


def test_a_demo_that_ends_the_process_is_a_problem_at_its_line(folder, tmp_path):
    course = rewrite(folder, "import os\ndef double(x):\n    os._exit(3)\n")
    (told,) = problems_of(course, tmp_path)
    assert told.endswith("demo.run: Crash: the Python process ended (exit code 3)")


def test_a_demo_that_exits_politely_is_a_problem_too(folder, tmp_path):
    course = rewrite(folder, "def double(x):\n    raise SystemExit('bye')\n")
    (told,) = problems_of(course, tmp_path)
    assert "demo.run: SystemExit: bye" in told


@pytest.mark.skipif(os.name != "posix", reason="only POSIX limits a process's memory")
def test_a_demo_cannot_take_the_whole_machine(folder, tmp_path):
    course = rewrite(folder, "def double(x):\n    return len(bytearray(1 << 40))\n")
    (told,) = problems_of(course, tmp_path)
    assert "demo.run: MemoryError" in told


def test_what_a_demo_prints_is_shown_before_what_it_returns(folder, tmp_path):
    course = rewrite(folder, "def double(x):\n    print('hello')\n    return 2 * x\n")
    with Kitchen(course, Cache(tmp_path / "bake")) as kitchen:
        baked = bake(course.lessons[0], course, kitchen)
    assert list(baked.displays.values()) == [[{"text/plain": "hello\n"}, {"text/plain": "4"}]]


def test_a_broken_expectation_names_the_value(folder, tmp_path):
    course = rewrite(folder, "def double(x):\n    return 3 * x\n")
    (told,) = problems_of(course, tmp_path)
    assert told == (
        "course/lessons/one.yml:21:19  sections[0].blocks[2].demo.expect: "
        "expected `result == 4` to hold at the default settings, got 6"
    )


def test_an_expectation_that_cannot_be_evaluated_is_told_at_its_line(folder, tmp_path):
    course = rewrite(folder, "def double(x):\n    return 'four'\n")
    lesson = folder / "lessons" / "one.yml"
    lesson.write_text(lesson.read_text().replace("result == 4", "result.loss < 4"))
    (told,) = problems_of(load_course(course.folder), tmp_path)
    assert told.startswith(
        "course/lessons/one.yml:21:19  sections[0].blocks[2].demo.expect: "
        "cannot compute `result.loss < 4`: AttributeError: 'str' object has no attribute 'loss'"
    )


def with_facts(folder, expected):
    """Give the course a function for claims, and its demo an expectation that calls it."""
    (folder / "demos" / "facts.py").write_text("def triple(x):\n    return 3 * x\n")
    for file, old, new in (
        ("course.yml", "claims: [math]", "claims: [math, demos.facts]"),
        ("lessons/one.yml", "result == 4", expected),
    ):
        text = (folder / file).read_text()
        (folder / file).write_text(text.replace(old, new, 1))
    return load_course(folder)


def test_an_expectation_may_compare_with_what_claims_may_call(folder, tmp_path):
    course = with_facts(folder, "result + 2 == triple(2)")
    with Kitchen(course, Cache(tmp_path / "bake")) as kitchen:
        bake(course.lessons[0], course, kitchen)
    course.raise_problems()
    (folder / "demos" / "facts.py").write_text("def triple(x):\n    return 4 * x\n")
    (told,) = problems_of(load_course(folder), tmp_path)
    assert "expected `result + 2 == triple(2)` to hold at the default settings, got 4" in told


def test_an_unknown_name_in_an_expectation_is_told_with_one_that_is_meant(folder, tmp_path):
    (told,) = problems_of(with_facts(folder, "result == tripel(2)"), tmp_path)
    assert "demo.expect: cannot compute `result == tripel(2)`" in told
    assert "unknown name 'tripel', did you mean 'triple'?" in told


@pytest.mark.parametrize(
    "line", ["os.write(1, b'noise\\n')", "print('noise', file=sys.__stdout__, flush=True)"]
)
def test_a_demo_that_writes_below_python_harms_no_answer(folder, tmp_path, line):
    course = rewrite(folder, f"import os, sys\ndef double(x):\n    {line}\n    return 2 * x\n")
    with Kitchen(course, Cache(tmp_path / "bake")) as kitchen:
        baked = bake(course.lessons[0], course, kitchen)
    assert list(baked.displays.values()) == [[{"text/plain": "4"}]]


def test_a_demo_that_asks_for_input_is_told_at_once_that_there_is_none(folder, tmp_path):
    course = rewrite(folder, "def double(x):\n    return input()\n")
    (told,) = problems_of(course, tmp_path)
    assert "demo.run: EOFError" in told

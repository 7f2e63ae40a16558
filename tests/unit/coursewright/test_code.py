"""Cells and exercises: run at build, and refused where they would fail a reader."""

import json
import sys

import pytest

from coursewright import runner
from coursewright.language.course import load_course
from coursewright.language.diagnostics import CourseError
from coursewright.publish.lessons import render_lessons
from coursewright.runner import CHECKS, NOTEBOOKS, STREAM, run, same, wanted

LESSON = "course/lessons/one.yml"
LAST = "      - callout:\n          kind: insight\n          text: Twice is more.\n"
CELLS = """\
      - cell:
          id: first-cell
          code: |
            x = 20
      - cell:
          id: second-cell
          code: |
            print("twice", x)
            2 * x
"""
EXERCISE = """\
      - exercise:
          id: halve
          ask: Write a function that halves.
          starter: |
            def half(x):
                return x
          checks:
            - {call: half(x), gives: 10}
            - {call: half(3), gives: 1.5, hidden: true}
          solution: |
            def half(x):
                return x / 2
          wrong:
            - says: That doubles.
              code: |
                def half(x):
                    return 2 * x
"""


@pytest.fixture
def lesson(folder):
    """The lesson's file with two cells and an exercise."""
    file = folder / "lessons" / "one.yml"
    file.write_text(file.read_text().replace(LAST, CELLS + EXERCISE))
    return file


@pytest.fixture
def wrong(folder, lesson):
    """What a build says about the lesson with a piece replaced."""

    def say(old: str, new: str) -> list[str]:
        text = lesson.read_text()
        assert text.count(old) == 1
        lesson.write_text(text.replace(old, new))
        with pytest.raises(CourseError) as told:
            render_lessons(load_course(folder), runtime_bytes=0)
        return [str(diagnostic) for diagnostic in told.value.diagnostics]

    return say


def test_cells_and_exercises_stand_on_the_page_with_what_they_gave(folder, lesson):
    (page,) = render_lessons(load_course(folder), runtime_bytes=0).pages
    html = page.markdown
    assert "twice 20\n" in html.replace("&#10;", "\n")
    assert "<pre>40</pre>" in html
    assert 'data-wrong="[[&quot;40&quot;, &quot;6&quot;]]"' in html
    assert "That doubles." in html


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "            2 * x\n",
            "            2 * y\n",
            "30:13  sections[0].blocks[4].cell.code: NameError: name 'y' is not defined\n"
            '      File "course/lessons/one.yml", line 30, in <module>\n'
            "        2 * y\n",
        ),
        (
            "x = 20",
            "x = = 20",
            "25:13  sections[0].blocks[3].cell.code: expected Python, found in its line 1: "
            "invalid syntax",
        ),
        (
            "return x / 2",
            "return x / 4",
            "40:21  sections[0].blocks[5].exercise.solution: expected `half(x)` to give 10, "
            "got 5.0",
        ),
        (
            "return x / 2",
            "return x / nothing",
            "42:17  sections[0].blocks[5].exercise.solution: expected `half(3)` to give 1.5, got "
            "NameError: name 'nothing' is not defined\n"
            '      File "<check>", line 1, in <module>\n'
            '      File "course/lessons/one.yml", line 42, in half\n'
            "        return x / nothing\n",
        ),
        (
            "                return x\n",
            "                return x / 2\n",
            "34:20  sections[0].blocks[5].exercise.starter: expected a starter that does not pass "
            "the checks yet, got one that does",
        ),
        (
            "return 2 * x",
            "return 0.5 * x",
            "45:21  sections[0].blocks[5].exercise.wrong[0].code: expected an answer that fails a "
            "check, got one that passes them all",
        ),
        (
            "return 2 * x",
            "return x * 1",
            "45:21  sections[0].blocks[5].exercise.wrong[0].code: expected an answer of its own, "
            "got one that the checks take for the starter\n    Add a check that tells them apart.",
        ),
        (
            "          id: halve\n",
            "          id: first-cell\n",
            "32:15  sections[0].blocks[5].exercise.id: duplicate id 'first-cell', first given on "
            "line 23",
        ),
    ],
)
def test_code_that_would_fail_a_reader_fails_the_build(wrong, old, new, told):
    assert f"{LESSON}:{told}" in [said[: len(f"{LESSON}:{told}")] for said in wrong(old, new)]


@pytest.fixture
def notebook():
    """Runs cells and answers as a page asks for them."""
    NOTEBOOKS.clear()
    runner.STREAMS.clear()

    def ask(target: str, **arguments):
        return json.loads(run(target, json.dumps(arguments)))

    return ask


def test_a_cell_runs_those_above_it_once(notebook):
    above = {"a": "count = globals().get('count', 0) + 1"}
    for _ in range(2):
        said = notebook("@cell", lesson="one", name="b", code="count", above=above)
        assert said == {"displays": [{"text/plain": "1"}]}
    other = notebook("@cell", lesson="two", name="b", code="count", above={})
    assert other["error"]["type"] == "NameError"


def test_an_answer_does_not_change_what_the_cells_defined(notebook):
    notebook("@cell", lesson="one", name="a", code="x = 1", above={})
    checks = [{"call": "x", "gives": "2"}]
    said = notebook("@exercise", lesson="one", code="x = 2", checks=checks)
    assert said["displays"] == [{CHECKS: [{"passed": True, "got": "2"}]}]
    assert notebook("@cell", lesson="one", name="b", code="x", above={}) == {
        "displays": [{"text/plain": "1"}]
    }


def test_a_check_that_raises_does_not_pass_and_says_so(notebook):
    checks = [{"call": "f()", "gives": "1"}, {"call": "1 + 1", "gives": "2"}]
    said = notebook("@exercise", lesson="one", code="print('tried')", checks=checks)
    assert said["displays"] == [
        {"text/plain": "tried\n"},
        {
            CHECKS: [
                {"passed": False, "got": "NameError: name 'f' is not defined"},
                {"passed": True, "got": "2"},
            ]
        },
    ]


@pytest.mark.parametrize(
    ("value", "text", "within", "expected"),
    [
        (0.1 + 0.2, "0.3", 1e-9, True),
        (0.31, "0.3", 1e-9, False),
        (0.31, "0.3", 0.02, True),
        ((1, 2), "[1, 2]", 1e-9, True),
        ([1, [2.0000000001]], "[1, [2]]", 1e-9, True),
        ({"a": 1}, "{'a': 1}", 1e-9, True),
        ("mat", "mat", 1e-9, True),
        ("mat", "'mat'", 1e-9, True),
        (True, "1", 1e-9, False),
        (1, "True", 1e-9, False),
        (None, "None", 1e-9, True),
        ([1], "[1, 2]", 1e-9, False),
    ],
)
def test_values_are_the_same_up_to_rounding(value, text, within, expected):
    assert same(value, wanted(text), within) is expected


def test_a_demo_as_a_reader_changed_it_is_called_with_the_controls_values(notebook):
    code = "def double(x: float):\n    return 3 * x\n"
    given = {"run": "sums:double", "code": code, "arguments": {"x": 2}}
    assert notebook("@edited", **given) == {"displays": [{"text/plain": "6.0"}]}
    said = notebook("@edited", **{**given, "code": "x = 1"})["error"]
    assert said["message"] == "expected a function 'double' in the code, found none"


COUNT = """\
def double(x: int):
    for i in range(1, 4):
        print('step', i)
        yield i * x
"""


@pytest.fixture
def stream(notebook, folder, monkeypatch):
    """A streaming demo, asked to go on."""
    for name in [name for name in sys.modules if name.split(".")[0] == "demos"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(str(folder))
    (folder / "demos" / "sums.py").write_text(COUNT)

    def ask(**options):
        given = {"stream": "s", "run": "sums:double", "arguments": {"x": 2}, "fresh": False}
        return notebook("@stream", **{**given, "milliseconds": 0, **options})

    return ask


def test_a_stream_goes_on_step_by_step_to_its_end(stream):
    said = [stream(fresh=True), stream(), stream(), stream(), stream()]
    assert [displays["displays"][-1][STREAM] for displays in said] == [
        {"steps": 1, "ended": False},
        {"steps": 2, "ended": False},
        {"steps": 3, "ended": False},
        {"steps": 3, "ended": True},
        {"steps": 3, "ended": True},
    ]
    assert said[1]["displays"][:-1] == [{"text/plain": "step 2\n"}, {"text/plain": "4"}]
    assert said[3]["displays"][:-1] == []


def test_a_stream_goes_on_for_a_while_and_begins_anew(stream):
    assert stream(fresh=True, milliseconds=10_000)["displays"][-1] == {
        STREAM: {"steps": 3, "ended": True}
    }
    again = stream(fresh=True, arguments={"x": 5}, code=COUNT.replace("i * x", "i + x"))
    assert again["displays"][1:] == [{"text/plain": "6"}, {STREAM: {"steps": 1, "ended": False}}]


SUMMED = """
class Sum:
    def __init__(self):
        self.total = 0
    def checkpoint(self):
        return str(self.total).encode()
    def restore(self, data):
        self.total = int(data)

def double(x: int, resume=lambda run: run):
    sums = [resume(Sum()), resume(Sum())]
    while sums[0].total < 9:
        for factor, each in enumerate(sums, 1):
            each.total += factor * x
        yield sums[0].total, sums[1].total
"""


def test_a_stream_that_is_kept_goes_on_in_another_python(stream, notebook):
    assert notebook("@keep", stream="s") == {"displays": []}
    stream(fresh=True, code=SUMMED)
    stream()
    (kept,) = notebook("@keep", stream="s")["displays"][0].values()
    assert kept["steps"] == 2
    runner.STREAMS.clear()
    assert stream()["displays"] == [{STREAM: {"steps": 0, "ended": False, "lost": True}}]
    went_on = stream(fresh=True, code=SUMMED, kept=kept)["displays"]
    assert went_on == [{"text/plain": "(6, 12)"}, {STREAM: {"steps": 3, "ended": False}}]
    assert stream(fresh=True, code=SUMMED)["displays"][0] == {"text/plain": "(2, 4)"}


def test_a_stream_without_a_run_or_with_one_too_large_is_not_kept(stream, notebook, monkeypatch):
    stream(fresh=True)
    assert notebook("@keep", stream="s") == {"displays": []}
    monkeypatch.setattr(runner, "MOST_KEPT", 7)
    stream(fresh=True, code=SUMMED)
    error = notebook("@keep", stream="s")["error"]
    assert error["message"] == "expected checkpoints of up to 7 characters, got 8"


def test_a_stream_stands_on_the_page_as_after_its_last_step_or_the_one_named(folder):
    (folder / "demos" / "sums.py").write_text(COUNT)
    file = folder / "lessons" / "one.yml"
    text = file.read_text().replace("result == 4", "result == 6")
    file.write_text(text)
    (page,) = render_lessons(load_course(folder), runtime_bytes=0).pages
    assert 'data-streams=""' in page.markdown
    assert "<pre>6.0</pre>" in page.markdown or "<pre>6</pre>" in page.markdown
    file.write_text(text.replace("result == 6", "result == 4\n          steps: 2"))
    (page,) = render_lessons(load_course(folder), runtime_bytes=0).pages
    assert "<pre>4</pre>" in page.markdown


def test_only_a_generator_has_steps(problems):
    assert problems("try: Move it.", "try: Move it.\n          steps: 2") == [
        f"{LESSON}:19:18  sections[0].blocks[2].demo.steps: expected a generator to show 2 steps "
        "of, got a plain function\n    Yield each step's result, or remove `steps`."
    ]


INLINE = """\
          code: |
            def treble(x: float):
                return 3 * x
"""


def test_a_demo_may_hold_its_code(folder):
    file = folder / "lessons" / "one.yml"
    text = file.read_text().replace("          run: sums:double\n", INLINE)
    file.write_text(text.replace("result == 4", "result == 6"))
    (page,) = render_lessons(load_course(folder), runtime_bytes=0).pages
    assert 'data-inline=""' in page.markdown
    assert "<pre>6.0</pre>" in page.markdown


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "          run: sums:double\n",
            "          run: sums:double\n" + INLINE,
            "15:11  sections[0].blocks[2].demo: expected a function as `run` or as `code`, "
            "got both",
        ),
        (
            "          run: sums:double\n",
            "",
            "15:11  sections[0].blocks[2].demo: expected a function as `run` or as `code`, "
            "got neither",
        ),
        (
            "          run: sums:double\n",
            INLINE.replace("treble", "_treble"),
            "17:17  sections[0].blocks[2].demo.code: expected a public function in the code, "
            "found none",
        ),
        (
            "          run: sums:double\n",
            INLINE.replace("x: float", "y: float"),
            "22:13  sections[0].blocks[2].demo.controls.x: treble has no parameter 'x'\n"
            "    It takes: y.",
        ),
        (
            "          run: sums:double\n",
            INLINE.replace("return", "import pandas; return"),
            "19:17  sections[0].blocks[2].demo.code: imports `pandas`, which the reader's browser "
            "will not have; known are the standard library, numpy and the course's packages\n"
            "    Add `pandas` to `pyodide` in course.yml.",
        ),
    ],
)
def test_a_demo_whose_code_cannot_be_is_told(problems, old, new, told):
    assert f"{LESSON}:{told}" in problems(old, new)

"""`coursewright test`: everything is run afresh, and each kind of failure is told at its place."""

import re
import threading
from functools import partial
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from coursewright.baking.kitchen import Kitchen
from coursewright.cache import Cache
from coursewright.cli import main
from coursewright.language.course import load_course
from coursewright.testing import suite
from coursewright.testing.differences import difference
from coursewright.testing.page import Handler, Post, Server, in_time

SOUND = """\
id: one
title: One lesson
summary: It is short.
minutes: 3
sections:
  - id: first
    title: The first concept
    blocks:
      - text: The loss is {= -log(0.5) | .2f =}.
      - demo:
          id: doubler
          title: A doubler
          run: sums:double
          try: Move it.
          controls:
            x: {slider: [0, 10], step: 1, start: 2, label: A number}
          expect: result == 4
      - cell:
          id: three
          code: |
            three = 3
            three
      - exercise:
          id: triple
          ask: Write it.
          starter: |
            def triple(x): return x
          checks:
            - {call: triple(2), gives: 6}
          solution: |
            def triple(x): return three * x
          wrong:
            - says: That is twice.
              code: |
                def triple(x): return 2 * x
"""


def status_of(asked):
    """The status of the answer to a request."""
    try:
        with urlopen(asked, timeout=30) as answer:
            return answer.status
    except HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://127.0.0.1:PORT"}, 200),
        ({"Origin": "https://example.org"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
        ({"Origin": "http://example.org:PORT", "Host": "example.org:PORT"}, 403),
    ],
)
def test_only_the_page_itself_may_tell_what_came_out(headers, status):
    post = Post()
    post.jobs.put(None)
    handler = partial(Handler, html=b"", files={}, post=post)
    with Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = str(server.server_port)
        given = {name: text.replace("PORT", port) for name, text in headers.items()}
        asked = Request(f"http://127.0.0.1:{port}/jobs", data=b"{}", headers=given)
        assert status_of(asked) == status
        server.shutdown()
    assert post.told.empty() == (status == 403)


@pytest.fixture
def tested(folder, capsys):
    """Writes the lesson with a piece of it replaced; the exit code, and the lines printed."""
    capsys.readouterr()

    def run(old="", new=""):
        (folder / "lessons" / "one.yml").write_text(SOUND.replace(old, new))
        code = main(["test", str(folder)])
        return code, capsys.readouterr().out.splitlines()

    return run


def test_a_sound_course_passes_with_a_line_for_its_lesson_and_a_count(tested):
    code, (python, lesson, end) = tested()
    assert code == 0
    assert re.fullmatch(r"In Python 3\.\d+\.\d+\w*:", python)
    counts = "1 demo, 1 cell, 3 answers, 1 number"
    assert re.fullmatch(rf"  ok      +\d+\.\d s  course/lessons/one\.yml  {counts}", lesson)
    assert re.fullmatch(r"6 tests of 1 lesson, no problems, in \d+\.\d s", end)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("result == 4", "result == 5", "17:19  sections[0].blocks[1].demo.expect: expected"),
        ("-log(0.5)", "log(0)", "9:15  sections[0].blocks[0].text: cannot compute `log(0)`"),
        (
            "            three\n",
            "            1 / 0\n",
            "22:13  sections[0].blocks[2].cell.code: ZeroDivisionError",
        ),
        ("three * x", "5 * x", "30:21  sections[0].blocks[3].exercise.solution: expected"),
        ("return x", "return 3 * x", "26:20  sections[0].blocks[3].exercise.starter: expected"),
        ("return 2 * x", "return 3 * x", "34:21  sections[0].blocks[3].exercise.wrong[0].code:"),
        ("return 2 * x", "return x", "34:21  sections[0].blocks[3].exercise.wrong[0].code:"),
    ],
    ids=["expect", "number", "cell", "solution", "starter", "wrong passes", "wrong not told apart"],
)
def test_each_kind_of_failure_is_told_at_its_place(tested, old, new, told):
    code, lines = tested(old, new)
    assert code == 1
    assert lines[1].startswith("  FAILED")
    assert lines[2].startswith(f"course/lessons/one.yml:{told}")
    assert "6 tests of 1 lesson, 1 problem, in" in lines[-1]


def test_a_demo_that_raises_fails_with_its_traceback(tested, folder):
    (folder / "demos" / "sums.py").write_text("def double(x: float):\n    return [][int(x)]\n")
    code, lines = tested()
    assert code == 1
    assert "13:16  sections[0].blocks[1].demo.run: IndexError: list index out of range" in lines[2]
    assert "return [][int(x)]" in "".join(lines)


def test_nothing_is_taken_from_what_a_build_has_kept(tested, folder):
    noting = (
        "from pathlib import Path\n\ndef double(x: float):\n"
        "    with (Path(__file__).parents[1] / 'runs').open('a') as file:\n"
        "        file.write('.')\n    return 2 * x\n"
    )
    (folder / "demos" / "sums.py").write_text(noting)
    once = SOUND.replace("expect: result == 4", "expect: result == 4\n          frames: false")
    (folder / "lessons" / "one.yml").write_text(once)
    for _ in range(2):
        assert main(["check", str(folder)]) == 0
    assert (folder / "runs").read_text() == "."
    for _ in range(2):
        assert tested()[0] == 0
    assert (folder / "runs").read_text() == "..."


def test_a_cell_that_fails_only_in_the_second_run_is_told_and_not_what_rests_on_it(folder):
    code = "three = int(open('here').read())"
    (folder / "lessons" / "one.yml").write_text(SOUND.replace("three = 3", code))
    course = load_course(folder)
    (lesson,), runs = course.lessons, []
    for there in (True, False):
        Path("here").write_text("3") if there else Path("here").unlink()
        with Kitchen(course, Cache(folder / str(there))) as kitchen:
            runs.append(suite.tested(lesson, course, kitchen))
    (before, sound), (after, failed) = runs
    (told,) = suite.at_the_reader(lesson, before, after, failed, sound)
    assert str(told).startswith(
        "course/lessons/one.yml:21:13  sections[0].blocks[2].cell.code: in the browser: "
        "FileNotFoundError"
    )


def test_a_lesson_that_cannot_be_read_is_told_as_check_tells_it(folder, capsys):
    (folder / "lessons" / "one.yml").write_text(SOUND.replace("minutes", "minuts"))
    assert main(["test", str(folder)]) == 1
    assert "one.yml:4:1  minuts: unknown key" in capsys.readouterr().err


def test_without_a_browser_it_says_what_to_install(folder, capsys, monkeypatch):
    monkeypatch.setenv("NUDGE_CHROMIUM", "/nowhere/chrome")
    assert main(["test", "--browser", str(folder)]) == 1
    assert capsys.readouterr().err == (
        "expected Chromium, Chrome or Edge to run the course in, found none at "
        "NUDGE_CHROMIUM=/nowhere/chrome; install one of them, or set NUDGE_CHROMIUM to its "
        "program\n"
    )


@pytest.mark.parametrize("key", ["error", "failed"])
def test_what_the_page_ends_is_told_as_readers_hear_it(key):
    ended = {"type": "KeyboardInterrupt", "message": "", "traceback": "at line 3"}
    told = {"type": "Stopped", "message": "there was no answer within 10 seconds"}
    assert in_time({"cells": [], key: ended}, 10_000) == {"cells": [], key: {**ended, **told}}


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("loss 0.69314718", "loss 0.69314719"),
        (0.1 + 0.2, 0.3),
        ([{"data": [1, 2.0]}], [{"data": [1.0, 2]}]),
        (1e-17, 0),
        (None, None),
    ],
)
def test_numbers_may_differ_by_rounding_also_in_texts(here, there):
    assert difference(here, there) == ""


@pytest.mark.parametrize(
    ("here", "there", "told"),
    [
        ("0.69", "0.70", "`0.69` as the page shows, got `0.70`"),
        ("a 1\nb 2\nc 3", "a 1\nb 4\nc 3", "`b 2` as the page shows, got `b 4`"),
        ("1", "-1", "`1` as the page shows, got `-1`"),
        (True, 1, "`true` as the page shows, got `1`"),
        ([1, 2], [1], "`2` as the page shows, got nothing ([1])"),
        ({"a": {"b": [0.5]}}, {"a": {"b": [0.6]}}, "`0.5` as the page shows, got `0.6` (a.b[0])"),
        (
            [{"a": 1, "text/plain": "x"}],
            [{"a": 2, "text/plain": "y"}],
            "`x` as the page shows, got",
        ),
        ("x" * 99, "y", f"`{'x' * 80}…` as the page shows, got `y`"),
    ],
)
def test_what_readers_would_see_otherwise_is_told_with_both_values(here, there, told):
    assert difference(here, there).startswith(f"expected {told}")

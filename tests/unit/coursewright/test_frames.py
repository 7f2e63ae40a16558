"""A demo whose controls have few stops is run at every one: which demos, once, and what is told."""

import json
import re
from itertools import product
from pathlib import Path

import pytest

from coursewright.baking import frames
from coursewright.baking.grid import Frames, frames_job, frames_of, functions_of
from coursewright.baking.kitchen import Kitchen
from coursewright.cache import Cache
from coursewright.language.course import load_course
from coursewright.language.diagnostics import CourseError
from coursewright.language.stops import why_no_frames
from coursewright.publish.frames import report
from coursewright.publish.hosting import header_files
from coursewright.publish.lessons import cooked, render_lessons

DOUBLE = "def double(x: float):\n    return 2 * x\n"
SLIDER = "x: {slider: [0, 10], step: 1, start: 2, label: A number}"
LONG = "what every answer of this demo says, whatever its control is set to"


@pytest.fixture
def write(folder):
    """Gives the course's demo other code and controls; returns the course."""

    def written(code=DOUBLE, controls=SLIDER):
        (folder / "demos" / "sums.py").write_text(code)
        file = folder / "lessons" / "one.yml"
        start, _, end = file.read_text().partition("controls:\n")
        callout = end[end.index("      - callout:") :]
        file.write_text(f"{start}controls:\n            {controls}\n{callout}")
        return load_course(folder)

    return written


@pytest.fixture
def bake(write, tmp_path):
    """Bakes the course with such a demo; returns its frames, and how many jobs were run."""

    def baked(*changed, kept="bake", seconds=30.0):
        course = write(*changed)
        with Kitchen(course, Cache(tmp_path / kept), seconds=seconds) as kitchen:
            found = cooked(course.lessons[0], course, kitchen).frames
        course.raise_problems()
        return *found.values(), kitchen.ran

    return baked


@pytest.fixture
def file(tmp_path):
    """Finds the file of a demo's frames."""
    return lambda frames, kept="bake": tmp_path / kept / frames.file


@pytest.fixture
def told(bake):
    """Bakes likewise; returns the one problem there is."""

    def problem(*changed, **more):
        with pytest.raises(CourseError) as error:
            bake(*changed, **more)
        (diagnostic,) = error.value.diagnostics
        return str(diagnostic)

    return problem


def read(file):
    """The frames of a file with the values of the controls, and what they share put in."""
    content = json.loads(file.read_text())
    names, stops = zip(*content["controls"], strict=True)
    settings = [dict(zip(names, values, strict=True)) for values in product(*stops)]
    found = [resolved(each, content["shared"]) for each in content["frames"]]
    return list(zip(settings, found, strict=True))


def resolved(value, shared):
    if isinstance(value, dict) and value.keys() == {""} and isinstance(value[""], int):
        return inside(shared[value[""]], shared)
    return inside(value, shared)


def inside(value, shared):
    if isinstance(value, dict):
        return {key: resolved(item, shared) for key, item in value.items()}
    return [resolved(item, shared) for item in value] if isinstance(value, list) else value


ALL_FINITE = """\
rate: {log_slider: [0.01, 1], steps: 1, start: 0.5, label: Rate}
            layers: {number: [2, 3], start: 3, label: Layers}
            decay: {slider: [0, 0.3], step: 0.1, start: 0.1, label: Decay}
            bias: {toggle: true, label: Bias}
            size: {choice: {small: 1, large: 10}, start: small, label: Size}"""
TELLS = """\
def double(rate: float, layers: int, decay: float, bias: bool, size: int):
    return dict(rate=rate, layers=layers, decay=decay, bias=bias, size=size)
"""


def test_there_is_a_frame_for_every_combination_of_stops(bake, file):
    frames, _ = bake(TELLS, ALL_FINITE)
    assert frames.stops == 4 * 2 * 4 * 2 * 2
    for settings, displays in read(file(frames)):
        asked = settings | {name: float(settings[name]) for name in ("rate", "decay")}
        assert displays == [{"text/plain": repr(asked)}]
    assert sorted({settings["decay"] for settings, _ in read(file(frames))}) == [
        0,
        0.1,
        0.2,
        0.3,
    ]


@pytest.mark.parametrize(
    ("controls", "why"),
    [
        ("x: {slider: [0, 199], step: 1, start: 2, label: L}", ""),
        ("x: {slider: [0.005, 1], step: 0.005, start: 0.5, label: L}", ""),
        ("x: {slider: [0, 10], step: 0.3, start: 3, label: L}", ""),
        ("x: {number: [-1, 1], step: 0.25, start: 0.5, label: L}", ""),
        ("x: {slider: [0, 200], step: 1, start: 2, label: L}", "201 stops, more than 200"),
        (
            "x: {slider: [0, 99], step: 1, start: 2, label: L}\n"
            "            y: {toggle: true, label: L}\n"
            "            z: {choice: [a, b], start: a, label: L}",
            "400 stops, more than 200",
        ),
        (
            "x: {slider: [0, 1e300], step: 1e-300, start: 0, label: L}",
            "countless stops, more than 200",
        ),
        ("x: {number: [0, 1], start: 0.5, label: L}", "no end of values for `x`"),
        (
            "x: {toggle: true, label: L}\n            y: {text: a, label: L}",
            "no end of values for `y`",
        ),
        ("x: {seed: 1, label: L}", "no end of values for `x`"),
        ("{}", "no controls"),
        ("x: {toggle: true, label: L}\n          frames: false", "`frames: false`"),
    ],
)
def test_only_demos_with_few_stops_are_run_at_all_of_them(write, controls, why):
    course = write("def double(x=0, y=0, z=0):\n    return x\n", controls)
    ((_, demo),) = course.lessons[0].spec.demos()
    assert why_no_frames(demo, course.function(demo.target)) == why


def test_a_demo_that_streams_has_no_frames(bake):
    frames, ran = bake("def double(x: float):\n    yield x\n")
    assert (str(frames), ran) == ("it streams", 2)  # the demo and a number


def test_a_stop_that_raises_is_told_with_its_settings(told):
    code = "def double(x: float, y='a'):\n    if x == 7:\n        raise ValueError('no')\n"
    code += "    return x\n"
    choice = "\n            y: {choice: [a, b], start: a, label: L}"
    assert told(code, SLIDER + choice) == (
        "course/lessons/one.yml:17:16  sections[0].blocks[2].demo.run: "
        "at x = 7, y = 'a': ValueError: no\n"
        f'      File "{Path.cwd()}/course/demos/sums.py", line 3, in double\n'
        "        raise ValueError('no')\n"
        "    Readers can set this. If they should see the error, set `frames: false`."
    )


def test_stops_that_take_too_long_are_told(told):
    assert told("def double(x: float):\n    while x == 9: pass\n    return x\n", seconds=1.0) == (
        "course/lessons/one.yml:17:16  sections[0].blocks[2].demo.run: "
        "at its 11 stops, one after another: TimeoutError: took longer than 1 seconds\n"
        "    Make the demo quicker, or set `frames: false`: readers then wait for Python."
    )


def test_stops_that_take_long_together_are_left_to_python(folder, write, tmp_path, monkeypatch):
    course = write("def double(x: float):\n    return 2 * x\n")
    ((_, demo, function),) = functions_of(course.lessons[0], course)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr(frames, "MOST_SECONDS", -1.0)
    outcome = frames.frames(frames_job(demo, function))
    found = frames_of(demo, 11, outcome, [], Cache(tmp_path))
    assert (str(found), found.file) == ("11 stops take more than 20 s", "")


def test_a_demo_that_raises_at_its_start_is_told_once(told):
    assert "demo.run: ZeroDivisionError" in told("def double(x: float):\n    return x / 0\n")


@pytest.mark.parametrize(
    "code",
    [
        "calls = []\ndef double(x: float):\n    calls.append(x)\n    return len(calls)\n",
        "import random\ndef double(x: float):\n    return random.random()\n",
        "import time\ndef double(x: float):\n    return time.perf_counter()\n",
        # Within a job always the same, but not what it gave when the page's output was computed.
        "import time\nNOW = time.perf_counter()\ndef double(x: float):\n    return NOW\n",
    ],
)
def test_a_demo_that_shows_something_else_when_called_again_has_no_frames(bake, code):
    frames, _ = bake(code)
    assert not frames.file
    assert re.fullmatch(r"11 stops, \d\.\d KB, called again it shows something else", str(frames))


def test_frames_above_a_hundred_kilobytes_are_not_kept(bake):
    noise = "b''.join(hashlib.sha256(b'%d %d' % (x, i)).digest() for i in range(KB * 32)).hex()"
    code = f"import hashlib\ndef double(x: int):\n    return {noise}\n"
    assert 80_000 < bake(code.replace("KB", "7"))[0].bytes <= 100_000
    frames, _ = bake(code.replace("KB", "10"))
    assert not frames.file
    assert re.fullmatch(r"11 stops, 1\d\d\.\d KB, more than 100 KB", str(frames))


def test_what_frames_share_is_there_once(bake, file):
    bundle = "{'text/plain': str(x), 'x/y': {'long': LONG, 'odd': {'': x}, 'list': [[x, LONG]]}}"
    shows = "    def _repr_mimebundle_(self):\n        x = self.x\n        return " + bundle
    code = f"LONG = {LONG!r}\nclass Shown:\n{shows}\n"
    code += "def double(x: int):\n    shown = Shown()\n    shown.x = x % 4\n    return shown\n"
    frames, _ = bake(code)
    assert file(frames).read_text().count(LONG) == 1
    for settings, displays in read(file(frames)):
        x = settings["x"] % 4
        odd = {"long": LONG, "odd": {"": x}, "list": [[x, LONG]]}
        assert displays == [{"text/plain": str(x), "x/y": odd}]


def test_nothing_is_run_again_while_nothing_changes(bake, file):
    frames, ran = bake()
    assert ran == 3  # the demo at its start, the demo at all stops, a number
    assert bake() == (frames, 0)
    changed, ran = bake("def double(x: float):\n    return 3 * x\n")
    assert (ran, changed.file == frames.file) == (2, False)
    file(frames).write_text("damaged")
    assert bake() == (frames, 0)
    assert read(file(frames))[3] == ({"x": 3}, [{"text/plain": "6.0"}])


def test_the_same_frames_make_the_same_file(bake, file):
    first, second = (file(bake(TELLS, ALL_FINITE, kept=kept)[0], kept) for kept in ("one", "two"))
    assert first.name == second.name
    assert re.fullmatch(r"doubler-[0-9a-f]{8}\.json", first.name)
    assert first.read_bytes() == second.read_bytes()


def test_the_page_of_a_demo_names_its_frames(write):
    lessons = render_lessons(write(), runtime_bytes=0)
    (frames,) = lessons.frames["one"]
    assert f'data-frames="../../assets/{frames.file}"' in lessons.pages[0].markdown
    lessons = render_lessons(write(controls=f"{SLIDER}\n          frames: false"), runtime_bytes=0)
    assert "data-frames" not in lessons.pages[0].markdown


def test_code_that_stands_in_the_lesson_has_frames_too(folder, bake, file):
    lesson = folder / "lessons" / "one.yml"
    code = "code: |\n            def half(x):\n                return x / 2"
    lesson.write_text(lesson.read_text().replace("run: sums:double", code))
    frames, _ = bake()
    assert read(file(frames))[3] == ({"x": 3}, [{"text/plain": "1.5"}])


def test_a_build_says_which_demos_answer_without_python():
    kept = Frames("wide", "", 190, 12_345, "frames/wide-01234567.json")
    none = Frames("deep", "201 stops, more than 200")
    large = Frames("long", "more than 100 KB", 200, 123_456)
    assert report({"two": [kept], "one": [large, none]}) == (
        "Demos that answer without Python: 1 of 3\n"
        "  one  deep: 201 stops, more than 200\n"
        "  one  long: 200 stops, 123.5 KB, more than 100 KB\n"
        "  two  wide: 190 stops, 12.3 KB"
    )
    assert report({"one": []}) == ""


def test_hosts_are_told_with_one_rule_that_frames_never_change():
    files = header_files([f"assets/frames/demo-{n:08x}.json" for n in range(300)])
    assert files["_headers"].count("assets/frames/") == 1
    assert (
        "\n/assets/frames/*\n  Cache-Control: public, max-age=31536000, immutable\n"
        in (files["_headers"])
    )
    assert "/assets/(runtime|coursewright|frames)/" in files[".htaccess"]

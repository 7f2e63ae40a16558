"""What is refused, and how: controls a function does not take, expressions, charts, caches."""

import math
import re
from pathlib import Path

import pytest

from coursewright.baking.bake import Baked, bake
from coursewright.baking.kitchen import Kitchen
from coursewright.cache import Cache, CacheError, cache_folder, digest_of_files
from coursewright.language.course import load_course
from coursewright.language.expressions import (
    ExpressionError,
    claim_problems,
    evaluate,
    formatted,
    parse,
    public_names,
)
from coursewright.language.signatures import read_module
from coursewright.pages.charts import ChartError, baked
from coursewright.pages.formulas import Formulas
from coursewright.pages.links import Places
from coursewright.pages.prose import Prose

SLIDER = "{slider: [0, 10], step: 1, start: 2, label: A number}"


@pytest.fixture
def about_control(folder, said):
    """What is said at the demo's control `x`, given its annotation and its YAML."""

    def say(annotation, control):
        demo = f"from typing import Literal, Optional\ndef double(x: {annotation}): return x\n"
        (folder / "demos" / "sums.py").write_text(demo)
        lesson = folder / "lessons" / "one.yml"
        lesson.write_text(lesson.read_text().replace(SLIDER, control))
        return [line.split("controls.")[-1].partition("\n")[0] for line in said(folder)]

    return say


@pytest.mark.parametrize(
    ("annotation", "control", "message"),
    [
        (
            "str",
            SLIDER,
            "x.slider: expected a text or a choice for a parameter of type str, got a slider",
        ),
        ("bool", SLIDER, "x.slider: expected a toggle for a parameter of type bool, got a slider"),
        (
            "list[int]",
            SLIDER,
            "x.slider: expected no control for a parameter of type list[int], got a slider",
        ),
        (
            "float",
            "{slider: [0, 1], step: 5, start: 0, label: L}",
            "x.step: expected a step that fits into the slider from 0 to 1, got 5",
        ),
        (
            "float",
            "{slider: [0, 1], step: 0.3, start: 0.5, label: L}",
            "x.start: expected a whole number of steps of 0.3 from 0, such as 0.3 or 0.6, got 0.5",
        ),
        (
            "int",
            "{slider: [0, 5], step: 0.5, start: 2.5, label: L}",
            "x.step: expected a whole number for a parameter of type int, got 0.5",
        ),
        (
            "float",
            "{choice: [a, a], start: a, label: L}",
            "x.choice: expected every option once, got 'a' again",
        ),
    ],
)
def test_a_control_that_does_not_fit_is_told_with_what_was_expected(
    about_control, annotation, control, message
):
    assert about_control(annotation, control) == [message]


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("bool", "expected true or false"),
        ("Literal['x', 'y']", "expected x or y"),
        ("float", "expected a number"),
        ("int | None", "expected a whole number"),
        ("list[str]", "expected no choice for a parameter of type list[str]"),
    ],
)
def test_every_option_the_parameter_does_not_take_is_told(about_control, annotation, expected):
    assert about_control(annotation, "{choice: [a, b], start: a, label: L}") == [
        f"x.choice: {expected} for 'a', got 'a'",
        f"x.choice: {expected} for 'b', got 'b'",
    ]


def test_an_option_is_a_finite_number(about_control):
    assert about_control("float", "{choice: [nan, inf], start: nan, label: L}") == [
        "x.choice: expected a finite number for 'inf', got 'inf'",
        "x.choice: expected a finite number for 'nan', got 'nan'",
    ]


@pytest.mark.parametrize(
    ("annotation", "control"),
    [
        ("float", "{slider: [0.001, 1], step: 0.001, start: 0.5, label: L}"),
        ("float", "{slider: [-3, 3], step: 0.1, start: 0.8, label: L}"),
        ("float", "{slider: [0, 1], step: 1, start: 1, label: L}"),
        ("'float'", SLIDER),
        ("int | None", SLIDER),
        ("Optional[float]", SLIDER),
        ("Probability", SLIDER),
        ("bool", "{choice: [true, false], start: true, label: L}"),
        ("Literal[1, 2]", "{choice: [1, 2], start: 1, label: L}"),
        ("str", "{choice: [a, b], start: a, label: L}"),
    ],
)
def test_a_control_that_fits_is_not_told(about_control, annotation, control):
    assert about_control(annotation, control) == []


def test_a_parameter_that_cannot_be_named_is_told(folder, said):
    (folder / "demos" / "sums.py").write_text("def double(x, /): return 2 * x\n")
    assert said(folder) == [
        "course/lessons/one.yml:17:16  sections[0].blocks[2].demo.run: "
        "sums:double takes 'x' by position only"
        "\n    Controls set parameters by name: remove the `/`."
    ]


def module_of(tmp_path, raw):
    """A demo module with these bytes, as read."""
    file = tmp_path / "demo.py"
    file.write_bytes(raw)
    return read_module(file, "demo.py")


def test_a_generator_inside_a_function_does_not_make_it_one(tmp_path):
    inner = b"def f(p):\n    def g():\n        yield p\n    return list(g())\n"
    functions = module_of(tmp_path, inner + b"def h(p):\n    if p:\n        yield p\n").functions
    assert not functions["f"].streams
    assert functions["h"].streams


def test_a_demo_is_decoded_as_python_does(tmp_path):
    assert set(module_of(tmp_path, b"\xef\xbb\xbfdef f(): pass\n").functions) == {"f"}
    latin = b"# coding: latin-1\ndef f(): return '\xe9'\n"
    assert "é" in module_of(tmp_path, latin).text


@pytest.mark.parametrize("before", [b"", b"a = 1\n\n\n"])
def test_bytes_that_are_no_text_are_told_at_their_line(folder, said, before):
    (folder / "demos" / "sums.py").write_bytes(before + b"def double(x): return '\xe9'\n")
    line = before.count(b"\n") + 1
    assert said(folder) == [
        f"course/demos/sums.py:{line}:24  Python syntax: "
        "expected UTF-8 text, got byte 0xe9; save the file as UTF-8"
    ]


@pytest.mark.parametrize("raw", [b"a = '\x00'\n", b"# coding: klingon\n"])
def test_a_module_that_cannot_be_read_has_an_error(tmp_path, raw):
    assert module_of(tmp_path, raw).error


def test_parameters_before_a_slash_have_their_defaults(tmp_path):
    functions = module_of(tmp_path, b"def f(a, b=1, /, c=2): pass\n").functions
    assert functions["f"].needed == {"a"}
    assert list(functions["f"].parameters) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "expression",
    ["'{0}'.format(1)", "(1).real", "[1].append", "log(1).real", "[abs][0](1)", "'a'.join(['b'])"],
)
def test_attributes_and_calls_of_values_are_refused(expression):
    with pytest.raises(ExpressionError, match="is not allowed in the expression"):
        parse(expression)


def test_of_a_module_only_what_it_defines_is_read(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "rates.py").write_text(
        "import math\nfrom shutil import rmtree\nPEAK = 3\ndef twice(x): return 2 * x\n"
    )
    import rates  # type: ignore[import-not-found]

    assert set(public_names(rates)) == {"PEAK", "twice"}
    assert evaluate("rates.twice(rates.PEAK)", {"rates": rates}) == 6
    for name in ("math", "rmtree"):
        with pytest.raises(
            ExpressionError, match=f"^the module rates defines no public name '{name}'$"
        ):
            evaluate(f"rates.{name}", {"rates": rates})


def test_of_a_value_that_is_no_module_nothing_is_read():
    with pytest.raises(ExpressionError, match=r"^expected a module before `\.real`, got"):
        evaluate("pi.real", {})


class Result:
    """What a demo may return."""

    loss = 0.5
    rows = ("a", "b")

    def danger(self):
        raise AssertionError("called")


def test_of_a_result_data_is_read_and_no_method():
    assert evaluate("result.loss < 1 and result.rows[1] == 'b'", {"result": Result()})
    for expression in ("result.danger()", "result.rows[0].format(1)"):
        with pytest.raises(ExpressionError, match=r"^expected data of the result, got"):
            evaluate(expression, {"result": Result()})


@pytest.mark.parametrize(
    "expression",
    ["-" * 5000 + "1", "1" + "+1" * 20_000, "-" * 900 + "1", "1" + "+1" * 400, "(" * 500, "1\0"],
)
def test_an_expression_too_long_or_too_deep_is_refused_in_a_short_message(expression):
    with pytest.raises(ExpressionError) as error:
        parse(expression)
    assert len(str(error.value)) < 200


def test_a_long_sum_is_an_expression():
    assert evaluate("1" + " + 1" * 60, {}) == 61


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (-0.001, ".2f", "0.00"),
        (-0.0, "", "0.0"),
        (-0.004, ".1%", "−0.4%"),
        (-0.0004, ".1%", "0.0%"),
        (-1e-5, ".1e", "−1.0e−05"),
        (-1e-5, "", "−1e−05"),
        (0.5, "+.1f", "+0.5"),
    ],
)
def test_minus_is_a_minus_sign_and_nothing_is_minus_zero(value, form, text):
    assert formatted(value, form) == text


@pytest.mark.parametrize(
    ("value", "form", "message"),
    [
        (math.inf, ".2f", "expected a finite number, got inf"),
        (math.nan, "", "expected a finite number, got nan"),
        (1e308, ".0%", "expected a finite number, got inf%"),
        ("abc", "", "expected a number, got 'abc'"),
        (True, "", "expected a number, got True"),
        ((-8) ** 0.5, ".2f", "expected a number to format as '.2f', got (1.7"),
        pytest.param(10**5000, ".2f", "the number is too large to write", id="huge"),
        pytest.param(10**5000, "", "the number is too large to write", id="huge text"),
        (0.5, ",d", "expected a whole number to format as ',d', got 0.5"),
        (abs, "", "expected a number, got <built-in function abs>"),
    ],
)
def test_what_is_no_finite_number_is_not_published(value, form, message):
    with pytest.raises(ExpressionError, match=f"^{re.escape(message)}"):
        formatted(value, form)


def test_every_bad_claim_of_a_text_is_told():
    text = "{= 1 | .2f =} {= x. =} then {= 2 | .2q =} and {= 3"
    assert claim_problems(text) == [
        (14, "cannot read the expression 'x.': invalid syntax"),
        (28, "expected a format such as .2f, got '.2q'"),
        (46, "expected =} to go with {=, found none"),
    ]
    assert claim_problems("{= 1 | .2f =}") == []


def test_a_claim_that_takes_for_ever_is_told_at_its_line(folder, tmp_path):
    lesson = folder / "lessons" / "one.yml"
    lesson.write_text(lesson.read_text().replace("-log(0.5)", "sleep(60)"))
    (folder / "course.yml").write_text((folder / "course.yml").read_text().replace("math", "time"))
    course = load_course(folder)
    with Kitchen(course, Cache(tmp_path / "bake"), seconds=1.0) as kitchen:
        bake(course.lessons[0], course, kitchen)
    (problem,) = course.lessons[0].source.problems
    assert "TimeoutError: took longer than 1 second" in str(problem)


CODE = """\
Before.

```
a = 1

b = 2


c = 3
```

After.
"""


def test_blank_lines_in_code_are_kept_and_no_other_line_is_blank(course):
    prose = Prose(course.spec, Formulas({}, Cache(Path("cache"))), Places({}))
    html = prose.html(CODE, ("text",), Baked(), course.lessons[0].source)
    assert "a = 1&#10;&#10;b = 2&#10;&#10;&#10;c = 3" in html
    assert "\n\n" not in html


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_cache_below_a_file_is_told(tmp_path, monkeypatch, place):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NUDGE_CACHE", str(tmp_path / place))
    with pytest.raises(CacheError) as error:
        cache_folder()
    told = str(error.value)
    assert told.startswith(
        f"expected a cache folder that can be written, got NUDGE_CACHE={tmp_path}"
    )
    assert told.endswith("; set NUDGE_CACHE to a folder of yours")


def test_every_file_a_demo_may_read_counts_but_no_compiled_or_hidden_one(tmp_path):
    folder = tmp_path / ".hidden" / "demos"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "d.json").write_text("1")
    first = digest_of_files(folder)
    for ignored in (".d.json.swp", "demo.pyc", "__pycache__/demo.txt"):
        (folder / ignored).write_text("x")
    assert digest_of_files(folder) == first
    assert digest_of_files(folder, suffixes=(".py",)) != first
    (folder / "d.json").write_text("2")
    assert digest_of_files(folder) != first


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"mark": "nope", "encoding": {"x": {"field": "a"}}}, "TypeError: Cannot read properties"),
        ({"a": 1}, "Invalid specification {…}. Make sure"),
        ({"mark": "bar", "config": 3}, "expected a mapping as config, got 3"),
    ],
)
def test_a_chart_that_cannot_be_drawn_says_why_in_one_line(tmp_path, spec, message):
    with pytest.raises(ChartError) as error:
        baked(spec, Cache(tmp_path))
    told = str(error.value)
    assert told.startswith(message)
    assert "\n" not in told
    assert "cdn" not in told

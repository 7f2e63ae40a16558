"""The kinds of controls: what they start with, what is refused, how they stand in the page."""

import re
from itertools import pairwise

import pytest

from coursewright.language.controls import LogSlider
from coursewright.language.course import load_course
from coursewright.language.signatures import arguments_of
from coursewright.pages.controls import control, plain

SLIDER = "{slider: [0, 10], step: 1, start: 2, label: A number}"
RATE = "{log_slider: [0.001, 2], start: 0.15, label: L}"
TOGGLE = "{toggle: true, label: L}"
TEXT = "{text: Paris, label: L}"
NUMBER = "{number: [0, 10], start: 3, label: L}"
SEED = "{seed: 1, label: L}"


@pytest.fixture
def with_control(folder, said):
    """Puts a control in the place of `x`, of an annotated parameter; returns what is then said."""

    def put(annotation, yaml):
        demo = f"from typing import Literal\ndef double(x: {annotation}): return x\n"
        (folder / "demos" / "sums.py").write_text(demo)
        lesson = folder / "lessons" / "one.yml"
        lesson.write_text(lesson.read_text().replace(SLIDER, yaml))
        return [line.split("controls.")[-1] for line in said(folder)]

    return put


@pytest.fixture
def demo(folder, with_control):
    """The demo with a control in the place of `x`, and its function."""

    def made(annotation, yaml):
        assert with_control(annotation, yaml) == []
        course = load_course(folder)
        ((_, found),) = course.lessons[0].spec.demos()
        return found, course.function(found.run)

    return made


@pytest.mark.parametrize(
    ("annotation", "yaml", "start"),
    [
        ("float", RATE, 0.15),
        ("float", "{log_slider: [1e-6, 10], steps: 5, start: 1, label: L}", 1.0),
        ("int", "{log_slider: [1, 1000], start: 64, label: L}", 64),
        ("int | None", "{log_slider: [1, 1000], start: 64, label: L}", 64),
        ("bool", TOGGLE, True),
        ("bool", "{toggle: off, label: L}", False),
        ("str", TEXT, "Paris"),
        ("str", "{text: '', label: L}", ""),
        ("str", "{text: 12:30, max: 5, label: L}", "12:30"),
        ("int", NUMBER, 3),
        ("float", NUMBER, 3.0),
        ("float", "{number: [0, 1], step: 0.1, start: 0.3, label: L}", 0.3),
        ("int", "{seed: 7, label: L}", 7),
        ("Seed", SEED, 1),
    ],
)
def test_a_demo_starts_with_values_of_its_parameters_types(demo, annotation, yaml, start):
    found = arguments_of(*demo(annotation, yaml))
    assert found == {"x": start}
    assert type(found["x"]) is type(start)


@pytest.mark.parametrize(
    ("annotation", "yaml", "told"),
    [
        (
            "int",
            TOGGLE,
            "x.toggle: expected a number or a slider for a parameter of type int, got a toggle"
            "\n    A toggle sets true or false: use a number or a slider, or annotate the "
            "parameter as bool.",
        ),
        (
            "bool",
            TEXT,
            "x.text: expected a toggle for a parameter of type bool, got a text"
            "\n    A text sets words: use a toggle, or annotate the parameter as str.",
        ),
        (
            "str",
            RATE,
            "x.log_slider: expected a text or a choice for a parameter of type str, got a "
            "log_slider\n    A log_slider sets numbers: use a text or a choice, or annotate the "
            "parameter as a number.",
        ),
        (
            "Literal[1, 2]",
            NUMBER,
            "x.number: expected a choice for a parameter of type Literal[1, 2], got a number"
            "\n    A number sets numbers: use a choice, or annotate the parameter as a number.",
        ),
        (
            "float",
            SEED,
            "x.seed: expected a number or a slider for a parameter of type float, got a seed"
            "\n    A seed sets whole numbers: use a number or a slider, or annotate the "
            "parameter as int.",
        ),
        (
            "list[str]",
            TEXT,
            "x.text: expected no control for a parameter of type list[str], got a text"
            "\n    A text sets words: give the parameter a default, or annotate the parameter "
            "as str.",
        ),
    ],
)
def test_a_control_that_sets_something_else_is_told_with_the_fix(
    with_control, annotation, yaml, told
):
    assert with_control(annotation, yaml) == [told]


WHOLE = "\n    Use whole numbers, or annotate the parameter as float."


@pytest.mark.parametrize(
    ("yaml", "told"),
    [
        ("{number: [0, 9], start: 2.5, label: L}", [("start", "2.5")]),
        ("{number: [0.5, 9.5], step: 1, start: 2.5, label: L}", [("number", "0.5")]),
        ("{number: [0, 9], step: 0.5, start: 2.5, label: L}", [("step", "0.5")]),
        (RATE, [("log_slider", "0.001"), ("start", "0.15")]),
    ],
)
def test_a_fraction_for_a_whole_number_is_told(with_control, yaml, told):
    expected = [
        f"x.{key}: expected a whole number for a parameter of type int, got {value}{WHOLE}"
        for key, value in told
    ]
    assert with_control("int", yaml)[: len(expected)] == expected


@pytest.mark.parametrize(
    ("yaml", "told"),
    [
        (
            "{log_slider: [0, 2], start: 1, label: L}",
            "x.log_slider: expected [low, high] above 0, got [0, 2]",
        ),
        (
            "{log_slider: [2, 0.1], start: 1, label: L}",
            "x.log_slider: expected [low, high] with low < high, got [2, 0.1]",
        ),
        (
            "{log_slider: [1e-9, 1e9], start: 1, label: L}",
            "x.log_slider: expected [low, high] within a factor of 1e+12, got [1e-09, 1e+09]",
        ),
        (
            "{log_slider: [0.1], start: 1, label: L}",
            "x.log_slider: expected [low, high], got a list of 1",
        ),
        (
            "{log_slider: [0.1, 2], start: 3, label: L}",
            "x.start: expected a number from 0.1 to 2, got 3",
        ),
        (
            "{log_slider: [0.1, 2], steps: 0, start: 1, label: L}",
            "x.steps: expected from 1 to 100 steps in a factor of ten, got 0",
        ),
        (
            "{log_slider: [0.1, 2], steps: 1.5, start: 1, label: L}",
            "x.steps: expected a whole number, got 1.5",
        ),
        (
            "{number: [0, 1], start: 2, label: L}",
            "x.start: expected a number from 0 to 1, got 2",
        ),
        (
            "{number: [0, 1], step: 2, start: 0, label: L}",
            "x.step: expected a step that fits into the numbers from 0 to 1, got 2",
        ),
        (
            "{number: [0, 1], step: 0.25, start: 0.3, label: L}",
            "x.start: expected a whole number of steps of 0.25 from 0, such as 0.25 or 0.5, "
            "got 0.3",
        ),
        ("{toggle: perhaps, label: L}", "x.toggle: expected true or false, got 'perhaps'"),
        ("{toggle: , label: L}", "x.toggle: expected true or false, got nothing"),
        (
            '{text: "one\\ntwo", label: L}',
            "x.text: expected one line of text, got a line break in it",
        ),
        (
            "{text: Paris, max: 4, label: L}",
            "x.text: expected at most 4 characters, got 5",
        ),
        (
            "{text: Paris, max: 0, label: L}",
            "x.max: expected a number of at least 1, got 0",
        ),
        ("{seed: 1.5, label: L}", "x.seed: expected a whole number, got 1.5"),
        (
            "{seed: -1, label: L}",
            "x.seed: expected a whole number from 0 to 4294967295, got -1",
        ),
        ("{seed: 1}", "x: missing key 'label'\n    Add `label: …` here."),
        (
            "{seed: 1, start: 1, label: L}",
            "x.start: unknown key\n    Known keys: seed, label.",
        ),
        (
            "{slidre: [0, 1], start: 1, label: L}",
            "x: expected a control, got one with slidre, start, label\n    did you mean 'slider'?",
        ),
        (
            "{label: L}",
            "x: expected a control, got one with label\n    A control has one of the "
            "keys slider, log_slider, number, choice, toggle, text, seed.",
        ),
        (
            "{txt: a, label: L}",
            "x: expected a control, got one with txt, label\n    did you mean 'text'?",
        ),
        (
            "{text: a, seed: 1, label: L}",
            "x: expected a control of one kind, got text and seed\n    Make them two.",
        ),
        (
            "{seed: 1, toggle: true, label: L}",
            "x: expected a control of one kind, got seed and toggle\n    Make them two.",
        ),
    ],
)
def test_a_control_that_cannot_be_is_told(with_control, yaml, told):
    assert with_control("Anything", yaml) == [told]


def test_a_mistake_beside_a_text_block_is_told_as_one_of_the_block(problems):
    # A block and a control are both called `text`.
    (said,) = problems("      - text: |\n", "      - colour: red\n        text: |\n")
    assert said == (
        "course/lessons/one.yml:10:9  sections[0].blocks[1].colour: unknown key"
        "\n    Known keys: text."
    )


def log(low, high, start, steps=20):
    return LogSlider(log_slider=(low, high), start=start, steps=steps, label="L")


def test_positions_are_even_in_the_logarithm_with_three_digits_and_exact_ends():
    found = log(0.0012345, 2.3456, 0.1, steps=2).positions(whole=False)
    assert found == [0.0012345, 0.0039, 0.0123, 0.039, 0.1, 0.123, 0.39, 1.23, 2.3456]


def test_every_power_of_ten_above_the_low_end_is_a_position():
    assert {0.001, 0.01, 0.1, 1.0} <= set(log(0.001, 2, 0.5).positions(whole=False))


@pytest.mark.parametrize("steps", [1, 7, 20, 100])
def test_each_step_is_a_move_and_none_leaves_the_ends(steps):
    for low, high in ((1e-6, 1e6), (0.9994, 1.0006), (1e300, 1e308), (5e-324, 1e-313)):
        found = log(low, high, high, steps).positions(whole=False)
        assert (found[0], found[-1]) == (low, high)
        assert all(a < b for a, b in pairwise(found))


def test_positions_of_a_whole_number_are_whole():
    found = log(1, 100, 64, steps=5).positions(whole=True)
    assert found == [1, 2, 3, 4, 6, 10, 16, 25, 40, 63, 64, 100]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (100.0, "100"),
        (0.15, "0.15"),
        (-0.25, "-0.25"),
        (0.0, "0"),
        (0.00002, "0.00002"),
        (1e-6, "0.000001"),
        (1e-9, "1e-9"),
        (2.5e-12, "2.5e-12"),
        (1e16, "10000000000000000"),
    ],
)
def test_a_number_is_written_as_browsers_do(value, text):
    assert plain(value) == text


def inputs(html):
    """The tags one operates, without what all of them have."""
    return [tag.replace(' autocomplete="off"', "") for tag in re.findall("<(?:in|bu)[^>]*>", html)]


@pytest.mark.parametrize(
    ("annotation", "yaml", "tags"),
    [
        (
            "float",
            "{log_slider: [0.01, 1], steps: 1, start: 0.05, label: L}",
            [
                '<input type="range" id="doubler-x" min="0" max="3" value="1" '
                'aria-valuetext="0.05" data-positions="0.01 0.05 0.1 1">',
                '<input type="number" min="0.01" max="1" step="any" value="0.05" '
                'aria-label="L, exact">',
            ],
        ),
        (
            "int",
            "{log_slider: [1, 100], steps: 1, start: 10, label: L}",
            [
                '<input type="range" id="doubler-x" min="0" max="2" value="1" '
                'aria-valuetext="10" data-positions="1 10 100">',
                '<input type="number" min="1" max="100" step="1" value="10" aria-label="L, exact">',
            ],
        ),
        ("bool", TOGGLE, ['<input type="checkbox" id="doubler-x" checked="">']),
        ("bool", "{toggle: false, label: L}", ['<input type="checkbox" id="doubler-x">']),
        (
            "str",
            "{text: 'a\"<b', label: L}",
            [
                '<input type="text" id="doubler-x" maxlength="200" value="a&quot;&lt;b" '
                'spellcheck="false" autocapitalize="off">'
            ],
        ),
        (
            "int",
            NUMBER,
            ['<input type="number" id="doubler-x" min="0" max="10" step="1" value="3">'],
        ),
        (
            "float",
            NUMBER,
            ['<input type="number" id="doubler-x" min="0" max="10" step="any" value="3">'],
        ),
        ("int", SEED, ['<button type="button" class="cw-button" id="doubler-x">']),
    ],
)
def test_a_control_stands_in_the_page_with_its_start(demo, annotation, yaml, tags):
    found, function = demo(annotation, yaml)
    html = control(found, "x", function)
    assert inputs(html) == tags
    kind = re.search(r"\w+", yaml)[0]
    assert html.startswith(f'<div class="cw-control" data-name="x" data-kind="{kind}">')
    assert html.count('="doubler-x"') == 2  # the element and what names it


def test_the_number_of_a_seed_stands_beside_its_button(demo):
    found, function = demo("int", "{seed: 7, label: Draw <again>}")
    html = control(found, "x", function)
    assert ">Draw &lt;again&gt;</button>" in html
    assert '<output for="doubler-x">Seed <span>7</span></output>' in html

"""A formula of the reader's own: right gradients, written out; and nothing but formulas runs."""

import json
import math
from itertools import product

import pytest

from demos.chain_rule import compute, graph
from pyengine import EngineValueError

FORMULA = "-log(sigmoid(a * tanh(b * c)))"


def rows(formula: str, *inputs: float) -> list[list[str]]:
    lines = repr(graph(formula, *inputs)).splitlines()[3:]
    return [[cell.strip() for cell in line.split("  ") if cell] for line in lines]


@pytest.mark.parametrize(
    "formula",
    [FORMULA, "a*b + b*c + c*a", "(a - b) / (c**2 + 1)", "exp(-a) * relu(b - 2) + c ** 3"],
)
def test_gradients_agree_with_nudging_everywhere(formula: str) -> None:
    for a, b, c in product((-3, -0.7, 1.1, 2.9), repeat=3):
        result = graph(formula, a, b, c)
        assert result.gradients == pytest.approx(result.nudged, abs=1e-5)
        json.dumps(result._repr_mimebundle_(), allow_nan=False)


def test_a_formula_means_what_it_means_in_python() -> None:
    value = compute("-a ** 2 + 3 * (b - 1) / c ** -1", {"a": 3, "b": 2, "c": 0.5}).data
    assert value == -(3**2) + 3 * (2 - 1) / 0.5**-1


def test_slopes_multiply_along_a_way() -> None:
    assert rows(FORMULA, -0.5, 0.8, 1.5) == [
        ["a", "0.83 × 0.24 × 2.52 × (−1.00)", "−0.5025", "−0.5025"],
        ["b", "1.50 × 0.31 × (−0.50) × 0.24 × 2.52 × (−1.00)", "0.1379", "0.1379"],
        ["c", "0.80 × 0.31 × (−0.50) × 0.24 × 2.52 × (−1.00)", "0.0735", "0.0735"],
    ]


def test_ways_add_up() -> None:
    assert rows("a * a + a * b", 2, 3, 0) == [
        ["a", "2.00 × 1.00 + 2.00 × 1.00 + 3.00 × 1.00", "7.0000", "7.0000"],
        ["b", "2.00 × 1.00", "2.0000", "2.0000"],
    ]


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        (FORMULA, "−0.50 gradient of a. Input a is most to blame: raise it by 0.01 and L falls by "
                  "about 0.0050."),
        ("2 * b - a", "2.00 gradient of b. Input b is most to blame: raise it by 0.01 and L rises "
                      "by about 0.0200."),
        ("relu(a) * c", "0.00 gradient of a. No blame arrives: raising any input a little changes "
                        "nothing."),
        ("relu(b - 0.8)", "0.00 gradient of b. Nudging disagrees: there is a corner or an edge "
                          "here, and no single slope; move a slider a little."),
        ("(b - 0.8) ** 0.5", "∞ gradient of b. Nudging disagrees: there is a corner or an edge "
                             "here, and no single slope; move a slider a little."),
    ],
)  # fmt: skip
def test_the_words_name_the_most_blamed(formula: str, words: str) -> None:
    assert repr(graph(formula, -0.5, 0.8, 1.5)).splitlines()[0] == words


def test_where_there_is_no_value_a_little_lower_nothing_is_measured() -> None:
    result = graph("a ** 0.5", 0.00005, 0, 0)
    assert math.isnan(result.nudged[0])
    assert repr(result).splitlines()[-1].split() == ["a", "70.71", "70.7107", "–"]


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("", "expected a formula such as a * tanh(b); got ''"),
        ("2a", "expected a formula such as a * tanh(b); got '2a'"),
        ("a; b", "expected a formula such as a * tanh(b); got 'a; b'"),
        ("a\0", "expected a formula such as a * tanh(b); got 'a\\x00'"),
        ("a * d", "expected only what is allowed; got 'd'"),
        ("a ^ 2", "expected only what is allowed; got 'a ^ 2'"),
        ("sin(a)", "expected only what is allowed; got 'sin(a)'"),
        ("tanh(a, b)", "expected only what is allowed; got 'tanh(a, b)'"),
        ("a.data", "expected only what is allowed; got 'a.data'"),
        ("(lambda: a)()", "expected only what is allowed; got '(lambda: a)()'"),
        ("__import__('os').getcwd()", "expected only what is allowed; got \"__import__('os')"),
        ("[a][0]", "expected only what is allowed; got '[a][0]'"),
        ("1e999 * a", "expected only what is allowed; got '1e309'"),
        ("a ** b", "expected a plain number as exponent; got a, b or c in it. Write exp("),
        ("2 * 3", "expected something computed from a, b or c, such as a * b; got '2 * 3'"),
        ("a", "expected something computed from a, b or c, such as a * b; got 'a'"),
        ("+".join("a" * 40), "expected at most 30 values in it; got 40. Shorten it."),
        ("a * 1e308 * 1e3", "expected a result that a 64-bit float can hold; got inf."),
        ("log(0 * a)", "log: expected a number above 0; got 0.0."),
        ("1 / (a - 2)", "/: expected a divisor other than 0; got 1.0 / 0.0."),
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused_with_a_reason(formula: str, message: str) -> None:
    with pytest.raises(EngineValueError) as refusal:
        graph(formula, 2, 3, 4)
    assert message in str(refusal.value)

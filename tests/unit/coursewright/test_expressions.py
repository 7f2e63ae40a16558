"""Computed numbers in prose: what may be written, what it gives, what is refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.language.expressions import ExpressionError, claims, evaluate, formatted, parse


def test_claims_are_found_with_expression_format_and_place():
    found = claims("It is {= -log(0.5) | .2f =}, or {=1+1=}.")
    assert [(c.expression, c.format, c.start) for c in found] == [
        ("-log(0.5)", ".2f", 6),
        ("1+1", "", 32),
    ]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("-log(0.5)", math.log(2)),
        ("6 * 175e9 * 300e9 / 8.64e19", 6 * 175e9 * 300e9 / 8.64e19),
        ("2 ** 10", 1024),
        ("sum([1, 2, 3])", 6),
        ("abs(-3) < 4 and not 1 > 2", True),
    ],
)
def test_arithmetic_gives_what_python_gives(expression, value):
    assert evaluate(expression, {}) == value


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("__import__('os')", "the name '__import__' is not allowed in the expression"),
        ("(1).__class__", "the name '__class__' is not allowed in the expression"),
        ("[x for x in [1]]", "a loop with `for` is not allowed in the expression"),
        ("(lambda: 1)()", "`lambda` is not allowed in the expression"),
        ("f'{1}'", "a text with a letter before its quotes is not allowed in the expression"),
        ("x := 1", "cannot read the expression"),
        ("b'bytes'", "b'bytes' is not allowed in the expression"),
        ("1 +", "cannot read the expression '1 +': invalid syntax"),
    ],
)
def test_anything_but_arithmetic_is_refused(expression, message):
    with pytest.raises(ExpressionError) as error:
        parse(expression)
    assert str(error.value).startswith(message)


def test_an_unknown_name_is_named():
    with pytest.raises(ExpressionError, match=r"^unknown name 'lgo', did you mean 'log'\?$"):
        evaluate("lgo(2)", {})


@given(st.text(max_size=40))
def test_no_text_makes_it_do_anything_but_answer_or_refuse(text):
    try:
        evaluate(text, {})
    except (ExpressionError, ArithmeticError, TypeError, ValueError, LookupError, AttributeError):
        pass
    except MemoryError:  # "((((…": Python's parser gives up
        pass


@given(st.text(alphabet="{=}|. 1f", max_size=30))
def test_delimiters_are_matched_or_an_error_points_into_the_text(text):
    try:
        places = [claim.start for claim in claims(text)]
    except ExpressionError as error:
        places = [error.start]
    assert all(text[place : place + 2] in ("{=", "=}") for place in places)


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [(0.6931, ".2f", "0.69"), (-0.5, ".1f", "−0.5"), (12345, ",d", "12,345"), (0.08, ".0%", "8%")],
)
def test_numbers_are_written_as_prose_writes_them(value, form, text):
    assert formatted(value, form) == text


def test_a_value_that_is_no_number_cannot_be_formatted():
    with pytest.raises(ExpressionError, match=r"^expected a number to format as '.2f', got \[1\]$"):
        formatted([1], ".2f")

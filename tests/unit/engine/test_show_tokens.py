"""Token strips: white space that can be seen, numbers under tokens, shades of nine strengths."""

import math
from typing import Any

import numpy as np
import pytest

from pyengine import EngineValueError, ShapeError, show

ELEMENTS = "application/vnd.nudge.elements+json"


def strip(display: show.Display) -> Any:
    return display.bundle[ELEMENTS][-1]


def shades(display: show.Display) -> list[str]:
    return [box[1]["class"] for box in strip(display)[2:]]


def texts(display: show.Display) -> list[str]:
    return [box[2][2] for box in strip(display)[2:] if len(box) > 2]


def test_a_token_is_a_box_with_its_text_and_its_number() -> None:
    shown = show.tokens(["The", " cat"], [1.0, 4.0], name="loss (nats)")
    assert shown.bundle[ELEMENTS] == [
        "div",
        {},
        ["p", {"class": "tokens-key"}, "Under each token, and as its shade: loss (nats)"],
        [
            "ol",
            {"class": "tokens c-loss"},
            [
                "li",
                {"class": "token token-2"},
                ["span", {"class": "token-text"}, "The"],
                ["span", {"class": "token-number"}, "1.00"],
            ],
            [
                "li",
                {"class": "token token-9"},
                ["span", {"class": "token-text"}, "␣cat"],
                ["span", {"class": "token-number"}, "4.00"],
            ],
        ],
    ]
    assert repr(shown) == "The (1.00) ␣cat (4.00)"


def test_white_space_and_control_characters_can_be_seen() -> None:
    shown = show.tokens([" a b", "\t", "\r", "\xa0", "\x00", "", "é"])
    assert texts(shown) == ["␣a␣b", "⇥", "␍", "⍽", "␀", "∅", "é"]


def test_a_row_ends_after_a_line_break() -> None:
    assert shades(show.tokens("a\n\nb")) == [
        "token",
        "token",
        "token-break",
        "token",
        "token-break",
        "token",
    ]


def test_without_numbers_there_is_only_text() -> None:
    shown = show.tokens(["un", "believ", "able"])
    assert shown.bundle[ELEMENTS][2:] == [strip(shown)]
    assert all(len(box) == 3 for box in strip(shown)[2:])
    assert repr(shown) == "un believ able"


def test_a_limit_makes_shades_of_two_strips_comparable() -> None:
    one = show.tokens("ab", [1.0, 2.0], limit=9)
    assert shades(one) == ["token token-1", "token token-2"]
    assert shades(show.tokens("ab", [9.0, 99.0], limit=9)) == ["token token-9", "token token-9"]


def test_shades_count_the_distance_from_0_and_leave_out_what_is_no_number() -> None:
    shown = show.tokens("abcd", [-4.0, 2.0, math.nan, 0.0])
    assert shades(shown) == ["token token-9", "token token-4", "token", "token"]
    assert repr(shown) == "a (−4.00) b (2.00) c d (0.00)"


def test_an_infinite_number_has_the_full_shade_and_does_not_drown_the_others() -> None:
    shown = show.tokens("ab", [math.inf, 1.0])
    assert shades(shown) == ["token token-9", "token token-9"]
    assert repr(shown) == "a (∞) b (1.00)"


def test_ids_are_whole_numbers_and_need_no_shade() -> None:
    shown = show.tokens("ab", np.array([97, 1098]), name="token id", shaded=False)
    assert shades(shown) == ["token", "token"]
    assert shown.bundle[ELEMENTS][2][2] == "Under each token: token id"
    assert repr(shown) == "a (97) b (1,098)"


def test_refuses_with_an_explanation() -> None:
    with pytest.raises(ShapeError) as caught:
        show.tokens([])
    assert str(caught.value) == "tokens: expected 1 to 500 tokens; got 0. Show a part of the text."
    with pytest.raises(ShapeError, match=r"expected 1 to 500 tokens; got 1,000\."):
        show.tokens(["a"] * 1000)
    with pytest.raises(ShapeError) as caught:
        show.tokens("ab", [1.0])
    assert str(caught.value) == "tokens: expected one value per token; got 2 tokens and 1 values."
    with pytest.raises(EngineValueError) as refused:
        show.tokens("a", [1.0], limit=-1)
    assert str(refused.value) == "tokens: expected limit to be above 0; got -1."
    with pytest.raises(EngineValueError, match="expected a concept"):
        show.tokens("a", concept="blue")

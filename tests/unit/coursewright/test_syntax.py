"""Slips against YAML's own syntax: told in the author's terms, with the line to type instead."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursewright.language.files import read
from coursewright.language.syntax import error_of, mended

# What an author wrote: line, column and message of each slip, and the line as it should be.
SLIPS = {
    "colon in a title": (
        "id: x\ntitle: Step 1: how wrong\n",
        [
            (
                2,
                8,
                "the text 'Step 1: how wrong' needs quotes: there is a colon followed by a "
                "space in it",
                "title: 'Step 1: how wrong'",
            )
        ],
    ),
    "colon inside braces": (
        "a: {label: How: much?, step: 0.1}\n",
        [
            (
                1,
                12,
                "inside {…} the text 'How: much?' needs quotes",
                "a: {label: 'How: much?', step: 0.1}",
            )
        ],
    ),
    "tab below a key": (
        "a:\n\tb: 1\n",
        [(2, 1, "expected spaces to indent with, got a tab", "  b: 1")],
    ),
    "tab beside spaces": (
        "a:\n  b: 1\n\tc: 2\n",
        [(3, 1, "expected spaces to indent with, got a tab", "  c: 2")],
    ),
    "too far in": (
        "a:\n  b: 1\n   c: 2\n",
        [(3, 4, "expected an indentation of 2 spaces, as above, got 3", "  c: 2")],
    ),
    "not far enough in": (
        "a:\n    b: 1\n  c: 2\n",
        [(3, 3, "expected an indentation of 4 spaces, as above, got 2", "    c: 2")],
    ),
    "beside a list's entry": (
        "s:\n  - id: one\n   title: two\n",
        [(3, 4, "expected an indentation of 4 spaces, as above, got 3", "    title: two")],
    ),
    "text of a block not far enough in": (
        "a: |\n  one\n two\nb: c\n",
        [(3, 2, "expected an indentation of 2 spaces, as above, got 1", "  two")],
    ),
    "quotation mark left open": (
        'a: "x\nb: 2\n',
        [(1, 4, 'expected a closing ", found none', 'a: "x"')],
    ),
    "brace left open": (
        "a: {x: 1\nb: 2\n",
        [(1, 4, "expected a closing }, found none", "a: {x: 1}")],
    ),
    "bracket left open": (
        "a: [x, y\nb: 2\n",
        [(1, 4, "expected a closing ], found none", "a: [x, y]")],
    ),
    "text after a quotation": (
        'a: "mat" is likely\n',
        [
            (
                1,
                4,
                "the text '\"mat\" is likely' needs quotes: it begins with a quotation mark",
                "a: '\"mat\" is likely'",
            )
        ],
    ),
    "apostrophe": (
        "a: 'it's'\n",
        [
            (
                1,
                4,
                "the text \"'it's'\" needs quotes: it begins with a quotation mark",
                'a: "it\'s"',
            )
        ],
    ),
    "bold": (
        "a: *bold* x\n",
        [(1, 4, "the text '*bold* x' needs quotes: it begins with *", "a: '*bold* x'")],
    ),
    "link": (
        "a: [link](b.md) text\n",
        [
            (
                1,
                4,
                "the text '[link](b.md) text' needs quotes: it begins with [",
                "a: '[link](b.md) text'",
            )
        ],
    ),
    "computed number": (
        "a: {= -log(0.5) =} nats\n",
        [
            (
                1,
                4,
                "the text '{= -log(0.5) =} nats' needs quotes: it begins with {",
                "a: '{= -log(0.5) =} nats'",
            )
        ],
    ),
    "no space after a colon": (
        "title:One\nid: d\n",
        [(1, 7, "expected a space after `title:`, got none", "title: One")],
    ),
    "prose beside its bar": (
        "text: | One line\n",
        [
            (
                1,
                9,
                "expected the text on the lines below `|`, got it on the same line",
                "text: |\n  One line",
            )
        ],
    ),
    "three at once": (
        "id: x\ntitle: A: b\nq: {ask: one: two, b: 3}\ns:\n\tx: 1\n",
        [
            (
                2,
                8,
                "the text 'A: b' needs quotes: there is a colon followed by a space in it",
                "title: 'A: b'",
            ),
            (
                3,
                10,
                "inside {…} the text 'one: two' needs quotes",
                "q: {ask: 'one: two', b: 3}",
            ),
            (5, 1, "expected spaces to indent with, got a tab", "  x: 1"),
        ],
    ),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told_with_the_line_to_type_instead(name):
    text, expected = SLIPS[name]
    new, slips, left = mended(text)
    assert [(s.line + 1, s.column + 1, s.message, s.instead) for s in slips] == expected
    assert left is None
    assert error_of(new) is None


@pytest.mark.parametrize("name", SLIPS)
def test_what_is_proposed_can_be_pasted_and_has_no_slip(name):
    text, expected = SLIPS[name]
    lines = text.split("\n")
    for line, _, _, instead in reversed(expected):
        lines[line - 1] = instead
    assert mended("\n".join(lines))[1:] == ([], None)


def test_one_slip_does_not_hide_the_next_nor_what_the_schema_refuses(problems):
    assert problems("title: One lesson\n", "title: One: lesson\nminuts: 3\n") == [
        "course/lessons/one.yml:2:8  the text 'One: lesson' needs quotes: there is a colon "
        "followed by a space in it\n    Write:\n      title: 'One: lesson'",
        "course/lessons/one.yml:3:1  minuts: unknown key\n    did you mean 'minutes'?",
    ]


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (
            "title: \"'&' and &more\"",
            None,
        ),
        (
            "title: &more of it",
            "2:8  expected text, got the YAML word `&more` before it\n"
            "    Write:\n      title: '&more of it'",
        ),
        (
            "title: !important text",
            "2:8  expected text, got the YAML word `!important` before it\n"
            "    Write:\n      title: '!important text'",
        ),
        (
            "title:\n  Step 1: how wrong",
            "3:3  title: expected text, got keys with values\n"
            "    A text with a colon needs quotes. Write:\n        'Step 1: how wrong'",
        ),
    ],
)
def test_text_that_yaml_takes_for_something_else_is_told(problems, new, told):
    said = problems("title: One lesson", new)
    assert said == ([f"course/lessons/one.yml:{told}"] if told else [])


def test_a_comma_inside_braces_is_told_with_the_whole_text(problems):
    assert problems("label: A number}", "label: A number, or two}") == [
        "course/lessons/one.yml:20:70  sections[0].blocks[2].demo.controls.x.or two: unknown key\n"
        "    Write:\n"
        "                  x: {slider: [0, 10], step: 1, start: 2, label: 'A number, or two'}"
    ]


ALPHABET = st.sampled_from([*"ab:-{}[],?#&*!|>'\"%@`\t\n\n    ={}é\x07", "- ", ": ", "\n  "])


@settings(max_examples=300, deadline=None)
@given(st.lists(ALPHABET, max_size=60).map("".join))
def test_no_text_makes_reading_fail(text):
    source = read("x.yml", text.encode())
    assert source.data is None or not error_of(source.text)
    for problem in source.problems:
        assert 1 <= problem.line <= text.count("\n") + 2
        assert problem.message


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_make_reading_fail(raw):
    read("x.yml", raw)

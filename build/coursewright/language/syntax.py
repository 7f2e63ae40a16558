"""YAML's own syntax errors in the author's terms, each with the line as it should be.

A parser says what it did not find. What an author wants is the line to type instead: so the usual
slips are tried, and the first after which the parser gets furthest is what is proposed. Reading
goes on with it, so that one slip does not hide the next.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Any

import yaml

from . import brackets, slips
from .slips import Keys, Slip

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_SLIPS = 20  # in one file; then the author has enough to do
MOST_TRIES = 100  # for one slip; each is one more reading of the text
MOST_READ = 10_000_000  # characters, in all tries: about half a second
MOST_DEEP = 50  # levels of nesting; libyaml takes very long over thousands
NEAR = 3  # lines above the one where the parser stopped in which the slip may stand

# The likeliest first: of several with which the parser gets equally far, the first is proposed.
KINDS: tuple[Callable[[list[str], int], Iterator[Slip]], ...] = (
    slips.odd_space,
    slips.tight,
    slips.beside_block,
    slips.unclosed,
    brackets.open_bracket,
    brackets.inner_bracket,
    brackets.closing_bracket,
    brackets.no_comma,
    brackets.in_braces,
    slips.unquoted,
    slips.bullet,
    slips.tight_dash,
    slips.missing_dash,
    slips.missing_bar,
)
FAR = (slips.unclosed, brackets.open_bracket)  # the parser may notice them many lines below


def mended(text: str, keys: Keys = frozenset()) -> tuple[str, list[Slip], yaml.YAMLError | None]:
    """A text without the slips that could be mended, these, and the error that is left, if any.

    The mended text has the lines of the old one, unless a slip was one line that should be two.
    `keys` are those that the file may have.
    """
    found: list[Slip] = []
    more = 0  # lines than there were
    error = error_of(text)
    tries = iter(range(MOST_READ // max(len(text), 1)))
    while error is not None and len(found) < MOST_SLIPS:
        slip = slip_at(text, error, keys, tries)
        if slip is None:
            break
        text, error = replaced(text, slip)
        found.append(replace(slip, line=slip.line - more))
        more += slip.instead.count("\n")
    return text, found, error


def error_of(text: str) -> yaml.YAMLError | None:
    """The first syntax error of a text, or None; it may nest too deeply to be read to its end."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=Loader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MOST_DEEP:
                break
    except yaml.YAMLError as error:
        return error
    return None


def place_of(error: yaml.YAMLError) -> tuple[int, int]:
    """Line and column (from 0) where the parser stopped."""
    mark = getattr(error, "problem_mark", None)
    return (mark.line, mark.column) if mark else (0, 0)


def replaced(text: str, slip: Slip) -> tuple[str, yaml.YAMLError | None]:
    """The text with a slip mended, and its first error then."""
    lines = text.split("\n")
    lines[slip.line] = slip.instead
    new = "\n".join(lines)
    return new, error_of(new)


def slip_at(text: str, error: yaml.YAMLError, keys: Keys, tries: Iterator[int]) -> Slip | None:
    """The slip behind an error: the one that, mended, lets the parser get furthest."""
    lines = text.split("\n")
    last = min(place_of(error)[0], len(lines) - 1)
    best: Slip | None = None
    furthest: float = last
    for _, slip in zip(islice(tries, MOST_TRIES), candidates(lines, last, keys), strict=False):
        reached = reach(text, slip) if slip.instead != lines[slip.line] else 0
        if reached > furthest:
            best, furthest = slip, reached
        if furthest == math.inf:
            break
    return best


def candidates(lines: list[str], last: int, keys: Keys) -> Iterator[Slip]:
    """The slips that may make the parser stop in a line, those nearest to it first."""
    near = range(last, max(last - NEAR, -1), -1)
    yield from chain.from_iterable(slips_of(lines, number, keys) for number in near)
    for number in range(near[-1] - 1, -1, -1):
        yield from chain.from_iterable(kind(lines, number) for kind in FAR)


def slips_of(lines: list[str], number: int, keys: Keys) -> Iterator[Slip]:
    """The slips a line may hold, the likeliest first."""
    yield from chain.from_iterable(kind(lines, number) for kind in KINDS)
    yield from slips.no_colon(lines, number, keys)
    yield from slips.indentation(lines, number)


def reach(text: str, slip: Slip) -> float:
    """The line up to which a text can be parsed with a slip mended; infinity for all of it."""
    _, left = replaced(text, slip)
    return math.inf if left is None else place_of(left)[0]

"""YAML's own syntax errors in the author's terms, each with the line as it should be.

A parser says what it did not find. What an author wants is the line to type instead: so the usual
slips are tried, and the first after which the parser gets further is what is proposed. Reading goes
on with it, so that one slip does not hide the next.
"""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import yaml

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_SLIPS = 20  # in one file; then the author has enough to do
NEAR = 3  # lines above the one where the parser stopped in which the slip may stand

ENTRY = re.compile(r"^(?P<lead>\s*(?:- +)*(?:[\w-]+: +|- +))(?P<value>\S.*?)\s*$")
TIGHT = re.compile(r"^(?P<lead>\s*(?:- +)*[a-z_]+):(?P<value>[^\s/].*)$")
FLOW = re.compile(r"\{(?P<inside>[^{}]*)\}")
PART = re.compile(r"(?:^|,)\s*(?P<key>[\w-]+):\s+")
BLOCK = re.compile(r"^(?P<lead>\s*(?:- +)*[\w-]+: *[|>]-?) +(?P<value>\S.*)$")
PLAIN = re.compile(r"[\w.+−-]+|\[[\w\s.,+-]*\]")


@dataclass(frozen=True)
class Slip:
    """A slip in a line (from 0): what is wrong in the author's words, and the lines instead."""

    line: int
    column: int
    message: str
    instead: str


def mended(text: str) -> tuple[str, list[Slip], yaml.YAMLError | None]:
    """A text without the slips that could be mended, these, and the error that is left, if any.

    The mended text has the lines of the old one, unless a slip was one line that should be two.
    """
    slips: list[Slip] = []
    more = 0  # lines than there were
    error = error_of(text)
    while error is not None and len(slips) < MOST_SLIPS:
        slip = slip_at(text, error)
        if slip is None:
            break
        text, error = replaced(text, slip)
        slips.append(replace(slip, line=slip.line - more))
        more += slip.instead.count("\n")
    return text, slips, error


def error_of(text: str) -> yaml.YAMLError | None:
    """The first syntax error of a text, or None."""
    try:
        for _ in yaml.parse(text, Loader=Loader):
            pass
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


def slip_at(text: str, error: yaml.YAMLError) -> Slip | None:
    """The slip behind an error: the one that, mended, lets the parser get furthest."""
    lines = text.split("\n")
    last = min(place_of(error)[0], len(lines) - 1)
    best: Slip | None = None
    furthest: float = last
    for number in range(last, max(last - NEAR, -1), -1):
        for slip in slips_of(lines, number):
            reached = reach(text, slip) if slip.instead != lines[number] else 0
            if reached > furthest:
                best, furthest = slip, reached
    return best


def reach(text: str, slip: Slip) -> float:
    """The line up to which a text can be parsed with a slip mended; infinity for all of it."""
    _, left = replaced(text, slip)
    return math.inf if left is None else place_of(left)[0]


def slips_of(lines: list[str], number: int) -> Iterator[Slip]:
    """The slips a line may hold, the likeliest first."""
    kinds: list[Callable[[list[str], int], Iterator[Slip]]] = [
        tab,
        tight,
        beside_block,
        unclosed,
        open_brackets,
        in_braces,
        unquoted,
        indentation,
    ]
    return chain.from_iterable(kind(lines, number) for kind in kinds)


def tab(lines: list[str], number: int) -> Iterator[Slip]:
    """A tab where only spaces may indent."""
    line = lines[number]
    lead = line[: len(line) - len(line.lstrip())]
    if "\t" in lead:
        at = lead.index("\t")
        for width in indents(lines, number):
            instead = " " * width + line.lstrip()
            yield Slip(number, at, "expected spaces to indent with, got a tab", instead)
    elif "\t" in line:
        at = line.index("\t")
        yield Slip(number, at, "expected a space, got a tab", line.replace("\t", " "))


def tight(lines: list[str], number: int) -> Iterator[Slip]:
    """A key and its value without a space between them."""
    found = TIGHT.match(lines[number])
    if found:
        message = f"expected a space after `{found['lead'].strip(' -')}:`, got none"
        instead = f"{found['lead']}: {found['value']}"
        yield Slip(number, found.end("lead") + 1, message, instead)


def beside_block(lines: list[str], number: int) -> Iterator[Slip]:
    """Text on the line of the `|` it should stand below."""
    found = BLOCK.match(lines[number])
    if found:
        indent = len(found["lead"]) - len(found["lead"].lstrip()) + 2
        message = "expected the text on the lines below `|`, got it on the same line"
        instead = f"{found['lead']}\n{' ' * indent}{found['value']}"
        yield Slip(number, found.start("value"), message, instead)


def unclosed(lines: list[str], number: int) -> Iterator[Slip]:
    """A quotation mark that has no partner."""
    found = ENTRY.match(lines[number])
    if found and found["value"][0] in "\"'" and found["value"].count(found["value"][0]) == 1:
        mark = found["value"][0]
        message = f"expected a closing {mark}, found none"
        yield Slip(number, found.start("value"), message, found["lead"] + found["value"] + mark)


def open_brackets(lines: list[str], number: int) -> Iterator[Slip]:
    """A bracket that has no partner on its line."""
    found = ENTRY.match(lines[number])
    for opening, closing in ("{}", "[]"):
        if found and found["value"][0] == opening and closing not in found["value"]:
            message = f"expected a closing {closing}, found none"
            instead = f"{found['lead']}{found['value']}{closing}"
            yield Slip(number, found.start("value"), message, instead)


def in_braces(lines: list[str], number: int) -> Iterator[Slip]:
    """Text inside `{…}` with a colon, a comma or a question mark."""
    line = lines[number]
    for flow in FLOW.finditer(line):
        inside = flow["inside"]
        parts = list(PART.finditer(inside))
        if not parts:
            continue
        ends = [part.start() for part in parts[1:]] + [len(inside)]
        values = [inside[part.end() : end].strip() for part, end in zip(parts, ends, strict=True)]
        loose = [value for value in values if value and not safe(value)]
        if loose:
            keys = [part["key"] for part in parts]
            pairs = zip(keys, values, strict=True)
            written = ", ".join(f"{k}: {v if safe(v) else quoted(v)}" for k, v in pairs)
            instead = f"{line[: flow.start()]}{{{written}}}{line[flow.end() :]}"
            at = flow.start("inside") + inside.index(loose[0])
            yield Slip(number, at, f"inside {{…}} the text {loose[0]!r} needs quotes", instead)


def unquoted(lines: list[str], number: int) -> Iterator[Slip]:
    """A value that YAML takes for more than text."""
    found = ENTRY.match(lines[number])
    if found:
        value = found["value"]
        message = f"the text {shortened(value)} needs quotes: {reason(value)}"
        instead = found["lead"] + quoted(bare(value))
        yield Slip(number, found.start("value"), message, instead)


def indentation(lines: list[str], number: int) -> Iterator[Slip]:
    """A line indented like none above it."""
    line = lines[number]
    width = len(line) - len(line.lstrip())
    for other in indents(lines, number):
        message = f"expected an indentation of {other} spaces, as above, got {width}"
        yield Slip(number, width, message, " " * other + line.lstrip())


def indents(lines: list[str], number: int) -> list[int]:
    """How far the lines above are indented, the nearest first; each once."""
    above = [line for line in reversed(lines[:number]) if line.strip()]
    widths = [len(lead) for line in above for lead in leads(line)]
    if above and re.search(r":( *[|>]-?)? *$", above[0]):  # what belongs to it stands further in
        widths.insert(0, widths[0] + 2)
    return list(dict.fromkeys(widths))


def leads(line: str) -> list[str]:
    """What stands before a line's content and before each of the dashes that open it."""
    dashes = re.match(r"(?: *-(?= ))* *", line)
    ends = [match.end() for match in re.finditer(r"- +|^ *", dashes[0] if dashes else "")]
    return [line[:end] for end in reversed(ends)]


def safe(value: str) -> bool:
    """Whether a value inside braces needs no quotes."""
    return bool(PLAIN.fullmatch(value)) or value[:1] in "\"'[{" or not re.search(r"[:,?#]", value)


def bare(value: str) -> str:
    """A value without the quotation marks around it, of which one inside closes the text early."""
    around = value[0] in "\"'" and value[-1] == value[0] and value.count(value[0]) > 2
    return value[1:-1] if around else value


def quoted(value: str) -> str:
    """A text in the quotation marks that change the least of it."""
    if "'" not in value:
        return f"'{value}'"
    if not re.search(r'["\\]', value):
        return f'"{value}"'
    return "'" + value.replace("'", "''") + "'"


def reason(value: str) -> str:
    """What in a text means something else to YAML."""
    starts = {
        **dict.fromkeys("\"'", "it begins with a quotation mark"),
        **dict.fromkeys("[]{}*&!%@`|>", f"it begins with {value[0]}"),
    }
    found = starts.get(value[0])
    return found or "there is a colon followed by a space in it"


def shortened(value: str) -> str:
    """A text as messages show it."""
    return repr(value if len(value) <= 40 else f"{value[:37]}…")

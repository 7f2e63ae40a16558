"""Slips inside `{…}` and `[…]`, where one comma, colon or bracket too few changes all the rest."""

import re
from collections.abc import Iterator

from .quoting import quoted
from .slips import ENTRY, Slip

FLOW = re.compile(r"\{(?P<inside>[^{}]*)\}")
PART = re.compile(r"(?:^|,)\s*(?P<key>[\w-]+):\s+")
NO_COMMA = re.compile(r"(?<=[\w\]\"'}])\s+(?=(?P<key>[\w-]+): )")
NEVER_CLOSED = re.compile(r"(?P<open>\[[^][{}]*?)(?=, *[\w-]+: |\})")
NEVER_OPENED = re.compile(r"(?<=: )(?P<inside>[^][{}:]*\])")
PLAIN = re.compile(r"[\w.+−-]+|\[[\w\s.,+-]*\]")
CLOSING = {"{": "}", "[": "]"}
OPENING = {"}": "{", "]": "["}


def open_bracket(lines: list[str], number: int) -> Iterator[Slip]:
    """A bracket that has no partner on its line."""
    found = ENTRY.match(lines[number])
    closing = CLOSING.get(found["value"][0]) if found else None
    if found and closing and closing not in found["value"]:
        message = f"expected a closing {closing}, found none"
        instead = f"{found['lead']}{found['value']}{closing}"
        yield Slip(number, found.start("value"), message, instead)


def inner_bracket(lines: list[str], number: int) -> Iterator[Slip]:
    """A `[` or a `]` inside braces that has no partner."""
    line = lines[number]
    for found in NEVER_CLOSED.finditer(line):
        instead = f"{line[: found.end()]}]{line[found.end() :]}"
        yield Slip(number, found.start(), "expected a closing ], found none", instead)
    for found in NEVER_OPENED.finditer(line):
        instead = f"{line[: found.start()]}[{line[found.start() :]}"
        yield Slip(number, found.start(), "expected an opening [, found none", instead)


def closing_bracket(lines: list[str], number: int) -> Iterator[Slip]:
    """A bracket at the end of a value that closes nothing, or that closes twice."""
    found = ENTRY.match(lines[number])
    closing = found["value"][-1] if found else ""
    if not found or closing not in OPENING:
        return
    if found["value"][0] == OPENING[closing]:
        message = f"expected one closing {closing}, got another"
        yield Slip(number, found.end("value") - 1, message, found["lead"] + found["value"][:-1])
    else:
        message = f"expected an opening {OPENING[closing]}, found none"
        instead = found["lead"] + OPENING[closing] + found["value"]
        yield Slip(number, found.start("value"), message, instead)


def no_comma(lines: list[str], number: int) -> Iterator[Slip]:
    """Two parts of a mapping in braces without a comma between them."""
    line = lines[number]
    for flow in FLOW.finditer(line):
        for found in NO_COMMA.finditer(line, flow.start("inside"), flow.end()):
            message = f"expected a comma before `{found['key']}:`, found none"
            instead = f"{line[: found.start()]}, {line[found.end() :]}"
            yield Slip(number, found.start(), message, instead)


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


def safe(value: str) -> bool:
    """Whether a value inside braces needs no quotes."""
    return bool(PLAIN.fullmatch(value)) or value[:1] in "\"'[{" or not re.search(r"[:,?#]", value)

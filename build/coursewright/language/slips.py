"""The slips that happen to people who write YAML by hand: each a line, and what to type instead."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .quoting import bare, is_collection, quoted, reason, shortened

Keys = frozenset[str]  # those the file may have

ENTRY = re.compile(r"^(?P<lead>\s*(?:- +)*(?:[\w-]+: +|- +))(?P<value>\S.*?)\s*$")
TIGHT = re.compile(r"^(?P<lead>\s*(?:- +)*[a-z_]+):(?P<value>[^\s/].*)$")
NO_COLON = re.compile(
    r"^(?P<lead>\s*(?:- +)*)(?P<key>[a-z_]+)(?P<sign>\s*[=;：]|\s)\s*(?P<value>\S.*)$"
)
BLOCK = re.compile(r"^(?P<lead>\s*(?:- +)*[\w-]+: *(?P<sign>[|>])[-+]?) +(?P<value>\S.*)$")
OPENER = re.compile(r"^\s*(?:- +)*[\w-]+:\s*$")
KEYED = re.compile(r"^\s*(?:- +)*[a-z_][\w-]*:(\s|$)")
BULLET = re.compile(r"^(?P<lead>\s*)(?P<sign>[*•–+]) +(?P<value>\S.*)$")
TIGHT_DASH = re.compile(r"^(?P<lead>\s*)-(?P<value>[^\s-].*)$")
SPACES = "\t\u00a0\u2007\u202f\u3000"  # that are none to YAML


@dataclass(frozen=True)
class Slip:
    """A slip in a line (from 0): what is wrong in the author's words, and the lines instead."""

    line: int
    column: int
    message: str
    instead: str


def odd_space(lines: list[str], number: int) -> Iterator[Slip]:
    """A tab, or a space that does not break lines, where only plain spaces may stand."""
    line = lines[number]
    at = next((i for i, character in enumerate(line) if character in SPACES), None)
    if at is None:
        return
    found = "a tab" if line[at] == "\t" else "a space of another kind"
    if line[:at].strip():
        yield Slip(number, at, f"expected a space, got {found}", plain_spaces(line))
        return
    for width in indents(lines, number):
        instead = " " * width + line.lstrip()
        yield Slip(number, at, f"expected spaces to indent with, got {found}", instead)


def plain_spaces(line: str) -> str:
    """A line with plain spaces in place of other ones."""
    return line.translate({ord(character): " " for character in SPACES})


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
        sign = found["sign"]
        indent = leads(lines[number])[0] + 2
        message = f"expected the text on the lines below `{sign}`, got it on the same line"
        instead = f"{found['lead']}\n{' ' * indent}{found['value']}"
        yield Slip(number, found.start("value"), message, instead)


def unclosed(lines: list[str], number: int) -> Iterator[Slip]:
    """A quotation mark that has no partner."""
    found = ENTRY.match(lines[number])
    if found and found["value"][0] in "\"'" and found["value"].count(found["value"][0]) == 1:
        mark = found["value"][0]
        message = f"expected a closing {mark}, found none"
        yield Slip(number, found.start("value"), message, found["lead"] + found["value"] + mark)


def unquoted(lines: list[str], number: int) -> Iterator[Slip]:
    """A value that YAML takes for more than text."""
    found = ENTRY.match(lines[number])
    if found and not is_collection(found["value"]):
        value = found["value"]
        message = f"the text {shortened(value)} needs quotes: {reason(value)}"
        instead = found["lead"] + quoted(bare(value))
        yield Slip(number, found.start("value"), message, instead)


def bullet(lines: list[str], number: int) -> Iterator[Slip]:
    """A list's entry that begins as in other languages."""
    found = BULLET.match(lines[number])
    if found:
        message = f"expected `- ` before a list's entry, got `{found['sign']} `"
        yield Slip(number, found.start("sign"), message, f"{found['lead']}- {found['value']}")


def tight_dash(lines: list[str], number: int) -> Iterator[Slip]:
    """A list's entry without a space after its dash."""
    found = TIGHT_DASH.match(lines[number])
    if found:
        message = "expected a space after the dash, got none"
        yield Slip(number, found.start("value"), message, f"{found['lead']}- {found['value']}")


def missing_dash(lines: list[str], number: int) -> Iterator[Slip]:
    """An entry of a list that has lost its dash: this line, or the first entry above it."""
    line, width = lines[number], width_of(lines[number])
    message = "expected `- ` before a list's entry, found none"
    if not is_entry(line):
        if any(is_entry(other) and width_of(other) == width for other in around(lines, number)):
            yield Slip(number, width, message, f"{' ' * width}- {line.lstrip()}")
        return
    for above in range(number - 1, 0, -1):
        opens = OPENER.match(lines[above - 1]) and width_of(lines[above - 1]) <= width
        if opens and width_of(lines[above]) == width + 2 and not is_entry(lines[above]):
            instead = f"{' ' * width}- {lines[above].lstrip()}"
            yield Slip(above, width + 2, message, instead)
            return


def around(lines: list[str], number: int) -> list[str]:
    """The written lines above a line, the nearest first, up to one that is indented less."""
    width = width_of(lines[number])
    found = []
    for line in reversed(lines[:number]):
        if line.strip():
            if width_of(line) < width:
                break
            found.append(line)
    return found


def missing_bar(lines: list[str], number: int) -> Iterator[Slip]:
    """Prose below a key that opens no block of text."""
    for above in range(number - 1, -1, -1):
        line = lines[above]
        if line.strip() and width_of(line) < width_of(lines[number]):
            first = next((each for each in lines[above + 1 :] if each.strip()), "")
            if OPENER.match(line) and not KEYED.match(first) and first.lstrip()[:1] != "-":
                key = line.strip(" -:")
                message = f"expected `|` after `{key}:` and before its lines of text, found none"
                yield Slip(above, len(line.rstrip()), message, f"{line.rstrip()} |")
            return


def no_colon(lines: list[str], number: int, keys: Keys) -> Iterator[Slip]:
    """A key and its value without a colon between them."""
    for at in (number, number - 1):
        found = NO_COLON.match(lines[at]) if at >= 0 else None
        if found and (found["key"] in keys or found["sign"].strip()):
            message = f"expected a colon after `{found['key']}`, got none"
            instead = f"{found['lead']}{found['key']}: {found['value']}"
            yield Slip(at, found.end("key"), message, instead)


def indentation(lines: list[str], number: int) -> Iterator[Slip]:
    """A line indented like none above it; or the one above, if it should begin as this does."""
    if lines[number].strip():
        opener = lines[number - 2] if number > 1 else ""
        if OPENER.match(opener) and width_of(lines[number - 1]) <= leads(opener)[0]:
            yield from indented(lines, number - 1, [width_of(lines[number])])
        yield from indented(lines, number, indents(lines, number))


def indented(lines: list[str], number: int, widths: list[int]) -> Iterator[Slip]:
    """A line indented as far as each of several widths."""
    line, width = lines[number], width_of(lines[number])
    for other in sorted(widths, key=lambda other: abs(other - width)):
        message = f"expected an indentation of {other} spaces, as above, got {width}"
        yield Slip(number, width, message, " " * other + line.lstrip())


def indents(lines: list[str], number: int) -> list[int]:
    """How far the lines above are indented, the nearest first; each once."""
    above = [line for line in reversed(lines[:number]) if line.strip()]
    entry = is_entry(lines[number])
    widths = [width for line in above for width in leads(line, entry)]
    if above and re.search(r":( *[|>][-+]?)? *$", above[0]):  # what belongs to it is further in
        widths.insert(0, max(leads(above[0])) + 2)
    return list(dict.fromkeys(widths))


def leads(line: str, entry: bool = False) -> list[int]:
    """What stands before a line's content and before each of the dashes that open it.

    Of another entry of a list only the dashes count, if there are any.
    """
    dashes = re.match(r"(?: *-(?= ))* *", line)
    ends = [match.end() for match in re.finditer(r"- +|^ *", dashes[0] if dashes else "")]
    return list(reversed(ends[:-1] if entry and len(ends) > 1 else ends))


def width_of(line: str) -> int:
    """How far a line is indented."""
    return len(line) - len(line.lstrip())


def is_entry(line: str) -> bool:
    """Whether a line begins an entry of a list."""
    return line.lstrip().startswith("- ")

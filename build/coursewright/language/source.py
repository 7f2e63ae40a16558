"""What a YAML file says, where each part of it stands, and what is wrong with it."""

import re
from dataclasses import dataclass, field
from textwrap import indent
from typing import Any, NamedTuple

from .diagnostics import Diagnostic, Path, written

MOST_PROBLEMS = 200  # of one file; then the author has enough to do
LONGEST = 4000  # characters of a message; who reads on finds nothing new
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class Place(NamedTuple):
    """Where a value stands (1-based); `indent` is the column of a literal block's text, else 0."""

    line: int
    column: int
    indent: int = 0


@dataclass
class Source:
    """A YAML file: its data, the place of every key and value, and what is wrong with it."""

    file: str
    text: str
    data: Any = None
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)
    widths: dict[int, int] = field(default_factory=dict)  # of lines with a slip, as written

    def report(self, path: Path, message: str, fix: str = "", *, at_key: bool = False) -> None:
        """Note a problem at a path's value (or its key), or at the nearest thing above it."""
        self.add(self.place(path, at_key=at_key), written(path), message, fix)

    def place(self, path: Path, *, at_key: bool = False) -> Place:
        """Where a path's value (or its key) stands, or the nearest thing above it."""
        place = self.keys.get(path) if at_key else None
        above = path
        while place is None:
            place = self.values.get(above) or (Place(1, 1) if not above else None)
            above = above[:-1]
        return place

    def report_inside(self, path: Path, offset: int, message: str, fix: str = "") -> None:
        """Note a problem at a character of a text; exact in literal blocks (`|`)."""
        self.add(self.place_inside(path, offset), written(path), message, fix)

    def report_in_code(self, path: Path, number: int, message: str, fix: str = "") -> None:
        """Note a problem in a line (from 1) of code; exact in literal blocks (`|`)."""
        self.add(self.place_in_code(path, number), written(path), message, fix)

    def place_inside(self, path: Path, offset: int) -> Place:
        """Where a character of a text stands; of any but a literal block, where it begins."""
        place = self.values[path]
        if not place.indent:
            return place
        before = self.text_at(path)[:offset]
        line = place.line + 1 + before.count("\n")
        return Place(line, place.indent + offset - (before.rfind("\n") + 1))

    def place_in_code(self, path: Path, number: int) -> Place:
        """Where a line (from 1) of code begins; of one after its end, where its last does."""
        lines = self.text_at(path).rstrip("\n").split("\n")[:number]
        before = sum(len(line) + 1 for line in lines[:-1])
        return self.place_inside(path, before + len(lines[-1]) - len(lines[-1].lstrip()))

    def add(self, place: Place, path: str, message: str, fix: str = "") -> None:
        """Note a problem at a place; of very many only the first, and that there are more."""
        if len(self.problems) == MOST_PROBLEMS:
            path, message, fix = "", "found more problems than are told here", "Mend these first."
        if not self.full:
            told = (visible(path), visible(message), visible(fix))
            column = min(place.column, self.widths.get(place.line, place.column))
            self.problems.append(Diagnostic(self.file, place.line, column, *told))

    @property
    def full(self) -> bool:
        """Whether there are so many problems that no more are noted."""
        return len(self.problems) > MOST_PROBLEMS

    def line(self, number: int) -> str:
        """A line of the file, from 1."""
        return self.text.split("\n")[number - 1]

    def instead(self, line: int, old: str, new: str) -> str:
        """The fix that shows a line (from 1) with a piece replaced; or the piece, if unclear."""
        text = self.line(line)
        return pasted(text.replace(old, new)) if text.count(old) == 1 else f"Write: {new}"

    def text_at(self, path: Path) -> str:
        """The text that stands at a path."""
        value = self.data
        for part in path:
            value = value[part]
        return str(value)


def pasted(lines: str) -> str:
    """The fix that shows what to type instead of a line."""
    return "Write:\n" + indent(lines.strip("\n"), "      ")


def visible(text: str) -> str:
    """A text as it can be printed: of a long one the beginning, no character that hides others."""
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", shown)

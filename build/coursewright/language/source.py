"""Reading YAML as composed nodes: plain text and lists, and where each of them stands.

Values stay text here: whether `true`, `12:30` or `1e-3` is text or a number is the schema's to say.
"""

from dataclasses import dataclass, field
from textwrap import indent
from typing import Any

import yaml

from .diagnostics import Diagnostic, Path, written
from .syntax import Loader, mended, quoted

MOST_NODES = 100_000  # no lesson has so many; an alias bomb has
MOST_DEEP = 50  # no lesson nests so deeply; beyond some thousands, libyaml's composer crashes
MERGE = "tag:yaml.org,2002:merge"
QUOTES = "Text with a colon, comma or question mark needs quotes, or a block that opens with `|`."
ONE_DOCUMENT = "A file holds one document: remove the line of `---` or `...`, or what follows it."
TOO_DEEP = f"expected at most {MOST_DEEP} levels of nesting, got more"
FIXES = {
    "tab character": "Indent with spaces.",
    "<document start>": ONE_DOCUMENT,
    "alias": "Text that begins with `*` needs quotes, or a block that opens with `|`.",
}


@dataclass(frozen=True)
class Place:
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
    unreadable: bool = False

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
        place = self.values[path]
        if place.indent:
            before = self.text_at(path)[:offset]
            line = place.line + 1 + before.count("\n")
            place = Place(line, place.indent + offset - (before.rfind("\n") + 1))
        self.add(place, written(path), message, fix)

    def add(self, place: Place, path: str, message: str, fix: str = "") -> None:
        """Note a problem at a place."""
        self.problems.append(Diagnostic(self.file, place.line, place.column, path, message, fix))

    def text_at(self, path: Path) -> str:
        """The text that stands at a path."""
        value = self.data
        for part in path:
            value = value[part]
        return str(value)


def read(file: str, raw: bytes) -> Source:
    """Read a YAML file. Problems are collected in the source, never raised."""
    try:
        source = Source(file, raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        source = Source(file, "")
        line = raw[: error.start].count(b"\n") + 1
        message = f"expected UTF-8 text, got byte 0x{raw[error.start]:02x}"
        source.add(Place(line, 1), "", message, "Save the file as UTF-8.")
        return source
    try:
        check_syntax(source)
        root = None if source.unreadable else yaml.compose(source.text, Loader=Loader)
    except yaml.YAMLError as error:
        report_syntax(source, error)
        return source
    if root:
        reader = Reader(source)
        data = reader.value(root, ())
        source.data = None if reader.gave_up else data
    return source


def check_syntax(source: Source) -> None:
    """Report slips against YAML's own syntax, and go on with the text as it was meant."""
    try:
        return check_nesting(source)
    except yaml.YAMLError:
        source.problems.clear()  # what was told on the way is told again
    text, slips, left = mended(source.text)
    for slip in slips:
        fix = "Write:\n" + indent(slip.instead.strip("\n"), "      ")
        source.add(Place(slip.line + 1, slip.column + 1), "", slip.message, fix)
    if left is not None:
        raise left
    source.unreadable = text.count("\n") != source.text.count("\n")  # places would be wrong
    source.text = text
    if not source.unreadable:
        check_nesting(source)
    return None


def check_nesting(source: Source) -> None:
    """Report the first thing that may not be composed: it would be cut off, or never end."""
    documents = 0
    anchors: list[str | None] = []  # of the collections that are open
    for event in yaml.parse(source.text, Loader=Loader):
        swallowed(event, source)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if isinstance(event, yaml.CollectionStartEvent):
            anchors.append(event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            anchors.pop()
        refused = refusal(event, anchors, documents)
        if refused:
            source.unreadable = True
            return source.add(place_of(event.start_mark), "", *refused)
    return None


def swallowed(event: yaml.Event, source: Source) -> None:
    """Report the beginning of a text that YAML has taken for a name or a type of its own."""
    if isinstance(event, yaml.ScalarEvent):
        anchor = f"&{event.anchor}" if event.anchor else ""
        word = anchor or (event.tag or "").replace("tag:yaml.org,2002:", "!!")
        if word and event.tag != "!":  # `!` alone is what the parser gives quoted text
            message = f"expected text, got the YAML word `{word}` before it"
            place = place_of(event.start_mark)
            source.add(place, "", message, f"Write: {quoted(f'{word} {event.value}'.strip())}")


def refusal(event: yaml.Event, anchors: list[str | None], documents: int) -> tuple[str, str] | None:
    """Message and fix for an event after which nothing may be composed, or None."""
    if documents > 1:
        return "expected one document, found another", ONE_DOCUMENT
    if isinstance(event, yaml.AliasEvent) and event.anchor in anchors:
        message = f"expected a value, got *{event.anchor} inside what it names"
        return message, "Write out what is meant here."
    if len(anchors) > MOST_DEEP:
        return TOO_DEEP, "Is a bracket typed too often?"
    return None


def place_of(mark: Any) -> Place:
    """The place of a YAML mark, which counts from 0; of none, the file's beginning."""
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def report_syntax(source: Source, error: yaml.YAMLError) -> None:
    """Note a YAML syntax error at its mark."""
    if isinstance(error, yaml.reader.ReaderError):
        return report_character(source, error)
    mark = getattr(error, "problem_mark", None)
    place = place_of(mark)
    problem = getattr(error, "problem", None) or "cannot be read"
    if mark and character_at(source, place) == "\t" and "tab" not in problem:
        problem = "found a tab character"
    context = getattr(error, "context", None)
    message = f"YAML syntax: {problem}" + (f" {context}" if context else "")
    fix = next((fix for words, fix in FIXES.items() if words in message), QUOTES)
    source.add(place, "", message, fix)
    return None


def report_character(source: Source, error: yaml.reader.ReaderError) -> None:
    """Note a character YAML does not allow. libyaml counts bytes, so it is looked for."""
    character = chr(int(error.character))
    before = source.text[: max(source.text.find(character), 0)]
    place = Place(before.count("\n") + 1, len(before) - before.rfind("\n"))
    message = f"YAML syntax: found the control character U+{ord(character):04X}"
    source.add(place, "", message, "Remove it; many editors do not show it.")


def character_at(source: Source, place: Place) -> str:
    """The character that stands at a place, or nothing."""
    lines = source.text.splitlines()
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    return line[place.column - 1 : place.column]


class Reader:
    """Turns composed nodes into plain data and fills in the source's places."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = source.text.splitlines()
        self.left = MOST_NODES
        self.gave_up = False

    def value(self, node: yaml.Node, path: Path) -> Any:
        """The data of a node: text, None for nothing, list or dict."""
        if self.gave_up:
            return None
        self.left -= 1
        self.source.values[path] = self.place(node)
        if self.left == 0:
            return self.give_up(path, f"expected at most {MOST_NODES:,} values, got more")
        if len(path) > MOST_DEEP:
            return self.give_up(path[:9], TOO_DEEP)
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, i)) for i, item in enumerate(node.value)]
        nothing = not getattr(node, "style", None) and node.value in ("", "~")
        return None if nothing else node.value

    def give_up(self, path: Path, message: str) -> None:
        """Read no further: aliases can make a small file endless."""
        self.gave_up = True
        self.source.report(path, message, "Do aliases (`*name`) repeat each other?")

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        """A mapping's data; keys must be text and stand once, or the first counts."""
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            mark = place_of(key_node.start_mark)
            if not isinstance(key_node, yaml.ScalarNode):
                self.source.add(mark, written(path), "expected a word as key, got a collection")
                continue
            key, key_path = key_node.value, (*path, key_node.value)
            refused = self.key_refusal(key_node, key_path, data)
            if refused:
                self.source.add(mark, written(key_path), *refused)
                continue
            self.source.keys[key_path] = mark
            data[key] = self.value(value_node, key_path)
        return data

    def key_refusal(
        self, node: yaml.ScalarNode, path: Path, data: dict[str, Any]
    ) -> tuple[str, str] | None:
        """Message and fix for a key that cannot be taken, or None."""
        if node.tag == MERGE:
            return "merge keys (`<<`) are not supported", "Write the keys out."
        if node.value in data:
            first = self.source.keys[path].line
            return f"duplicate key, first given on line {first}", "Remove one of the two."
        return None

    def place(self, node: yaml.Node) -> Place:
        """Where a node stands; of a literal block also the column its text begins in."""
        line, column = node.start_mark.line, node.start_mark.column
        indent = 0
        if isinstance(node, yaml.ScalarNode) and node.style == "|":
            below = (text for text in self.lines[line + 1 :] if text.strip())
            first = next(below, "")
            indent = len(first) - len(first.lstrip()) + 1
        return Place(line + 1, column + 1, indent)

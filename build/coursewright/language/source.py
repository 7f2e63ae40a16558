"""Reading YAML as composed nodes: plain text and lists, and where each of them stands.

Values stay text here: whether `true`, `12:30` or `1e-3` is text or a number is the schema's to say.
"""

import re
from dataclasses import dataclass, field
from textwrap import indent
from typing import Any

import yaml

from .complaints import ONE_DOCUMENT, complaint
from .diagnostics import Diagnostic, Path, written
from .quoting import quoted, shortened
from .syntax import Loader, mended

MOST_NODES = 100_000  # no lesson has so many; an alias bomb has
MOST_DEEP = 50  # no lesson nests so deeply; beyond some thousands, libyaml's composer crashes
MERGE = "tag:yaml.org,2002:merge"
TOO_DEEP = f"expected at most {MOST_DEEP} levels of nesting, got more"
# Nothing an author types: some programs end a line at it, or it stands for claims in our pages.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ue000\ue001]")
CUT_SHORT = re.compile(r"\S[ \t]+#(?=[^\s#])")  # a comment begins with `# `
LONGEST = 4000  # characters of a message; who reads on finds nothing new
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


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
        told = (visible(path), visible(message), visible(fix))
        self.problems.append(Diagnostic(self.file, place.line, place.column, *told))

    def text_at(self, path: Path) -> str:
        """The text that stands at a path."""
        value = self.data
        for part in path:
            value = value[part]
        return str(value)


def visible(text: str) -> str:
    """A text as it can be printed: of a long one the beginning, no character that hides others."""
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", shown)


def read(file: str, raw: bytes, keys: frozenset[str] = frozenset()) -> Source:
    """Read a YAML file that may hold `keys`. Problems are collected in the source, never raised."""
    try:
        source = Source(file, with_plain_ends(raw.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        source = Source(file, "")
        line = raw[: error.start].count(b"\n") + 1
        message = f"expected UTF-8 text, got byte 0x{raw[error.start]:02x}"
        source.add(Place(line, 1), "", message, "Save the file as UTF-8.")
        return source
    unfit = CONTROL.search(source.text)
    if unfit:
        report_character(source, unfit.start())
        return source
    try:
        check_syntax(source, keys)
        root = None if source.unreadable else yaml.compose(source.text, Loader=Loader)
    except yaml.YAMLError as error:
        report_syntax(source, error)
        return source
    if root:
        reader = Reader(source)
        data = reader.value(root, ())
        source.data = None if reader.gave_up else data
    return source


def with_plain_ends(text: str) -> str:
    """A text whose lines end as on Unix, whichever system wrote it."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def check_syntax(source: Source, keys: frozenset[str]) -> None:
    """Report slips against YAML's own syntax, and go on with the text as it was meant."""
    try:
        return check_nesting(source)
    except yaml.YAMLError:
        source.problems.clear()  # what was told on the way is told again
    text, slips, left = mended(source.text, keys)
    for slip in slips:
        fix = "Write:\n" + indent(slip.instead.strip("\n"), "      ")
        source.add(Place(slip.line + 1, slip.column + 1), "", slip.message, fix)
    source.unreadable = text.count("\n") != source.text.count("\n")  # places would be wrong
    source.text = text
    if left is not None and not source.unreadable:
        raise left
    if not source.unreadable:
        check_nesting(source)
    return None


def check_nesting(source: Source) -> None:
    """Report the first thing that may not be composed: it would be cut off, or never end."""
    documents = 0
    lines = source.text.split("\n") if CUT_SHORT.search(source.text) else []
    anchors: list[str | None] = []  # of the collections that are open
    for event in yaml.parse(source.text, Loader=Loader):
        swallowed(event, source)
        cut_short(event, lines, source)
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


def cut_short(event: yaml.Event, lines: list[str], source: Source) -> None:
    """Report a text of which YAML takes the rest for a comment."""
    if lines and isinstance(event, yaml.ScalarEvent) and event.style not in ("|", ">"):
        mark: Any = event.end_mark
        line = lines[mark.line] if mark.line < len(lines) else ""
        found = CUT_SHORT.match(line, max(mark.column - 1, 0))
        if found and event.value:
            rest = line[found.start() + 1 :].strip()
            message = f"the text after {shortened(event.value)} is lost: {shortened(rest)}"
            place = Place(mark.line + 1, found.end())
            fix = f"YAML takes it for a comment. Write: {quoted(f'{event.value} {rest}')}"
            source.add(place, "", message, fix)


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
    """Note a YAML syntax error in the author's terms."""
    if isinstance(error, yaml.reader.ReaderError):
        character = chr(int(error.character))  # libyaml counts bytes, so it is looked for
        return report_character(source, max(source.text.find(character), 0))
    line, column, message, fix = complaint(error, source.text)
    return source.add(Place(line, column), "", message, fix)


def report_character(source: Source, at: int) -> None:
    """Note a character that no text may hold."""
    before = source.text[:at]
    place = Place(before.count("\n") + 1, at - before.rfind("\n"))
    message = f"found the control character U+{ord(source.text[at]):04X}"
    source.add(place, "", message, "Remove it; many editors do not show it.")


class Reader:
    """Turns composed nodes into plain data and fills in the source's places."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = source.text.split("\n")
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
        unfit = CONTROL.search(node.value)
        if unfit:  # written as \x02, or the like
            message = f"found the control character U+{ord(unfit[0]):04X}"
            self.source.report(path, message, "Remove it.")
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
                message, fix = "expected a word as key, got a collection", "Write `key: value`."
                self.source.add(mark, written(path), message, fix)
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

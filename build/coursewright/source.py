"""Reading YAML as composed nodes: plain text and lists, and where each of them stands.

Values stay text here: whether `true`, `12:30` or `1e-3` is text or a number is the schema's to say.
"""

from dataclasses import dataclass, field
from typing import Any

import yaml

from .diagnostics import Diagnostic, Path, written

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_NODES = 100_000  # no lesson has so many; an alias bomb has


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

    def report(self, path: Path, message: str, fix: str = "", *, at_key: bool = False) -> None:
        """Note a problem at a path's value (or its key), or at the nearest thing above it."""
        place = self.keys.get(path) if at_key else None
        above = path
        while place is None:
            place = self.values.get(above) or (Place(1, 1) if not above else None)
            above = above[:-1]
        self.add(place, written(path), message, fix)

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
        root = yaml.compose(source.text, Loader=Loader)
    except yaml.YAMLError as error:
        report_syntax(source, error)
        return source
    source.data = Reader(source).value(root, ()) if root else None
    return source


def report_syntax(source: Source, error: yaml.YAMLError) -> None:
    """Note a YAML syntax error at its mark."""
    mark = getattr(error, "problem_mark", None)
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    context = getattr(error, "context", None)
    message = f"YAML syntax: {problem}" + (f" {context}" if context else "")
    fix = "Text with a colon, comma or question mark needs quotes, or a block that opens with `|`."
    source.add(place, "", message, fix)


class Reader:
    """Turns composed nodes into plain data and fills in the source's places."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = source.text.splitlines()
        self.left = MOST_NODES

    def value(self, node: yaml.Node, path: Path) -> Any:
        """The data of a node: text, None for nothing, list or dict."""
        self.left -= 1
        self.source.values[path] = self.place(node)
        if self.left <= 0:
            if self.left == 0:
                message = f"expected at most {MOST_NODES:,} values, got more"
                self.source.report(path, message, "Do aliases (`*name`) repeat each other?")
            return None
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, i)) for i, item in enumerate(node.value)]
        nothing = not getattr(node, "style", None) and node.value in ("", "~")
        return None if nothing else node.value

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        """A mapping's data; keys must be text and stand once."""
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            mark = Place(key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if not isinstance(key_node, yaml.ScalarNode):
                self.source.add(mark, written(path), "expected a word as key, got a collection")
                continue
            key, key_path = key_node.value, (*path, key_node.value)
            if key in data:
                first = self.source.keys[key_path].line
                message = f"duplicate key, first given on line {first}"
                self.source.add(mark, written(key_path), message, "Remove one of the two.")
                continue
            self.source.keys[key_path] = mark
            data[key] = self.value(value_node, key_path)
        return data

    def place(self, node: yaml.Node) -> Place:
        """Where a node stands; of a literal block also the column its text begins in."""
        line, column = node.start_mark.line, node.start_mark.column
        indent = 0
        if isinstance(node, yaml.ScalarNode) and node.style == "|":
            below = (text for text in self.lines[line + 1 :] if text.strip())
            first = next(below, "")
            indent = len(first) - len(first.lstrip()) + 1
        return Place(line + 1, column + 1, indent)

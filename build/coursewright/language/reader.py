"""From YAML's text to plain data: what the parser finds, and where each part of it stands.

Values stay text here: whether `true`, `12:30` or `1e-3` is text or a number is the schema's to say.
"""

import re
from typing import Any

import yaml

from .complaints import ONE_DOCUMENT
from .diagnostics import Path, written
from .source import Place, Source
from .swallowed import has_comments, in_quotes, report_comment, report_word
from .syntax import MOST_DEEP, Loader

MOST_VALUES = 20_000  # no lesson has so many; an alias bomb has
TOO_DEEP = f"expected at most {MOST_DEEP} levels of nesting, got more"
REPEATED = "Do aliases (`*name`) repeat each other?"
# Nothing an author types: some programs end a line at it, or it stands for something in our pages.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ue000-\ue002\ufffe\uffff]")


class Refusal(Exception):
    """What a file may not hold: it would be cut off, or never end. It is read no further."""

    def __init__(self, place: Place, path: Path, message: str, fix: str) -> None:
        self.problem = (place, written(path), message, fix)


class Reader:
    """Fills in a source's data and places, from its text, in one pass."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = source.text.split("\n")
        self.comments = has_comments(source.text)
        self.parser = Loader(source.text)
        self.left = MOST_VALUES
        self.anchors: dict[str, tuple[Path, Any]] = {}
        self.open: list[str | None] = []  # the anchors of the collections that are open

    def read(self) -> None:
        """Read the one document of the text. Raises what the parser does."""
        try:
            self.source.data = self.document()
        except Refusal as refusal:
            self.source.add(*refusal.problem)
        finally:
            self.parser.dispose()

    def document(self) -> Any:
        """The data of the only document; None of an empty file."""
        data = None
        while not isinstance(event := self.parser.get_event(), yaml.StreamEndEvent):
            if isinstance(event, yaml.NodeEvent):
                data = self.value(event, ())
            elif isinstance(event, yaml.DocumentStartEvent) and self.source.values:
                message = "expected one document, found another"
                raise Refusal(place_of(event), (), message, ONE_DOCUMENT)
        return data

    def value(self, event: Any, path: Path) -> Any:
        """The data of what begins with an event: text, None for nothing, list or dict."""
        if isinstance(event, yaml.AliasEvent):
            return self.repeated(event, path)
        place = place_of(event)
        self.count(place, path)
        self.source.values[path] = place
        data = self.text(event, path) if is_scalar(event) else self.collection(event, path)
        if event.anchor:
            self.anchors[event.anchor] = (path, data)
        return data

    def collection(self, event: Any, path: Path) -> Any:
        """The data of a list or a mapping."""
        if event.tag:
            report_word(event, self.source)
        check_depth(len(self.open), event)
        self.open.append(event.anchor)
        mapping = isinstance(event, yaml.MappingStartEvent)
        data = self.mapping(path) if mapping else self.sequence(path)
        self.open.pop()
        return data

    def check(self, event: Any) -> str:
        """Report what YAML has taken away from a text; returns the text with its words."""
        if self.comments:
            report_comment(event, self.lines, self.source)
        if event.anchor or event.tag:
            return report_word(event, self.source)
        return str(event.value)

    def count(self, place: Place, path: Path) -> None:
        """Aliases can make a small file endless."""
        self.left -= 1
        if self.left < 0:
            message = f"expected at most {MOST_VALUES:,} values, got more"
            raise Refusal(place, path, message, REPEATED)

    def text(self, event: Any, path: Path) -> str | None:
        """A text, or None for nothing."""
        value = self.check(event)
        if not event.style:
            return None if value in ("", "~") else value
        if event.style == "|":
            self.source.values[path] = self.in_block(event)
        unfit = CONTROL.search(value) if event.style == '"' else None
        if unfit:  # written as \x02, or the like
            message = f"found the control character U+{ord(unfit[0]):04X}"
            self.source.report(path, message, "Remove it.")
        return value

    def in_block(self, event: Any) -> Place:
        """Where a literal block stands, with the column its text begins in."""
        line = event.start_mark.line
        first = next((text for text in self.lines[line + 1 :] if text.strip()), "")
        return Place(line + 1, event.start_mark.column + 1, len(first) - len(first.lstrip()) + 1)

    def sequence(self, path: Path) -> list[Any]:
        """A list's data."""
        data: list[Any] = []
        while not isinstance(event := self.parser.get_event(), yaml.SequenceEndEvent):
            data.append(self.value(event, (*path, len(data))))
        return data

    def mapping(self, path: Path) -> dict[str, Any]:
        """A mapping's data; keys must be text and stand once, or the first counts."""
        data: dict[str, Any] = {}
        while not isinstance(event := self.parser.get_event(), yaml.MappingEndEvent):
            refused = self.refused_key(event, path, data)
            if refused:
                named = (*path, event.value) if is_scalar(event) else path
                self.source.add(place_of(event), written(named), *refused)
                self.skip(event)
                self.skip(self.parser.get_event())
                continue
            self.check(event)
            key_path = (*path, event.value)
            self.source.keys[key_path] = place_of(event)
            data[event.value] = self.value(self.parser.get_event(), key_path)
        return data

    def refused_key(self, event: Any, path: Path, data: dict[str, Any]) -> tuple[str, str] | None:
        """Message and fix for a key that cannot be taken, or None."""
        if not is_scalar(event):
            found = "an alias" if isinstance(event, yaml.AliasEvent) else "a collection"
            return f"expected a word as key, got {found}", "Write `key: value`."
        if event.value == "<<" and not event.style:
            return "merge keys (`<<`) are not supported", "Write the keys out."
        if event.value in data:
            first = self.source.keys[(*path, event.value)].line
            return f"duplicate key, first given on line {first}", "Remove one of the two."
        return None

    def skip(self, event: Any) -> None:
        """Read on to the end of what begins with an event."""
        depth = 0
        while True:
            check_depth(depth, event)
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if not depth:
                return
            event = self.parser.get_event()

    def repeated(self, event: Any, path: Path) -> Any:
        """The data of what an alias names; of nothing, its own text."""
        place, name = place_of(event), event.anchor
        if name in self.open:
            message = f"expected a value, got *{name} inside what it names"
            raise Refusal(place, (), message, "Write out what is meant here.")
        if name not in self.anchors:
            self.source.values[path] = place
            message = f"expected text, got the YAML word `*{name}`"
            fix = in_quotes(event, f"*{name}", self.source)
            self.source.add(place, written(path), message, fix)
            return f"*{name}"
        first, data = self.anchors[name]
        self.copy_places(data, first, path)
        return data

    def copy_places(self, data: Any, first: Path, path: Path) -> None:
        """What stands at a second path has the places of the first, where it is written."""
        places = self.source.values
        self.count(places[first], path)
        if len(path) > MOST_DEEP:
            raise Refusal(places[first], path[:9], TOO_DEEP, REPEATED)
        places[path] = places[first]
        if isinstance(data, (dict, list)):
            for part in data if isinstance(data, dict) else range(len(data)):
                inner = (*first, part)
                if inner in self.source.keys:
                    self.source.keys[(*path, part)] = self.source.keys[inner]
                self.copy_places(data[part], inner, (*path, part))


def place_of(event: Any) -> Place:
    """The place of an event, whose mark counts from 0."""
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def is_scalar(event: Any) -> bool:
    """Whether an event is a text, and not a collection or an alias."""
    return isinstance(event, yaml.ScalarEvent)


def check_depth(depth: int, event: Any) -> None:
    """What nests without end is read no further."""
    if depth >= MOST_DEEP and isinstance(event, yaml.CollectionStartEvent):
        raise Refusal(place_of(event), (), TOO_DEEP, "Is a bracket typed too often?")

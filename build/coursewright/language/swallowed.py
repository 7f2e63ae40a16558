"""What YAML takes away from a text: the words it knows itself, and comments."""

import re
from typing import Any

import yaml

from .quoting import quoted, shortened
from .source import Place, Source, pasted

CUT_SHORT = re.compile(r"\S[ \t]+#(?=[^\s#])")  # a comment begins with `# `


def report_word(event: Any, source: Source) -> str:
    """Report what YAML has taken for a name or a type of its own; returns the text as meant."""
    scalar = isinstance(event, yaml.ScalarEvent)
    anchor = f"&{event.anchor}" if event.anchor and scalar else ""  # a collection may have a name
    word = anchor or (event.tag or "").replace("tag:yaml.org,2002:", "!!")
    text = f"{word} {event.value}".strip() if scalar else ""
    if not word or event.tag == "!":  # which the parser gives to quoted text
        return str(event.value) if scalar else ""
    place = Place(event.start_mark.line + 1, event.start_mark.column + 1)
    if scalar:
        message = f"expected text, got the YAML word `{word}` before it"
        source.add(place, "", message, in_quotes(event, text, source))
    else:
        message = f"expected a value, got the YAML word `{word}` before it"
        source.add(place, "", message, "Remove it.")
    return text


def in_quotes(event: Any, text: str, source: Source) -> str:
    """The fix that puts a text into quotation marks, in its line if it has but one."""
    start, end = event.start_mark, event.end_mark
    line = source.line(start.line + 1)
    if end.line != start.line:
        return f"Write: {quoted(text)}"
    return pasted(line[: start.column] + quoted(text) + line[end.column :])


def has_comments(text: str) -> bool:
    """Whether anything in a text may be a comment that was meant as text."""
    return " #" in text or "\t#" in text


def report_comment(event: Any, lines: list[str], source: Source) -> None:
    """Report a text of which YAML takes the rest for a comment."""
    if not event.value or event.style in ("|", ">"):
        return
    mark = event.end_mark
    line = lines[mark.line] if mark.line < len(lines) else ""
    found = CUT_SHORT.match(line, max(mark.column - 1, 0))
    if found:
        rest = line[found.start() + 1 :].strip()
        message = f"the text after {shortened(event.value)} is lost: {shortened(rest)}"
        whole = quoted(f"{event.value} {rest}")
        one = event.start_mark.line == mark.line
        fix = pasted(line[: event.start_mark.column] + whole) if one else f"Write: {whole}"
        place = Place(mark.line + 1, found.end())
        source.add(place, "", message, f"YAML takes it for a comment. {fix}")

"""What YAML takes away from a text: the words it knows itself, and comments."""

import re
from typing import Any

import yaml

from .quoting import quoted, shortened
from .source import Place, Source

CUT_SHORT = re.compile(r"\S[ \t]+#(?=[^\s#])")  # a comment begins with `# `


def report_word(event: Any, source: Source) -> None:
    """Report the beginning of a text that YAML has taken for a name or a type of its own."""
    scalar = isinstance(event, yaml.ScalarEvent)
    anchor = f"&{event.anchor}" if event.anchor and scalar else ""  # a collection may have a name
    word = anchor or (event.tag or "").replace("tag:yaml.org,2002:", "!!")
    if not word or event.tag == "!":  # which the parser gives to quoted text
        return
    place = Place(event.start_mark.line + 1, event.start_mark.column + 1)
    if scalar:
        message = f"expected text, got the YAML word `{word}` before it"
        source.add(place, "", message, f"Write: {quoted(f'{word} {event.value}'.strip())}")
    else:
        source.add(
            place, "", f"expected a value, got the YAML word `{word}` before it", "Remove it."
        )


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
        fix = f"YAML takes it for a comment. Write: {quoted(f'{event.value} {rest}')}"
        source.add(Place(mark.line + 1, found.end()), "", message, fix)

"""What is said where YAML's parser stopped and no slip was found: its words, in the author's."""

from typing import Any

import yaml

from .quoting import shortened

QUOTES = "Text with a colon, comma or question mark needs quotes, or a block that opens with `|`."
ONE_DOCUMENT = "A file holds one document: remove the line of `---` or `...`, or what follows it."
CONFLICT = "Keep one of the two, and remove the lines of `<<<<<<<`, `=======` and `>>>>>>>`."
ESCAPE = r"In double quotation marks \ has a meaning of its own: use single ones, or write \\."
COLUMN = "Does the line begin in the right column, and is all closed above it that was opened?"

# Of the parser's words (with _ between them): what is said instead, and the fix.
# {} is the line where it stopped.
COMPLAINTS = {
    "find_expected_':'": (
        "expected a key and a colon, got {}",
        "If it goes on with the text above, indent it further than the key of that text.",
    ),
    "mapping_values": ("expected no colon here, got {}", QUOTES),
    "escape": ("expected a sign that YAML knows after \\, got {}", ESCAPE),
    "hexdecimal": ("expected a number after \\, got {}", ESCAPE),
    "end_of_stream": ("expected a closing quotation mark, found none after {}", ""),
    "','_or": ("expected a comma or a closing bracket, found none after {}", QUOTES),
    "<document_start>": ("expected no more text after the document's end, got {}", ONE_DOCUMENT),
    "directive": ("expected no line that begins with %, got {}", "Remove it: no lesson needs one."),
    "incompatible": (
        "expected YAML of version 1, got {}",
        "Remove the line: no lesson needs it.",
    ),
    "alias": (
        "expected text, got the YAML word in {}",
        "Text that begins with `*` needs quotes, or a block that opens with `|`.",
    ),
    "tag": ("expected text, got a YAML word with ! in {}", "Text that begins with ! needs quotes."),
    "any_token": ("expected a key, a dash or text in quotes, got {}", QUOTES),
    "": ("expected a key and its value, or an entry of a list, got {}", COLUMN),
}
BEFORE = ("find_expected_':'", "end_of_stream", "','_or")


def complaint(error: yaml.YAMLError, text: str) -> tuple[int, int, str, str]:
    """Line and column (from 1), message and fix of an error that no known slip explains."""
    lines = text.split("\n")
    conflict = next((i for i, line in enumerate(lines) if line.startswith("<<<<<<< ")), None)
    if conflict is not None:
        return conflict + 1, 1, "expected one version, got two that Git could not merge", CONFLICT
    said = f"{getattr(error, 'problem', '')} {getattr(error, 'context', '')}".replace(" ", "_")
    mark: Any = getattr(error, "problem_mark", None)
    if any(words in said for words in BEFORE):  # where it began tells more than where it ended
        mark = getattr(error, "context_mark", None) or mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    line, column = last_written(lines, line, column)
    message, fix = next(told for words, told in COMPLAINTS.items() if words in said)
    return line + 1, column + 1, message.format(shortened(lines[line].strip())), fix


def last_written(lines: list[str], line: int, column: int) -> tuple[int, int]:
    """A place, or the end of the last line above it in which something stands."""
    if line < len(lines) and lines[line].strip():
        return line, column
    above = (number for number in range(min(line, len(lines)) - 1, -1, -1) if lines[number].strip())
    found = next(above, 0)
    return found, len(lines[found].rstrip())

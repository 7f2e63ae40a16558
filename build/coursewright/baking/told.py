"""What a worker's error says, for a diagnostic."""

import re

from ..language.diagnostics import Path, written
from ..language.source import Source


def said(error: dict[str, str]) -> str:
    """An error in one line; one of an expression itself needs no name."""
    if error["type"] == "ExpressionError":
        return error["message"]
    return f"{error['type']}: {error['message']}" if error["message"] else error["type"]


def report_raised(
    source: Source, path: Path, file: str, error: dict[str, str], message: str, fix: str = ""
) -> None:
    """Report what code raised, at the line of it that the traceback names last, if it names one.

    `file` is what Python calls code that stands in the lesson; there it is the lesson.
    """
    places = []

    def in_lesson(match: re.Match[str]) -> str:
        places.append(source.place_in_code(path, int(match[1])))
        return f'File "{source.file}", line {places[-1].line}'

    named = rf'(?<=  )File "{re.escape(file)}", line (\d+)'
    traceback = re.sub(named, in_lesson, raised_in(error))
    lines = "\n    ".join(part for part in (traceback, fix) if part)
    source.add(places[-1] if places else source.place(path), written(path), message, lines)


def raised_in(error: dict[str, str]) -> str:
    """The lines of a traceback that are the author's, as they stand below a diagnostic."""
    lines = [line for line in error["traceback"].splitlines() if line.strip()]
    return "\n    ".join(lines[1:-1])

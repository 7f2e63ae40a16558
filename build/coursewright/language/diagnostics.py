"""What is wrong with a course: every problem of every file, each at its line, with a way out."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path as FilePath

from ..errors import CoursewrightError

Path = tuple[str | int, ...]
CODES = {"%": "%25", "\r": "%0D", "\n": "%0A"}


@dataclass(frozen=True, order=True)
class Diagnostic:
    """One problem: where it stands (1-based), the path within the file, what is wrong, the fix."""

    file: str
    line: int
    column: int
    path: str
    message: str
    fix: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}"
        told = self.message.replace("\n", "\n    ")
        first = f"{where}  {self.path}: {told}" if self.path else f"{where}  {told}"
        return first + (f"\n    {self.fix}" if self.fix else "")

    def github(self) -> str:
        """The annotation GitHub shows beside the line, in a pull request."""
        file = coded(coded(self.file), {":": "%3A", ",": "%2C"})  # they end a property
        told = f"{self.path}: {self.message}" if self.path else self.message
        words = coded(f"{told}\n{self.fix}" if self.fix else told)
        return f"::error file={file},line={self.line},col={self.column}::{words}"


def coded(text: str, codes: dict[str, str] = CODES) -> str:
    """A text in which characters with a meaning to GitHub are written in codes."""
    return "".join(codes.get(character, character) for character in text)


class CourseError(CoursewrightError):
    """A course that cannot be published; its diagnostics, sorted by file and line."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = sorted(set(diagnostics))
        count = len(self.diagnostics)
        heading = f"{count} problem{'s' if count != 1 else ''} in the course"
        super().__init__("\n".join([heading + ":", *map(str, self.diagnostics)]))


def written(path: Path) -> str:
    """A path as authors read it.

    >>> written(("sections", 2, "blocks", 0, "demo"))
    'sections[2].blocks[0].demo'
    """
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint for a misspelt word, or nothing.

    >>> did_you_mean("calout", ["callout", "text"])
    "did you mean 'callout'?"
    """
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else ""


def shown(file: FilePath) -> str:
    """A file's path as authors know it: relative to where they stand, if it is below."""
    try:
        return FilePath(os.path.realpath(file)).relative_to(FilePath.cwd()).as_posix()
    except ValueError:
        return os.fspath(file)

"""Writing files where none were, from templates with `@name@` in them."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from ..errors import CoursewrightError

TEMPLATES = Path(__file__).parent / "templates"
ID = r"[a-z][a-z0-9-]{0,79}"
PLACE = re.compile(r"@([a-z_]+)@")


class RefusedError(CoursewrightError):
    """A command that will not do what it is asked; says why, and what to do instead."""


def filled(template: str, values: Mapping[str, str]) -> str:
    """A template's text with the values in their places.

    >>> PLACE.sub(lambda match: {"a": "one"}[match[1]], "@a@ of me@example.org")
    'one of me@example.org'
    """
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    return PLACE.sub(lambda match: values[match[1]], text)


def write_new(files: Mapping[Path, str]) -> None:
    """Write files that are not there yet: all of them, or none if one is."""
    there = [file for file in files if file.exists()]
    if there:
        raise RefusedError(f"{os.fspath(there[0])} is there already; nothing was written")
    try:
        for file, text in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise RefusedError(f"cannot write {error.filename}: {error.strerror}") from None


def words_of(name: str) -> str:
    """An id as a title.

    >>> words_of("compound-interest")
    'Compound interest'
    """
    return re.sub(r"[-_\s]+", " ", name).strip().capitalize()

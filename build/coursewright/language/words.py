"""The words a course says to its readers instead of the English ones: `words: words/de.json`.

The file's name is the language. It has the keys of the catalogue (`coursewright.words`), as many as
are translated: for the others English stands, which is noted.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from ..words import PLACEHOLDER, Words, english, plural_forms
from .diagnostics import Diagnostic, Path, did_you_mean, shown
from .files import read
from .source import Place, Source
from .spec import CourseSpec

FEW = 5  # of the keys that are missing are named
CODE = "A language has a code: de.json, pt-BR.json."
BEGIN = "`coursewright words` prints the catalogue to begin with."


@dataclass
class WordsFile:
    """A course's words, and the file they were read from."""

    words: Words
    source: Source
    notes: list[Diagnostic] = field(default_factory=list)


def load_words(folder: FilePath, spec: CourseSpec, course: Source) -> WordsFile | None:
    """Read and check the words that `course.yml` names; None without any, which it may report."""
    if not spec.words:
        return None
    file, at = folder / spec.words, ("words",)
    try:
        forms = plural_forms(file.stem)
    except ValueError:
        message = f"expected a file named by its language, got {file.name!r}"
        course.report(at, message, CODE)
        return None
    if not file.is_file():
        course.report(at, f"expected a file {shown(file)}, found none", BEGIN)
        return None
    source = read_json(shown(file), file.read_bytes())
    if source.problems:
        return WordsFile(Words(), source)
    if not isinstance(source.data, dict):
        source.report((), "expected keys with their texts, got something else", BEGIN)
        return WordsFile(Words(), source)
    for key, text in source.data.items():
        if key in english():
            check_text(key, text, forms, source)
        else:
            source.report((key,), "unknown key", did_you_mean(key, english()), at_key=True)
    return WordsFile(Words(file.stem, source.data), source, missing(source))


def read_json(name: str, raw: bytes) -> Source:
    """Read a JSON file. It is YAML, too, whose reader knows where its keys and values stand."""
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        source = Source(name, "")
        source.add(Place(error.lineno, error.colno), "", f"JSON syntax: {error.msg}")
        return source
    except UnicodeDecodeError:
        return read(name, raw)  # which says where
    source = read(name, raw.replace(b"\t", b" "))  # YAML has no tabs
    source.data = data
    return source


def missing(source: Source) -> list[Diagnostic]:
    """A note on the keys that a file lacks."""
    keys = [key for key in english() if key not in source.data]
    if not keys:
        return []
    named = ", ".join(keys[:FEW]) + (", …" if len(keys) > FEW else "")
    message = (
        f"English stands for {len(keys)} of {len(english())} keys, which are not here: {named}"
    )
    return [Diagnostic(source.file, 1, 1, "", message)]


def check_text(key: str, text: Any, forms: tuple[str, ...], source: Source) -> None:
    """Check what stands at a key: a text, or a text for each plural form."""
    known = english()[key]
    wanted = f"expected the plural forms {', '.join(forms)}"
    if isinstance(text, dict) and (isinstance(known, dict) or "{count}" in known):
        for name in text.keys() - set(forms):
            source.report((key, name), f"{wanted}, got {name!r}", at_key=True)
        if lacking := [name for name in forms if name not in text]:
            source.report((key,), f"{wanted}, found no {lacking[0]!r}")
        for name in forms:
            if name in text:
                check_placeholders((key, name), text[name], known, source)
    elif isinstance(known, dict) and isinstance(text, str) and len(forms) > 1:
        source.report((key,), f"{wanted}, got one text")
    else:
        check_placeholders((key,), text, known, source)


def check_placeholders(path: Path, text: Any, known: Any, source: Source) -> None:
    """Check that a text takes the values that its English takes; a count may stay unsaid."""
    if not isinstance(text, str) or not text.strip():
        source.report(path, f"expected text, got {'something else' if text else 'none'}")
        return
    texts = known.values() if isinstance(known, dict) else [known]
    wanted = {name for each in texts for name in PLACEHOLDER.findall(each)}
    found = set(PLACEHOLDER.findall(text))
    if len(path) > 1 or isinstance(known, dict):
        wanted, found = wanted - {"count"}, found - {"count"}
    for name in sorted(found - wanted):
        hint = did_you_mean(name, wanted)
        source.report(path, f"expected no {{{name}}} in it: its English has none", hint)
    for name in sorted(wanted - found):
        source.report(path, f"expected {{{name}}} in it, found none")

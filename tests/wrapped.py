"""A course whose words are all in ⟦brackets⟧, so that any that came from elsewhere are seen.

The course of `e2e/words` itself says nothing but x.
"""

import json
import re
from pathlib import Path
from shutil import copytree
from typing import Any

from coursewright.words import english

COURSE = Path(__file__).parent / "e2e" / "words"
WRAPPED = re.compile("⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[^\W\d_]{2,}")
OURS = re.compile("[xX]+")


def wrap(text: Any) -> Any:
    """A text of the catalogue, or its plural forms, in brackets."""
    if isinstance(text, dict):
        return {form: wrap(each) for form, each in text.items()}
    return f"⟦{text}⟧"


def wrapped_course(folder: Path) -> Path:
    """Write the course with such words into a folder."""
    project = folder / "project"
    copytree(COURSE, project)
    (project / "course" / "words").mkdir()
    words = {key: wrap(text) for key, text in english().items()}
    file = project / "course" / "words" / "en.json"
    file.write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    return project


def bare(text: str) -> list[str]:
    """The words of a text that stand in no brackets, and are not the course's own."""
    while WRAPPED.search(text):
        text = WRAPPED.sub(" ", text)
    return [word for word in WORD.findall(text) if not OURS.fullmatch(word)]

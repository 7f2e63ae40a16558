"""The words of the user interface: a catalogue in English, and what a course says instead.

`en.json` has a text for each key; `{names}` in it are filled in. Where a count changes the words
there is a mapping of plural forms (`one`, `other`, …), and the value `count` chooses. The browser
side has the same catalogue (`say.ts`).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

Text = str | Mapping[str, str]

PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
CATALOGUE = files(__package__) / "en.json"


@cache
def english() -> dict[str, Any]:
    """The catalogue: a text, or its plural forms, by key."""
    found: dict[str, Any] = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    return found


def plural_forms(language: str) -> tuple[str, ...]:
    """The plural forms of a language in CLDR's order; raises `ValueError` if it is not known."""
    if language == "en":
        return ("one", "other")
    known = rule(language).tags | {"other"}
    return tuple(each for each in ("zero", "one", "two", "few", "many", "other") if each in known)


@cache
def rule(language: str) -> Any:
    """The rule that tells which form a count takes; raises `ValueError`."""
    from babel import Locale, UnknownLocaleError  # only here: a course in English needs no Babel

    try:
        return Locale.parse(language, sep="-").plural_form
    except (UnknownLocaleError, ValueError):
        raise ValueError(language) from None


@dataclass(frozen=True)
class Words:
    """What is said in a language: a course's own words, and English where it has none."""

    language: str = "en"
    own: Mapping[str, Text] = field(default_factory=dict)

    def __call__(self, key: str, **values: object) -> str:
        """A text with its values.

        >>> Words()("page.concepts", count=4)
        '4 concepts'
        """
        text = self.template(key, values.get("count"))
        return PLACEHOLDER.sub(lambda name: str(values[name[1]]), text)

    def html(self, key: str, **values: object) -> str:
        """The same as HTML, into which values go as the HTML they are."""
        text = escape(self.template(key, values.get("count")), quote=False)
        return PLACEHOLDER.sub(lambda name: str(values[name[1]]), text)

    def template(self, key: str, count: Any) -> str:
        """The text of a key, in the form that a count takes."""
        text: Text = self.own.get(key, english()[key])
        if isinstance(text, str):
            return text
        language = self.language if key in self.own else "en"
        return text.get(form(language, count), text["other"])

    def group(self, name: str) -> dict[str, Text]:
        """A course's own words whose keys begin with a name."""
        return {key: text for key, text in self.own.items() if key.startswith(f"{name}.")}


def form(language: str, count: Any) -> str:
    """The plural form that a count takes."""
    if language == "en":
        return "one" if count == 1 else "other"
    return str(rule(language)(count))


ENGLISH = Words()

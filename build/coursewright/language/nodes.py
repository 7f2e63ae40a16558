"""What every part of the lesson language is made of: a strict base class, and kinds of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field

from .diagnostics import Path


def plain(text: str) -> str:
    """A text in which nothing is computed; raises `ValueError` at a claim, or half of one."""
    found = next((mark for mark in ("{=", "=}") if mark in text), "")
    if found:
        raise ValueError(f"expected plain text (only Markdown has computed numbers), got {found}")
    return text


class Node(BaseModel):
    """Base of everything in a lesson: unknown keys are mistakes, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    partly_usable: ClassVar[bool] = True
    """Whether what holds of one the schema refuses is worth looking at for more problems."""


@dataclass(frozen=True)
class Markup:
    """Says of a text that it is Markdown, with $formulas$ and {= computed numbers =}."""

    inline: bool


Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=80)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Target = Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]*:[a-z_][a-z0-9_]*$")]
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
Text = Annotated[str, Field(min_length=1)]
PlainText = Annotated[Text, AfterValidator(plain)]
"""What is shown as it is: a title, a label."""
Positive = Annotated[float, Field(gt=0)]
Url = Annotated[str, Field(pattern=r"^https?://\S+$")]
Prose = Annotated[str, Field(min_length=1), Markup(inline=False)]
"""Markdown with paragraphs, lists and displayed formulas."""
Line = Annotated[str, Field(min_length=1), Markup(inline=True)]
"""Markdown within a line: an option, a caption."""
Cell = Annotated[str, Markup(inline=True)]
"""A cell of a table, which may be empty."""


def check_differ(items: Sequence[str], expected: str, said: str = "twice") -> None:
    """Raise, saying what was expected, if an item stands twice."""
    twice = next((item for i, item in enumerate(items) if item in items[:i]), None)
    if twice is not None:
        raise ValueError(f"expected {expected}, got {twice!r} {said}")


def kind_of(*kinds: str) -> Discriminator:
    """Tells variants of a mapping apart by the one telling key they have."""

    def tag(value: Any) -> str | None:
        keys = value if isinstance(value, dict) else getattr(type(value), "model_fields", ())
        found = [kind for kind in kinds if kind in keys]
        return f"<{found[0]}>" if len(found) == 1 else None

    return Discriminator(tag)


def variants(union: Any) -> dict[str, type[Node]]:
    """The classes of a union made with `kind_of`, by their telling keys."""
    found = (get_args(variant) for variant in get_args(get_args(union)[0]))
    return {tag.tag[1:-1]: cls for cls, tag in found}


def texts_in(value: Any, path: Path = (), is_text: bool = False) -> Iterator[tuple[Path, str]]:
    """Every Markdown text in a value, with its path."""
    if isinstance(value, Node):
        for name, key, marked in fields_of(type(value)):
            yield from texts_in(getattr(value, name, None), (*path, key), marked)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from texts_in(item, (*path, i), is_text)
    elif is_text and isinstance(value, str):
        yield path, value


@cache
def fields_of(cls: type[Node]) -> list[tuple[str, str, bool]]:
    """The fields of a class that can hold Markdown: attribute, key, whether its texts are."""
    return [
        (name, field.alias or name, is_markup((field.annotation, *field.metadata)))
        for name, field in cls.model_fields.items()
    ]


def is_markup(kind: Any) -> bool:
    """Whether a type, or what it is a list of, is Markdown."""
    parts = kind if isinstance(kind, tuple) else get_args(kind)
    return isinstance(kind, Markup) or any(map(is_markup, parts))

"""Texts as messages show them, and as a line of YAML can hold them."""

import re

STARTS = {
    **dict.fromkeys("\"'", "it begins with a quotation mark"),
    **{mark: f"it begins with {mark}" for mark in "[]{}*&!%@`|>"},
}
WORD_IN_QUOTES = re.compile(r"(?P<mark>[\"'])(?:(?!(?P=mark)).)*(?<=\S)(?P=mark)(?=[\s,.;:!?)])")


def quoted(value: str) -> str:
    """A text in the quotation marks that change the least of it."""
    if "'" not in value:
        return f"'{value}'"
    if not re.search(r'["\\]', value):
        return f'"{value}"'
    return "'" + value.replace("'", "''") + "'"


def bare(value: str) -> str:
    """A value without the quotation marks around it, if they were meant to be around all of it.

    >>> bare("'it's'"), bare('"One" and "two"')
    ("it's", '"One" and "two"')
    """
    around = len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]
    return value[1:-1] if around and not WORD_IN_QUOTES.match(value) else value


def reason(value: str) -> str:
    """What in a text means something else to YAML."""
    if re.match(r"[-?:] ", value):
        return f"it begins with {value[0]} and a space"
    if value[0] == '"' and value.count('"') == 2 and "\\" in value:
        return "in double quotation marks \\ has a meaning of its own"
    return STARTS.get(value[0]) or "there is a colon followed by a space in it"


def shortened(value: str, most: int = 40) -> str:
    """A text as messages show it: its beginning, if it is long."""
    text = (value if len(value) <= most else f"{value[: most - 1]}…").replace("\n", "\\n")
    return f'"{text}"' if "'" in text and '"' not in text else f"'{text}'"


def is_collection(value: str) -> bool:
    """Whether a value was meant as a mapping or a list in brackets, not as text."""
    mapping = re.match(r"\{\s*[\w-]+:", value) or (value[-1:] == "}" and value[:1] != "{")
    return bool(mapping) or (value[:1] == "[" and value[-1:] == "]")

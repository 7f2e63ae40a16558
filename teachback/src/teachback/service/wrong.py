"""What is wrong with a setting, in words: what was expected, what kind of value came, what to do.

Values are not shown: any of them may be a key that went astray.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

PREFIX = "TEACHBACK_"
KINDS: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "a table",
}
EXPECTED = {  # pydantic's type of error, and what it says in our words
    "model_type": "a table of settings, got {kind}; set its parts, as in {part}",
    "dict_type": "a table, got {kind}",
    "list_type": "a list such as {example}, got {kind}",
    "string_type": "text, got {kind}{quotes}",
    "path_type": "a path in quotes, got {kind}",
    "int": "a whole number, got {kind}",
    "float": "a number, got {kind}",
    "bool": "true or false, got {kind}",
    "finite_number": "a finite number, got none such",
    "missing": "a value, got none; set it, or {variable}",
    "greater_than": "more than {gt:g}, got less or as much",
    "greater_than_equal": "at least {ge:g}, got less",
    "less_than_equal": "at most {le:g}, got more",
    "string_too_short": "at least {min_length} character, got fewer",
    "string_too_long": "at most {max_length} characters, got more",
    "string_pattern_mismatch": "an address and a port such as {example}, got other text",
}
EXAMPLES = {
    "listen": "127.0.0.1:8787",
    "origins": '["https://a.example"]',
    "trusted_proxies": '["127.0.0.1"]',
    "limits.per_client": '["10/minute"]',
}
PARTS = {
    "model": "TEACHBACK_MODEL__NAME",
    "model.extra": "TEACHBACK_MODEL__EXTRA__REASONING_EFFORT",
    "limits": "TEACHBACK_LIMITS__TOKENS_PER_DAY",
}


def told(error: ValidationError, settings: type[BaseModel]) -> str:
    """Every wrong setting, one a line."""
    known = names(settings)
    return "\n".join(one(each, known) for each in error.errors(include_url=False))


def one(detail: Any, known: list[str]) -> str:
    """One wrong setting."""
    name, type_ = ".".join(map(str, detail["loc"])) or "settings", detail["type"]
    if type_ == "extra_forbidden":
        return f"{name}: there is no such setting; expected {meant(name, known)}"
    if type_ == "value_error":
        return f"{name}: {detail['msg'].removeprefix('Value error, ')}"
    said = EXPECTED.get(type_) or EXPECTED.get(type_.partition("_")[0], "another value, got {kind}")
    return f"{name}: expected " + said.format(
        kind=KINDS.get(type(detail["input"]), "something else"),
        variable=variable(name),
        example=EXAMPLES.get(name, "[]"),
        part=PARTS.get(name, ""),
        quotes="" if isinstance(detail["input"], (list, dict)) else "; put it in quotes",
        **detail.get("ctx", {}),
    )


def meant(name: str, known: list[str]) -> str:
    """What an unknown name may stand for: one like it, or any of its table."""
    table, _, last = name.rpartition(".")
    split = [each.rpartition(".") for each in known]
    alike = ["".join(each) for each in split if each[2] == last]
    siblings = {each[2]: "".join(each) for each in split if each[0] == table}
    alike = alike or [siblings[each] for each in get_close_matches(last, siblings, 1)]
    if alike:
        return f"{alike[0]}, or {variable(alike[0])} as a variable"
    return f"one of {', '.join(siblings)}"


def names(settings: type[BaseModel], table: str = "") -> list[str]:
    """All settings there are, as `model.name`."""
    found = []
    for name, field in settings.model_fields.items():
        if field.exclude:
            continue
        found.append(table + name)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found += names(field.annotation, f"{table}{name}.")
    return found


def variable(name: str) -> str:
    """The variable that sets `model.name`."""
    return PREFIX + name.replace(".", "__").upper()


def no_table(name: str, value: object) -> str:
    """What is said of a value that was given, and parts of it as well."""
    if name not in PARTS:
        return f"{name}: expected one value, got parts of it as well; set it, or {variable(name)}"
    return one({"loc": (name,), "type": "model_type", "input": value}, [])

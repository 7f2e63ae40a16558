"""What the schema refuses, in the author's terms: what was expected, what came, what to do."""

import re
from collections.abc import Callable
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import Discriminator
from pydantic_core import ErrorDetails

from .blocks import IMAGE, Block
from .controls import Control
from .diagnostics import Path, did_you_mean
from .nodes import Node, variants
from .quoting import quoted, shortened
from .review import Question
from .source import Place, Source


def report(source: Source, model: type[Node], error: ErrorDetails) -> None:
    """Turn one refusal of the schema into a diagnostic in the author's terms."""
    path, found = resolve(source.data, error["loc"])
    kind = error["type"]
    at_key = error["loc"][-1:] == ("[key]",) and found != error["input"]
    if kind == "missing":
        wanted = str(error["loc"][-1])
        message = f"missing key '{wanted}'"
        source.report(path[:-1], message, f"Add `{wanted}: …` here.")
    elif kind == "extra_forbidden":
        known = keys_allowed(model, error["loc"][:-1])
        hint = did_you_mean(str(path[-1]), known) or f"Known keys: {', '.join(known)}."
        hint = as_meant(source, path, known) or hint
        source.report(path, "unknown key", hint, at_key=True)
    elif kind in ("union_tag_not_found", "union_tag_invalid"):
        if "quiz" in error["loc"][-2:] and isinstance(found, dict):
            kinds = list(variants(Question))
            message = f"expected {', '.join(kinds[:-1])} or {kinds[-1]}" + got(found["kind"])
            source.report((*path, "kind"), message, did_you_mean(str(found["kind"]), kinds))
            return
        message, fix = unknown_kind(found, error["loc"], source, source.place(path).line)
        source.report(path, message, fix)
    else:
        said = kind == "value_error"  # our own validators name what they got
        message = expectation(error) + ("" if said else got(path[-1] if at_key else found))
        if line := getattr(error.get("ctx", {}).get("error"), "line", None):
            source.report_in_code(path, line, message)
            return
        source.report(path, message, fix_for(kind, found, source, path), at_key=at_key)


def as_meant(source: Source, path: Path, known: list[str]) -> str:
    """The fix where an unknown key is more than a key, or part of a text; or nothing."""
    data = source.data
    for part in path[:-1]:
        data = data[part]
    key, line = str(path[-1]), source.place(path, at_key=True).line
    meant = with_value(key, [name for name in known if name not in data])
    if meant:
        doubled = ":" if meant.endswith(":") else ""
        return source.instead(line, key + doubled, meant)
    text = split_text(key, data, known)
    return source.instead(line, text, quoted(text)) if text else ""


def with_value(key: str, known: list[str]) -> str:
    """A known key and its value, of a key that is both: `start:0.5`, `start 0.5`, `start:`."""
    match = re.match(r"([\w-]+)\s*[:=\s]\s*(.*)", key, re.DOTALL)
    return f"{match[1]}: {match[2]}".strip() if match and match[1] in known else ""


def split_text(key: str, data: dict[str, Any], known: list[str]) -> str:
    """The text that `{…}` has divided at its commas, with the key as one of its parts; or ''."""
    parts: list[str] = []
    for name, value in data.items():
        if value is None and name not in known:
            parts += [name] if parts else []
        elif key in parts:
            break
        else:
            parts = [value] if isinstance(value, str) else []
    return ", ".join(parts) if key in parts[1:] else ""


def fix_for(kind: str, found: Any, source: Source, path: Path) -> str:
    """The fix of a value that is no text, or no list."""
    if kind == "list_type" and found is not None:
        return "In a list, every entry has a line of its own and begins with `- `."
    if kind == "string_type" and isinstance(found, dict) and len(found) == 1:
        return colon_hint(found, source.place(path), source)
    return ""


def colon_hint(found: dict[str, Any], place: Place, source: Source) -> str:
    """The fix where a text became a mapping, since it has a colon in it."""
    ((key, value),) = found.items()
    if not isinstance(value, (str, NoneType)):
        return ""
    text = f"{key}: {value or ''}".strip()
    if source.line(place.line)[place.column - 1 :].startswith("{"):
        text = f"{{{text}}}"
    fix = source.instead(place.line, text, quoted(text))
    return f"A text with a colon needs quotes. {fix}"


def resolve(data: Any, location: tuple[str | int, ...]) -> tuple[Path, Any]:
    """The path in the file of a schema location, and what stands there.

    Tags of unions (`<demo>`) are the schema's own and stand in no file.
    """
    path: list[str | int] = []
    for part in location:
        inside = isinstance(data, dict) and part in data  # an author's key may look like a tag
        if part in tagged() and not inside:
            continue
        if part == "[key]" and not inside:
            break
        path.append(part)
        inside = inside or (isinstance(data, list) and isinstance(part, int) and part < len(data))
        data = data[part] if inside else None
    return tuple(path), data


def keys_allowed(model: Any, location: tuple[str | int, ...]) -> list[str]:
    """The keys a mapping at a schema location may have."""
    for part in location:
        model = plain(step(model, part))
    fields = getattr(model, "model_fields", {})
    return [field.alias or name for name, field in fields.items()]


def plain(annotation: Any) -> Any:
    """An annotation without the None it may be instead, and without what it is annotated with."""
    origin, inside = get_origin(annotation), get_args(annotation)
    union = origin in (Union, UnionType)
    if union or (origin is Annotated and not isinstance(inside[-1], Discriminator)):
        return plain(inside[0])
    return annotation


def step(model: Any, part: str | int) -> Any:
    """The annotation one step further into the schema."""
    if get_origin(model) is Annotated and isinstance(get_args(model)[-1], Discriminator):
        return variants(model)[str(part)[1:-1]]
    if isinstance(model, type) and issubclass(model, Node):
        by_alias = {field.alias or name: field for name, field in model.model_fields.items()}
        return by_alias[str(part)].annotation
    return get_args(model)[-1]  # list[X] or dict[str, X]


@cache
def tagged() -> set[str]:
    """The tags of all variants of blocks, controls and questions."""
    return {f"<{key}>" for union in (Block, Control, Question) for key in variants(union)}


def unknown_kind(
    found: Any, location: tuple[str | int, ...], source: Source, line: int
) -> tuple[str, str]:
    """Message and fix for a block or control whose kind cannot be told."""
    if "quiz" in location[-2:]:
        return "expected a question" + got(found), "A question has the key `ask`."
    block = "blocks" in location[-2:]
    kinds = list(variants(Block if block else Control))
    what = "a block" if block else "a control"
    fix = f"{what.capitalize()} has one of the keys {', '.join(kinds)}."
    if not isinstance(found, dict):
        meant = with_value(str(found), kinds)
        fix = source.instead(line, str(found), meant) if meant else fix
        return f"expected {what}" + got(found), fix
    telling = [key for key in found if key in kinds]
    if len(telling) > 1:
        two = f"Make them two{': each begins with `- `' if block else ''}."
        return f"expected {what} of one kind, got {' and '.join(telling)}", two
    names = ", ".join(found) or "nothing"
    hints = [did_you_mean(key, kinds) for key in found]
    return f"expected {what}, got one with {names}", next(filter(None, hints), fix)


NUMBER = re.compile(r"[-+]?[0-9.]+(e[-+]?[0-9]+)?", re.IGNORECASE)
MESSAGES: dict[str, Callable[[dict[str, Any]], str]] = {
    "string_type": lambda c: "expected text",
    "float_parsing": lambda c: "expected a number",
    "float_type": lambda c: "expected a number",
    "finite_number": lambda c: "expected a finite number",
    "int_parsing": lambda c: "expected a whole number",
    "int_parsing_size": lambda c: "expected a whole number of fewer digits",
    "int_type": lambda c: "expected a whole number",
    "bool_parsing": lambda c: "expected true or false",
    "bool_type": lambda c: "expected true or false",
    "greater_than_equal": lambda c: f"expected a number of at least {c['ge']:g}",
    "greater_than": lambda c: f"expected a number above {c['gt']:g}",
    "literal_error": lambda c: f"expected {c['expected']}",
    "string_too_short": lambda c: "expected some text",
    "string_too_long": lambda c: f"expected at most {c['max_length']} characters",
    "too_short": lambda c: f"expected at least {c['min_length']} entries",
    "too_long": lambda c: f"expected at most {c['max_length']} entries",
    "list_type": lambda c: "expected a list",
    "tuple_type": lambda c: "expected a list",
    "dict_type": lambda c: "expected keys with values",
    "model_type": lambda c: "expected keys with values",
    "model_attributes_type": lambda c: "expected keys with values",
}
LONG = 60  # characters of a value that messages show
PATTERNS = {
    r"^[A-Za-z0-9][A-Za-z0-9_.-]*$": "expected a file's name of letters, digits, '-', '_' and '.'",
    r"^[a-z][a-z0-9-]*$": "expected lower-case words joined by '-'",
    r"^[A-Za-z][A-Za-z0-9_]*$": "expected a Python name",
    r"^[a-z_][a-z0-9_]*:[a-z_][a-z0-9_]*$": "expected module:function",
    r"^https?://\S+$": "expected a web address",
    IMAGE: "expected an image below the course's folder `images`, such as curve.svg",
}


def expectation(error: ErrorDetails) -> str:
    """What the schema expected, in words."""
    context = error.get("ctx", {})
    if error["type"] == "value_error":
        return str(context["error"])
    if error["type"] == "string_pattern_mismatch":
        return PATTERNS[context["pattern"]]
    say = MESSAGES.get(error["type"])
    return say(context) if say else error["msg"]


def got(found: Any) -> str:
    """What stands there instead, in words."""
    match found:
        case None:
            return ", got nothing"
        case str() if NUMBER.fullmatch(found) and len(found) <= LONG:
            return f", got {found}"
        case str():
            return f", got {shortened(found, LONG)}"
        case list():
            return f", got a list of {len(found)}"
        case _:
            return ", got keys with values"

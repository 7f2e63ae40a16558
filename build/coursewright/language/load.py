"""From a YAML file to its typed model: what the schema refuses becomes diagnostics.

What holds in spite of a refusal stays usable, so that one mistake does not hide the next.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path as FilePath
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import Discriminator, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from .blocks import IMAGE, Block
from .controls import Control
from .diagnostics import Path, did_you_mean
from .files import read
from .nodes import Node, variants
from .quoting import quoted, shortened
from .review import Question
from .source import Place, Source

Model = TypeVar("Model", bound=Node)


def load(model: type[Model], file: FilePath, shown: str) -> tuple[Model | None, Source]:
    """Read a file as a model; None if it cannot be read at all, which the source's problems tell.

    If the schema refuses something, the source says so and the model is what is `usable`: good for
    finding more problems, and for nothing else.
    """
    try:
        raw = file.read_bytes()
    except OSError as error:  # a folder of that name, or a link that leads nowhere
        source = Source(shown, "")
        source.add(Place(1, 1), "", f"cannot read this file: {error.strerror}")
        return None, source
    source = read(shown, raw, all_keys(model))
    if source.data is None and source.problems:
        return None, source
    try:
        return model.model_validate(source.data), source
    except ValidationError as refused:
        for each in refused.errors(include_url=False):
            if not source.full:
                report(source, model, each)
    found: Model = usable(model, source.data)
    return found, source


def usable(kind: Any, data: Any) -> Any:
    """What holds of a value of a kind, each part at its place; what does not is empty, or None."""
    try:
        return adapter(kind).validate_python(data)
    except ValidationError:
        pass
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Annotated and isinstance(inside[-1], Discriminator):
        return usable_variant(kind, data)
    if origin in (Union, UnionType):  # of a type and None
        return usable(inside[0], data)
    if origin is Annotated and get_origin(inside[0]) in (list, dict):
        return usable(inside[0], data)
    if origin is list and data is not None:  # of what is no list, one entry shows that there is one
        return [usable(inside[0], item) for item in (data if isinstance(data, list) else [None])]
    if origin is dict and isinstance(data, dict):
        return {key: usable(inside[1], item) for key, item in data.items()}
    if isinstance(kind, type) and issubclass(kind, Node):
        return usable_node(kind, data) if kind.partly_usable else None
    plain = inside[0] if origin is Annotated else origin or kind
    return plain() if plain in (str, list, dict) else None


def usable_node(kind: type[Node], data: Any) -> Node:
    """The fields of a node that hold."""
    known = data if isinstance(data, dict) else {}
    values = {
        name: usable(field.rebuild_annotation(), known[key]) if key in known else missing(field)
        for name, field in kind.model_fields.items()
        for key in [field.alias or name]
    }
    return kind.model_construct(**values)


def missing(field: FieldInfo) -> Any:
    """What stands for a field that is not there."""
    return usable(field.annotation, None) if field.is_required() else field.get_default()


def usable_variant(union: Any, data: Any) -> Any:
    """What holds of one of several kinds, if its key tells which."""
    known = {f"<{key}>": cls for key, cls in variants(union).items()}
    told = get_args(union)[-1].discriminator(data) if isinstance(data, dict) else None
    return usable(known[told] if told in known else next(iter(known.values())), data)


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """The validator of a kind; making one takes a while."""
    return TypeAdapter(kind)


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
        hint = no_space(path[-1], known) or split_text(source.data, path) or hint
        source.report(path, "unknown key", hint, at_key=True)
    elif kind in ("union_tag_not_found", "union_tag_invalid"):
        if "quiz" in error["loc"][-2:] and isinstance(found, dict):
            kinds = list(variants(Question))
            message = f"expected {', '.join(kinds[:-1])} or {kinds[-1]}" + got(found["kind"])
            source.report((*path, "kind"), message, did_you_mean(str(found["kind"]), kinds))
            return
        message, fix = unknown_kind(found, error["loc"])
        source.report(path, message, fix)
    else:
        said = kind == "value_error"  # our own validators name what they got
        message = expectation(error) + ("" if said else got(path[-1] if at_key else found))
        source.report(path, message, fix_for(kind, found), at_key=at_key)


@cache
def all_keys(kind: Any) -> frozenset[str]:
    """Every key that stands anywhere in what a type describes."""
    fields = getattr(kind, "model_fields", {})
    own = {field.alias or name for name, field in fields.items()}
    inside = (all_keys(field.annotation) for field in fields.values())
    return frozenset(own).union(*inside, *map(all_keys, get_args(kind)))


def split_text(data: Any, path: Path) -> str:
    """The fix where an unknown key is the rest of a text that has a comma, inside `{…}`."""
    for part in path[:-1]:
        data = data[part]
    keys = list(data)
    i = keys.index(path[-1])
    before = data[keys[i - 1]] if i else None
    if data[path[-1]] is not None or not isinstance(before, str):
        return ""
    return f"If it belongs to the text before it, write: {keys[i - 1]}: " + quoted(
        f"{before}, {path[-1]}"
    )


def no_space(key: str | int, known: list[str]) -> str:
    """The fix where an unknown key is a known one and its value: `start:0.5`, `start 0.5`."""
    match = re.match(r"([\w-]+)\s*[:=\s]\s*(.*)", str(key), re.DOTALL)
    return f"Write: {match[1]}: {match[2]}" if match and match[1] in known else ""


def fix_for(kind: str, found: Any) -> str:
    """The fix of a value that is no text, or no list."""
    if kind == "list_type" and found is not None:
        return "In a list, every entry has a line of its own and begins with `- `."
    return colon_hint(found) if kind == "string_type" else ""


def colon_hint(found: Any) -> str:
    """The fix where a text became a mapping, since it has a colon in it."""
    match found:
        case dict() if len(found) == 1:
            ((key, value),) = found.items()
            if value is None or isinstance(value, str):
                text = f"{key}: {value or ''}".strip()
                return f"A text with a colon needs quotes: {quoted(text)}"
    return ""


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
        model = step(model, part)
    fields = getattr(model, "model_fields", {})
    return [field.alias or name for name, field in fields.items()]


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


def unknown_kind(found: Any, location: tuple[str | int, ...]) -> tuple[str, str]:
    """Message and fix for a block or control whose kind cannot be told."""
    if "quiz" in location[-2:]:
        return "expected a question" + got(found), "A question has the key `ask`."
    block = "blocks" in location[-2:]
    kinds = list(variants(Block if block else Control))
    what = "a block" if block else "a control"
    fix = f"{what.capitalize()} has one of the keys {', '.join(kinds)}."
    if not isinstance(found, dict):
        return f"expected {what}" + got(found), no_space(str(found), kinds) or fix
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

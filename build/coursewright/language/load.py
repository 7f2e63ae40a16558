"""From a YAML file to its typed model: what the schema refuses becomes diagnostics.

What holds in spite of a refusal stays usable, so that one mistake does not hide the next.
"""

import re
from collections.abc import Callable
from pathlib import Path as FilePath
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from . import spec
from .diagnostics import Path, did_you_mean
from .source import Source, read

Model = TypeVar("Model", bound=BaseModel)


def load(
    model: type[Model], usable: Callable[[Any], Model], file: FilePath, shown: str
) -> tuple[Model | None, Source]:
    """Read a file as a model; None if it cannot be read at all, which the source's problems tell.

    If the schema refuses something, the source says so and the model is what is `usable`: good for
    finding more problems, and for nothing else.
    """
    source = read(shown, file.read_bytes())
    if source.data is None and source.problems:
        return None, source
    try:
        return model.model_validate(source.data), source
    except ValidationError as errors:
        for error in errors.errors():
            report(source, model, error)
    return usable(source.data), source


def held(kind: Any, value: Any) -> Any:
    """A value as its type wants it, or None if that refuses it."""
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return None


def entry(kind: type[Any], data: Any, key: str) -> Any:
    """What stands at a key if it is of a kind, else that kind's empty value."""
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, kind) else kind()


def words(kind: Any, data: Any, key: str) -> list[str]:
    """A list of texts; what is refused is empty text, so that the others keep their places."""
    found = data.get(key, []) if isinstance(data, dict) else []
    return [held(kind, item) or "" for item in (found if isinstance(found, list) else [None])]


def usable_course(data: Any) -> spec.CourseSpec:
    """The parts of `course.yml` that hold."""
    concepts = {
        name: held(spec.Concept, raw) for name, raw in entry(dict, data, "concepts").items()
    }
    return spec.CourseSpec.model_construct(
        lessons=words(spec.Identifier, data, "lessons"),
        packages=words(spec.Text, data, "packages"),
        claims=words(spec.Text, data, "claims"),
        concepts={name: concept for name, concept in concepts.items() if concept},
    )


def usable_lesson(data: Any) -> spec.Lesson:
    """The parts of a lesson that hold, each at its place."""
    return spec.Lesson.model_construct(
        id=entry(str, data, "id"),
        needs=words(spec.Identifier, data, "needs"),
        sources=entry(list, data, "sources"),
        sections=[usable_section(section) for section in entry(list, data, "sections")],
    )


def usable_section(data: Any) -> spec.Section:
    """The parts of a section that hold."""
    raw = entry(list, data, "blocks")
    blocks = [held(spec.Block, block) or usable_block(block) for block in raw]
    return spec.Section.model_construct(id=entry(str, data, "id"), blocks=blocks)


def usable_block(data: Any) -> spec.Block:
    """What can be told of a block that is refused; an empty text if nothing can."""
    match data:
        case {"demo": dict(demo)}:
            return spec.DemoBlock.model_construct(demo=usable_demo(demo))
        case {"callout": {"text": str(text)}}:
            callout = spec.Callout.model_construct(text=text)
            return spec.CalloutBlock.model_construct(callout=callout)
        case {"think_first": str(text)}:
            return spec.ThinkFirstBlock.model_construct(think_first=text)
    return spec.TextBlock.model_construct(text=entry(str, data, "text"))


def usable_demo(data: dict[str, Any]) -> spec.Demo:
    """The parts of a demo that hold; a control that is refused is None."""
    controls = entry(dict, data, "controls")
    return spec.Demo.model_construct(
        id=entry(str, data, "id"),
        run=held(spec.Target, data.get("run")) or "",
        controls={name: held(spec.Control, control) for name, control in controls.items()},
        expect=entry(str, data, "expect"),
    )


def report(source: Source, model: type[BaseModel], error: ErrorDetails) -> None:
    """Turn one refusal of the schema into a diagnostic in the author's terms."""
    path, found = resolve(source.data, error["loc"])
    kind = error["type"]
    if kind == "missing":
        wanted = str(error["loc"][-1])
        message = f"missing key '{wanted}'"
        source.report(path[:-1], message, f"Add `{wanted}: …` here.")
    elif kind == "extra_forbidden":
        known = keys_allowed(model, error["loc"][:-1])
        hint = did_you_mean(str(path[-1]), known) or f"Known keys: {', '.join(known)}."
        source.report(path, "unknown key", hint, at_key=True)
    elif kind in ("union_tag_not_found", "union_tag_invalid"):
        message, fix = unknown_kind(found, error["loc"])
        source.report(path, message, fix)
    else:
        said = kind == "value_error"  # our own validators name what they got
        source.report(path, expectation(error) + ("" if said else got(found)))


def resolve(data: Any, location: tuple[str | int, ...]) -> tuple[Path, Any]:
    """The path in the file of a schema location, and what stands there.

    Tags of unions (`<demo>`) are the schema's own and stand in no file.
    """
    path: list[str | int] = []
    for part in location:
        inside = isinstance(data, dict) and part in data  # an author's key may look like a tag
        if part in variants() and not inside:
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
    if part in variants() and get_origin(model) is not dict:
        return variants()[str(part)]
    if isinstance(model, type) and issubclass(model, BaseModel):
        by_alias = {field.alias or name: field for name, field in model.model_fields.items()}
        return by_alias[str(part)].annotation
    return get_args(model)[-1]  # list[X] or dict[str, X]


def variants() -> dict[str, type[BaseModel]]:
    """Every variant of blocks and controls by its tag."""
    found = {}
    for union in (spec.Block, spec.Control):
        for variant in get_args(get_args(union)[0]):
            cls, tag = get_args(variant)
            found[tag.tag] = cls
    return found


def unknown_kind(found: Any, location: tuple[str | int, ...]) -> tuple[str, str]:
    """Message and fix for a block or control whose kind cannot be told."""
    block = "blocks" in location[-2:]
    kinds = spec.BLOCK_KINDS if block else spec.CONTROL_KINDS
    what = "a block" if block else "a control"
    fix = f"{what.capitalize()} is a mapping with one of: {', '.join(kinds)}."
    if not isinstance(found, dict):
        return f"expected {what}" + got(found), fix
    telling = [key for key in found if key in kinds]
    if len(telling) > 1:
        return f"expected {what} of one kind, got {' and '.join(telling)}", "Make them two."
    names = ", ".join(found) or "nothing"
    hints = [did_you_mean(key, kinds) for key in found]
    return f"expected {what}, got a mapping with {names}", next(filter(None, hints), fix)


NUMBER = re.compile(r"[-+]?[0-9.]+(e[-+]?[0-9]+)?", re.IGNORECASE)
MESSAGES: dict[str, Callable[[dict[str, Any]], str]] = {
    "string_type": lambda c: "expected text",
    "float_parsing": lambda c: "expected a number",
    "float_type": lambda c: "expected a number",
    "finite_number": lambda c: "expected a finite number",
    "int_parsing": lambda c: "expected a whole number",
    "int_type": lambda c: "expected a whole number",
    "greater_than": lambda c: f"expected a number above {c['gt']:g}",
    "literal_error": lambda c: f"expected {c['expected']}",
    "string_too_short": lambda c: "expected some text",
    "string_too_long": lambda c: f"expected at most {c['max_length']} characters",
    "too_short": lambda c: f"expected at least {c['min_length']}",
    "too_long": lambda c: f"expected at most {c['max_length']}",
    "list_type": lambda c: "expected a list",
    "tuple_type": lambda c: "expected a list",
    "dict_type": lambda c: "expected a mapping",
    "model_type": lambda c: "expected a mapping",
    "model_attributes_type": lambda c: "expected a mapping",
}
PATTERNS = {
    r"^[a-z][a-z0-9-]*$": "expected lower-case words joined by '-'",
    r"^[A-Za-z][A-Za-z0-9_]*$": "expected a Python name",
    r"^[a-z_][a-z0-9_]*:[a-z_][a-z0-9_]*$": "expected module:function",
    r"^https?://\S+$": "expected a web address",
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
        case str() if NUMBER.fullmatch(found):
            return f", got {found}"
        case str():
            return f", got {found!r}" if len(found) <= 60 else f", got {found[:57]!r}…"
        case list():
            return f", got a list of {len(found)}"
        case _:
            return ", got a mapping"

"""From a YAML file to its typed model: what the schema refuses becomes diagnostics.

What holds in spite of a refusal stays usable, so that one mistake does not hide the next.
"""

from functools import cache
from pathlib import Path as FilePath
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import Discriminator, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from .files import read
from .nodes import Node, variants
from .refusals import report
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


@cache
def all_keys(kind: Any) -> frozenset[str]:
    """Every key that stands anywhere in what a type describes."""
    fields = getattr(kind, "model_fields", {})
    own = {field.alias or name for name, field in fields.items()}
    inside = (all_keys(field.annotation) for field in fields.values())
    return frozenset(own).union(*inside, *map(all_keys, get_args(kind)))

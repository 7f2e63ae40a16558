"""The JSON Schemas of an author's files, from the classes that check them.

Editors complete keys by them, and explain what they are for.
"""

from typing import Any

from .explanations import Explanations
from .nodes import Node
from .spec import CourseSpec, Lesson

DIALECT = "https://json-schema.org/draft/2020-12/schema"
KINDS: dict[str, type[Node]] = {
    "lesson": Lesson,
    "course": CourseSpec,
    "explanations": Explanations,
}


def json_schema(kind: str) -> dict[str, Any]:
    """The schema of a `lesson`, a `course` or of `explanations`, in JSON Schema 2020-12."""
    schema = KINDS[kind].model_json_schema(by_alias=True)
    relaxed: dict[str, Any] = as_written(schema)
    return {"$schema": DIALECT, **relaxed}


def as_written(schema: Any) -> Any:
    """A schema of what stands in a file, where an editor's YAML guesses types and ours does not.

    Text may look like a number or a truth (`title: 1984`), and an empty list may be nothing.
    """
    if isinstance(schema, list):
        return [as_written(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: as_written(value) for key, value in schema.items()}
    if found.get("type") == "string" and not {"enum", "const", "pattern"} & found.keys():
        found["type"] = ["string", "number", "boolean"]
    return found

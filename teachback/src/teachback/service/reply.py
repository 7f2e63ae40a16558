"""What a model answers: the schema it is held to, and the reading of whatever comes instead.

Evidence and reason come before the verdict: a model that names its verdict first defends it.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ..result import Verdict
from ..rubric import Rubric

QUOTE, SENTENCE = 300, 300  # characters
FORMS = ("bounded", "strict", "object", "plain")  # from what holds a model best to what all take
FENCE = re.compile(r"```[a-zA-Z]*\s*(?=\{)")


class UnusableReplyError(ValueError):
    """A reply that is not the labels asked for; says what is wrong, quoting nothing of it."""


class Lenient(BaseModel):
    """Extra fields, of which every endpoint and model has its own, are let go."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


def spelled(value: object) -> object:
    """A verdict however it is written: `Met`, `cannot assess`."""
    return re.sub(r"[\s-]+", "_", value.strip().lower()) if isinstance(value, str) else value


def text(value: object) -> object:
    """Null, where a model means nothing."""
    return "" if value is None else value


Text = Annotated[str, BeforeValidator(text)]


class Label(Lenient):
    """A criterion's label."""

    id: str
    quote: Text = ""
    reason: Text = ""
    verdict: Annotated[Verdict, BeforeValidator(spelled)]


class Stated(Lenient):
    """A misconception the model says is stated."""

    id: str
    quote: Text = ""


class Reply(Lenient):
    """Labels for every criterion."""

    criteria: Annotated[list[Label], Field(max_length=100)]
    misconceptions: Annotated[list[Stated], Field(max_length=100)] = []
    next_step: Text = ""


def read(said: str, rubric: Rubric) -> Reply:
    """Read a reply, bare or fenced. Raises `UnusableReplyError`."""
    try:
        reply = Reply.model_validate(first_object(said))
    except ValidationError as error:
        raise UnusableReplyError(f"wrong or missing: {', '.join(places(error))}") from None
    except (ValueError, RecursionError):
        raise UnusableReplyError("it is not a complete JSON object") from None
    labelled = sorted(each.id for each in reply.criteria)
    if labelled != sorted(rubric.criterion_ids()):
        wanted = ", ".join(rubric.criterion_ids())
        raise UnusableReplyError(f"`criteria` must label each of these ids once: {wanted}")
    return reply


def places(error: ValidationError) -> list[str]:
    """The fields an error is about; never their values."""
    details = error.errors(include_input=False, include_url=False, include_context=False)
    return sorted({"`" + ".".join(map(str, each["loc"])) + "`" for each in details})[:10]


def first_object(said: str) -> Any:
    """The JSON object in a reply: fenced, with words around it, or alone. Raises `ValueError`."""
    fence = FENCE.search(said)
    start = fence.end() if fence else said.index("{")
    return json.JSONDecoder().raw_decode(said, start)[0]


def response_format(form: str, rubric: Rubric) -> dict[str, Any] | None:
    """The request's `response_format` in one of `FORMS`."""
    if form == "plain":
        return None
    if form == "object":
        return {"type": "json_object"}
    inner = {"name": "labels", "strict": True, "schema": schema(rubric, form == "bounded")}
    return {"type": "json_schema", "json_schema": inner}


def schema(rubric: Rubric, bounded: bool) -> dict[str, Any]:
    """The JSON Schema of a reply. Some endpoints refuse bounds, so they can be left out."""

    def string(most: int) -> dict[str, Any]:
        return {"type": "string", "maxLength": most} if bounded else {"type": "string"}

    def listed(ids: list[str], fields: dict[str, Any], least: int) -> dict[str, Any]:
        one = closed({"id": {"type": "string", "enum": ids or ["none"]}, **fields})
        bounds = {"minItems": least, "maxItems": len(ids)} if bounded else {}
        return {"type": "array", "items": one, **bounds}

    verdicts = {"type": "string", "enum": list(get_args(Verdict))}
    label = {"quote": string(QUOTE), "reason": string(SENTENCE), "verdict": verdicts}
    criteria = rubric.criterion_ids()
    return closed(
        {
            "criteria": listed(criteria, label, len(criteria)),
            "misconceptions": listed(rubric.misconception_ids(), {"quote": string(QUOTE)}, 0),
            "next_step": string(SENTENCE),
        }
    )


def closed(properties: dict[str, Any]) -> dict[str, Any]:
    """An object with just these fields, all of them, in this order."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }

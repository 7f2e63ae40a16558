"""The service as an OpenAPI document, made from the classes that read requests."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from ..result import OUT_OF, Verdict
from .grading import Asked
from .guards import GRADE
from .problems import STATUS, Problem
from .settings import Settings

TELLS = {
    "bad_request": "not JSON, or not the fields expected",
    "origin_not_allowed": "not a page of the course",
    "unknown_lesson": "no rubric for this course and lesson",
    "method_not_allowed": "another method is expected",
    "too_slow": "the request took too long to come",
    "stale_rubric": "the lesson's rubric is another one now",
    "too_large": "the request is too large",
    "unsupported_media_type": "not application/json",
    "rate_limited": "too many requests of this client",
    "internal": "something went wrong here",
    "budget_spent": "the tokens of the day are spent",
    "overloaded": "too many explanations at once",
}


class Closed(BaseModel):
    """Nothing but the fields listed."""

    model_config = ConfigDict(extra="forbid")


class GradedCriterion(Closed):
    """A criterion's verdict, with the learner's own words for it."""

    id: str
    verdict: Annotated[str, Field(json_schema_extra={"enum": list(get_args(Verdict))})]
    quote: str
    feedback: str


class StatedMisconception(Closed):
    """A wrong idea that the explanation states."""

    id: str
    quote: str


class Grader(Closed):
    """Who graded, and why if it was not the model."""

    kind: Annotated[str, Field(json_schema_extra={"enum": ["checklist", "model"]})]
    name: str
    note: str


class Graded(Closed):
    """A graded explanation."""

    score: Annotated[int, Field(ge=0, le=OUT_OF)]
    out_of: Annotated[int, Field(json_schema_extra={"const": OUT_OF})]
    criteria: list[GradedCriterion]
    misconceptions: list[StatedMisconception]
    next_step: str
    graded_by: Grader


class Health(Closed):
    """The service's state."""

    status: str
    lessons: int
    prompt: str
    breaker: Annotated[str, Field(json_schema_extra={"enum": ["closed", "open", "half open"]})]
    budget: Annotated[str, Field(json_schema_extra={"enum": ["left", "spent"]})]


def document(settings: Settings, example: Asked) -> dict[str, Any]:
    """The document. It names the origins that may ask; pages need no secret to be known."""
    models = (Asked, Graded, Health, Problem)
    _, schemas = models_json_schema(
        [(model, "validation") for model in models],
        ref_template="#/components/schemas/{model}",
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "teachback", "version": version("teachback")},
        "paths": {
            GRADE: {"post": grading(settings.origins, example)},
            "/healthz": {"get": plain("health", "Whether the service is well", Health)},
            "/openapi.json": {"get": plain("openapi", "This document", None)},
        },
        "components": {"schemas": schemas["$defs"]},
    }


def grading(origins: list[str], example: Asked) -> dict[str, Any]:
    """The operation that grades."""
    header = {
        "name": "Origin",
        "in": "header",
        "required": True,
        "description": "Set by browsers.",
        "schema": {"type": "string", "enum": origins},
    }
    body = json_of(Asked)
    body["application/json"]["examples"] = {"a lesson": {"value": example.model_dump()}}
    problems = (code for code in TELLS if code != "method_not_allowed")
    return {
        "operationId": "grade",
        "summary": "Grade an explanation",
        "parameters": [header],
        "requestBody": {"required": True, "content": body},
        "responses": {"200": answer("The graded explanation", Graded), **told(*problems)},
    }


def plain(name: str, summary: str, model: type[BaseModel] | None) -> dict[str, Any]:
    """An operation that only tells something."""
    return {
        "operationId": name,
        "summary": summary,
        "responses": {"200": answer(summary, model), **told("method_not_allowed", "internal")},
    }


def answer(tells: str, model: type[BaseModel] | None) -> dict[str, Any]:
    """A response that is no problem."""
    free: dict[str, Any] = {"application/json": {"schema": {"type": "object"}}}
    return {"description": tells, "content": json_of(model) if model else free}


def told(*codes: str) -> dict[str, Any]:
    """Responses that tell problems, by status."""
    by_status: dict[str, list[str]] = {}
    for code in codes:
        for status in STATUS[code]:
            by_status.setdefault(str(status), []).append(f"`{code}`: {TELLS[code]}")
    later = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}}
    return {
        status: {
            "description": "; ".join(tells),
            "content": json_of(Problem, "application/problem+json"),
            **({"headers": later} if status in ("429", "503") else {}),
        }
        for status, tells in sorted(by_status.items())
    }


def json_of(model: type[BaseModel], kind: str = "application/json") -> dict[str, Any]:
    """A body that is described by a class."""
    return {kind: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}

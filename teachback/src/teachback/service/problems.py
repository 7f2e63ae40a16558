"""What is answered when something is wrong: problem+json (RFC 9457) with codes that stay.

A page that reads one of them grades offline, which `fallback` says.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal

from pydantic import BaseModel
from starlette.responses import JSONResponse

STATUS = {
    "bad_request": (400, 422),
    "origin_not_allowed": (403,),
    "unknown_lesson": (404,),
    "not_found": (404,),
    "method_not_allowed": (405,),
    "too_slow": (408,),
    "stale_rubric": (409,),
    "too_large": (413,),
    "unsupported_media_type": (415,),
    "rate_limited": (429,),
    "internal": (500,),
    "budget_spent": (503,),
    "overloaded": (503,),
}
HANG_UP = (408, 413)  # the rest of the body is not waited for


class ProblemError(Exception):
    """Something to tell the client."""

    def __init__(
        self, code: str, detail: str, *, status: int | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail
        self.status = status or STATUS[code][0]
        self.retry_after = retry_after


class Problem(BaseModel):
    """The body of every error."""

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    fallback: Literal["offline"] = "offline"


def response(problem: ProblemError) -> JSONResponse:
    """The response that tells a problem."""
    more = {}
    if problem.retry_after is not None:
        more["Retry-After"] = str(problem.retry_after)
    if problem.status in HANG_UP:
        more["Connection"] = "close"
    body = Problem(
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        code=problem.code,
        detail=problem.detail,
    )
    return JSONResponse(
        body.model_dump(), problem.status, more, media_type="application/problem+json"
    )

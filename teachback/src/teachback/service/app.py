"""The application: three addresses, and problems told the same way everywhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from .grading import MOST_BYTES, Asked, Grading
from .guards import ALLOWED, GRADE, Guards
from .openapi import document
from .problems import ProblemError, response
from .settings import Settings

NO_ONE = 499  # for the log: the client left before it was answered


def application(settings: Settings) -> ASGIApp:
    """Make the service. Raises `RubricError`, `SettingsError`."""
    grading = Grading(settings)
    described = document(settings, grading.example())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        grading.grader.asker.open()
        yield
        await grading.close()

    async def grade(request: Request) -> Response:
        await grading.limiter.count(request.scope["client_name"])
        asked = understood(await body_of(request, settings.limits.body_seconds))
        return JSONResponse(await grading.grade(asked, request.scope["told"]))

    async def healthz(_: Request) -> Response:
        return JSONResponse(grading.health())

    async def openapi(_: Request) -> Response:
        return JSONResponse(described)

    routes = [
        Route(GRADE, grade, methods=["POST"]),
        Route("/healthz", healthz),
        Route("/openapi.json", openapi),
    ]
    handlers: dict[Any, Any] = {
        ProblemError: problem,
        HTTPException: http_problem,
        ClientDisconnect: left,
        Exception: failed,
    }
    app = Starlette(routes=routes, exception_handlers=handlers, lifespan=lifespan)
    app.router.redirect_slashes = False
    return Guards(app, settings.origins, settings.proxies())


async def body_of(request: Request, seconds: float) -> bytes:
    """A request's body, neither too long nor too long in coming. Raises `ProblemError`."""
    body = bytearray()
    if int(request.headers.get("content-length", "0")) > MOST_BYTES:
        raise too_large()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise too_large()
    except TimeoutError:
        raise ProblemError("too_slow", f"expected the request within {seconds:g} s") from None
    return bytes(body)


def too_large() -> ProblemError:
    """The problem of a body with too many bytes."""
    return ProblemError("too_large", f"expected at most {MOST_BYTES} bytes")


def understood(body: bytes) -> Asked:
    """Read a request. Raises `ProblemError`, which shows nothing of it."""
    try:
        return Asked.model_validate_json(body)
    except ValidationError as error:
        details = error.errors(include_input=False, include_url=False, include_context=False)
    if details[0]["type"] == "json_invalid":
        raise ProblemError("bad_request", "expected JSON in UTF-8")
    wrong = {named(each["loc"]) + ": " + each["msg"] for each in details}
    raise ProblemError("bad_request", "; ".join(sorted(wrong)), status=422)


def named(place: tuple[int | str, ...]) -> str:
    """A field of ours by its name, any other not."""
    return str(place[0]) if place and place[0] in Asked.model_fields else "body"


async def problem(request: Request, error: ProblemError) -> Response:
    """Tell a problem."""
    request.scope["told"]["code"] = error.code
    return response(error)


async def http_problem(request: Request, error: HTTPException) -> Response:
    """What routing has to tell: there is no such thing here, or not this way."""
    if error.status_code != 405:
        return await problem(request, ProblemError("not_found", "there is nothing here"))
    allow = ALLOWED[request.url.path]
    told = await problem(request, ProblemError("method_not_allowed", f"expected {allow}"))
    told.headers["Allow"] = allow
    return told


async def left(request: Request, _: ClientDisconnect) -> Response:
    """The client left while it was sending."""
    return Response(status_code=NO_ONE)


async def failed(request: Request, _: Exception) -> Response:
    """A mistake of ours; the log has its type and place."""
    return await problem(request, ProblemError("internal", "something went wrong here"))

"""What every request passes before the application: who may ask, in what form, and what is logged.

CORS is no access control: a browser sends a plain form to any address and only hides the answer.
So requests of foreign origins, of forms, and of no known origin are refused here, unread.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .clients import Network, client_of
from .logs import pseudonym
from .problems import ProblemError, response

LOG = logging.getLogger("teachback")
GRADE = "/v1/grade"
ALLOWED = {
    GRADE: "POST, OPTIONS",
    "/healthz": "GET, HEAD, OPTIONS",
    "/openapi.json": "GET, HEAD, OPTIONS",
}
ALWAYS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
SITES = ("same-origin", "same-site", "cross-site")  # and not `none`: nobody types a grading
MODES = ("cors", "same-origin")  # and neither `navigate`, of forms, nor `no-cors`


class Guards:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, origins: list[str], proxies: list[Network]) -> None:
        self.app, self.origins, self.proxies = app, origins, proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        told: dict[str, Any] = {}
        scope["told"], scope["client_name"] = told, client_of(scope, self.proxies)
        started, allowed = time.monotonic(), headers.get("origin") in self.origins
        dressed = self.dressed(send, headers.get("origin", "") if allowed else "", told)
        try:
            answer = self.early(scope, headers, allowed, told)
            await (answer or self.app)(scope, receive, dressed)
        except Exception:  # told without its text; the client has been answered
            LOG.error("failed", exc_info=True)
        finally:
            told["seconds"] = round(time.monotonic() - started, 3)
            log(scope, told)

    def early(
        self, scope: Scope, headers: Headers, allowed: bool, told: dict[str, Any]
    ) -> Response | None:
        """The answer to what goes no further."""
        path, method = scope["path"], scope["method"]
        if method == "OPTIONS" and path in ALLOWED:
            return self.options(path, headers, allowed)
        if method != "POST" or path != GRADE:
            return None
        try:
            check_sender(headers, allowed)
        except ProblemError as problem:
            told["code"] = problem.code
            return response(problem)
        return None

    def options(self, path: str, headers: Headers, allowed: bool) -> Response:
        """Answer a preflight, or tell the methods."""
        if "access-control-request-method" not in headers:
            return Response(status_code=204, headers={"Allow": ALLOWED[path]})
        if not allowed:
            return response(foreign())
        granted = {
            "Allow": ALLOWED[path],
            "Access-Control-Allow-Methods": ALLOWED[path],
            "Access-Control-Allow-Headers": "Content-Type",
            "Access-Control-Max-Age": "600",
        }
        return Response(status_code=204, headers=granted)

    def dressed(
        self, send: Send, origin: str, told: dict[str, Any]
    ) -> Callable[[Message], Awaitable[None]]:
        """`send`, with the headers that every response has."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                told["status"] = message["status"]
                headers = MutableHeaders(scope=message)
                headers.update(ALWAYS)
                headers["Vary"] = "Origin"
                if origin:
                    headers["Access-Control-Allow-Origin"] = origin
                    headers["Access-Control-Expose-Headers"] = "Retry-After"
            await send(message)

        return sending


def check_sender(headers: Headers, allowed: bool) -> None:
    """Raise `ProblemError` unless a known page sends JSON with `fetch`."""
    site, mode = headers.get("sec-fetch-site"), headers.get("sec-fetch-mode")
    if not allowed or site not in (*SITES, None) or mode not in (*MODES, None):
        raise foreign()
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" or headers.get("content-encoding", "identity") != "identity":
        detail = "expected Content-Type: application/json, with no Content-Encoding"
        raise ProblemError("unsupported_media_type", detail)


def foreign() -> ProblemError:
    """The problem of a page that may not ask."""
    return ProblemError("origin_not_allowed", "expected a request of one of the course's pages")


def log(scope: Scope, told: dict[str, Any]) -> None:
    """One line for each request: no address, no path that a client made up, no words."""
    path = scope["path"] if scope["path"] in ALLOWED else "other"
    method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST", "OPTIONS") else "other"
    line = {"method": method, "path": path, "client": pseudonym(scope["client_name"]), **told}
    LOG.info("request", extra={"told": line})

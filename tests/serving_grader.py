"""The grading service for tests: in a thread of its own, on a free port, asked over the socket."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from pydantic import SecretStr
from standin import started

from teachback.service.app import application
from teachback.service.logs import Lines
from teachback.service.run import server
from teachback.service.settings import Settings

ORIGIN = "https://course.example"
GENEROUS = ["100000/minute"]


@dataclass
class Grader:
    """A running service, and what it has logged."""

    url: str
    settings: Settings
    logged: io.StringIO
    client: httpx2.Client
    running: ExitStack

    @property
    def log(self) -> str:
        """All lines. Ends the service: the last line comes after the last response."""
        self.running.close()
        return self.logged.getvalue()

    def post(self, body: Any, **headers: str) -> httpx2.Response:
        """Send a body as the course's page does; `Sec_Fetch_Mode="cors"` is a header more."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post("/v1/grade", json=body, headers={"Origin": ORIGIN} | more)


def settings_of(given: dict[str, Any]) -> Settings:
    """Settings for tests: short waits, generous limits, unless said otherwise."""
    key = given["model"].pop("api_key", "")
    quick = {"retry_seconds": 0.01, "total_seconds": 20}
    limits = {"per_client": GENEROUS} | given.pop("limits", {})
    made = Settings.model_validate(
        {"listen": "127.0.0.1:0", "origins": [ORIGIN], **given}
        | {"model": quick | given["model"], "limits": limits}
    )
    with_key = made.model.model_copy(update={"api_key": SecretStr(key)})
    return made.model_copy(update={"model": with_key})


@contextmanager
def grader(given: dict[str, Any]) -> Iterator[Grader]:
    """A running service."""
    settings = settings_of(given)
    with logged(settings.model.secret()) as lines, ExitStack() as running:
        url = running.enter_context(started(server(application(settings), settings)))
        client = httpx2.Client(base_url=url, timeout=30, trust_env=False)
        yield Grader(url, settings, lines, running.enter_context(client), running)


@contextmanager
def logged(secret: str) -> Iterator[io.StringIO]:
    """Everything that is logged meanwhile, by anyone, as the service writes it."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(Lines(secret))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def head(body: bytes | dict[str, Any], **headers: str) -> bytes:
    """A request's head, as bytes for a socket."""
    length = len(body if isinstance(body, bytes) else json.dumps(body).encode())
    lines = {"Host": "x", "Origin": ORIGIN, "Content-Type": "application/json"}
    lines |= {"Content-Length": str(length)} | headers
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST /v1/grade HTTP/1.1\r\n{text}\r\n".encode()

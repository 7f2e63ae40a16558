"""A stand-in for the grading service: it answers as it is told, and keeps what it was sent."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

GRADE = {
    "score": 5,
    "out_of": 10,
    "criteria": [
        {"id": "probability", "verdict": "met", "quote": "the right word", "feedback": "Well put."},
        {
            "id": "direction",
            "verdict": "partly",
            "quote": "the right word a chance",
            "feedback": "Say <b>which way</b> it goes.",
        },
        {"id": "logarithm", "verdict": "missed", "quote": "I think", "feedback": ""},
    ],
    "misconceptions": [{"id": "counts-errors", "quote": "It counts the wrong words"}],
    "next_step": "Say what makes it <img src=x onerror=alert(1)> small.",
    "graded_by": {"kind": "model", "name": "example-model-1", "note": ""},
}
PROBLEM = "application/problem+json"


class Handler(BaseHTTPRequestHandler):
    """Answers by the mode of its server."""

    server: "Service"

    def do_OPTIONS(self) -> None:
        self.answer(204, "")

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.received.append((self.path, headers, json.loads(raw)))
        match self.server.mode:
            case "rate limited":
                self.answer(429, {"code": "rate_limited"}, PROBLEM, {"Retry-After": "20"})
            case "broken":
                self.answer(500, "<h1>Oops", "text/html")
            case "nonsense":
                self.answer(200, {**GRADE, "score": 10})
            case "huge":
                self.answer(200, {**GRADE, "padding": "x" * 200_000})
            case "moved":
                self.answer(307, "", headers={"Location": "/elsewhere"})
            case "gone":
                self.connection.close()
            case "silent":
                self.server.released.wait(60)
            case _:
                self.answer(200, GRADE)

    def answer(
        self,
        status: int,
        body: Any,
        kind: str = "application/json",
        headers: dict[str, str] | None = None,
    ) -> None:
        """Send an answer that pages of other sites may read, unless they are strangers."""
        raw = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        if self.server.mode != "strict":
            self.send_header("Access-Control-Allow-Origin", self.headers.get("Origin", ""))
            self.send_header("Access-Control-Allow-Headers", "content-type")
            self.send_header("Access-Control-Expose-Headers", "retry-after")
        for name, value in {"Content-Type": kind, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Service(ThreadingHTTPServer):
    """The stand-in; `received` holds the path, headers and body of each question."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.mode = ""
        self.received: list[tuple[str, dict[str, str], Any]] = []
        self.released = threading.Event()

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a page that did not wait is no error worth a traceback


@contextmanager
def service() -> Iterator[Service]:
    """A stand-in that runs."""
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join()

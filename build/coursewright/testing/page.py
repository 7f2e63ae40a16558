"""The suite in a browser: a page with the site's own scripts and runtime, asked job after job.

All that a reader's page goes through is gone through here: the verified download, the sandboxed
frame, the worker, the protocol and the pinned Python with what is served of it.
"""

import json
import queue
import re
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ..assets import GENERATOR, bundle_folder
from ..baking.keys import DECIDING
from ..baking.kitchen import Job, Outcome
from ..language.course import Course
from ..local import LocalHandler
from ..pages.html import written
from ..publish.policy import secured
from ..publish.runtime import assemble
from ..publish.site import BUNDLE, RUNTIME, files_below
from .browser import BrowserError, opened
from .inside import OUTCOME

READERS = 10_000  # milliseconds after which a page ends a call
PATIENT = 60_000  # for what a reader asks for in several calls: all steps, all cells
START = 120.0  # seconds for the browser, the download and Python
JOBS = "jobs"  # the address that jobs come from
KINDS = {".css": "text/css", ".html": "text/html", ".js": "text/javascript"}
INSIDE = GENERATOR / "testing" / "inside.py"


class Page:
    """A page in a browser that does jobs, one at a time; answers as the kitchen does."""

    def __init__(self, course: Course, process: "subprocess.Popen[bytes]", post: "Post") -> None:
        self.course, self.process, self.post = course, process, post
        self.known: dict[str, Outcome] = {}
        # The runner is served already.
        names = [name for name in DECIDING if name != "runner.py"]
        self.files = {name: (GENERATOR / name).read_text("utf-8") for name in names}
        self.code = INSIDE.read_text("utf-8")
        started = time.monotonic()
        told = self.told(START)
        if "failed" in told:
            raise BrowserError(f"Python does not start in the browser: {told['failed']}")
        self.name = described(told, time.monotonic() - started)

    def outcome(self, job: Job) -> Outcome:
        """A job's outcome."""
        key = json.dumps(job)
        if key not in self.known:
            self.known[key] = self.ask(job)
        return self.known[key]

    def outcomes(self, jobs: Iterable[Job]) -> list[Outcome]:
        """The outcomes of jobs, in their order."""
        return [self.outcome(job) for job in jobs]

    def ask(self, job: Job) -> Outcome:
        """Have the page do a job."""
        limit = self.limit(job)
        arguments = {"files": self.files, "job": job}
        args = {"run": "inside:run", "code": self.code, "arguments": arguments}
        self.post.jobs.put({"target": "@edited", "args": args, "limit": limit})
        told = self.told(limit / 1000 + START)  # Python may have to start again
        outcome: Outcome = told if "error" in told else told["displays"][-1][OUTCOME]
        return in_time(outcome, limit)

    def limit(self, job: Job) -> int:
        """The time a job has, in milliseconds."""
        function = self.course.function(job["target"]) if job["kind"] == "demo" else None
        return READERS if function and not function.streams else PATIENT

    def told(self, seconds: float) -> dict[str, Any]:
        """What the page tells next; raises `BrowserError` if it does not, or not in time."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                return self.post.told.get(timeout=0.5)
            except queue.Empty:
                code = self.process.poll()
                if code is not None:
                    raise BrowserError(f"the browser ended (exit code {code})") from None
        raise BrowserError(f"the browser's page has told nothing for {seconds:.0f} seconds")


def in_time(outcome: Outcome, limit: int) -> Outcome:
    """An outcome; of a job that was interrupted, with what readers are told then."""
    message = f"there was no answer within {limit // 1000} seconds"
    late: Outcome = {
        key: {**outcome[key], "type": "Stopped", "message": message}
        for key in ("error", "failed")
        if key in outcome and outcome[key]["type"] == "KeyboardInterrupt"
    }
    return {**outcome, **late}


def described(told: dict[str, Any], seconds: float) -> str:
    """Which browser and Python it is, and how long they took to be there."""
    browser = re.search(r"(?:Edg|Chrome)/(\d+)", told["browser"])
    versions = told["versions"]
    return (
        f"{'Edge' if 'Edg/' in told['browser'] else 'Chromium'} {browser[1] if browser else '?'}, "
        f"Python {versions['python']} of Pyodide {versions['pyodide']}, after {seconds:.1f} s"
    )


class Post:
    """What goes to the page, and what comes from it."""

    def __init__(self) -> None:
        self.jobs: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self.told: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()


@contextmanager
def in_browser(course: Course, program: Path) -> Iterator[Page]:
    """A page with the runtime of a course, in a browser started for it."""
    bundle = bundle_folder()
    files = files_below(bundle, BUNDLE) | files_below(assemble(course).folder, RUNTIME)
    post = Post()
    html = page_html(json.loads((bundle / "meta.json").read_text()))
    handler = partial(Handler, html=html.encode(), files=files, post=post)
    with Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            with opened(program, f"http://127.0.0.1:{server.server_port}/") as process:
                yield Page(course, process, post)
        finally:
            post.jobs.put(None)  # the request that waits for a job
            server.shutdown()


def page_html(meta: dict[str, str]) -> str:
    """The page: a site's scripts under a site's policy, and the element that does jobs."""
    script = written({"type": "module", "src": f"{BUNDLE}/{meta['entry']}"})
    element = written({"data-runtime": f"{RUNTIME}/", "data-jobs": JOBS})
    head = f'<head><meta charset="utf-8"><title>Testing</title><script{script}></script></head>'
    body = f"<body><cw-suite{element}></cw-suite></body>"
    return secured(f'<!doctype html><html lang="en">{head}{body}</html>', meta["frame_sha256"])


class Server(ThreadingHTTPServer):
    """A browser that is closed while it is being answered is no error worth a traceback."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing."""


class Handler(LocalHandler):
    """Serves the page and its files, and takes what it tells in exchange for the next job."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, html: bytes, files: dict[str, Path], post: Post) -> None:
        """Serve `html` at the root and `files` by their paths."""
        self.html, self.files, self.post = html, files, post
        super().__init__(*args)

    def do_GET(self) -> None:
        """Answer with the page, or a file."""
        path = self.path.partition("?")[0].removeprefix("/")
        if not path:
            self.answer(self.html, "text/html")
        elif path in self.files:
            file = self.files[path]
            self.answer(file.read_bytes(), KINDS.get(file.suffix, "application/octet-stream"))
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """Take what the page tells; answer with the next job as soon as there is one."""
        self.post.told.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.answer(json.dumps(self.post.jobs.get()).encode(), "application/json")

    def answer(self, content: bytes, kind: str) -> None:
        """A whole answer."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not worth a line."""

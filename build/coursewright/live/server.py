"""What the author's browser talks to: the built site, each page with the script that renews it."""

import json
import queue
import re
import threading
import time
from dataclasses import asdict, replace
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

from ..local import LocalHandler
from .workshop import Result

OURS = "/__live/"  # addresses of what is added: the files of the folder `page`, and the events
EVENTS = f"{OURS}events"
PAGE = Path(__file__).parent / "page"
TAG = '<script type="module" src="{ours}page.js" data-version="{version}"></script></body>'
HASHED = re.compile(r"/assets/runtime/[^/]+-[0-9a-f]{8}\.")  # names that say their content
NO_SITE = b"""\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>No site yet</title>
<body><p>There is no site yet. It appears here as soon as the course is right.</p></body>
</html>
"""


class Reloader:
    """Tells open pages what came of each build."""

    def __init__(self) -> None:
        self.waiting: set[queue.Queue[bytes]] = set()
        self.lock = threading.Lock()
        self.last = Result([])
        self.version = new_version()  # of the site: a page that has missed one finds out by it

    def subscribe(self) -> "queue.Queue[bytes]":
        """A queue that gets an event after each build; the first says how things are."""
        mine: queue.Queue[bytes] = queue.Queue()
        with self.lock:
            self.waiting.add(mine)
            mine.put(event(self.version, self.version, replace(self.last, pages=[])))
        return mine

    def leave(self, mine: "queue.Queue[bytes]") -> None:
        """A page was closed."""
        with self.lock:
            self.waiting.discard(mine)

    def tell(self, result: Result) -> None:
        """This came of a build."""
        with self.lock:
            before = self.version
            if not result.wrong:
                self.version = new_version()
            self.last = result
            for each in self.waiting:
                each.put(event(before, self.version, result))


def new_version() -> str:
    """A name for the site as it is now, which no other server gives to another."""
    return str(time.time_ns())


def event(before: str, version: str, result: Result) -> bytes:
    """What a page is told: the site's versions before and after a build, and what came of it."""
    pages = [] if result.wrong else result.pages
    said = {**asdict(result), "pages": pages, "before": before, "version": version}
    return f"data: {json.dumps(said)}\n\n".encode()


class Handler(LocalHandler, SimpleHTTPRequestHandler):
    """Serves the site's folder; pages get our script; nothing is kept by the browser."""

    extensions_map = {  # noqa: RUF012 (the base class's own name)
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
        ".woff2": "font/woff2",
    }

    def __init__(self, *args: Any, site: Path, lock: threading.RLock, reloader: Reloader) -> None:
        """Serve the folder `site`; `lock` is held by whoever puts another in its place."""
        self.reloader, self.lock = reloader, lock
        super().__init__(*args, directory=str(site))

    def do_GET(self) -> None:
        """Answer a request."""
        path = self.path.partition("?")[0]
        version = self.reloader.version  # first: a page may be newer than it is said to be
        if path == EVENTS:
            self.stream()
        elif path.startswith(OURS):
            self.ours(path.removeprefix(OURS))
        elif (page := self.page(path)) is not None:
            self.answer_page(page, version)
        else:
            super().do_GET()

    def ours(self, name: str) -> None:
        """Answer with a file of our own."""
        file = PAGE / name
        if file.parent == PAGE and file.is_file():
            self.answer(file.read_bytes(), self.guess_type(name))
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def answer_page(self, page: bytes, version: str, status: int = HTTPStatus.OK) -> None:
        """Answer with a page, which gets our script."""
        tag = TAG.format(ours=OURS, version=version).encode()
        self.answer(page.replace(b"</body>", tag), "text/html; charset=utf-8", status)

    def page(self, path: str) -> bytes | None:
        """The HTML of a page, or None if the path names none."""
        file = Path(self.translate_path(path))
        if file.is_dir() and path.endswith("/"):
            file /= "index.html"
        try:
            with self.lock:
                return file.read_bytes() if file.suffix == ".html" else None
        except OSError:
            return None

    def send_head(self) -> Any:
        """Open a file while no other site takes this one's place."""
        with self.lock:
            return super().send_head()

    def list_directory(self, path: Any) -> None:
        """A folder without a page is nothing, as it is on any host of the site."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with an error; at an address where nothing is, with the site's own page."""
        version = self.reloader.version
        page = self.page("/404.html") if code == HTTPStatus.NOT_FOUND else None
        if page is None and not Path(self.directory).exists():
            page = NO_SITE
        if page is None:
            super().send_error(code, message, explain)
        else:
            self.answer_page(page, version, code)

    def answer(self, content: bytes, kind: str, status: int = HTTPStatus.OK) -> None:
        """A whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def stream(self) -> None:
        """Server-sent events: one after each build, until the page goes away."""
        news = self.reloader.subscribe()
        try:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            while True:
                try:
                    self.wfile.write(news.get(timeout=15))
                except queue.Empty:
                    self.wfile.write(b": still here\n\n")  # finds out whether the page is
                self.wfile.flush()
        except OSError:
            pass
        finally:
            self.reloader.leave(news)

    def end_headers(self) -> None:
        """Content-addressed files may be kept for ever; everything else is asked for again."""
        kept = HASHED.search(self.path)
        self.send_header("Cache-Control", "max-age=31536000, immutable" if kept else "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not worth a line; errors are."""
        if args and str(args[1:2]).startswith("('5"):
            super().log_message(format, *args)

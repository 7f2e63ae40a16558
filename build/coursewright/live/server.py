"""What the author's browser talks to: the built site, each page with the script that reloads it."""

import queue
import re
import threading
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

RELOAD = b"""\
const events = new EventSource("/__reload");
events.onmessage = () => location.reload();
addEventListener("pagehide", () => events.close());
"""
TAG = b'<script type="module" src="/__reload.js"></script></body>'
HASHED = re.compile(r"/assets/runtime/[^/]+-[0-9a-f]{8}\.")  # names that say their content


class Reloader:
    """Tells open pages that there is something new."""

    def __init__(self) -> None:
        self.waiting: set[queue.Queue[bool]] = set()
        self.lock = threading.Lock()

    def subscribe(self) -> "queue.Queue[bool]":
        """A queue that gets an item after each rebuild."""
        mine: queue.Queue[bool] = queue.Queue()
        with self.lock:
            self.waiting.add(mine)
        return mine

    def leave(self, mine: "queue.Queue[bool]") -> None:
        """A page was closed."""
        with self.lock:
            self.waiting.discard(mine)

    def tell(self) -> None:
        """Something changed."""
        with self.lock:
            for each in self.waiting:
                each.put(True)


class Handler(SimpleHTTPRequestHandler):
    """Serves the site's folder; pages get the reload script; nothing is kept by the browser."""

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
        if path == "/__reload.js":
            self.answer(RELOAD, "text/javascript")
        elif path == "/__reload":
            self.stream()
        elif (page := self.page(path)) is not None:
            self.answer(page.replace(b"</body>", TAG), "text/html; charset=utf-8")
        else:
            super().do_GET()

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

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with an error; at an address where nothing is, with the site's own page."""
        page = self.page("/404.html") if code == HTTPStatus.NOT_FOUND else None
        if page is None:
            super().send_error(code, message, explain)
        else:
            self.answer(page.replace(b"</body>", TAG), "text/html; charset=utf-8", code)

    def answer(self, content: bytes, kind: str, status: int = HTTPStatus.OK) -> None:
        """A whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def stream(self) -> None:
        """Server-sent events: one after each rebuild, until the page goes away."""
        news = self.reloader.subscribe()
        try:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            while True:
                try:
                    news.get(timeout=15)
                    self.wfile.write(b"data: changed\n\n")
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

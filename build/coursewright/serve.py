"""The author's server: build, serve, build again when something changed, reload the open pages.

MkDocs's own puts an inline script into every page, which the pages' security policy refuses; this
one serves exactly the built site and adds one script file: what authors see is what readers get.
"""

import functools
import queue
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from watchfiles import watch

RELOAD = b"""\
const events = new EventSource("/__reload");
events.onmessage = () => location.reload();
addEventListener("pagehide", () => events.close());
"""
TAG = b'<script type="module" src="/__reload.js"></script></body>'
HASHED = re.compile(r"/assets/runtime/[^/]+-[0-9a-f]{8}\.")  # names that say their content
QUIET = ("__pycache__", ".git", "node_modules", "dist", ".nox", "site")


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

    def __init__(self, *args: Any, reloader: Reloader, **kwargs: Any) -> None:
        self.reloader = reloader
        super().__init__(*args, **kwargs)

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
            return file.read_bytes() if file.suffix == ".html" else None
        except OSError:
            return None

    def answer(self, content: bytes, kind: str) -> None:
        """A whole answer."""
        self.send_response(200)
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


def serve(build: Callable[[], None], site: Path, watched: Iterable[Path], port: int) -> None:
    """Build, then serve `site` on 127.0.0.1 until interrupted, building again on every change."""
    rebuild(build)
    reloader = Reloader()
    handler = functools.partial(Handler, directory=str(site), reloader=reloader)
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        say(f"Serving on http://127.0.0.1:{server.server_port}/   (Ctrl+C ends it)")
        for changes in watch(
            *watched, watch_filter=lambda _, path: worth_it(path), raise_interrupt=False
        ):
            names = sorted({Path(path).name for _, path in changes})
            say(f"Changed: {', '.join(names[:3])}{' …' if len(names) > 3 else ''}")
            if rebuild(build):
                reloader.tell()
        server.shutdown()


def worth_it(path: str) -> bool:
    """Whether a change of this file can change the site."""
    parts = Path(path).parts
    if parts[-2:] == ("dist", "meta.json"):  # the browser side was bundled anew
        return True
    return not any(part in QUIET for part in parts) and not parts[-1].startswith(".")


def rebuild(build: Callable[[], None]) -> bool:
    """Build and say how long it took; what is wrong is said, and the last good site stays."""
    started = time.monotonic()
    try:
        build()
    except Exception as error:  # the author mends it and saves again; the server must live on
        say(f"{error}\nThe site is as it was before. Save again when it is mended.")
        return False
    say(f"Built in {time.monotonic() - started:.1f} s")
    return True


def say(message: str) -> None:
    """Tell the author."""
    print(message, file=sys.stderr, flush=True)

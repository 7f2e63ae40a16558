"""The author's server: build, serve, build again when something changed, tell the open pages.

MkDocs's own puts an inline script into every page, which the pages' security policy refuses; this
one serves exactly the built site and adds one script file: what authors see is what readers get.
"""

import contextlib
import errno
import functools
import threading
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from pathlib import Path

from ..assets import GENERATOR
from .server import Handler, Reloader
from .sheet import ADDRESS
from .watched import changes
from .workshop import Workshop, say

NAMES = ("command.py", "serve.py", "server.py", "watched.py", "workshop.py")
OWN = {GENERATOR / "live" / name for name in NAMES}


def serve(workshop: Workshop, watched: Callable[[], list[Path]], port: int) -> int:
    """Build, then serve on 127.0.0.1 until interrupted, building again on every change.

    `watched` names the files and folders to watch; it is asked again after each change. Returns
    what the command line ends with.
    """
    reloader = Reloader()
    handler = functools.partial(Handler, site=workshop.site, lock=workshop.lock, reloader=reloader)
    try:  # before the first build, which takes a while
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except (OSError, OverflowError) as error:
        say(refused(port, error))
        return 1
    with server, contextlib.suppress(KeyboardInterrupt):
        follow(server, workshop, watched, reloader)
    workshop.worker.stop()
    return 0


def follow(
    server: ThreadingHTTPServer,
    workshop: Workshop,
    watched: Callable[[], list[Path]],
    reloader: Reloader,
) -> None:
    """Build and serve; build again on every change, and tell the open pages."""
    news = changes(watched)
    next(news, None)  # watching begins here: what is saved during the first build counts too
    reloader.tell(workshop.rebuild())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    say(f"Serving on {address}   (Ctrl+C ends it)\nEvery demo at once: {address}{ADDRESS}")
    try:
        for changed in filter(None, news):
            tell(changed)
            workshop.note(changed)
            reloader.tell(workshop.rebuild())
    finally:
        server.shutdown()


def refused(port: int, error: Exception) -> str:
    """Why a port cannot be had, and what to do."""
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        why = f"port {port} is in use; end the other server or take another"
    else:
        why = f"cannot listen on port {port} ({error}); take another"
    return f"{why}: coursewright serve --port {port + 1 if port < 65535 else 8000}"


def tell(changed: list[Path]) -> None:
    """Say what changed."""
    names = sorted({file.name for file in changed})
    say(f"Changed: {', '.join(names[:3])}{' …' if len(names) > 3 else ''}")
    for file in OWN & set(changed):
        say(f"Start the server again to run the new {file.name}.")

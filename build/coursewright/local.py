"""Servers on this machine, for its user alone: no page of the web may ask them anything."""

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

HERE = ("127.0.0.1", "localhost")


class LocalHandler(BaseHTTPRequestHandler):
    """Answers what is asked of this machine by name, and of posts only those of its own pages.

    A page of another site can have its own name lead here (DNS rebinding), and then would read all
    that is served; and it can post to anywhere.
    """

    def parse_request(self) -> bool:
        """Whether there is a request to answer; one from elsewhere is refused."""
        if not super().parse_request():
            return False
        if self.is_ours():
            return True
        self.send_error(HTTPStatus.FORBIDDEN, explain=f"Only {' and '.join(HERE)} are served.")
        return False

    def is_ours(self) -> bool:
        """Whether a request names this server, and a post comes from a page of it."""
        host = self.headers.get("Host", "")
        port = self.connection.getsockname()[1]
        names = {f"{name}:{port}" for name in HERE} | ({*HERE} if port == 80 else set())
        origin = self.headers.get("Origin") if self.command == "POST" else f"http://{host}"
        return host in names and origin == f"http://{host}"

"""`python -m teachback serve`: uvicorn with our limits, one process, until it is told to stop."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import os
import socket

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from .app import application
from .logs import set_up
from .settings import Settings, SettingsError

LOG = logging.getLogger("teachback")
HEADER_BYTES = 16_384
GRACE_SECONDS = 5  # for those who are being answered, beyond what a grading may take
ARRIVED = (h11.DONE, h11.MUST_CLOSE, h11.CLOSED, h11.ERROR)


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl+C; what runs is finished first. Raises `SettingsError`."""
    set_up(settings.model.secret())
    running = server(application(settings), settings)
    sockets = listening(settings)
    gc.collect()
    gc.freeze()  # what the libraries made stays: looking through it would halt everyone for a while
    running.run(sockets)


def listening(settings: Settings) -> list[socket.socket]:
    """Take the port, at each address that its host has here. Raises `SettingsError`."""
    host, port = settings.address()
    try:
        found = dict.fromkeys(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        here = [(family, to[:2]) for family, _, _, _, to in found if is_here(family, str(to[0]))]
        if not here:
            raise OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
        return [socket.create_server(to, family=family) for family, to in here]
    except OSError as error:
        why = (error.strerror or "").partition(" (")[0]
        raise SettingsError(
            f"listen: expected an address of this machine and a free port, got {settings.listen} "
            f"({why}); set listen, or TEACHBACK_LISTEN"
        ) from None


def is_here(family: int, address: str) -> bool:
    """Whether an address can be had: `localhost` names one of IPv6 even where there is no IPv6."""
    try:
        with socket.socket(family) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True


def server(app: ASGIApp, settings: Settings) -> uvicorn.Server:
    """Uvicorn, set up; `run` does the rest."""
    host, port = settings.address()
    limits = settings.limits
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=patient(limits.header_seconds + limits.body_seconds),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # `clients` reads them, from trusted proxies only
        server_header=False,
        limit_concurrency=max(1024, 4 * limits.concurrency),
        h11_max_incomplete_event_size=HEADER_BYTES,
        timeout_graceful_shutdown=int(settings.model.total_seconds) + GRACE_SECONDS,
    )
    return Announced(config)


class Announced(uvicorn.Server):
    """Says where it listens, once it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, as the base class does."""
        await super().startup(sockets)
        for server in self.servers:
            for each in server.sockets:
                host, port = each.getsockname()[:2]
                LOG.info("listening", extra={"told": {"host": host, "port": port}})


def patient(seconds: float) -> type[H11Protocol]:
    """The protocol that waits only so long for a whole request, head and body."""

    class Patient(H11Protocol):
        waiting: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self.wait()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.conn.their_state in ARRIVED:
                self.enough()
            elif self.waiting is None:
                self.wait()

        def connection_lost(self, exc: Exception | None) -> None:
            self.enough()
            super().connection_lost(exc)

        def wait(self) -> None:
            self.waiting = self.loop.call_later(seconds, self.transport.close)

        def enough(self) -> None:
            if self.waiting is not None:
                self.waiting.cancel()
            self.waiting = None

    return Patient

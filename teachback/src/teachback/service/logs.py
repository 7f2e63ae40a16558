"""Logs as lines of JSON, in which no learner's words and no key can stand.

Whatever any library logs passes through here: messages of others are cut to one line, exceptions
are told by their type and the lines of code they passed, never by their text, which may hold what
was sent; and the key is replaced wherever it should turn up all the same.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

SALT = secrets.token_bytes(16)
SHORTEST_KEY = 8  # characters
CHATTY = ("openai", "httpx2", "httpcore2", "asyncio", "uvicorn.access")


class Lines(logging.Formatter):
    """A record as a line of JSON."""

    def __init__(self, secret: str = "") -> None:
        super().__init__()
        long = len(secret) >= SHORTEST_KEY  # what is shorter would be found everywhere
        self.secrets = [secret, json.dumps(secret)[1:-1]] if long else []

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "event": self.event(record)}
        if record.name != "teachback":
            line["from"] = record.name
        line.update(getattr(record, "told", {}))
        if record.exc_info and record.exc_info[1]:
            line["error"] = raised(record.exc_info[1])
        return self.redacted(json.dumps(line, ensure_ascii=False, default=str))

    def event(self, record: logging.LogRecord) -> str:
        """The message; of others' records the first line."""
        return record.getMessage().split("\n", 1)[0][:200]

    def redacted(self, text: str) -> str:
        """The text without the key."""
        for secret in self.secrets:
            text = text.replace(secret, "[key]")
        return text


def raised(error: BaseException) -> str:
    """An exception's type and where it passed; never its text."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in frames]
    return f"{type(error).__name__} at {' < '.join(reversed(places))}"


def set_up(secret: str = "", stream: TextIO | None = None) -> logging.Handler:
    """Send all logs through `Lines`; libraries that tell what is sent are kept quiet."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines(secret))
    root = logging.getLogger()
    for other in list(root.handlers):
        root.removeHandler(other)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in CHATTY:  # after the import of `openai`, which may turn itself on
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    return handler


def pseudonym(client: str) -> str:
    """A client in the log: the same through the life of this process, and nobody's address."""
    return hashlib.blake2b(client.encode(), key=SALT, digest_size=6).hexdigest()

"""Results of the last minutes, so that the same explanation sent twice is asked about once.

They stay in memory, under hashes that nobody can compute without this process's secret.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

from ..result import Result


class Recent:
    """A few results for a short time."""

    def __init__(
        self, seconds: float, entries: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.seconds, self.entries, self.clock = seconds, entries, clock
        self.salt = secrets.token_bytes(32)
        self.kept: OrderedDict[bytes, tuple[float, Result]] = OrderedDict()

    def key(self, *parts: str) -> bytes:
        """What a result is kept under: a keyed hash of all it depends on."""
        text = "\0".join(f"{len(part)}:{part}" for part in parts)
        return hashlib.blake2b(text.encode(), key=self.salt, digest_size=32).digest()

    def get(self, key: bytes) -> Result | None:
        """A result that is not too old."""
        self.sweep()
        found = self.kept.get(key)
        return found[1] if found else None

    def put(self, key: bytes, result: Result) -> None:
        """Keep a result; the oldest goes if there are too many."""
        self.kept.pop(key, None)
        self.kept[key] = self.clock() + self.seconds, result
        self.sweep()

    def sweep(self) -> None:
        """Let go of what is too old or too much; the oldest stand first."""
        while self.kept:
            oldest = next(iter(self.kept))
            if len(self.kept) <= self.entries and self.kept[oldest][0] > self.clock():
                return
            del self.kept[oldest]

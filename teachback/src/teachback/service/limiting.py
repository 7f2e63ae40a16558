"""What one client may ask for in a minute or an hour, and how many are served at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil

from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter

from .problems import ProblemError
from .settings import LimitSettings

BUSY_SECONDS = 5


class Limiter:
    """Counts requests.

    A sliding window of two counters for each client: a list of every request would be exact, but
    `limits` sweeps those lists through a thread for each client on each request.
    """

    def __init__(self, settings: LimitSettings) -> None:
        self.rates = [parse(each) for each in settings.per_client]
        self.window = SlidingWindowCounterRateLimiter(MemoryStorage())
        self.most, self.active = settings.concurrency, 0

    async def count(self, client: str) -> None:
        """Count a request. Raises `ProblemError` if it is one too many."""
        for rate in self.rates:
            if not await self.window.hit(rate, client):
                stats = await self.window.get_window_stats(rate, client)
                # subtle: where a new window begins the old one still weighs in full
                wait = stats.reset_time - time.time() + rate.get_expiry() / rate.amount
                raise ProblemError(
                    "rate_limited",
                    f"expected at most {rate}; try again later, or use the checklist",
                    retry_after=max(1, ceil(wait)),
                )

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place among those served at a time. Raises `ProblemError` if all are taken."""
        if self.active >= self.most:
            raise ProblemError(
                "overloaded", "too many explanations at once", retry_after=BUSY_SECONDS
            )
        self.active += 1
        try:
            yield
        finally:
            self.active -= 1

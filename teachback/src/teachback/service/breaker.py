"""A circuit breaker: after failures in a row an endpoint is left alone, then tried by one."""

from __future__ import annotations

import time
from collections.abc import Callable


class Breaker:
    """Closed lets everyone through, open nobody, half open one."""

    def __init__(
        self, failures: int, rest_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.most, self.rest, self.clock = failures, rest_seconds, clock
        self.failed = 0
        self.opened: float | None = None
        self.trying = False

    @property
    def state(self) -> str:
        """`closed`, `open`, or `half open`."""
        if self.opened is None:
            return "closed"
        return "open" if self.clock() < self.opened + self.rest else "half open"

    def enter(self) -> bool:
        """Whether the endpoint may be asked now. Who may must say how it went."""
        if self.state == "closed":
            return True
        if self.state == "open" or self.trying:
            return False
        self.trying = True
        return True

    def succeeded(self) -> None:
        """The endpoint answered."""
        self.failed, self.opened, self.trying = 0, None, False

    def failure(self) -> None:
        """The endpoint did not answer, or told an error of its own."""
        self.failed += 1
        self.trying = False
        if self.failed >= self.most or self.opened is not None:
            self.opened = self.clock()

    def gave_up(self) -> None:
        """Nothing was learnt about the endpoint: the caller left before it answered."""
        self.trying = False

"""The daily ceiling on tokens, counted in an SQLite file so that a restart forgets nothing.

Tokens are set aside before a call and settled after it, so that calls side by side cannot spend
the same ones twice. What a process that died had set aside stays counted: it may have been billed.
Several processes may share a file.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

DAY = 86_400


class Ceiling:
    """Tokens left today (days are UTC). Raises `sqlite3.Error` if the file cannot be used."""

    def __init__(
        self, file: Path | str, per_day: int, clock: Callable[[], float] = time.time
    ) -> None:
        self.per_day, self.clock = per_day, clock
        self.db = sqlite3.connect(file, timeout=1, isolation_level=None, check_same_thread=False)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = NORMAL")
        self.db.execute(
            "CREATE TABLE IF NOT EXISTS spent (day INTEGER PRIMARY KEY, tokens INTEGER)"
        )

    def reserve(self, tokens: int) -> int | None:
        """Set tokens aside; returns the day they count for, or None if too few are left."""
        day = self.today()
        with self.db:
            self.db.execute("INSERT OR IGNORE INTO spent VALUES (?, 0)", (day,))
            done = self.db.execute(
                "UPDATE spent SET tokens = tokens + ? WHERE day = ? AND tokens + ? <= ?",
                (tokens, day, tokens, self.per_day),
            )
        return day if done.rowcount else None

    def settle(self, day: int, reserved: int, used: int) -> None:
        """Count what a call used in place of what was set aside for it."""
        self.db.execute(
            "UPDATE spent SET tokens = max(0, tokens + ?) WHERE day = ?", (used - reserved, day)
        )

    def spent(self) -> int:
        """Tokens of today, those set aside included."""
        row = self.db.execute("SELECT tokens FROM spent WHERE day = ?", (self.today(),)).fetchone()
        return row[0] if row else 0

    def today(self) -> int:
        """The day, counted from 1970."""
        return int(self.clock() // DAY)

    def seconds_left(self) -> int:
        """Until the next day begins."""
        return int(DAY - self.clock() % DAY) + 1

    def close(self) -> None:
        """Close the file."""
        self.db.close()

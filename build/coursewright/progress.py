"""Bars for work that takes its time: on a terminal, after a second; in a log there is none."""

import threading
from collections.abc import Iterable
from typing import Any, TypeVar

from tqdm import tqdm

Item = TypeVar("Item")
# Work that is done within a second needs no bar; `disable=None` leaves it out where no one looks.
LOOK: dict[str, Any] = {"delay": 1.0, "leave": False, "disable": None, "dynamic_ncols": True}


class Bar(tqdm):  # type: ignore[type-arg] # it is generic for type checkers only
    """A bar whose lock is of this process: tqdm's own is left behind by one that is ended."""

    _lock = threading.RLock()


def told(items: Iterable[Item], doing: str, count: int | None = None) -> Iterable[Item]:
    """The items, while a bar says how many of them are done; `count` is for those of no length."""
    return Bar(items, doing, count, **LOOK)


class Steps:
    """The bar of work that another program does, and tells step by step."""

    def __init__(self) -> None:
        self.bar: Bar | None = None

    def begin(self, doing: str, count: int) -> None:
        """So many steps are to be done."""
        self.bar = Bar(None, doing, count, **LOOK)

    def step(self) -> None:
        """One more is done."""
        if self.bar is not None:
            self.bar.update()

    def end(self) -> None:
        """No more is to be done."""
        if self.bar is not None:
            self.bar.close()
        self.bar = None

"""What every graph of results and their inputs needs, whatever its nodes hold."""

from __future__ import annotations

import threading
from typing import Any, ClassVar


class _Release(threading.local):
    """What a thread is letting go of; each thread has its own."""

    def __init__(self) -> None:
        self.queue: list[tuple[Any, ...]] = []  # inputs of nodes that are going away
        self.running = False


class Linked:
    """Something computed from `inputs`, which are things of the same kind."""

    __slots__ = ("inputs",)

    inputs: tuple[Any, ...]

    _release: ClassVar[_Release] = _Release()

    def __del__(self) -> None:
        """Let go of the inputs with a loop, however long the chain behind them is.

        Left to itself Python would free the inputs' inputs inside freeing the inputs, and so on:
        in a browser, 3,000 operations deep, that overflows the stack and ends the interpreter.
        """
        if not getattr(self, "inputs", ()):  # a leaf, or something whose construction failed
            return
        release = self._release
        release.queue.append(self.inputs)
        self.inputs = ()
        if release.running:
            return  # called from the loop below, which will come to it
        try:
            release.running = True
            while release.queue:
                # Nodes that only these inputs kept alive go now, and queue up theirs.
                release.queue.pop()
        finally:  # subtle: Ctrl-C may end the loop; what is left then goes with the next graph
            release.running = False

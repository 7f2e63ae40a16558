"""What every graph of results and their inputs needs, whatever its nodes hold."""

from __future__ import annotations

from typing import Any, ClassVar


class Linked:
    """Something computed from `inputs`, which are things of the same kind."""

    __slots__ = ("inputs",)

    inputs: tuple[Any, ...]

    _released: ClassVar[list[tuple[Any, ...]]] = []  # inputs of nodes that are going away

    def __del__(self) -> None:
        """Let go of the inputs with a loop, however long the chain behind them is.

        Left to itself Python would free the inputs' inputs inside freeing the inputs, and so on:
        in a browser, 3,000 operations deep, that overflows the stack and ends the interpreter.
        """
        if not self.inputs:
            return
        queue = self._released
        queue.append(self.inputs)
        self.inputs = ()
        if len(queue) > 1:
            return  # called from the loop below, which will come to it
        i = 0
        while i < len(queue):
            queue[i] = ()  # nodes that only these inputs kept alive go now, and queue up theirs
            i += 1
        queue.clear()

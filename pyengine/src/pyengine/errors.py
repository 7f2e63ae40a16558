"""The errors of the engine: one family, and every message in the same four parts.

A learner meets these messages more often than any page of documentation, so each says what was
expected (with named shapes and numbers), what came, where, and what to do about it.
"""

from collections.abc import Sequence


class EngineError(Exception):
    """Anything the engine refuses to do. Catch this one to catch them all.

    Args:
        where: the function or class that noticed, as the reader would call it.
        expected: what would have been right, with named shapes and numbers.
        got: what came instead.
        fix: what to do about it, as one sentence; may be empty.

    >>> print(EngineError("SGD", "a learning rate of at least 0", "-0.1", "Drop the minus sign."))
    SGD: expected a learning rate of at least 0; got -0.1. Drop the minus sign.
    """

    def __init__(self, where: str, expected: str, got: str, fix: str = "") -> None:
        # All four stay in `args`, so the error survives pickling (workers send it to the page).
        super().__init__(where, expected, got, fix)

    def __str__(self) -> str:
        where, expected, got, fix = self.args
        return f"{where}: expected {expected}; got {got}. {fix}".rstrip()


class EngineTypeError(EngineError, TypeError):
    """A thing of the wrong kind: text where a number belongs, floats where token ids belong."""


class EngineValueError(EngineError, ValueError):
    """A thing of the right kind whose value cannot be used: log of 0, a rate below 0."""


class ShapeError(EngineValueError):
    """An array whose shape does not fit."""


def named_shape(names: Sequence[str], shape: Sequence[int]) -> str:
    """Write a shape with the names of its dimensions.

    >>> named_shape(["N", "C"], (4, 10))
    '(N, C) = (4, 10)'
    >>> named_shape(["N"], (4,))
    '(N,) = (4,)'
    """
    comma = "," if len(names) == 1 else ""
    return f"({', '.join(names)}{comma}) = {tuple(shape)}"

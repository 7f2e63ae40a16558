"""Every kernel against NumPy before it is used: one that disagrees steps aside.

A compiler, a browser or a processor may be wrong in ways that no test here can foresee.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

import numpy as np

from pyengine import ops
from pyengine.kernels import _library
from pyengine.kernels._ops import KINDS
from pyengine.ops import Array

TOLERANCE = 1e-5  # of the largest number of a result


@cache
def kind_for(original: type[Any]) -> type[Any] | None:
    """The kernel that stands for an operation, checked; None if there is none to be trusted."""
    kind = KINDS.get(original)
    if kind is None or _library.load() is None:
        return None
    if agrees(original, kind):
        return kind
    logging.getLogger("pyengine").info("the kernel of %s steps aside", original.__name__)
    return None


def agrees(original: type[Any], kind: type[Any]) -> bool:
    """Whether both compute the same on a small case, forward and backward."""
    options, inputs = small_case(original)
    ours, theirs = kind(*options), original(*options)
    with np.errstate(all="ignore"):
        result, expected = ours.forward(*inputs), theirs.forward(*inputs)
        grad = np.cos(np.arange(expected.size, dtype=np.float32)).reshape(expected.shape)
        pairs = [(result, expected)]
        pairs += zip(ours.backward(grad), theirs.backward(grad), strict=True)
    return all(close(one, other) for one, other in pairs)


def close(one: Array, other: Array) -> bool:
    """Whether two results have the same shape and, within the tolerance, the same numbers."""
    if one.shape != other.shape:
        return False
    largest = max(float(np.abs(other).max(initial=0)), 1.0)
    return bool((np.abs(one - other) <= TOLERANCE * largest).all())  # False if any is nan


def small_case(original: type[Any]) -> tuple[tuple[Any, ...], list[Array]]:
    """Options and inputs of an operation, with rows left over whatever a kernel's step is."""

    def numbers(*shape: int) -> Array:
        waves: Array = np.sin(1.7 * np.arange(np.prod(shape), dtype=np.float32))
        return waves.reshape(shape)

    cases: dict[type[Any], tuple[tuple[Any, ...], list[Array]]] = {
        ops.Matmul: ((), [numbers(9, 5), numbers(5, 67)]),
        ops.Linear: ((), [numbers(11, 7), numbers(53, 7), numbers(53)]),
        ops.LayerNorm: ((), [numbers(3, 21), numbers(21), numbers(21)]),
        ops.TanhGELU: ((), [4 * numbers(37)]),
        ops.SelfAttention: ((2,), [numbers(2, 19, 18)]),
        ops.CrossEntropy: (([1, 0, 4],), [3 * numbers(3, 5)]),
        ops.Embedding: (([1, 0, 1],), [numbers(3, 5)]),
    }
    return cases[original]

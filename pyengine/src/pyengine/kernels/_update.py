"""Gradient norm, clipping and AdamW over all parameters, each in one call."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from pyengine.kernels._at import at
from pyengine.kernels._library import load
from pyengine.ops import Array

_FLOAT32 = np.dtype(np.float32)


def addresses(arrays: Sequence[Array]) -> Any:
    """Where the arrays stand, as C takes it."""
    return (ctypes.c_void_p * len(arrays))(*[at(each) for each in arrays])


def sizes(arrays: Sequence[Array]) -> Any:
    """How many numbers each has."""
    return (ctypes.c_ssize_t * len(arrays))(*[each.size for each in arrays])


def floats(numbers: Sequence[float]) -> Any:
    """Numbers as an array of float32 in C."""
    return (ctypes.c_float * len(numbers))(*numbers)


def suit(arrays: Sequence[Any]) -> bool:
    """Whether kernels can work on these where they stand."""
    return all(
        isinstance(each, np.ndarray)
        and each.dtype == _FLOAT32
        and each.size
        and each.flags.carray  # contiguous, aligned, and may be written to
        for each in arrays
    )


class Updates:
    """Gradient norm, clipping and AdamW by the functions of a library; all work in place."""

    def __init__(self, library: Any) -> None:
        self.library = library

    def sum_of_squares(self, grads: Sequence[Array]) -> float:
        """Σ g², in 64 bits."""
        return float(self.library.sum_of_squares(len(grads), sizes(grads), addresses(grads)))

    def scale(self, grads: Sequence[Array], factor: float) -> None:
        """Multiply all gradients."""
        self.library.scale(len(grads), sizes(grads), addresses(grads), factor)

    def adamw(
        self,
        data: Sequence[Array],
        grads: Sequence[Array],
        memories: Sequence[SimpleNamespace],
        keep: Sequence[float],
        lr: float,
        betas: tuple[float, float],
        eps: float,
    ) -> None:
        """One step of AdamW; `keep` is what weight decay leaves of each parameter."""
        b1, b2 = betas
        averages = [memory.exp_avg for memory in memories]
        squares = [memory.exp_avg_sq for memory in memories]
        self.library.adamw(
            len(data),
            sizes(data),
            *map(addresses, (data, grads, averages, squares)),
            floats([b1, b2, 1 - b1, 1 - b2]),
            eps,
            floats(keep),
            floats([lr / (1 - b1**memory.step) for memory in memories]),
            floats([math.sqrt(1 - b2**memory.step) for memory in memories]),
        )


@cache
def updates() -> Updates | None:
    """What a library has, checked; None if there is none, or it disagrees with NumPy."""
    library = load()
    return Updates(library) if library is not None and agrees(Updates(library)) else None


def agrees(ours: Updates) -> bool:
    """Whether a second step from a small case is the one that AdamW's formulas give."""
    w, g, m, v = (np.sin(np.arange(1, 12) * k).astype(np.float32) for k in (1.1, 1.3, 1.7, 1.9))
    v *= v
    m2, v2 = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g * g
    expected = 0.5 * w - 0.1 / 0.19 * m2 / (np.sqrt(v2) / math.sqrt(1 - 0.99**2) + 1e-8)
    squares = float(np.square(g, dtype=np.float64).sum())
    memory = SimpleNamespace(step=2, exp_avg=m, exp_avg_sq=v)
    right = math.isclose(ours.sum_of_squares([g]), squares, rel_tol=1e-9)
    ours.adamw([w], [g], [memory], [0.5], 0.1, (0.9, 0.99), 1e-8)
    ours.scale([v], 2.0)
    pairs = (w, expected), (m, m2), (v, 2 * v2)
    return right and all(np.allclose(one, other, 1e-5, 1e-6) for one, other in pairs)

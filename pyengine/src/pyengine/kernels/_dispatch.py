"""Which computes: NumPy or a kernel. The one place where that is decided."""

from __future__ import annotations

import os
from contextvars import ContextVar
from typing import Any

import numpy as np

from pyengine.errors import EngineValueError
from pyengine.kernels import _library
from pyengine.kernels._check import kind_for
from pyengine.kernels._update import Updates, suit, updates
from pyengine.ops import Array, Op

CHOICES = ("auto", "numpy", "c")

# Builds set the variable beside OPENBLAS_NUM_THREADS, which is there for the same reason.
_first = os.environ.get("PYENGINE_KERNELS", "auto")
choice: ContextVar[str] = ContextVar("choice", default=_first if _first in CHOICES else "auto")

_FLOAT32 = np.dtype(np.float32)


def check_choice(which: str, where: str) -> None:
    """Raise unless it is one of the choices, and possible here."""
    if which not in CHOICES:
        raise EngineValueError(where, f"kernels to be one of {', '.join(CHOICES)}", repr(which))
    if which == "c" and _library.load() is None:
        fix = 'Choose "auto" to go on with NumPy.'
        raise EngineValueError(where, "kernels for this machine", _library.reason(), fix)


def for_parameters(arrays: list[Any]) -> Updates | None:
    """What works on all these arrays at once, in place; None if NumPy is to, one by one."""
    return updates() if arrays and choice.get() != "numpy" and suit(arrays) else None


def faster(op: Op, inputs: list[Array]) -> Op:
    """Return what computes an operation on these inputs: itself, or a kernel in its place."""
    if inputs[0].dtype != _FLOAT32 or choice.get() == "numpy":
        return op
    kind = kind_for(type(op))
    if kind is None or not all(each.dtype == _FLOAT32 and each.size for each in inputs):
        return op
    made: Op = object.__new__(kind)
    vars(made).update(vars(op))
    return made

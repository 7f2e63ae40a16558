"""Where arrays stand in memory, for functions in C."""

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray

_view: Any = ctypes.c_char.from_buffer
_address = ctypes.addressof


def at(array: NDArray[Any]) -> int:
    """The address of an array's first number.

    A kernel reads on from there, so the array must be contiguous; ValueError if it is not.
    """
    try:
        # subtle: several times faster than array.ctypes.data, and it counts: several per kernel.
        return _address(_view(array))
    except TypeError:  # it cannot be written to
        if not array.flags.c_contiguous:
            raise ValueError("kernels take contiguous arrays") from None
        return array.ctypes.data


def ready(array: NDArray[Any]) -> NDArray[Any]:
    """The array if its numbers stand side by side in memory and aligned; else a copy that does."""
    flags = array.flags
    return array if flags.c_contiguous and flags.aligned else np.array(array, order="C")

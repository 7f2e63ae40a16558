"""What an operation is, and what all of them share."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pyengine.errors import EngineTypeError, ShapeError

Array = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]


class Op(Protocol):
    """One differentiable operation, for one use: first `forward`, then `backward`.

    One with `fresh = True` says that its gradients are new arrays, which nothing else refers to:
    parameters then keep them as they are, and are not given copies.
    """

    def forward(self, *inputs: Any) -> Array:
        """Return the result; keep what `backward` needs."""

    def backward(self, grad: Array) -> tuple[Array, ...]:
        """From d loss / d result, return d loss / d input for each input, shaped like it."""


def unbroadcast(grad: Array, shape: tuple[int, ...]) -> Array:
    """Sum a gradient over what broadcasting repeated, so that it has the input's `shape` again.

    A number used in many places receives the sum of their gradients; broadcasting is such a use.

    >>> unbroadcast(np.ones((2, 3)), (3,))
    array([2., 2., 2.])
    >>> unbroadcast(np.ones((2, 3)), (2, 1))
    array([[3.],
           [3.]])
    """
    if grad.shape == shape:
        return grad
    added = grad.ndim - len(shape)
    stretched = [added + i for i, n in enumerate(shape) if n == 1 and grad.shape[added + i] != 1]
    total: Array = grad.sum(axis=(*range(added), *stretched), keepdims=True)
    return total.reshape(shape)


def as_array(numbers: ArrayLike, where: str) -> NDArray[Any]:
    """Return `numbers`, such as nested lists, as an array; raise if they do not form one.

    >>> as_array([[1, 2], [3, 4]], "Tensor").shape
    (2, 2)
    """
    try:
        return np.asarray(numbers)
    except ValueError:  # NumPy says "inhomogeneous shape", and where
        fix = "Give every row the same length."
        raise ShapeError(where, "rows of equal length", "rows of several lengths", fix) from None


def as_floats(numbers: ArrayLike, where: str) -> Array:
    """Return `numbers` as an array of floats: floats keep their precision, ints become float64.

    >>> as_floats([1, 2], "Tensor")
    array([1., 2.])
    """
    array = as_array(numbers, where)
    if array.dtype.kind == "f":
        return array
    if array.dtype.kind in "iu":
        return array.astype(np.float64)
    raise EngineTypeError(where, "real numbers", f"an array of {array.dtype}")


def check_broadcast(where: str, *shapes: tuple[int, ...]) -> None:
    """Raise unless shapes fit together: from the right, dimensions are equal, or one of them 1."""
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        expected = "shapes that broadcast (from the right, each dimension equal or 1)"
        raise ShapeError(where, expected, " and ".join(map(str, shapes))) from None


def check_dim(where: str, dim: int, shape: Sequence[int]) -> None:
    """Raise unless there is a dimension `dim`, counted from 0 or, below 0, from the end.

    >>> check_dim("sum", -1, (2, 3))  # the last: says nothing, there is one
    """
    if not isinstance(dim, (int, np.integer)):
        raise EngineTypeError(where, "dimensions that are ints", repr(dim))
    if not -len(shape) <= dim < len(shape):
        got = f"{len(shape)} dimensions, shape {tuple(shape)}"
        raise ShapeError(where, f"a dimension {dim}", got)


def check_rng(where: str, rng: object) -> None:
    """Raise unless `rng` is a generator to draw with."""
    if not isinstance(rng, np.random.Generator):
        fix = "Pass rng=numpy.random.default_rng(seed); nothing here draws from a global seed."
        raise EngineTypeError(where, "a numpy.random.Generator", type(rng).__name__, fix)


def index_text(place: Sequence[Any]) -> str:
    """Write a place in an array as NumPy would: [1, 2]."""
    return f"[{', '.join(str(int(i)) for i in place)}]"

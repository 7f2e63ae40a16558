"""Operations that move numbers without changing them; their gradients move back the same way."""

from typing import Any

import numpy as np

from pyengine.errors import EngineValueError, ShapeError
from pyengine.ops._op import Array, check_dim


class Reshape:
    """The same numbers, in the same order, in another shape; −1 stands for what is left.

    >>> op = Reshape((2, -1))
    >>> op.forward(np.zeros(6)).shape, op.backward(np.zeros((2, 3)))[0].shape
    ((2, 3), (6,))
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.new = shape

    def forward(self, x: Array) -> Array:
        """Return x in the new shape."""
        self.old = x.shape
        try:
            if min(self.new, default=0) < -1:  # NumPy would take it for −1
                raise ValueError
            return x.reshape(self.new)
        except (TypeError, ValueError):
            expected = f"a shape for {x.size} numbers, as in {x.shape}"
            raise ShapeError("reshape", expected, f"{self.new}") from None

    def backward(self, grad: Array) -> tuple[Array]:
        """Return the gradient in the old shape."""
        return (grad.reshape(self.old),)


class Permute:
    """The dimensions in another order: the new dimension i is the old dimension dims[i].

    >>> op = Permute((2, 0, 1))
    >>> op.forward(np.zeros((4, 5, 6))).shape, op.backward(np.zeros((6, 4, 5)))[0].shape
    ((6, 4, 5), (4, 5, 6))
    """

    def __init__(self, dims: tuple[int, ...]) -> None:
        self.dims = dims

    def forward(self, x: Array) -> Array:
        """Return x with its dimensions reordered."""
        for dim in self.dims:
            check_dim("permute", dim, x.shape)
        dims = [dim % x.ndim for dim in self.dims]
        if sorted(dims) != list(range(x.ndim)):
            expected = f"each of the {x.ndim} dimensions of shape {x.shape} once"
            raise ShapeError("permute", expected, f"{self.dims}")
        self.back = tuple(np.argsort(dims).tolist())
        return x.transpose(dims)

    def backward(self, grad: Array) -> tuple[Array]:
        """Return the gradient with the dimensions in their old order."""
        return (grad.transpose(self.back),)


class Index:
    """Some of the numbers: x[key], where the key is whatever NumPy takes.

    >>> op = Index([0, 0, 2])
    >>> op.forward(np.array([5.0, 6.0, 7.0])), op.backward(np.ones(3))  # place 0 was taken twice
    (array([5., 5., 7.]), (array([2., 0., 1.]),))
    """

    def __init__(self, key: Any) -> None:
        self.key = key

    def forward(self, x: Array) -> Array:
        """Return x[key]."""
        self.shape = x.shape
        try:
            return np.asarray(x[self.key])
        except IndexError as error:
            expected, got = f"a place within shape {x.shape}", f"[{self.key!r}]: {error}"
            raise EngineValueError("index", expected, got) from None

    def backward(self, grad: Array) -> tuple[Array]:
        """Return the gradient at the places taken, 0 elsewhere."""
        out = np.zeros(self.shape, grad.dtype)
        if picks_once(self.key):
            out[self.key] = grad
        else:  # subtle: a place taken twice gets both gradients, where `+=` would keep the last
            np.add.at(out, self.key, grad)
        return (out,)


def picks_once(key: Any) -> bool:
    """Whether a key names no place twice: it is made of whole numbers, slices, … and None."""
    parts = key if isinstance(key, tuple) else (key,)
    return all(
        part is None or part is Ellipsis or isinstance(part, (int, np.integer, slice))
        for part in parts
    )

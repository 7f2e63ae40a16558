"""Operations that make few numbers out of many: sum, mean, largest."""

import numpy as np

from pyengine.errors import ShapeError
from pyengine.ops._op import Array, check_dim

Dim = int | tuple[int, ...] | None  # None: all of them


class Reduction:
    """What the three below share: which dimensions go, and how a gradient gets them back."""

    def __init__(self, dim: Dim = None, keepdim: bool = False) -> None:
        self.dim, self.keepdim = dim, keepdim

    def check(self, x: Array) -> None:
        """Raise `ShapeError` unless x has the dimensions; keep what `backward` needs."""
        dims = range(x.ndim) if self.dim is None else np.atleast_1d(self.dim).tolist()
        for dim in dims:
            check_dim(type(self).__name__.lower(), dim, x.shape)
        self.axes = tuple(dim % x.ndim for dim in dims)
        if len(set(self.axes)) < len(self.axes):
            raise ShapeError(type(self).__name__.lower(), "each dimension once", f"{self.dim}")
        self.shape = x.shape
        self.count = int(np.prod([x.shape[axis] for axis in self.axes]))

    def at_least_one(self) -> None:
        """Raise `ShapeError` if a result has no numbers to be computed from."""
        if not self.count:
            where = type(self).__name__.lower()
            raise ShapeError(where, "at least one number", f"shape {self.shape}")

    def spread(self, array: Array) -> Array:
        """Give a result its lost dimensions back, as 1, so that it broadcasts over the input."""
        return array.reshape([1 if i in self.axes else n for i, n in enumerate(self.shape)])


class Sum(Reduction):
    """The sum along dimensions. Every number that went in gets the gradient of its sum.

    >>> op = Sum()
    >>> op.forward(np.array([1.0, 2.0, 3.0])), op.backward(np.array(1.0))
    (array(6.), (array([1., 1., 1.]),))
    """

    def forward(self, x: Array) -> Array:
        """Return the sum."""
        self.check(x)
        return np.asarray(x.sum(axis=self.axes, keepdims=self.keepdim))

    def backward(self, grad: Array) -> tuple[Array]:
        """Return the gradient, repeated."""
        return (np.broadcast_to(self.spread(grad), self.shape),)


class Mean(Reduction):
    """The mean along dimensions: a sum in which each number counts 1 / n.

    >>> op = Mean()
    >>> op.forward(np.array([1.0, 2.0])), op.backward(np.array(1.0))
    (array(1.5), (array([0.5, 0.5]),))
    """

    def forward(self, x: Array) -> Array:
        """Return the mean; raise if there is nothing to take it of."""
        self.check(x)
        self.at_least_one()
        return np.asarray(x.mean(axis=self.axes, keepdims=self.keepdim))

    def backward(self, grad: Array) -> tuple[Array]:
        """Return the gradient / n, repeated."""
        return (np.broadcast_to(self.spread(grad / self.count), self.shape),)


class Max(Reduction):
    """The largest number along dimensions. It alone gets the gradient; equal ones share it.

    >>> op = Max()
    >>> op.forward(np.array([1.0, 7.0, 7.0])), op.backward(np.array(1.0))
    (array(7.), (array([0. , 0.5, 0.5]),))
    """

    def forward(self, x: Array) -> Array:
        """Return the largest; raise if there is none."""
        self.check(x)
        self.at_least_one()
        out = np.asarray(x.max(axis=self.axes, keepdims=self.keepdim))
        winners = x == self.spread(out)
        self.shares = winners / winners.sum(axis=self.axes, keepdims=True)
        return out

    def backward(self, grad: Array) -> tuple[Array]:
        """Return the gradient at the largest, 0 elsewhere."""
        return ((self.shares * self.spread(grad)).astype(grad.dtype, copy=False),)

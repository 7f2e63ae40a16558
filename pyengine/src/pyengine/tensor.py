"""Backpropagation on arrays: `scalar.Value`, for many numbers at once.

A `Tensor` holds a NumPy array and remembers the operation and the tensors it was computed from.
`backward` (in `autograd.py`) walks that graph from the loss to the leaves, just as `Value.backward`
does; the local derivatives are the operations' own (`ops`: each forward and backward side by side).

    >>> w = Tensor([[1.0, 2.0]], requires_grad=True)
    >>> loss = ((w @ Tensor([[3.0], [4.0]])) ** 2).sum()  # (1·3 + 2·4)² = 121
    >>> loss.backward()
    >>> loss.item(), w.grad
    (121.0, array([[66., 88.]]))

Names and meanings are PyTorch's. Left out: devices, integer tensors (token ids are plain NumPy
arrays), and writing into a tensor in place. What else differs is listed under `Tensor`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from pyengine import ops
from pyengine.autograd import Node, quiet
from pyengine.errors import EngineTypeError, ShapeError
from pyengine.kernels._dispatch import faster
from pyengine.ops import Array, Op


class Tensor(Node):
    """An array of floats in a computation, and the gradient of the result with respect to it.

    Args:
        data: numbers, nested lists of them, or a float array, which is kept, and copied only
            with requires_grad. Ints become float64.
        requires_grad: whether this is something to train: a *leaf* that collects a gradient.
        label: a name for error messages, such as "transformer.wte.weight".

    After `loss.backward()`, `leaf.grad` is an array shaped like `data`: d loss / d leaf.

    Unlike PyTorch's, `max` returns the numbers alone also along a dimension (its `amax`); `T` swaps
    the last two dimensions, however many there are (its `mT`); arrays and lists take on the
    precision of the tensor they are combined with; a single number has no dimension 0 to be summed
    or normalized along; and `x += y` is `x = x + y`, a new tensor, refused for parameters.

    >>> x = Tensor([1.0, 2.0, 3.0], requires_grad=True)
    >>> (x * x).mean().backward()
    >>> x.grad.round(2)
    array([0.67, 1.33, 2.  ])
    """

    __slots__ = ()

    __array_ufunc__ = None  # lets `np.float64(2) * tensor` reach __rmul__ below

    # What it is.

    @property
    def ndim(self) -> int:
        """How many dimensions."""
        return self._data.ndim

    @property
    def size(self) -> int:
        """How many numbers."""
        return self._data.size

    def item(self) -> float:
        """Return the only number as a plain float; raise if there are more."""
        if self.size != 1:
            fix = "Reduce it first, as with .mean() or .sum()."
            raise ShapeError("item", "a tensor of one number", f"shape {self.shape}", fix)
        return float(self._data.reshape(-1)[0])

    def numpy(self) -> Array:
        """Return its array itself, not a copy."""
        return self._data

    def tolist(self) -> Any:
        """Return nested lists of plain floats."""
        return self._data.tolist()

    def detach(self) -> Tensor:
        """Return a tensor of the same numbers with no past: gradients stop there."""
        return Tensor(self._data)

    def __array__(self, *_: Any, **__: Any) -> Array:
        # What NumPy computed from it would have no gradient, and nobody would notice.
        fix = "Write tensor.data for its numbers."
        raise EngineTypeError("NumPy", "an array", "a Tensor", fix)

    def __len__(self) -> int:
        if not self.ndim:
            raise EngineTypeError("len", "a tensor with a dimension", "a single number")
        return len(self._data)

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def __float__(self) -> float:
        return self.item()

    def __bool__(self) -> bool:
        return bool(self.item())

    def __repr__(self) -> str:
        numbers = np.array2string(self._data, precision=4, separator=", ", prefix="Tensor(")
        made = f", op={type(self.op).__name__}" if self.op else ""
        wants = ", requires_grad=True" if self.requires_grad and not self.op else ""
        label = f", label={self.label!r}" if self.label else ""
        return f"Tensor({numbers}{made}{wants}{label})"

    # What can be computed with it. Plain numbers and arrays take part as constants.

    def __add__(self, other: Tensor | ArrayLike) -> Tensor:
        return run(ops.Add(), self, _like(other, self))

    def __sub__(self, other: Tensor | ArrayLike) -> Tensor:
        return run(ops.Sub(), self, _like(other, self))

    def __mul__(self, other: Tensor | ArrayLike) -> Tensor:
        return run(ops.Mul(), self, _like(other, self))

    def __truediv__(self, other: Tensor | ArrayLike) -> Tensor:
        return run(ops.Div(), self, _like(other, self))

    def __matmul__(self, other: Tensor | ArrayLike) -> Tensor:
        return run(ops.Matmul(), self, _like(other, self))

    def __radd__(self, other: ArrayLike) -> Tensor:
        return _like(other, self) + self

    def __rsub__(self, other: ArrayLike) -> Tensor:
        return _like(other, self) - self

    def __rmul__(self, other: ArrayLike) -> Tensor:
        return _like(other, self) * self

    def __rtruediv__(self, other: ArrayLike) -> Tensor:
        return _like(other, self) / self

    def __rmatmul__(self, other: ArrayLike) -> Tensor:
        return _like(other, self) @ self

    def __neg__(self) -> Tensor:
        return run(ops.Neg(), self)

    def __pow__(self, exponent: float) -> Tensor:
        if not isinstance(exponent, (int, float, np.integer, np.floating)):
            fix = "For a power that is itself a tensor, write (exponent * base.log()).exp()."
            raise EngineTypeError("**", "a plain number as exponent", type(exponent).__name__, fix)
        return run(ops.Pow(float(exponent)), self)

    def __rpow__(self, base: ArrayLike) -> Tensor:
        fix = "For a power with a tensor as exponent, write (exponent * math.log(base)).exp()."
        raise EngineTypeError("**", "a plain number as exponent", "Tensor", fix)

    # Without these Python would take w -= … for w = w - …, and w would be a parameter no more.

    def __iadd__(self, other: Tensor | ArrayLike) -> Tensor:
        return self._reassigned("+=") + other

    def __isub__(self, other: Tensor | ArrayLike) -> Tensor:
        return self._reassigned("-=") - other

    def __imul__(self, other: Tensor | ArrayLike) -> Tensor:
        return self._reassigned("*=") * other

    def __itruediv__(self, other: Tensor | ArrayLike) -> Tensor:
        return self._reassigned("/=") / other

    def __imatmul__(self, other: Tensor | ArrayLike) -> Tensor:
        return self._reassigned("@=") @ other

    def __ipow__(self, exponent: float) -> Tensor:
        return self._reassigned("**=") ** exponent

    def _reassigned(self, sign: str) -> Tensor:
        """Return itself, or raise if it is a parameter, which its name must not lose."""
        if self.requires_grad and self.is_leaf:
            expected, got = "a parameter to stay the same tensor", f"an assignment with {sign}"
            fix = f"To change its numbers, write tensor.data {sign} …"
            raise EngineTypeError("Tensor", expected, got, fix)
        return self

    def exp(self) -> Tensor:
        """Exponential, e to the power of each number."""
        return run(ops.Exp(), self)

    def log(self) -> Tensor:
        """Natural logarithm of each number."""
        return run(ops.Log(), self)

    def sqrt(self) -> Tensor:
        """Square root of each number."""
        return run(ops.Pow(0.5), self)

    def tanh(self) -> Tensor:
        """Hyperbolic tangent of each number, −1 … 1."""
        return run(ops.Tanh(), self)

    def sigmoid(self) -> Tensor:
        """Logistic function of each number, 0 … 1."""
        return run(ops.Sigmoid(), self)

    def relu(self) -> Tensor:
        """The larger of each number and 0."""
        return run(ops.ReLU(), self)

    def sum(self, dim: ops.Dim = None, keepdim: bool = False) -> Tensor:
        """Sum along `dim`: one dimension, several, or (None) all. `keepdim` keeps them as 1."""
        return run(ops.Sum(dim, keepdim), self)

    def mean(self, dim: ops.Dim = None, keepdim: bool = False) -> Tensor:
        """Mean along `dim`, as `sum`."""
        return run(ops.Mean(dim, keepdim), self)

    def max(self, dim: ops.Dim = None, keepdim: bool = False) -> Tensor:
        """Largest number along `dim`, as `sum`. Equal ones share the gradient."""
        return run(ops.Max(dim, keepdim), self)

    def reshape(self, *shape: int | Sequence[int]) -> Tensor:
        """The same numbers in another shape; one −1 stands for what is left.

        >>> Tensor(np.arange(6.0)).reshape(2, -1).shape
        (2, 3)
        """
        return run(ops.Reshape(_one_by_one(shape)), self)

    def permute(self, *dims: int | Sequence[int]) -> Tensor:
        """The dimensions in another order: new dimension i is old dimension dims[i]."""
        return run(ops.Permute(_one_by_one(dims)), self)

    def transpose(self, first: int, second: int) -> Tensor:
        """Two dimensions swapped.

        >>> Tensor(np.zeros((2, 3, 4))).transpose(-1, -2).shape
        (2, 4, 3)
        """
        dims = list(range(self.ndim))
        for dim in (first, second):
            ops.check_dim("transpose", dim, self.shape)
        dims[first], dims[second] = dims[second], dims[first]
        return self.permute(*dims)

    @property
    def T(self) -> Tensor:
        """The last two dimensions swapped: a matrix transposed, or a batch of them."""
        return self.transpose(-1, -2)

    def __getitem__(self, key: Any) -> Tensor:
        return run(ops.Index(key), self)

    def __setitem__(self, key: Any, value: Any) -> None:
        fix = "Compute a new tensor; or, if no gradient is wanted, assign tensor.data a new array."
        expected = "results that are never overwritten, since backward may need them"
        raise EngineTypeError("Tensor", expected, "an assignment to tensor[...]", fix)


def run(op: Op, *inputs: Tensor) -> Tensor:
    """Apply an operation to tensors, and record it if there is anything to train.

    This is all it takes to make an operation of your own part of a graph:

    >>> class Double:
    ...     def forward(self, x):
    ...         return 2 * x
    ...
    ...     def backward(self, grad):
    ...         return (2 * grad,)
    >>> x = Tensor([3.0], requires_grad=True)
    >>> run(Double(), x).backward()
    >>> x.grad
    array([2.])
    """
    for each in inputs:
        if not isinstance(each, Tensor):
            where, got = type(op).__name__, type(each).__name__
            raise EngineTypeError(where, "a Tensor", got, "Write Tensor(x).")
    arrays = [each._data for each in inputs]
    op = faster(op, arrays)
    with quiet():
        out = Tensor(op.forward(*arrays))
    out.record(op, inputs)
    return out


def _one_by_one(sizes: tuple[Any, ...]) -> tuple[int, ...]:
    """Return what was given as (2, 3) or, as PyTorch also allows, as one tuple or list."""
    return tuple(sizes[0]) if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)) else sizes


def _like(other: Tensor | ArrayLike, tensor: Tensor) -> Tensor:
    """Return plain numbers as a constant in the tensor's own precision; a Tensor as it is."""
    if isinstance(other, Tensor):
        return other
    return Tensor(ops.as_floats(other, "Tensor").astype(tensor.dtype, copy=False))

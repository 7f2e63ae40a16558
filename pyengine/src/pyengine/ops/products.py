"""Matrix products: where nearly all of a model's arithmetic is.

In shapes, `…` stands for any leading dimensions, M rows, K what is summed over, N columns.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pyengine.errors import EngineTypeError, EngineValueError, ShapeError
from pyengine.ops._op import Array, as_array, check_broadcast, index_text, unbroadcast


class Matmul:
    """Matrix product a @ b: (…, M, K) @ (…, K, N) → (…, M, N); the leading dimensions broadcast.

    >>> op = Matmul()
    >>> op.forward(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]))  # 1·3 + 2·4
    array([[11.]])
    >>> to_a, to_b = op.backward(np.array([[1.0]]))
    >>> to_a, to_b
    (array([[3., 4.]]), array([[1.],
           [2.]]))
    """

    def forward(self, a: Array, b: Array) -> Array:
        """Return a @ b."""
        if a.ndim < 2 or b.ndim < 2:
            fix = "Give a vector a dimension of 1: x.reshape(1, -1) is a row."
            expected = "matrices (…, M, K) and (…, K, N)"
            raise ShapeError("matmul", expected, f"shapes {a.shape} and {b.shape}", fix)
        if a.shape[-1] != b.shape[-2]:
            expected = f"(…, K, N) with K = {a.shape[-1]}, since the left is {a.shape}"
            raise ShapeError("matmul", expected, f"{b.shape}")
        check_broadcast("matmul", a.shape[:-2], b.shape[:-2])
        self.a, self.b = a, b
        return a @ b

    def backward(self, grad: Array) -> tuple[Array, Array]:
        """Return (grad @ bᵀ, aᵀ @ grad): what shapes allow, the chain rule demands."""
        to_a = grad @ self.b.swapaxes(-1, -2)
        to_b = self.a.swapaxes(-1, -2) @ grad
        return unbroadcast(to_a, self.a.shape), unbroadcast(to_b, self.b.shape)


class Linear:
    """A layer of weights, x Wᵀ + b: (…, K) → (…, N), with W stored (N, K) as PyTorch does.

    >>> op = Linear()
    >>> op.forward(np.array([[1.0, 2.0]]), np.array([[3.0, 4.0]]), np.array([5.0]))  # 1·3 + 2·4 + 5
    array([[16.]])
    >>> to_x, to_weight, to_bias = op.backward(np.array([[1.0]]))
    >>> to_x, to_weight, to_bias
    (array([[3., 4.]]), array([[1., 2.]]), array([1.]))
    """

    fresh = True

    def forward(self, x: Array, weight: Array, bias: Array | None = None) -> Array:
        """Return x Wᵀ, plus b if there is one."""
        check_linear(x, weight, bias)
        self.x, self.weight, self.has_bias = x, weight, bias is not None
        rows = x.reshape(-1, x.shape[-1])  # (M, K): one product for all leading dimensions
        out = rows @ weight.T  # (M, N)
        if bias is not None:
            out += bias
        return out.reshape(*x.shape[:-1], len(weight))

    def backward(self, grad: Array) -> tuple[Array, ...]:
        """Return gradients for x: grad W, for W: gradᵀ x summed over all rows, and for b."""
        rows = grad.reshape(-1, grad.shape[-1])  # (M, N)
        to_x = (rows @ self.weight).reshape(self.x.shape)
        to_weight = rows.T @ self.x.reshape(-1, self.x.shape[-1])  # (N, K)
        return (to_x, to_weight, rows.sum(axis=0)) if self.has_bias else (to_x, to_weight)


class Embedding:
    """Rows of a table: ids (…) and weight (V, C) → (…, C). A matrix product with one-hot rows.

    >>> Embedding([2, 0]).forward(np.array([[0.0, 0.1], [1.0, 1.1], [2.0, 2.1]]))
    array([[2. , 2.1],
           [0. , 0.1]])
    """

    fresh = True

    def __init__(self, ids: ArrayLike) -> None:
        self.ids = as_array(ids, "embedding").copy()  # the next batch may be put in its place

    def forward(self, weight: Array) -> Array:
        """Return the row of `weight` for every id."""
        if weight.ndim != 2:
            raise ShapeError("embedding", "a weight of shape (V, C)", f"shape {weight.shape}")
        check_ids(self.ids, len(weight))
        self.shape = weight.shape
        rows: Array = weight[self.ids]
        return rows

    def backward(self, grad: Array) -> tuple[Array]:
        """Return, for every row of the table, the sum of the gradients of its uses."""
        ids = self.ids.reshape(-1)
        rows = grad.reshape(len(ids), self.shape[1])  # (M, C)
        out = np.zeros(self.shape, grad.dtype)
        if len(ids):
            order = np.argsort(ids, kind="stable")  # equal ids side by side, to be summed in one go
            found, starts = np.unique(ids[order], return_index=True)
            out[found] = np.add.reduceat(rows[order], starts, axis=0)
        return (out,)


def check_linear(x: Array, weight: Array, bias: Array | None) -> None:
    """Raise `ShapeError` unless x, weight and bias go together."""
    if weight.ndim != 2 or not weight.size:
        raise ShapeError("linear", "a weight of shape (N, K), not empty", f"shape {weight.shape}")
    n, k = weight.shape
    if not x.ndim or x.shape[-1] != k:
        expected = f"x of shape (…, K) with K = {k}, since the weight is (N, K) = {(n, k)}"
        raise ShapeError("linear", expected, f"shape {x.shape}")
    if bias is not None and bias.shape != (n,):
        expected = f"a bias of shape (N,) = {(n,)}"
        raise ShapeError("linear", expected, f"shape {bias.shape}")


def check_ids(ids: NDArray[Any], rows: int) -> None:
    """Raise unless ids are integers that name rows of the table."""
    if ids.dtype.kind not in "iu":
        fix = "Encode text with a tokenizer first."
        raise EngineTypeError("embedding", "ids that are integers", f"{ids.dtype}", fix)
    wrong = (ids < 0) | (ids >= rows)
    if wrong.any():
        place = np.argwhere(wrong)[0]
        at = f" at {index_text(place)}" if len(place) else ""
        expected = f"ids from 0 to V − 1 = {rows - 1}"
        fix = "Is the text encoded by the tokenizer the model was built for?"
        raise EngineValueError("embedding", expected, f"{ids[tuple(place)]}{at}", fix)

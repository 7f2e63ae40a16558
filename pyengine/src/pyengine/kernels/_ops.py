"""The operations as calls of C functions. What they compute is said by those they stand for.

Each takes float32 arrays, not empty (`kernels.faster` sees to that), raises what its original
raises, and falls back on it for cases that no kernel is made for.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from pyengine import ops
from pyengine.kernels import _library
from pyengine.kernels._at import at, ready
from pyengine.ops import Array
from pyengine.ops.layers import check_layer_norm, check_self_attention
from pyengine.ops.probabilities import check_targets
from pyengine.ops.products import check_linear

FLOAT32 = np.float32


def lib() -> Any:
    """The library's functions; only called where there is one."""
    return _library.load()


class Kernel:
    """What all of them are, beside the operation they stand for."""

    checked = True  # by `_check`; autograd need not look at their gradients' shapes again


class Matmul(ops.Matmul, Kernel):
    """`ops.Matmul` of two matrices; batches of them are NumPy's."""

    def forward(self, a: Array, b: Array) -> Array:
        """Return a @ b."""
        self.plain = a.ndim == b.ndim == 2 and a.shape[1] == b.shape[0]
        if not self.plain:
            return super().forward(a, b)
        self.a, self.b = ready(a), ready(b)
        (m, k), n = a.shape, b.shape[1]
        return product(self.a, False, self.b, False, m, n, k)

    def backward(self, grad: Array) -> tuple[Array, Array]:
        """Return (grad @ bᵀ, aᵀ @ grad)."""
        if not self.plain:
            return super().backward(grad)
        grad, (m, k), n = ready(grad), self.a.shape, self.b.shape[1]
        to_a = product(grad, False, self.b, True, m, k, n)
        return to_a, product(self.a, True, grad, False, k, n, m)


def product(a: Array, a_turned: bool, b: Array, b_turned: bool, m: int, n: int, k: int) -> Array:
    """Return (m, n) = a b, summed over k; a factor that is `turned` stands transposed in memory."""
    out = np.empty((m, n), FLOAT32)
    left, right = (at(a), a.shape[1], a_turned), (at(b), b.shape[1], b_turned)
    lib().matmul(m, n, k, *left, *right, at(out), n, None)
    return out


class Linear(ops.Linear, Kernel):
    """`ops.Linear`."""

    def forward(self, x: Array, weight: Array, bias: Array | None = None) -> Array:
        """Return x Wᵀ, plus b if there is one."""
        check_linear(x, weight, bias)
        self.x, self.weight, self.has_bias = ready(x), ready(weight), bias is not None
        n, k = weight.shape
        out = np.empty((*x.shape[:-1], n), FLOAT32)
        start = None if bias is None else at(ready(bias))
        lib().linear(x.size // k, n, k, at(self.x), at(self.weight), start, at(out))
        return out

    def backward(self, grad: Array) -> tuple[Array, ...]:
        """Return gradients for x, W, and b."""
        grad, (n, k) = ready(grad), self.weight.shape
        to_x, to_weight = np.empty_like(self.x), np.empty_like(self.weight)
        to_bias = np.empty(n, FLOAT32) if self.has_bias else None
        given = at(self.x), at(self.weight), at(grad)
        made = at(to_x), at(to_weight), None if to_bias is None else at(to_bias)
        lib().linear_backward(self.x.size // k, n, k, *given, *made)
        return (to_x, to_weight) if to_bias is None else (to_x, to_weight, to_bias)


NARROWEST = 8  # numbers in a row; of fewer, subtracting mean and row can leave rounding alone


class LayerNorm(ops.LayerNorm, Kernel):
    """`ops.LayerNorm`; of the rows it keeps mean and scale alone. Narrow rows are NumPy's."""

    def forward(self, x: Array, weight: Array, bias: Array | None = None) -> Array:
        """Return normalized rows."""
        check_layer_norm(x, weight, bias)
        if len(weight) < NARROWEST:
            return super().forward(x, weight, bias)
        self.x, self.weight, self.has_bias = ready(x), ready(weight), bias is not None
        n = len(weight)
        out, self.stats = np.empty_like(self.x), np.empty((x.size // n, 2), FLOAT32)
        shift = None if bias is None else at(ready(bias))
        given = at(self.x), at(self.weight), shift
        lib().layer_norm(x.size // n, n, self.eps, *given, at(out), at(self.stats))
        return out

    def backward(self, grad: Array) -> tuple[Array, ...]:
        """Return gradients for x, weight and bias."""
        if len(self.weight) < NARROWEST:
            return super().backward(grad)
        grad, n = ready(grad), len(self.weight)
        to_x, to_weight = np.empty_like(self.x), np.empty_like(self.weight)
        to_bias = np.empty_like(self.weight) if self.has_bias else None
        given = at(self.x), at(self.weight), at(self.stats), at(grad)
        made = at(to_x), at(to_weight), None if to_bias is None else at(to_bias)
        lib().layer_norm_backward(self.x.size // n, n, *given, 0, *made)
        return (to_x, to_weight) if to_bias is None else (to_x, to_weight, to_bias)


class TanhGELU(ops.TanhGELU, Kernel):
    """`ops.TanhGELU`."""

    def forward(self, x: Array) -> Array:
        """Return x (1 + tanh u) / 2."""
        self.x = ready(x)
        out = np.empty_like(self.x)
        lib().gelu(out.size, at(self.x), at(out))
        return out

    def backward(self, grad: Array) -> tuple[Array]:
        """Return its slope × grad."""
        grad, out = ready(grad), np.empty_like(self.x)
        lib().gelu_backward(out.size, at(self.x), at(grad), at(out))
        return (out,)


class SelfAttention(ops.SelfAttention, Kernel):
    """`ops.SelfAttention` without dropout; with it, NumPy's."""

    def forward(self, qkv: Array) -> Array:
        """From (B, T, 3C) return (B, T, C)."""
        check_self_attention(qkv, self.n_head)
        self.fused = not (self.dropout and self.rng is not None)
        if not self.fused:
            return super().forward(qkv)
        B, T, C = qkv.shape[0], qkv.shape[1], qkv.shape[2] // 3
        self.qkv, self.sizes = ready(qkv), (B, T, self.n_head, C // self.n_head)
        self.p = np.empty((B, self.n_head, T, T), FLOAT32)
        out = np.empty((B, T, C), FLOAT32)
        lib().attention(*self.sizes, at(self.qkv), at(self.p), at(out))
        return out

    def backward(self, grad: Array) -> tuple[Array]:
        """Return the gradient for qkv."""
        if not self.fused:
            return super().backward(grad)
        grad, to_qkv = ready(grad), np.empty_like(self.qkv)
        work = np.empty(self.p.shape[-2:], FLOAT32)
        given = at(self.qkv), at(self.p), at(grad)
        lib().attention_backward(*self.sizes, *given, at(work), at(to_qkv))
        return (to_qkv,)


class CrossEntropy(ops.CrossEntropy, Kernel):
    """`ops.CrossEntropy`."""

    def forward(self, x: Array) -> Array:
        """Return the mean loss in nats."""
        check_targets(self.targets, x)
        x, self.shape = ready(x), x.shape
        rows, n = x.size // x.shape[-1], x.shape[-1]
        self.ids = np.ascontiguousarray(self.targets, np.int64)
        self.p, loss = np.empty((rows, n), FLOAT32), np.empty((), FLOAT32)
        wrong = lib().cross_entropy(rows, n, at(x), at(self.ids), at(self.p), at(loss))
        if wrong >= 0:
            return ops.CrossEntropy(self.targets).forward(x)  # which explains what is wrong
        return loss

    def backward(self, grad: Array) -> tuple[Array]:
        """Return (p − one-hot(target)) × grad / N."""
        rows, n = self.p.shape
        out = np.empty_like(self.p)
        lib().cross_entropy_backward(rows, n, at(self.p), at(self.ids), float(grad), at(out))
        return (out.reshape(self.shape),)


class Embedding(ops.Embedding, Kernel):
    """`ops.Embedding`: looking up is NumPy's, adding up gradients the kernel's."""

    def backward(self, grad: Array) -> tuple[Array]:
        """Return, for every row of the table, the sum of the gradients of its uses."""
        if not self.ids.size:
            return super().backward(grad)
        grad, ids = ready(grad), np.ascontiguousarray(self.ids, np.int64)
        v, n = self.shape
        out = np.empty((v, n), FLOAT32)
        lib().embedding_backward(ids.size, n, v, at(ids), at(grad), at(out))
        return (out,)


ALL: tuple[type[Any], ...] = (Matmul, Linear, LayerNorm, TanhGELU)
ALL += (SelfAttention, CrossEntropy, Embedding)
KINDS: dict[type[Any], type[Any]] = {cast("type[Any]", kind.__base__): kind for kind in ALL}

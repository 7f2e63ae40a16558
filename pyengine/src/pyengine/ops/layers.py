"""Layer normalization, dropout and attention: one operation each, derived by hand.

They could be composed of smaller ones; as one they keep fewer arrays, and their gradients are
worth seeing.
"""

import math

import numpy as np

from pyengine.errors import EngineValueError, ShapeError, named_shape
from pyengine.ops._op import Array, check_rng, unbroadcast


class LayerNorm:
    """Shift and scale each row to mean 0 and variance 1, then by learned weight and bias.

    Source: Ba, Kiros & Hinton (2016), arXiv:1607.06450. Rows run along the last dimension, C.

    >>> op = LayerNorm()
    >>> op.forward(np.array([[1.0, 2.0, 3.0]]), np.ones(3), np.zeros(3)).round(3)
    array([[-1.225,  0.   ,  1.225]])
    """

    def __init__(self, eps: float = 1e-5) -> None:
        self.eps = eps  # keeps a row of equal numbers from a division by 0

    def forward(self, x: Array, weight: Array, bias: Array | None = None) -> Array:
        """Return normalized rows, shaped like x (…, C); weight and bias have shape (C,)."""
        check_layer_norm(x, weight, bias)
        centred = x - x.mean(axis=-1, keepdims=True)
        variance = (centred * centred).mean(axis=-1, keepdims=True)  # divided by C, not C − 1
        self.scale = 1 / np.sqrt(variance + self.eps)  # (…, 1)
        self.normal = centred * self.scale
        self.weight, self.has_bias = weight, bias is not None
        out: Array = self.normal * weight
        return out if bias is None else out + bias

    def backward(self, grad: Array) -> tuple[Array, ...]:
        """Return gradients for x, weight and bias.

        Shifting or stretching a whole row changes nothing, so its gradient has no part in the
        direction of (1, …, 1), nor in that of the row itself: both are subtracted.
        """
        to_normal = grad * self.weight
        along_ones = to_normal.mean(axis=-1, keepdims=True)
        along_row = (to_normal * self.normal).mean(axis=-1, keepdims=True)
        to_x = self.scale * (to_normal - along_ones - self.normal * along_row)
        to_weight = unbroadcast(grad * self.normal, self.weight.shape)
        if not self.has_bias:
            return to_x, to_weight
        return to_x, to_weight, unbroadcast(grad, self.weight.shape)


class Dropout:
    """Set each number to 0 with probability p, and divide the others by 1 − p to make up for it.

    Source: Srivastava et al., JMLR 15 (2014), "inverted" as everywhere today.

    >>> op = Dropout(0.5, np.random.default_rng(0))
    >>> op.forward(np.ones(4)), op.backward(np.ones(4))
    (array([2., 2., 2., 0.]), (array([2., 2., 2., 0.]),))
    """

    def __init__(self, p: float, rng: np.random.Generator) -> None:
        check_dropout(p, rng)
        self.p, self.rng = p, rng

    def forward(self, x: Array) -> Array:
        """Return x with some numbers dropped."""
        self.keep = dropout_mask(x, self.p, self.rng)
        return x * self.keep

    def backward(self, grad: Array) -> tuple[Array]:
        """Return the gradient with the same numbers dropped."""
        return (grad * self.keep,)


class Attention:
    """Scaled dot-product attention: softmax(q kᵀ / √D) v.

    Each of the T positions asks (q) every position it may see (k), and takes the average of what
    they offer (v), weighted by how well question and key fit. With `causal`, a position sees
    itself and what came before: the next token must not leak.

    Source: Vaswani et al. (2017), arXiv:1706.03762, section 3.2.1.

    >>> q = k = np.zeros((2, 4))  # nothing fits better than anything else:
    >>> Attention().forward(q, k, np.array([[1.0], [3.0]]))  # an average over what is visible
    array([[1.],
           [2.]])
    """

    p: Array  # (…, T, S) the weights: row t says where position t looked

    def __init__(
        self, causal: bool = True, dropout: float = 0.0, rng: np.random.Generator | None = None
    ) -> None:
        if rng is not None:
            check_dropout(dropout, rng)
        self.causal, self.dropout, self.rng = causal, dropout, rng

    def forward(self, q: Array, k: Array, v: Array) -> Array:
        """From q (…, T, D), k (…, S, D) and v (…, S, E) return (…, T, E)."""
        check_attention(q, k, v, self.causal)
        self.q, self.k, self.v = q, k, v
        self.root = 1 / math.sqrt(q.shape[-1])
        scores = (q @ k.swapaxes(-1, -2)) * q.dtype.type(self.root)  # (…, T, S)
        if self.causal:
            scores += future(scores)
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        self.p = scores
        self.keep = None
        if self.dropout and self.rng is not None:
            self.keep = dropout_mask(scores, self.dropout, self.rng)
        return self.kept() @ v

    def backward(self, grad: Array) -> tuple[Array, Array, Array]:
        """Return gradients for q, k and v: back through the average, the softmax, the scores."""
        to_v = self.kept().swapaxes(-1, -2) @ grad
        to_p = grad @ self.v.swapaxes(-1, -2)  # (…, T, S)
        if self.keep is not None:
            to_p *= self.keep
        average = (to_p * self.p).sum(axis=-1, keepdims=True)
        to_scores = self.p * (to_p - average) * self.p.dtype.type(self.root)
        to_q = to_scores @ self.k
        return to_q, to_scores.swapaxes(-1, -2) @ self.q, to_v

    def kept(self) -> Array:
        """Return the weights after dropout."""
        return self.p if self.keep is None else self.p * self.keep


class SelfAttention:
    """Causal attention of a sequence to itself, by several heads side by side.

    A row of the input holds what a position asks, offers and is found by, for all heads: q, k and
    v of width C each, cut into heads of width D = C / n_head. Each head is an `Attention`.

    >>> op = SelfAttention(n_head=1)
    >>> op.forward(np.array([[[0.0, 0.0, 1.0], [0.0, 0.0, 3.0]]]))  # q = k = 0, v = 1 and 3
    array([[[1.],
            [2.]]])
    """

    def __init__(
        self, n_head: int, dropout: float = 0.0, rng: np.random.Generator | None = None
    ) -> None:
        self.n_head, self.dropout, self.rng = n_head, dropout, rng

    def forward(self, qkv: Array) -> Array:
        """From (B, T, 3C) return (B, T, C)."""
        check_self_attention(qkv, self.n_head)
        B, T, C = qkv.shape[0], qkv.shape[1], qkv.shape[2] // 3
        self.shape = (B, T, 3, self.n_head, C // self.n_head)
        q, k, v = qkv.reshape(self.shape).transpose(2, 0, 3, 1, 4)  # each (B, H, T, D)
        self.heads = Attention(True, self.dropout, self.rng)
        y = self.heads.forward(q, k, v)  # (B, H, T, D)
        return y.transpose(0, 2, 1, 3).reshape(B, T, C)  # the heads' findings side by side

    def backward(self, grad: Array) -> tuple[Array]:
        """Return the gradient for qkv: each head's, put back where its part came from."""
        B, T, _, H, D = self.shape
        to_y = grad.reshape(B, T, H, D).transpose(0, 2, 1, 3)
        out = np.empty(self.shape, grad.dtype)
        for part, each in enumerate(self.heads.backward(to_y)):
            out[:, :, part] = each.transpose(0, 2, 1, 3)
        return (out.reshape(B, T, 3 * H * D),)


def future(scores: Array) -> Array:
    """Return (T, T): 0 where row t may look, −inf at every later column.

    >>> future(np.zeros((2, 2)))
    array([[  0., -inf],
           [  0.,   0.]])
    """
    return np.triu(np.full(scores.shape[-2:], -np.inf, scores.dtype), k=1)


def dropout_mask(x: Array, p: float, rng: np.random.Generator) -> Array:
    """Return 0 with probability p, else 1 / (1 − p), for each number of x."""
    kept = rng.random(x.shape, dtype=np.float32) >= p
    return kept * x.dtype.type(1 / (1 - p))


def check_dropout(p: float, rng: object) -> None:
    """Raise unless there is a probability, and a generator to draw with."""
    if not 0 <= p < 1:
        raise EngineValueError("dropout", "a probability from 0 to below 1", f"{p}")
    check_rng("dropout", rng)


def check_layer_norm(x: Array, weight: Array, bias: Array | None) -> None:
    """Raise `ShapeError` unless x, weight and bias go together."""
    if not x.ndim or weight.shape != x.shape[-1:] or not weight.size:
        expected = f"x of shape (…, C) with C = {weight.size}, since the weight is {weight.shape}"
        raise ShapeError("layer_norm", expected, f"shape {x.shape}")
    if bias is not None and bias.shape != weight.shape:
        expected = f"a bias of shape {named_shape(['C'], weight.shape)}"
        raise ShapeError("layer_norm", expected, f"shape {bias.shape}")


def check_attention(q: Array, k: Array, v: Array, causal: bool) -> None:
    """Raise `ShapeError` unless q, k and v go together."""
    got = f"q {q.shape}, k {k.shape}, v {v.shape}"
    if min(q.ndim, k.ndim, v.ndim) < 2 or not q.shape[:-2] == k.shape[:-2] == v.shape[:-2]:
        raise ShapeError("attention", "q (…, T, D), k (…, S, D) and v (…, S, E)", got)
    if q.shape[-1] != k.shape[-1] or not q.shape[-1]:
        raise ShapeError("attention", "q and k of the same width D, at least 1", got)
    if k.shape[-2] != v.shape[-2] or not k.shape[-2]:
        raise ShapeError("attention", "one value for each key, and at least one", got)
    if causal and q.shape[-2] != k.shape[-2]:
        raise ShapeError("attention", "as many questions as keys (T = S) if causal", got)


def check_self_attention(qkv: Array, n_head: int) -> None:
    """Raise `ShapeError` unless rows hold q, k and v for that many heads."""
    if qkv.ndim != 3 or not qkv.size or qkv.shape[-1] % (3 * n_head):
        expected = f"qkv (B, T, 3C), not empty, with C a multiple of n_head = {n_head}"
        raise ShapeError("self_attention", expected, f"shape {qkv.shape}")

"""Softmax and cross-entropy: from logits to probabilities, and to the loss.

Logits from which no probability can be computed (nan, +inf, a row of nothing but −inf) are wrong
input, not a quiet nan. A logit of −inf is fine: it means probability 0.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pyengine.errors import EngineTypeError, EngineValueError, ShapeError, named_shape
from pyengine.ops._op import Array, as_array, check_dim, index_text


class Softmax:
    """Turn logits into probabilities along `dim`: pᵢ = e^xᵢ / Σⱼ e^xⱼ.

    >>> op = Softmax()
    >>> op.forward(np.array([0.0, 0.0]))
    array([0.5, 0.5])
    >>> op.backward(np.array([1.0, 0.0]))  # if the loss is the first probability
    (array([ 0.25, -0.25]),)
    """

    p: Array  # kept for backward

    def __init__(self, dim: int = -1) -> None:
        self.dim = dim

    def forward(self, x: Array) -> Array:
        """Return probabilities, shaped like `x`; along `dim` they sum to 1."""
        powers: Array = np.exp(shifted_logits(x, self.dim, "softmax"))
        self.p = powers / powers.sum(axis=self.dim, keepdims=True)
        return self.p

    def backward(self, grad: Array) -> tuple[Array]:
        """Return d loss / d xᵢ = pᵢ (gᵢ − Σⱼ gⱼ pⱼ): raising one logit lowers the other pⱼ."""
        average = (grad * self.p).sum(axis=self.dim, keepdims=True)
        return (self.p * (grad - average),)


class LogSoftmax:
    """The logarithm of softmax, without computing softmax: xᵢ − log Σⱼ e^xⱼ.

    >>> op = LogSoftmax()
    >>> op.forward(np.array([0.0, 0.0])).round(4)
    array([-0.6931, -0.6931])
    >>> op.backward(np.array([1.0, 0.0]))  # if the loss is the first log-probability
    (array([ 0.5, -0.5]),)
    """

    log_p: Array  # kept for backward

    def __init__(self, dim: int = -1) -> None:
        self.dim = dim

    def forward(self, x: Array) -> Array:
        """Return log-probabilities, shaped like `x`; −inf where the probability is 0."""
        shifted = shifted_logits(x, self.dim, "log_softmax")
        self.log_p = shifted - np.log(np.exp(shifted).sum(axis=self.dim, keepdims=True))
        return self.log_p

    def backward(self, grad: Array) -> tuple[Array]:
        """Return d loss / d xᵢ = gᵢ − pᵢ Σⱼ gⱼ."""
        return (grad - np.exp(self.log_p) * grad.sum(axis=self.dim, keepdims=True),)


class CrossEntropy:
    """Mean over the rows of −log p[target], where p = softmax(row of logits).

    Args:
        targets: the index of the right class for each row: an int for one row of logits (C,),
            integers (N,) for logits (N, C).

    >>> op = CrossEntropy(0)
    >>> float(op.forward(np.array([0.0, 0.0])).round(4))
    0.6931
    >>> op.backward(np.ones(()))  # the loss itself: d loss / d loss = 1
    (array([-0.5,  0.5]),)
    """

    p: Array  # (N, C), kept for backward

    def __init__(self, targets: ArrayLike) -> None:
        self.targets = as_array(targets, "cross_entropy").copy()

    def forward(self, x: Array) -> Array:
        """Return the loss in nats, shape (), from logits (C,) or (N, C)."""
        check_targets(self.targets, x)
        self.shape = x.shape
        self.columns = np.atleast_1d(self.targets)  # (N,)
        self.rows = np.arange(len(self.columns))  # (N,)
        shifted = shifted_logits(np.atleast_2d(x), -1, "cross_entropy")  # (N, C)
        powers = np.exp(shifted)
        total = powers.sum(axis=-1, keepdims=True)  # (N, 1)
        self.p = powers / total
        # −log(e^x / total) = log(total) − x: no division, so no probability rounds to 0.
        losses = np.log(total[:, 0]) - shifted[self.rows, self.columns]  # (N,)
        return np.asarray(losses.mean())

    def backward(self, grad: Array) -> tuple[Array]:
        """Return (p − one-hot(target)) / N: a step against it raises the right logit only."""
        slope = self.p.copy()
        slope[self.rows, self.columns] -= 1
        return ((slope * (grad / len(self.rows))).reshape(self.shape),)


def shifted_logits(x: Array, dim: int, where: str) -> Array:
    """Subtract the largest logit along `dim`, so that the largest power e^x is e⁰ = 1."""
    check_dim(where, dim, x.shape)
    if not x.shape[dim]:
        raise ShapeError(where, f"at least one logit along dimension {dim}", f"shape {x.shape}")
    top = x.max(axis=dim, keepdims=True)
    # The largest is nan if any logit is, +inf if any is, and −inf only if all are.
    wrong = ~np.isfinite(top)
    if wrong.any():
        place = np.argwhere(wrong.any(axis=dim))[0] if x.ndim > 1 else ()
        at = f" at {index_text(place)}" if len(place) else ""
        fix = "Has training diverged (nan), or is every choice masked out (all −inf)?"
        got = f"{float(top[wrong][0])}{at}"
        raise EngineValueError(where, "the largest logit to be a finite number", got, fix)
    with np.errstate(over="ignore"):  # a gap wider than the float's range is −inf, as it should be
        shifted: Array = x - top
    return shifted


def check_targets(targets: NDArray[Any], logits: Array) -> None:
    """Raise unless there is one integer target in 0 … C−1 for each row of logits."""
    where = "cross_entropy"
    if targets.dtype.kind not in "iu":
        fix = "Pass the index of the right class, not its name, probability or one-hot row."
        raise EngineTypeError(where, "targets that are integers", f"{targets.dtype}", fix)
    if logits.ndim not in (1, 2) or not logits.size:
        fix = "Flatten leading dimensions first: logits.reshape(-1, C), targets.reshape(-1)."
        expected = "logits of shape (C,) or (N, C), not empty"
        raise ShapeError(where, expected, f"shape {logits.shape}", fix)
    if targets.shape != logits.shape[:-1]:
        names: Sequence[str] = ("N", "C")[-logits.ndim :]
        one_each = named_shape(names[:-1], logits.shape[:-1]) if names[1:] else "(), one int,"
        expected = f"targets of shape {one_each} for logits {named_shape(names, logits.shape)}"
        raise ShapeError(where, expected, f"shape {targets.shape}")
    classes = logits.shape[-1]
    wrong = np.argwhere((targets < 0) | (targets >= classes))
    if len(wrong):
        place = tuple(wrong[0].tolist())
        at = f" at {index_text(place)}" if len(place) else ""
        expected = f"targets from 0 to C − 1 = {classes - 1}"
        raise EngineValueError(where, expected, f"{targets[place]}{at}")

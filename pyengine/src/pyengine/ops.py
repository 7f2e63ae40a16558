"""Operations on NumPy arrays, the forward and the backward of each side by side.

An operation is an object that lives for one use. `forward` computes the result and keeps what
`backward` will need; `backward` takes the gradient of the loss with respect to that result and
returns the gradient with respect to each input, as a tuple. That pair is all an autograd `Tensor`
has to know about an operation. The functions below (`softmax`, …) run the forward alone.

Names and meanings are PyTorch's (`torch.nn.functional`), with two differences, both deliberate:
wrong input raises an `EngineError` that explains itself, and logits from which no probability
can be computed (nan, +inf, a row of nothing but −inf) are wrong input, not a quiet nan.
A logit of −inf is fine: it means probability 0.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pyengine.errors import EngineTypeError, EngineValueError, ShapeError, named_shape

Array = NDArray[np.floating[Any]]


class Op(Protocol):
    """One differentiable operation, for one use: first `forward`, then `backward`."""

    def forward(self, x: Array) -> Array:
        """Return the result; keep what `backward` needs."""

    def backward(self, grad: Array) -> tuple[Array, ...]:
        """From d loss / d result, return d loss / d input for each input, shaped like it."""


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
        powers: Array = np.exp(_shifted(x, self.dim, "softmax"))
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
        shifted = _shifted(x, self.dim, "log_softmax")
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
        self.targets = np.asarray(targets)

    def forward(self, x: Array) -> Array:
        """Return the loss in nats, shape (), from logits (C,) or (N, C)."""
        _check_targets(self.targets, x)
        self.shape = x.shape
        self.columns = np.atleast_1d(self.targets)  # (N,)
        self.rows = np.arange(len(self.columns))  # (N,)
        shifted = _shifted(np.atleast_2d(x), -1, "cross_entropy")  # (N, C)
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


def softmax(logits: ArrayLike, dim: int = -1) -> Array:
    """Turn logits into probabilities.

    Args:
        logits: any shape with at least one dimension, in any unit-free scale (nats apart from a
            constant: adding the same number to all of them changes nothing).
        dim: the dimension along which the probabilities sum to 1.

    Returns:
        Probabilities 0 … 1, shaped like `logits`, float32 staying float32.

    Raises:
        ShapeError: there is no dimension `dim`, or it is empty.
        EngineValueError: the logits hold nan or +inf, or nothing but −inf along `dim`.
        EngineTypeError: the logits are not real numbers.

    Source: Bridle, "Probabilistic interpretation of feedforward classification network outputs"
    (1990). Computed as e^(x − max x), which cannot overflow.

    >>> softmax([2.0, 1.0, 0.0]).round(3)
    array([0.665, 0.245, 0.09 ])
    """
    return Softmax(dim).forward(_as_floats(logits, "softmax"))


def log_softmax(logits: ArrayLike, dim: int = -1) -> Array:
    """Return the logarithm of the probabilities: log(softmax(logits)), but exact for tiny ones.

    Args:
        logits: any shape with at least one dimension.
        dim: the dimension along which the probabilities sum to 1.

    Returns:
        Log-probabilities in nats, at most 0, shaped like `logits`. For probability 0, −inf.

    Raises:
        ShapeError, EngineValueError, EngineTypeError: as `softmax`.

    Source: the log-sum-exp trick; Blanchard, Higham & Higham, "Accurately computing the
    log-sum-exp and softmax functions", IMA J. Numer. Anal. 41 (2021).

    >>> log_softmax([1000.0, 0.0])  # softmax itself would round the second to 0
    array([    0., -1000.])
    """
    return LogSoftmax(dim).forward(_as_floats(logits, "log_softmax"))


def cross_entropy(logits: ArrayLike, targets: ArrayLike) -> float:
    """Measure how wrong a prediction was: −log of the probability of what really came.

    Args:
        logits: (C,) for one prediction or (N, C) for a batch; C is the number of classes (the
            size of the vocabulary). Not probabilities: softmax is part of this function.
        targets: the right class of each row, 0 … C−1: an int for (C,), integers (N,) for (N, C).

    Returns:
        The mean loss over the N rows, in nats; 0 is perfect, and log C is a blind guess.
        It is inf if a target has logit −inf.

    Raises:
        ShapeError: the shapes of logits and targets do not go together.
        EngineTypeError: targets are not integers, or logits not numbers.
        EngineValueError: a target outside 0 … C−1, or logits as in `softmax`.

    Source: Goodfellow, Bengio & Courville, "Deep Learning" (2016), section 6.2.2;
    `torch.nn.functional.cross_entropy` with its default, mean reduction.

    >>> round(cross_entropy([0.0, 0.0], 1), 4)  # a coin toss: log 2
    0.6931
    >>> round(cross_entropy([[4.0, 0.0, 0.0], [0.0, 4.0, 0.0]], [0, 2]), 4)
    2.036
    """
    return float(CrossEntropy(targets).forward(_as_floats(logits, "cross_entropy")))


def _as_floats(numbers: ArrayLike, where: str) -> Array:
    """Return `numbers` as an array of floats: floats keep their precision, ints become float64."""
    array = np.asarray(numbers)
    if array.dtype.kind == "f":
        return array
    if array.dtype.kind in "iu":
        return array.astype(np.float64)
    raise EngineTypeError(where, "logits that are real numbers", f"an array of {array.dtype}")


def _shifted(x: Array, dim: int, where: str) -> Array:
    """Subtract the largest logit along `dim`, so that the largest power e^x is e⁰ = 1."""
    if not -x.ndim <= dim < x.ndim:
        expected = f"logits with a dimension {dim}"
        raise ShapeError(where, expected, f"{x.ndim} dimensions, shape {x.shape}")
    if not x.shape[dim]:
        raise ShapeError(where, f"at least one logit along dimension {dim}", f"shape {x.shape}")
    top = x.max(axis=dim, keepdims=True)
    # The largest is nan if any logit is, +inf if any is, and −inf only if all are.
    wrong = ~np.isfinite(top)
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong.any(axis=dim))[0]) if x.ndim > 1 else ()
        at = f" at {_index(place)}" if place else ""
        fix = "Has training diverged (nan), or is every choice masked out (all −inf)?"
        got = f"{float(top[wrong][0])}{at}"
        raise EngineValueError(where, "the largest logit to be a finite number", got, fix)
    with np.errstate(over="ignore"):  # a gap wider than the float's range is −inf, as it should be
        shifted: Array = x - top
    return shifted


def _check_targets(targets: NDArray[Any], logits: Array) -> None:
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
        place = tuple(int(i) for i in wrong[0])
        at = f" at {_index(place)}" if place else ""
        expected = f"targets from 0 to C − 1 = {classes - 1}"
        raise EngineValueError(where, expected, f"{targets[place]}{at}")


def _index(place: tuple[int, ...]) -> str:
    return f"[{', '.join(str(i) for i in place)}]"

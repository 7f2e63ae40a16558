"""The operations of a network as functions: what PyTorch has in `torch.nn.functional`.

They take and give `Tensor`s. `softmax`, `log_softmax` and `cross_entropy`, which lessons call on
plain numbers, then give plain numbers back.
"""

from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from pyengine import ops
from pyengine.errors import EngineValueError
from pyengine.ops import Array
from pyengine.tensor import Tensor, run

ACTIVATIONS: dict[str, type[ops.ReLU | ops.GELU | ops.TanhGELU | ops.SiLU]] = {
    "gelu_tanh": ops.TanhGELU,
    "gelu": ops.GELU,
    "relu": ops.ReLU,
    "silu": ops.SiLU,
}


@overload
def softmax(logits: Tensor, dim: int = -1) -> Tensor: ...
@overload
def softmax(logits: ArrayLike, dim: int = -1) -> Array: ...
def softmax(logits: Tensor | ArrayLike, dim: int = -1) -> Tensor | Array:
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
    if isinstance(logits, Tensor):
        return run(ops.Softmax(dim), logits)
    return ops.Softmax(dim).forward(ops.as_floats(logits, "softmax"))


@overload
def log_softmax(logits: Tensor, dim: int = -1) -> Tensor: ...
@overload
def log_softmax(logits: ArrayLike, dim: int = -1) -> Array: ...
def log_softmax(logits: Tensor | ArrayLike, dim: int = -1) -> Tensor | Array:
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
    if isinstance(logits, Tensor):
        return run(ops.LogSoftmax(dim), logits)
    return ops.LogSoftmax(dim).forward(ops.as_floats(logits, "log_softmax"))


@overload
def cross_entropy(logits: Tensor, targets: ArrayLike) -> Tensor: ...
@overload
def cross_entropy(logits: ArrayLike, targets: ArrayLike) -> float: ...
def cross_entropy(logits: Tensor | ArrayLike, targets: ArrayLike) -> Tensor | float:
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
    if isinstance(logits, Tensor):
        return run(ops.CrossEntropy(targets), logits)
    return float(ops.CrossEntropy(targets).forward(ops.as_floats(logits, "cross_entropy")))


def linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Return x Wᵀ + b: x (…, K), weight (N, K), bias (N,) or None → (…, N).

    >>> linear(Tensor([1.0, 2.0]), Tensor([[3.0, 4.0]]), Tensor([5.0])).tolist()
    [16.0]
    """
    return run(ops.Linear(), x, weight, *optional(bias))


def embedding(ids: ArrayLike, weight: Tensor) -> Tensor:
    """Look up rows: ids (…), weight (V, C) → (…, C). Raises unless ids are integers 0 … V−1.

    >>> embedding([2, 0], Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])).tolist()
    [[5.0, 6.0], [1.0, 2.0]]
    """
    return run(ops.Embedding(ids), weight)


def layer_norm(x: Tensor, weight: Tensor, bias: Tensor | None = None, eps: float = 1e-5) -> Tensor:
    """Bring rows to mean 0 and variance 1, then scale and shift them: x (…, C), weight (C,).

    >>> layer_norm(Tensor([[1.0, 3.0]]), Tensor([1.0, 1.0])).data.round(3)
    array([[-1.,  1.]])
    """
    return run(ops.LayerNorm(eps), x, weight, *optional(bias))


def dropout(x: Tensor, p: float, rng: np.random.Generator) -> Tensor:
    """Set numbers to 0 with probability p, and scale the others up by 1 / (1 − p).

    >>> dropout(Tensor([1.0, 1.0, 1.0, 1.0]), 0.5, np.random.default_rng(0)).tolist()
    [2.0, 2.0, 2.0, 0.0]
    """
    return run(ops.Dropout(p, rng), x)


def attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    causal: bool = True,
    dropout: float = 0.0,
    rng: np.random.Generator | None = None,
) -> Tensor:
    """Scaled dot-product attention: q (…, T, D), k (…, S, D), v (…, S, E) → (…, T, E).

    `dropout` is applied to the attention weights, and only if a generator is given.

    >>> q = k = Tensor(np.zeros((2, 4)))  # every key fits every question equally well:
    >>> attention(q, k, Tensor([[1.0], [3.0]])).tolist()  # an average of what is visible
    [[1.0], [2.0]]
    """
    return run(ops.Attention(causal, dropout, rng), q, k, v)


def self_attention(
    qkv: Tensor, n_head: int, dropout: float = 0.0, rng: np.random.Generator | None = None
) -> Tensor:
    """Causal attention of sequences to themselves, n_head times: qkv (B, T, 3C) → (B, T, C).

    >>> qkv = [[[0.0, 0.0, 1.0], [0.0, 0.0, 3.0]]]  # q, k, v of two positions
    >>> self_attention(Tensor(qkv), n_head=1).tolist()
    [[[1.0], [2.0]]]
    """
    return run(ops.SelfAttention(n_head, dropout, rng), qkv)


def relu(x: Tensor) -> Tensor:
    """The larger of each number and 0.

    >>> relu(Tensor([-2.0, 3.0])).tolist()
    [0.0, 3.0]
    """
    return run(ops.ReLU(), x)


def gelu(x: Tensor, approximate: str = "none") -> Tensor:
    """Gaussian error linear unit; `approximate="tanh"` is GPT-2's form of it.

    >>> gelu(Tensor([1.0])).data.round(4), gelu(Tensor([1.0]), approximate="tanh").data.round(4)
    (array([0.8413]), array([0.8412]))
    """
    if approximate not in ("none", "tanh"):
        raise EngineValueError("gelu", 'approximate "none" or "tanh"', repr(approximate))
    return run(ops.TanhGELU() if approximate == "tanh" else ops.GELU(), x)


def silu(x: Tensor) -> Tensor:
    """Sigmoid linear unit, x × sigmoid(x).

    >>> silu(Tensor([0.0, 1.0])).data.round(4)
    array([0.    , 0.7311])
    """
    return run(ops.SiLU(), x)


def optional(bias: Tensor | None) -> tuple[Tensor, ...]:
    """A bias as inputs: itself, or nothing."""
    return () if bias is None else (bias,)

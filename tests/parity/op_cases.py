"""Every operation: an expression in tensors, and the shapes to compute it on.

`tests/parity/test_ops.py` compares each with PyTorch, `tests/unit/engine/test_ops_gradients.py`
each gradient with the slope that is measured, without PyTorch. A new operation is one line here.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pyengine import Tensor
from pyengine import functional as F

Shape = tuple[int, ...]
Shapes = tuple[Shape, ...]  # one for each input


@dataclass(frozen=True)
class Case:
    """An expression, the shapes of its inputs, and the range of their numbers.

    `theirs` takes the module torch, then the inputs; None if PyTorch understands `ours` as it is.
    """

    ours: Callable[..., Tensor]
    shapes: tuple[Shapes, ...]
    theirs: Callable[..., Any] | None = None
    low: float = -2.0
    high: float = 2.0

    def on_torch(self, torch: Any, *inputs: Any) -> Any:
        """Compute the expression with PyTorch."""
        return self.ours(*inputs) if self.theirs is None else self.theirs(torch, *inputs)


def numbers(shapes: Shapes, low: float = -2.0, high: float = 2.0, seed: int = 0) -> list[Any]:
    """Make float64 arrays of these shapes: no two numbers are equal, none lies on a bend."""
    rng = np.random.default_rng([seed, *map(len, shapes)])
    return [np.asarray(rng.uniform(low, high, shape)) for shape in shapes]


def mask(p: float, seed: int, like: Any) -> Any:
    """What dropout multiplies with, as it is defined: for a tensor of PyTorch's."""
    kept = np.random.default_rng(seed).random(tuple(like.shape), dtype=np.float32) >= p
    return like.new_tensor(kept / (1 - p))


def rng() -> np.random.Generator:
    """The same random numbers in every call, as checking a gradient needs."""
    return np.random.default_rng(5)


def one(*shapes: Shape) -> tuple[Shapes, ...]:
    """Several shapes for the only input."""
    return tuple((shape,) for shape in shapes)


ANY = one((), (3,), (2, 3), (2, 1, 4), (0, 3))
PAIRS: tuple[Shapes, ...] = (
    ((2, 3), (2, 3)),
    ((2, 3), (3,)),
    ((2, 1, 4), (3, 1)),
    ((1, 3), (2, 1)),
    ((), (2, 3)),
    ((2, 3), ()),
    ((), ()),
    ((0, 3), (1, 3)),
    ((1,), (0,)),
)
CUBE = one((2, 3, 4))
ROWS = one((4, 3), (3, 1))

ELEMENTWISE = {
    "a + b": Case(lambda a, b: a + b, PAIRS),
    "a - b": Case(lambda a, b: a - b, PAIRS),
    "a * b": Case(lambda a, b: a * b, PAIRS),
    "a / b": Case(lambda a, b: a / b, PAIRS, low=0.5),
    "x + x * x": Case(lambda x: x + x * x, ANY),
    "2 + x": Case(lambda x: 2 + x, ANY),
    "2 - x": Case(lambda x: 2 - x, ANY),
    "2 * x": Case(lambda x: 2 * x, ANY),
    "2 / x": Case(lambda x: 2 / x, ANY, low=0.5),
    "-x": Case(lambda x: -x, ANY),
    "x ** 0": Case(lambda x: x**0, ANY),
    "x ** 1": Case(lambda x: x**1, ANY),
    "x ** 2": Case(lambda x: x**2, ANY),
    "x ** 3": Case(lambda x: x**3, ANY),
    "x ** -2": Case(lambda x: x**-2, ANY, low=-2.0, high=-0.5),
    "x ** 1.5": Case(lambda x: x**1.5, ANY, low=0.1),
    "sqrt": Case(lambda x: x.sqrt(), ANY, low=0.1),
    "exp": Case(lambda x: x.exp(), ANY),
    "log": Case(lambda x: x.log(), ANY, low=0.1),
    "tanh": Case(lambda x: x.tanh(), ANY),
    "sigmoid": Case(lambda x: x.sigmoid(), ANY, low=-40.0, high=40.0),
}

ACTIVATIONS = {
    "relu": Case(lambda x: x.relu(), ANY),
    "gelu": Case(F.gelu, ANY, lambda torch, x: torch.nn.functional.gelu(x), -6.0, 6.0),
    "gelu, tanh": Case(
        lambda x: F.gelu(x, approximate="tanh"),
        ANY,
        lambda torch, x: torch.nn.functional.gelu(x, approximate="tanh"),
        -6.0,
        6.0,
    ),
    "silu": Case(F.silu, ANY, lambda torch, x: torch.nn.functional.silu(x), -40.0, 40.0),
}

REDUCTIONS = {
    "sum": Case(lambda x: x.sum(), ANY),
    "sum over 0": Case(lambda x: x.sum(0), (*CUBE, *one((3,), (0, 3)))),
    "sum over -1, kept": Case(lambda x: x.sum(-1, keepdim=True), (*CUBE, *one((3,), (2, 0)))),
    "sum over 0 and -1": Case(lambda x: x.sum((0, -1)), CUBE),
    "sum over 2 and 0, kept": Case(lambda x: x.sum((2, 0), keepdim=True), CUBE),
    "mean": Case(lambda x: x.mean(), one((), (3,), (2, 3))),
    "mean over 1": Case(lambda x: x.mean(1), CUBE),
    "mean over -2, kept": Case(lambda x: x.mean(-2, keepdim=True), CUBE),
    "mean over 1 and 2": Case(lambda x: x.mean((1, 2)), CUBE),
    "max": Case(lambda x: x.max(), one((), (3,), (2, 3)), lambda torch, x: x.amax()),
    "max over 1": Case(lambda x: x.max(1), CUBE, lambda torch, x: x.amax(1)),
    "max over 0 and -1, kept": Case(
        lambda x: x.max((0, -1), keepdim=True), CUBE, lambda torch, x: x.amax((0, -1), keepdim=True)
    ),
}

IDS = [[0, 2, 2], [3, 0, 2]]
MASK = [[True, False, True], [False, False, True]]

SHAPES = {
    "reshape": Case(lambda x: x.reshape(4, 6), CUBE),
    "reshape with -1": Case(lambda x: x.reshape(3, -1, 2), CUBE),
    "reshape, a tuple": Case(lambda x: x.reshape((6, 4)), CUBE),
    "reshape to one number": Case(lambda x: x.reshape(()), one((1, 1))),
    "permute": Case(lambda x: x.permute(2, 0, 1), CUBE),
    "permute, from the end": Case(lambda x: x.permute(-1, 0, -2), CUBE),
    "transpose": Case(lambda x: x.transpose(0, -1), CUBE),
    "T": Case(lambda x: x.T, (*CUBE, *one((2, 3))), lambda torch, x: x.mT),
    "permute, then reshape": Case(lambda x: x.permute(1, 2, 0).reshape(6, -1), CUBE),
    "x[1]": Case(lambda x: x[1], (*CUBE, *one((3,)))),
    "x[-1, 0]": Case(lambda x: x[-1, 0], CUBE),
    "x[:, 1]": Case(lambda x: x[:, 1], CUBE),
    "x[1:, ::2]": Case(lambda x: x[1:, ::2], CUBE),
    "x[5:]": Case(lambda x: x[5:], CUBE),
    "x[::-1]": Case(lambda x: x[::-1], CUBE, lambda torch, x: x.flip(0)),
    "x[..., 0]": Case(lambda x: x[..., 0], CUBE),
    "x[:, None, 1]": Case(lambda x: x[:, None, 1], CUBE),
    "x[...]": Case(lambda x: x[...], ANY),
    "rows, one twice": Case(lambda x: x[[0, 2, 2]], one((4, 3), (3,))),
    "columns, one twice": Case(lambda x: x[:, [0, 2, 2]], CUBE),
    "pairs, one twice": Case(lambda x: x[[0, 1, 0], [1, 0, 1]], CUBE),
    "rows by an array (2, 3)": Case(
        lambda x: x[np.array(IDS)], one((4, 3)), lambda torch, x: x[torch.tensor(IDS)]
    ),
    "lists apart": Case(lambda x: x[[0, 1, 0], :, [3, 0, 3]], CUBE),
    "no rows": Case(lambda x: x[np.zeros(0, int)], CUBE, lambda torch, x: x[[]]),
    "mask": Case(lambda x: x[np.array(MASK)], CUBE, lambda torch, x: x[torch.tensor(MASK)]),
    "mask of the last": Case(
        lambda x: x[..., np.array(MASK[0])],
        one((2, 3)),
        lambda torch, x: x[..., torch.tensor(MASK[0])],
    ),
    "unpacked": Case(lambda x: (lambda a, b: a * b + a)(*x), CUBE),
}

PRODUCTS = {
    "a @ b": Case(
        lambda a, b: a @ b,
        (
            ((2, 3), (3, 4)),
            ((1, 3), (3, 1)),
            ((2, 2, 3), (2, 3, 4)),
            ((2, 3), (5, 3, 4)),
            ((5, 2, 3), (3, 4)),
            ((2, 1, 2, 3), (4, 3, 1)),
            ((0, 3), (3, 4)),
            ((2, 0), (0, 4)),
            ((0, 2, 3), (3, 4)),
        ),
    ),
    "linear": Case(
        F.linear,
        tuple((x, (4, 3), (4,)) for x in ((3,), (2, 3), (2, 5, 3), (0, 3))),
        lambda torch, x, w, b: torch.nn.functional.linear(x, w, b),
    ),
    "linear without bias": Case(
        F.linear,
        tuple((x, (4, 3)) for x in ((3,), (2, 3), (2, 5, 3), (0, 3))),
        lambda torch, x, w: torch.nn.functional.linear(x, w),
    ),
    "embedding, ids repeated": Case(
        lambda w: F.embedding(IDS, w),
        ROWS[:1],
        lambda torch, w: torch.nn.functional.embedding(torch.tensor(IDS), w),
    ),
    "embedding of one id": Case(
        lambda w: F.embedding(1, w),
        ROWS,
        lambda torch, w: torch.nn.functional.embedding(torch.tensor(1), w),
    ),
    "embedding of nothing": Case(
        lambda w: F.embedding(np.zeros((2, 0), int), w),
        ROWS,
        lambda torch, w: torch.nn.functional.embedding(torch.zeros((2, 0), dtype=torch.int), w),
    ),
}


def dropped_attention(torch: Any, q: Any, k: Any, v: Any) -> Any:
    """Attention written out, with dropout of the weights."""
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
    p = scores.masked_fill(later, -math.inf).softmax(-1)
    return (p * mask(0.4, 5, p)) @ v


def two_heads(torch: Any, qkv: Any) -> Any:
    """Self-attention by PyTorch's attention: q, k and v cut into two heads, and put together."""
    parts = qkv.reshape(*qkv.shape[:2], 3, 2, -1).permute(2, 0, 3, 1, 4)
    y = torch.nn.functional.scaled_dot_product_attention(*parts, is_causal=True)
    return y.transpose(1, 2).reshape(*qkv.shape[:2], -1)


LAYERS = {
    "layer norm": Case(
        F.layer_norm,
        tuple((x, (4,), (4,)) for x in ((4,), (3, 4), (2, 3, 4), (0, 4))),
        lambda torch, x, w, b: torch.nn.functional.layer_norm(x, (4,), w, b),
    ),
    "layer norm without bias": Case(
        lambda x, w: F.layer_norm(x, w, eps=0.1),
        (((3, 4), (4,)),),
        lambda torch, x, w: torch.nn.functional.layer_norm(x, (4,), w, eps=0.1),
    ),
    "layer norm of single numbers": Case(
        F.layer_norm,
        (((2, 1), (1,), (1,)),),
        lambda torch, x, w, b: torch.nn.functional.layer_norm(x, (1,), w, b),
    ),
    "dropout": Case(lambda x: F.dropout(x, 0.4, rng()), ANY, lambda torch, x: x * mask(0.4, 5, x)),
    "attention, causal": Case(
        F.attention,
        (
            *((s, s, s) for s in ((1, 2), (4, 2), (3, 4, 2), (2, 3, 4, 2))),
            ((4, 2), (4, 2), (4, 5)),
        ),
        lambda torch, *qkv: torch.nn.functional.scaled_dot_product_attention(*qkv, is_causal=True),
    ),
    "attention, not causal": Case(
        lambda q, k, v: F.attention(q, k, v, causal=False),
        (
            ((4, 2), (4, 2), (4, 2)),
            ((3, 2), (5, 2), (5, 4)),
            ((2, 3, 4, 2), (2, 3, 1, 2), (2, 3, 1, 2)),
        ),
        lambda torch, *qkv: torch.nn.functional.scaled_dot_product_attention(*qkv),
    ),
    "attention with dropout": Case(
        lambda q, k, v: F.attention(q, k, v, dropout=0.4, rng=rng()),
        (((2, 4, 3),) * 3,),
        dropped_attention,
    ),
    "self-attention": Case(
        lambda qkv: F.self_attention(qkv, n_head=2), one((2, 4, 12), (1, 1, 6)), two_heads
    ),
}

PROBABILITIES = {
    "softmax": Case(F.softmax, (*CUBE, *ROWS, *one((3,))), lambda torch, x: x.softmax(-1)),
    "softmax over 0": Case(lambda x: F.softmax(x, 0), CUBE, lambda torch, x: x.softmax(0)),
    "log softmax": Case(F.log_softmax, (*CUBE, *ROWS), lambda torch, x: x.log_softmax(-1)),
    "log softmax over -2": Case(
        lambda x: F.log_softmax(x, -2), CUBE, lambda torch, x: x.log_softmax(-2)
    ),
    "cross-entropy": Case(
        lambda x: F.cross_entropy(x, [2, 0, 0, 1]),
        ROWS[:1],
        lambda torch, x: torch.nn.functional.cross_entropy(x, torch.tensor([2, 0, 0, 1])),
    ),
    "cross-entropy of one row": Case(
        lambda x: F.cross_entropy(x, 1),
        one((3,)),
        lambda torch, x: torch.nn.functional.cross_entropy(x, torch.tensor(1)),
    ),
}

CASES: dict[str, Case] = {
    **ELEMENTWISE,
    **ACTIVATIONS,
    **REDUCTIONS,
    **SHAPES,
    **PRODUCTS,
    **LAYERS,
    **PROBABILITIES,
}


def all_of_them() -> list[tuple[str, Shapes]]:
    """Every case with each of its lists of shapes."""
    return [(name, shapes) for name, case in CASES.items() for shapes in case.shapes]

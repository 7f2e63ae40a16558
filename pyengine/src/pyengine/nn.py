"""Layers: parameters, and how they are used.

A `Module` is anything that holds parameters or other modules as attributes, one by one or in
lists. Two things PyTorch keeps in the background are said aloud here: random numbers come from a
generator that is passed in, and dropout happens in calls that are given one
(`model(ids, rng=rng)`) and in no others, so there is no training mode to forget.
"""

import math
from collections.abc import Iterator, Mapping
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from pyengine import functional as F
from pyengine.checkpoint import load_into
from pyengine.errors import EngineValueError
from pyengine.ops._op import check_rng
from pyengine.tensor import Tensor


class Module:
    """Parameters and modules under names, called like a function.

    >>> class Twice(Module):
    ...     def __init__(self, rng):
    ...         self.first, self.second = Linear(2, 2, rng), Linear(2, 1, rng)
    ...
    ...     def forward(self, x):
    ...         return self.second(self.first(x).tanh())
    >>> model = Twice(np.random.default_rng(0))
    >>> [name for name, _ in model.named_parameters()]
    ['first.weight', 'first.bias', 'second.weight', 'second.bias']
    >>> model(Tensor([[1.0, 2.0]])).shape
    (1, 1)
    """

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """Return what `forward` computes."""
        return self.forward(*inputs, **options)

    def forward(self, *inputs: Any, **options: Any) -> Any:
        """Compute the result; each kind of module says how."""
        raise NotImplementedError(f"{type(self).__name__} has no forward")

    def named_parts(self) -> Iterator[tuple[str, Any]]:
        """Every attribute by name; those in a list one by one, as ("h.0", block)."""
        for name, part in vars(self).items():
            if isinstance(part, list):
                yield from ((f"{name}.{i}", each) for i, each in enumerate(part))
            else:
                yield name, part

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, "Module"]]:
        """Every module within, itself first, as ("h.0.attn", module)."""
        yield prefix.rstrip("."), self
        for name, part in self.named_parts():
            if isinstance(part, Module):
                yield from part.named_modules(f"{prefix}{name}.")

    def named_parameters(self) -> Iterator[tuple[str, Tensor]]:
        """Every parameter once, as ("h.0.attn.c_attn.weight", tensor)."""
        met: set[int] = set()
        for path, module in self.named_modules():
            for name, part in module.named_parts():
                # subtle: a result kept to be looked at is a Tensor too, but no leaf.
                trained = isinstance(part, Tensor) and part.requires_grad and part.is_leaf
                if trained and id(part) not in met:
                    met.add(id(part))
                    yield f"{path}.{name}".lstrip("."), part

    def parameters(self) -> list[Tensor]:
        """Every parameter once: what an optimizer trains."""
        return [parameter for _, parameter in self.named_parameters()]

    def parameter_count(self) -> int:
        """How many numbers training can change.

        >>> Linear(3, 2, np.random.default_rng(0)).parameter_count()  # 3 · 2 weights, 2 biases
        8
        """
        return sum(parameter.size for parameter in self.parameters())

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """The arrays of all parameters by name, not copied."""
        return {name: parameter.data for name, parameter in self.named_parameters()}

    def load_state_dict(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Copy arrays into the parameters; raise, naming all that differs, if they do not fit."""
        load_into(dict(self.named_parameters()), arrays)


class Linear(Module):
    """A layer of weights: x (…, n_in) → x Wᵀ + b (…, n_out).

    Args:
        n_in, n_out: the widths.
        rng: where the first weights come from.
        bias: whether there is a b.
        std: standard deviation of normally distributed first weights, with a bias of 0; None for
            PyTorch's default, both uniform within ±1 / √n_in.
        dtype: float32 or float64.

    `weight` is stored (n_out, n_in), as in PyTorch.

    >>> layer = Linear(3, 2, np.random.default_rng(0))
    >>> layer.weight.shape, layer(Tensor([[1.0, 2.0, 3.0]])).shape
    ((2, 3), (1, 2))
    """

    def __init__(
        self,
        n_in: int,
        n_out: int,
        rng: np.random.Generator,
        bias: bool = True,
        std: float | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        for name, n in (("n_in", n_in), ("n_out", n_out)):
            if not (isinstance(n, Integral) and n > 0):
                raise EngineValueError("Linear", f"{name} to be an int of at least 1", f"{n!r}")
        check_rng("Linear", rng)
        edge = 1 / math.sqrt(n_in)
        if std is None:
            weight = rng.uniform(-edge, edge, (n_out, n_in))
            start = rng.uniform(-edge, edge, n_out)
        else:
            weight, start = rng.normal(0, std, (n_out, n_in)), np.zeros(n_out)
        # subtle: drawn as float64, so that a model is the same in either precision.
        self.weight = Tensor(weight.astype(dtype), requires_grad=True, label="weight")
        self.bias = Tensor(start.astype(dtype), requires_grad=True, label="bias") if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Return x Wᵀ + b."""
        return F.linear(x, self.weight, self.bias)


class Embedding(Module):
    """A table of V vectors of width C: ids (…) → (…, C). First numbers are normal, with `std`.

    >>> Embedding(10, 4, np.random.default_rng(0))([[1, 2, 3]]).shape
    (1, 3, 4)
    """

    def __init__(
        self,
        rows: int,
        width: int,
        rng: np.random.Generator,
        std: float = 1.0,
        dtype: DTypeLike = np.float32,
    ) -> None:
        check_rng("Embedding", rng)
        table = rng.normal(0, std, (rows, width))
        self.weight = Tensor(table.astype(dtype), requires_grad=True, label="weight")

    def forward(self, ids: ArrayLike) -> Tensor:
        """Return the vector of every id."""
        return F.embedding(ids, self.weight)


class LayerNorm(Module):
    """Rows of width C brought to mean 0 and variance 1, then scaled by weight, shifted by bias.

    >>> LayerNorm(2)(Tensor([[1.0, 3.0], [10.0, 30.0]])).data.round(3)
    array([[-1.,  1.],
           [-1.,  1.]])
    """

    def __init__(
        self, width: int, bias: bool = True, eps: float = 1e-5, dtype: DTypeLike = np.float32
    ) -> None:
        self.eps = eps
        self.weight = Tensor(np.ones(width, dtype), requires_grad=True, label="weight")
        zeros = np.zeros(width, dtype)
        self.bias = Tensor(zeros, requires_grad=True, label="bias") if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Return normalized rows, shaped like x (…, C)."""
        return F.layer_norm(x, self.weight, self.bias, self.eps)


def dropout(x: Tensor, p: float, rng: np.random.Generator | None) -> Tensor:
    """Drop numbers with probability p if there is a generator: in training, not in use.

    >>> dropout(Tensor([1.0, 1.0]), 0.5, None).tolist()  # no generator: in use, not in training
    [1.0, 1.0]
    """
    return F.dropout(x, p, rng) if p and rng is not None else x

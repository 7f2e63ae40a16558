"""GPT: a model that turns the tokens so far into logits for the next one.

Architecture of GPT-2 (Radford et al., "Language Models are Unsupervised Multitask Learners",
2019), parameter names of Karpathy's nanoGPT, so that weights carry over (see `load_state_dict`).

In shapes: B sequences, T positions, C = n_embd the width, H = n_head heads of width D = C / H,
V = vocab_size.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pyengine import functional as F
from pyengine.errors import EngineTypeError, EngineValueError, ShapeError
from pyengine.nn import Embedding, LayerNorm, Linear, Module, dropout
from pyengine.ops import as_array
from pyengine.ops._op import check_rng
from pyengine.tensor import Tensor, run


@dataclass(frozen=True)
class GPTConfig:
    """The sizes of a model; nanoGPT's names.

    Args:
        vocab_size: V, how many different tokens there are.
        block_size: the longest context, in tokens.
        n_layer: how many blocks stand on one another.
        n_head: how many attention heads each has.
        n_embd: C, the width; a multiple of n_head.
        dropout: share of numbers dropped in training, 0 to below 1.
        bias: whether linear layers and layer norms have one, as GPT-2's do.
        activation: "gelu_tanh" (GPT-2's), "gelu" (nanoGPT's), "relu" or "silu".
        dtype: "float32" or "float64".

    >>> GPTConfig(vocab_size=65, n_head=4, n_embd=130)
    Traceback (most recent call last):
    pyengine.errors.EngineValueError: GPTConfig: expected n_embd to be a multiple of n_head = 4; \
got 130. Take 128 or 132.
    """

    vocab_size: int
    block_size: int = 64
    n_layer: int = 4
    n_head: int = 4
    n_embd: int = 128
    dropout: float = 0.0
    bias: bool = True
    activation: str = "gelu_tanh"
    dtype: str = "float32"

    def __post_init__(self) -> None:
        for name in ("vocab_size", "block_size", "n_layer", "n_head", "n_embd"):
            number = getattr(self, name)
            if not isinstance(number, Integral) or isinstance(number, bool):
                raise EngineTypeError("GPTConfig", f"{name} to be an int", repr(number))
            if number < 1:
                raise EngineValueError("GPTConfig", f"{name} of at least 1", f"{number}")
            # subtle: checkpoints write the sizes as JSON, which knows no numbers of NumPy's.
            object.__setattr__(self, name, int(number))
        if self.n_embd % self.n_head:
            below = self.n_embd - self.n_embd % self.n_head
            near = [n for n in (below, below + self.n_head) if n]
            fix = f"Take {' or '.join(map(str, near))}."
            expected = f"n_embd to be a multiple of n_head = {self.n_head}"
            raise EngineValueError("GPTConfig", expected, f"{self.n_embd}", fix)
        if not isinstance(self.dropout, Real):
            raise EngineTypeError("GPTConfig", "dropout to be a number", repr(self.dropout))
        if not 0 <= self.dropout < 1:
            expected = "dropout from 0 to below 1"
            raise EngineValueError("GPTConfig", expected, f"{self.dropout}")
        object.__setattr__(self, "dropout", float(self.dropout))
        if not isinstance(self.bias, bool):  # "False" would count as true
            raise EngineTypeError("GPTConfig", "bias to be True or False", repr(self.bias))
        for name, known in (("activation", F.ACTIVATIONS), ("dtype", ("float32", "float64"))):
            choice = getattr(self, name)
            if not isinstance(choice, str) or choice not in known:
                expected = f"{name} to be one of {', '.join(known)}"
                raise EngineValueError("GPTConfig", expected, repr(choice))

    def as_dict(self) -> dict[str, Any]:
        """Its fields as plain data; `GPTConfig(**data)` is the way back."""
        return asdict(self)


class CausalSelfAttention(Module):
    """Every position gathers what it needs from itself and the positions before it.

    >>> attention = CausalSelfAttention(GPTConfig(65, n_embd=8), np.random.default_rng(0))
    >>> attention(Tensor(np.zeros((2, 5, 8)))).shape
    (2, 5, 8)
    """

    def __init__(self, config: GPTConfig, rng: np.random.Generator) -> None:
        width = config.n_embd
        self.n_head, self.dropout = config.n_head, config.dropout
        self.c_attn = Linear(width, 3 * width, rng, config.bias, 0.02, config.dtype)  # q, k, v
        self.c_proj = Linear(width, width, rng, config.bias, residual_std(config), config.dtype)

    def forward(self, x: Tensor, rng: np.random.Generator | None = None) -> Tensor:
        """(B, T, C) → (B, T, C)."""
        qkv = self.c_attn(x)  # (B, T, 3C)
        y = F.self_attention(qkv, self.n_head, self.dropout, rng)  # (B, T, C)
        return dropout(self.c_proj(y), self.dropout, rng)


class MLP(Module):
    """Every position thinks for itself: four times as wide, a bend, and back.

    >>> mlp = MLP(GPTConfig(65, n_embd=8), np.random.default_rng(0))
    >>> mlp.c_fc.weight.shape, mlp(Tensor(np.zeros((2, 5, 8)))).shape
    ((32, 8), (2, 5, 8))
    """

    def __init__(self, config: GPTConfig, rng: np.random.Generator) -> None:
        width = config.n_embd
        self.activation, self.dropout = config.activation, config.dropout
        self.c_fc = Linear(width, 4 * width, rng, config.bias, 0.02, config.dtype)
        self.c_proj = Linear(4 * width, width, rng, config.bias, residual_std(config), config.dtype)

    def forward(self, x: Tensor, rng: np.random.Generator | None = None) -> Tensor:
        """(B, T, C) → (B, T, C)."""
        h = run(F.ACTIVATIONS[self.activation](), self.c_fc(x))  # (B, T, 4C)
        return dropout(self.c_proj(h), self.dropout, rng)


class Block(Module):
    """Gather, then think; each adds its findings to what flows past (the residual stream).

    >>> block = Block(GPTConfig(65, n_embd=8), np.random.default_rng(0))
    >>> block(Tensor(np.zeros((2, 5, 8)))).shape
    (2, 5, 8)
    """

    def __init__(self, config: GPTConfig, rng: np.random.Generator) -> None:
        self.ln_1 = LayerNorm(config.n_embd, config.bias, dtype=config.dtype)
        self.attn = CausalSelfAttention(config, rng)
        self.ln_2 = LayerNorm(config.n_embd, config.bias, dtype=config.dtype)
        self.mlp = MLP(config, rng)

    def forward(self, x: Tensor, rng: np.random.Generator | None = None) -> Tensor:
        """(B, T, C) → (B, T, C)."""
        x = x + self.attn(self.ln_1(x), rng)
        x = x + self.mlp(self.ln_2(x), rng)
        return x


class Transformer(Module):
    """Embeddings, blocks, and a last layer norm: token ids in, a vector per position out.

    >>> transformer = Transformer(GPTConfig(65, n_embd=8), np.random.default_rng(0))
    >>> transformer([[1, 2, 3]]).shape
    (1, 3, 8)
    """

    def __init__(self, config: GPTConfig, rng: np.random.Generator) -> None:
        self.dropout = config.dropout
        self.wte = Embedding(config.vocab_size, config.n_embd, rng, 0.02, config.dtype)  # tokens
        self.wpe = Embedding(config.block_size, config.n_embd, rng, 0.02, config.dtype)  # places
        self.h = [Block(config, rng) for _ in range(config.n_layer)]
        self.ln_f = LayerNorm(config.n_embd, config.bias, dtype=config.dtype)

    def forward(self, ids: ArrayLike, rng: np.random.Generator | None = None) -> Tensor:
        """(B, T) → (B, T, C)."""
        positions = np.arange(np.shape(ids)[1])
        x = dropout(self.wte(ids) + self.wpe(positions), self.dropout, rng)  # (B, T, C)
        for block in self.h:
            x = block(x, rng)
        out: Tensor = self.ln_f(x)
        return out


class GPT(Module):
    """A decoder-only transformer.

    Args:
        config: its sizes.
        rng: where the first weights come from; two models from equal generators are equal.

    The table that turns tokens into vectors also turns vectors into logits (*weight tying*; Press
    & Wolf, 2017, arXiv:1608.05859), so `lm_head` has no parameters of its own.

    >>> model = GPT(GPTConfig(vocab_size=65), np.random.default_rng(0))
    >>> model.parameter_count()
    809856
    >>> model([[0, 1, 2]]).shape  # logits for what follows each of the three
    (1, 3, 65)
    """

    def __init__(self, config: GPTConfig, rng: np.random.Generator) -> None:
        check_rng("GPT", rng)
        self.config = config
        self.transformer = Transformer(config, rng)
        for name, parameter in self.named_parameters():
            parameter.label = name

    def forward(self, ids: ArrayLike, rng: np.random.Generator | None = None) -> Tensor:
        """From token ids (B, T) return logits (B, T, V): position t predicts token t + 1.

        With `rng`, dropout is active: for training steps only.

        Raises:
            ShapeError: ids are not (B, T), or T is 0 or longer than the context.
            EngineTypeError, EngineValueError: ids are not integers, or not in the vocabulary.
        """
        ids = as_array(ids, "GPT")
        self._check(ids.shape)
        return F.linear(self.transformer(ids, rng), self.transformer.wte.weight)

    def load_state_dict(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Copy arrays into the parameters, as `Module.load_state_dict`; nanoGPT's are welcome.

        Its state has the tied table a second time, as "lm_head.weight", and its GELU is the exact
        one. So, for a model of ours with `activation="gelu"` and one of nanoGPT's:

            ours.load_state_dict({name: p.numpy() for name, p in theirs.state_dict().items()})

        and the way back:

            state = {name: torch.tensor(array) for name, array in ours.state_dict().items()}
            theirs.load_state_dict({**state, "lm_head.weight": state["transformer.wte.weight"]})
        """
        ours = dict(arrays)
        if "lm_head.weight" in ours:
            table = ours.get("transformer.wte.weight", ())
            if np.array_equal(ours["lm_head.weight"], table):
                del ours["lm_head.weight"]
        super().load_state_dict(ours)

    def _check(self, shape: tuple[int, ...]) -> None:
        expected = (
            f"token ids of shape (B, T) with T from 1 to block_size = {self.config.block_size}"
        )
        if len(shape) != 2:
            fix = "Put a single sequence in brackets: [ids]."
            raise ShapeError("GPT", expected, f"shape {shape}", fix)
        if not 0 < shape[1] <= self.config.block_size:
            fix = "Keep the last block_size tokens." if shape[1] else "Begin with one token."
            raise ShapeError("GPT", expected, f"T = {shape[1]}", fix)


def residual_std(config: GPTConfig) -> float:
    """Standard deviation of weights whose output is added to the residual stream.

    2 n_layer such outputs add up; this keeps the sum's size independent of the depth (GPT-2,
    section 2.3).

    >>> residual_std(GPTConfig(65, n_layer=8))
    0.005
    """
    return 0.02 / math.sqrt(2 * config.n_layer)

"""Is the loss right before anything is learned?

A model that knows nothing gives each of V tokens the same probability, 1 / V, and so has a loss of
ln V: 4.17 nats for 65 characters. A fresh model that starts elsewhere has a fault, and it is found
most cheaply here, before the first step of training.
"""

import math
from dataclasses import dataclass
from numbers import Integral
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from pyengine.errors import EngineTypeError, EngineValueError
from pyengine.gpt import GPT
from pyengine.train import evaluate

BAND = 0.3  # nats around ln V


@dataclass(frozen=True)
class Finding:
    """Whether the first loss is right, how that shows, and what to do."""

    verdict: Literal["healthy", "too high", "too low"]
    evidence: str
    suggestion: str


def initial_loss(model: GPT, tokens: ArrayLike) -> float:
    """Measure the loss of a fresh model; the first 32 blocks of a text are enough for that.

    Args:
        model: as it was made.
        tokens: ids of a text, shape (N,).

    Returns:
        Nats per token, for `check_initial_loss`.

    Raises:
        EngineTypeError, EngineValueError: the tokens are no ids of the model's vocabulary, or
            fewer than 2.

    >>> from pyengine.gpt import GPTConfig
    >>> model = GPT(GPTConfig(vocab_size=65), np.random.default_rng(0))
    >>> round(initial_loss(model, np.arange(1000) % 65), 1)
    4.2
    """
    return evaluate(model, np.asarray(tokens)[: 32 * model.config.block_size + 1])


def check_initial_loss(loss: float, vocab_size: int) -> Finding:
    """Compare the loss before the first step with that of a blind guess, ln V.

    Args:
        loss: nats per token, of a fresh model.
        vocab_size: V, at least 2.

    Returns:
        "healthy" within 0.3 nats of ln V, else "too high" or "too low". (A fresh GPT need not be
        quite blind: its last layer is also its table of tokens, so it expects to see again what it
        has just seen, and texts differ in how often that is so.)

    Raises:
        EngineTypeError: the size is not an integer.
        EngineValueError: it is below 2, or the loss is not a finite number of at least 0.

    Source: Karpathy, "A Recipe for Training Neural Networks" (2019), "verify loss @ init".

    >>> check_initial_loss(107.0, vocab_size=85).verdict
    'too high'
    """
    check_vocab_size("check_initial_loss", vocab_size)
    if not 0 <= loss < math.inf:
        expected = "a finite loss of at least 0"
        raise EngineValueError("check_initial_loss", expected, f"{loss}")
    blind = math.log(vocab_size)
    evidence = (
        f"The loss before the first step is {loss:.2f}; "
        f"a blind guess among {vocab_size} tokens costs {blind:.2f}."
    )
    if loss > blind + BAND:
        return Finding("too high", evidence, TOO_HIGH)
    if loss < blind - BAND:
        return Finding("too low", evidence, TOO_LOW)
    return Finding("healthy", evidence, "Nothing to mend: it knows nothing yet.")


TOO_HIGH = (
    "The model is sure of wrong answers: its first weights are too large. "
    "Draw them with a standard deviation of 0.02, embeddings too."
)
TOO_LOW = (
    "The model sees what it is to predict, or it is not fresh. Check that the targets are the "
    "inputs one place further on, and that attention is causal."
)


def check_vocab_size(where: str, vocab_size: int) -> None:
    """Raise unless it is an integer of at least 2: with one token there is nothing to guess."""
    if not isinstance(vocab_size, Integral):
        raise EngineTypeError(where, "vocab_size to be an integer", f"{vocab_size!r}")
    if vocab_size < 2:
        raise EngineValueError(where, "vocab_size of at least 2", f"{vocab_size}")

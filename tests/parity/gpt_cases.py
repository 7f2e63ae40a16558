"""A small GPT with weights that every machine can make again, and PyTorch's GPT-2 with the same."""

import math
from typing import Any

import numpy as np

from pyengine import GPT, GPTConfig, TrainConfig
from pyengine.schedule import Cosine

SIZES = GPTConfig(vocab_size=13, block_size=8, n_layer=2, n_head=2, n_embd=16, dtype="float64")
STEPS = 200
TRAINING = TrainConfig(
    steps=STEPS,
    batch_size=4,
    accumulate=2,
    schedule=Cosine(lr=5e-3, steps=STEPS, warmup_steps=20, min_lr=5e-4),
    clip=0.5,  # the norm begins above and ends below it
    validate_every=0,
)


def parameters(model: GPT, seed: int = 0) -> dict[str, Any]:
    """Arrays of six-digit numbers for every parameter: the same on every machine.

    Biases and layer norms, too, are away from 0 and 1, where mistakes could hide.
    """
    rng = np.random.default_rng(seed)
    arrays = {}
    for name, parameter in model.named_parameters():
        scale = 0.02 if parameter.data.ndim > 1 else 0.1
        centre = 1.0 if name.endswith(("ln_1.weight", "ln_2.weight", "ln_f.weight")) else 0.0
        drawn = centre + rng.normal(0, scale, parameter.shape)
        arrays[name] = np.round(drawn, 6).astype(parameter.dtype)
    return arrays


def model_of(config: GPTConfig = SIZES, seed: int = 0) -> GPT:
    """Our model with those parameters."""
    model = GPT(config, np.random.default_rng(0))
    model.load_state_dict(parameters(model, seed))
    return model


def text(count: int = 600) -> Any:
    """Tokens with something to learn: each is three times the last but one, plus a coin toss."""
    coins = np.random.default_rng(1).integers(0, 2, count)
    tokens = [1, 2]
    for coin in coins[2:].tolist():
        tokens.append((3 * tokens[-2] + coin) % SIZES.vocab_size)
    return np.array(tokens)


def samples(arrays: dict[str, Any]) -> dict[str, list[float]]:
    """Of every array its sum, its length and four of its numbers: little to keep, hard to miss."""
    found = {}
    for name, array in arrays.items():
        flat = np.asarray(array, dtype=np.float64).reshape(-1)
        picked = flat[[0, len(flat) // 3, len(flat) // 2, -1]]
        found[name] = [math.fsum(flat), math.sqrt(math.fsum(flat * flat)), *picked.tolist()]
    return found

"""How noisy is the gradient of a batch, and how large should a batch be?

The gradient g of a batch is the gradient G over all the text, plus chance: which B sequences came
to be in it. The chance averages out as in any mean, so that

    mean of |g − G|²  =  tr(Σ) / B            twice the batch, half the noise
    mean of |g|²      =  |G|² + tr(Σ) / B     noise makes gradients longer

where Σ is the covariance of the gradients of single sequences. Both summands are equal at
B = tr(Σ) / |G|², the *critical batch size*. The steps of much smaller batches undo each other for
the most part; much larger batches spend their sequences on noise that is already gone.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from numbers import Integral
from statistics import fmean

import numpy as np
from numpy.typing import ArrayLike

from pyengine.data import Batches
from pyengine.errors import EngineTypeError, EngineValueError
from pyengine.gpt import GPT
from pyengine.ops import Array
from pyengine.train import mean_loss


@dataclass(frozen=True)
class BatchNoise:
    """What the gradients of batches of one size have been like."""

    batch_size: int  # B, in sequences
    norm: float  # mean of |g|
    squared_norm: float  # mean of |g|²
    variance: float  # mean of |g − G|², without the bias from G being estimated
    cosine: float  # mean cosine of the angle between g and G: 1 for no noise, 0 for nothing else


@dataclass(frozen=True)
class NoiseScale:
    """How much of a gradient is signal, and how much is noise.

    Both are unbiased estimates: where the true value is near 0, they may be below it by chance.

    Args:
        signal: |G|², the squared norm of the gradient over all the text.
        noise: tr(Σ), the variance of the gradient of a single sequence.

    >>> NoiseScale(signal=0.5, noise=8.0).critical_batch_size
    16.0
    """

    signal: float
    noise: float

    @property
    def critical_batch_size(self) -> float:
        """B_simple = tr(Σ) / |G|², in sequences; inf where no signal was found in the noise.

        Good for the order of magnitude: it takes the loss to be equally curved in all directions,
        and it grows during training, as |G| shrinks.

        Source: McCandlish et al., "An Empirical Model of Large-Batch Training" (2018),
        arXiv:1812.06162, equation 2.9.
        """
        return max(self.noise, 0.0) / self.signal if self.signal > 0 else math.inf


@dataclass(frozen=True)
class GradientNoise:
    """The noise at each batch size, and the scale that follows from all of them."""

    sizes: tuple[BatchNoise, ...]
    scale: NoiseScale


def gradient_noise(
    model: GPT,
    tokens: ArrayLike,
    batch_sizes: Sequence[int] = (1, 2, 4, 8, 16, 32),
    repeats: int = 16,
    seed: int = 0,
) -> GradientNoise:
    """Measure the gradients of many random batches of each size, at the model's parameters.

    Args:
        model: as it is now; its parameters and their gradients stay as they are, and dropout off.
        tokens: ids to draw batches from, shape (N,).
        batch_sizes: numbers of sequences of block_size tokens, at least two, the smallest first.
        repeats: batches of each size. The gradients of all of them are kept until the end.
        seed: decides which sequences are drawn; each is drawn independently.

    Returns:
        The noise in sequences: multiply a batch size by block_size to have it in tokens.

    Raises:
        EngineTypeError, EngineValueError: batch sizes or repeats that are not integers or out of
            range; tokens as `Batches`.

    Source: McCandlish et al. (2018), arXiv:1812.06162, section 2.2 and appendix A.1.

    >>> from pyengine.gpt import GPTConfig
    >>> sizes = GPTConfig(3, block_size=4, n_layer=1, n_head=1, n_embd=8)
    >>> model = GPT(sizes, np.random.default_rng(0))
    >>> found = gradient_noise(model, [0, 1, 2, 0, 2, 1] * 20, batch_sizes=(1, 16), repeats=50)
    >>> one, sixteen = found.sizes
    >>> round(one.variance / sixteen.variance)
    16
    """
    T = model.config.block_size

    def gradient_of(batch_size: int, draw: int) -> Array:
        return flat_gradient(model, *Batches(tokens, batch_size, T, seed)[draw])

    return measure_noise(gradient_of, batch_sizes, repeats)


def measure_noise(
    gradient_of: Callable[[int, int], Array], batch_sizes: Sequence[int], repeats: int
) -> GradientNoise:
    """Do what `gradient_noise` does, for anything that has a gradient.

    Args:
        gradient_of: given a batch size and the number of a draw, 0, 1, 2, …, returns the mean
            gradient (P,) of that many examples; each draw must be independent of the others.
        batch_sizes: at least two, the smallest first.
        repeats: draws of each size.

    Returns:
        The noise in examples.

    Raises:
        EngineTypeError, EngineValueError: as `gradient_noise`.

    >>> def gradient_of(batch_size, draw):  # G = 1, Σ = 4
    ...     return np.random.default_rng(draw).normal(1, 2, (batch_size, 1)).mean(axis=0)
    >>> found = measure_noise(gradient_of, (1, 64), repeats=1000)
    >>> round(found.scale.critical_batch_size)
    4
    """
    _check(batch_sizes, repeats)
    draws = count()
    drawn = {
        B: np.stack([gradient_of(B, next(draws)) for _ in range(repeats)]) for B in batch_sizes
    }
    examples = repeats * sum(batch_sizes)
    G: Array = sum(B * g.sum(axis=0, dtype=np.float64) for B, g in drawn.items()) / examples  # (P,)
    sizes = tuple(_noise(B, g, G, B / examples) for B, g in drawn.items())
    noise = fmean(each.batch_size * each.variance for each in sizes)
    signal = float(G @ G) - noise / examples  # G is the gradient of one large batch: noise remains
    return GradientNoise(sizes, NoiseScale(signal, noise))


def _noise(B: int, g: Array, G: Array, share: float) -> BatchNoise:
    """Compare the gradients g (R, P) of R batches with the mean G (P,) of all examples drawn."""
    norms = np.sqrt(np.square(g, dtype=np.float64).sum(axis=1))  # (R,)
    product = norms * math.sqrt(G @ G)
    # A gradient of 0 has no direction; its cosine counts as 0.
    cosines = np.divide(g @ G, product, out=np.zeros(len(g)), where=product > 0)
    # subtle: each batch is part of G, by its share of the examples, which draws G towards it. This
    # is what dividing by n − 1 corrects for in any variance.
    variance = np.square(g - G).sum(axis=1).mean() / (1 - share)
    return BatchNoise(
        B, float(norms.mean()), float((norms**2).mean()), float(variance), float(cosines.mean())
    )


def noise_scale(
    small: int, squared_norm_small: float, big: int, squared_norm_big: float
) -> NoiseScale:
    """Tell signal from noise by how much shorter the gradients of larger batches are.

    Args:
        small: a batch size.
        squared_norm_small: |g|² at that size, averaged over many batches. First average, then
            divide: a ratio of means is not the mean of ratios.
        big: a larger batch size.
        squared_norm_big: |g|² at that, averaged as well.

    Returns:
        Both parts, unbiased, from solving mean |g|² = |G|² + tr(Σ) / B for the two sizes.

    Raises:
        EngineValueError: `small` is not from 1 to below `big`.

    Source: McCandlish et al. (2018), arXiv:1812.06162, appendix A.1.

    >>> noise_scale(1, 8.5, 16, 1.0)
    NoiseScale(signal=0.5, noise=8.0)
    """
    if not 1 <= small < big:
        got = f"small = {small}, big = {big}"
        raise EngineValueError("noise_scale", "batch sizes with 1 ≤ small < big", got)
    signal = (big * squared_norm_big - small * squared_norm_small) / (big - small)
    noise = (squared_norm_small - squared_norm_big) / (1 / small - 1 / big)
    return NoiseScale(signal, noise)


def steps_and_examples(batch_size: float, critical_batch_size: float) -> tuple[float, float]:
    """Say what a batch size costs: in steps, that is in time, and in examples, that is in work.

    Args:
        batch_size: B, above 0.
        critical_batch_size: above 0, in the same unit: sequences or tokens.

    Returns:
        S / S_min and E / E_min: how many times the fewest possible steps, and the fewest possible
        examples, it takes to reach the same loss. (S / S_min − 1) (E / E_min − 1) = 1.

    Raises:
        EngineValueError: a batch size that is not above 0.

    Source: McCandlish et al. (2018), arXiv:1812.06162, equations 2.11 and 2.12.

    >>> steps_and_examples(16, critical_batch_size=16)  # twice both: the middle
    (2.0, 2.0)
    >>> steps_and_examples(160, critical_batch_size=16)  # 1.1 × the steps, at 11 × the work
    (1.1, 11.0)
    """
    for name, size in (("batch_size", batch_size), ("critical_batch_size", critical_batch_size)):
        if not size > 0:
            raise EngineValueError("steps_and_examples", f"{name} above 0", f"{size}")
    return 1 + critical_batch_size / batch_size, 1 + batch_size / critical_batch_size


def flat_gradient(model: GPT, inputs: ArrayLike, targets: ArrayLike) -> Array:
    """The gradient of the mean loss on a batch (B, T), all parameters' in one vector (P,).

    >>> from pyengine.gpt import GPTConfig
    >>> sizes = GPTConfig(3, block_size=4, n_layer=1, n_head=1, n_embd=8)
    >>> model = GPT(sizes, np.random.default_rng(0))
    >>> flat_gradient(model, [[0, 1]], [[1, 2]]).shape == (model.parameter_count(),)
    True
    """
    parameters = model.parameters()
    kept = [each.grad for each in parameters]
    for each in parameters:
        each.grad = None
    mean_loss(model(inputs), targets).backward()
    grads = [np.ravel(each.grad) for each in parameters if each.grad is not None]
    for each, grad in zip(parameters, kept, strict=True):
        each.grad = grad
    flat: Array = np.concatenate(grads)
    return flat


def _check(batch_sizes: Sequence[int], repeats: int) -> None:
    for number in (*batch_sizes, repeats):
        if not isinstance(number, Integral):
            expected = "batch sizes and repeats to be integers"
            raise EngineTypeError("gradient_noise", expected, f"{number!r}")
    rising = [1, *batch_sizes]
    if len(batch_sizes) < 2 or rising != sorted(rising) or len(set(batch_sizes)) < len(batch_sizes):
        expected = "two or more batch sizes from 1, each larger than the one before"
        raise EngineValueError("gradient_noise", expected, f"{tuple(batch_sizes)}")
    if repeats < 1:
        raise EngineValueError("gradient_noise", "repeats of at least 1", f"{repeats}")

"""The learning-rate range test: which rate to train with, from one short run.

The rate grows with every step, from far too small to far too large, while the loss is watched:
at first it hardly moves, then it falls, then it explodes. Where it falls fastest is a good rate.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral
from statistics import fmean

from pyengine.errors import EngineTypeError, EngineValueError
from pyengine.schedule import ExponentialGrowth

DIVERGED = 4  # times the lowest loss so far


@dataclass(frozen=True)
class LRRange:
    """What a range test measured, and what follows from it.

    Args:
        rates: the learning rates tried, rising by the same factor each.
        losses: the loss at each of them, up to divergence.
        diverged_at: the rate at which the loss exploded; None if it never did.

    >>> found = LRRange([0.01, 0.1, 1.0, 10.0], [3.0, 2.9, 1.9, 2.1], diverged_at=None)
    >>> found.suggested
    0.1
    """

    rates: list[float]
    losses: list[float]
    diverged_at: float | None

    @property
    def smoothed(self) -> list[float]:
        """The losses, each averaged with its neighbours: batches differ, and so the curve jumps."""
        last = len(self.losses) - 1
        # As many neighbours before as after, also near the ends: so the curve is not shifted.
        reach = [min(i, last - i, self._reach) for i in range(last + 1)]
        return [fmean(self.losses[i - r : i + r + 1]) for i, r in enumerate(reach)]

    @property
    def suggested(self) -> float | None:
        """The rate at which the smoothed loss falls fastest; None if it never falls."""
        smoothed, margin = self.smoothed, self._reach + 1
        # The rates' logarithms lie equally far apart, so differences compare as slopes do.
        slopes = {
            self.rates[i]: smoothed[i + 1] - smoothed[i - 1]
            for i in range(margin, len(smoothed) - margin)
        }
        steepest = min(slopes, key=lambda rate: slopes[rate], default=None)
        return steepest if steepest is not None and slopes[steepest] < 0 else None

    @property
    def _reach(self) -> int:
        """How many neighbours on either side are averaged."""
        return len(self.losses) // 10


def lr_range_test(
    try_step: Callable[[float], float], min_lr: float, max_lr: float, steps: int = 100
) -> LRRange:
    """Train for a few steps at ever larger rates and watch the loss.

    Args:
        try_step: does one training step at the rate it is given and returns its loss, a number
            of at least 0. It really trains: start again from fresh parameters afterwards.
        min_lr: the first rate, at which nothing should happen yet, such as 1e-6.
        max_lr: the last, at which training should have exploded, such as 10.
        steps: how many rates to try, at most: the test ends when the loss exceeds four times its
            lowest value, is not finite, or the engine refuses nan, inf or an overflow.

    Returns:
        The rates and losses, with the rate they suggest.

    Raises:
        EngineTypeError: `try_step` does not return a number, or `steps` is no int.
        EngineValueError: fewer than 3 steps, rates out of order, or any other refusal in a step.

    Source: Smith, "Cyclical Learning Rates for Training Neural Networks" (2017),
    arXiv:1506.01186, section 3.3; growth by a factor, stop and suggestion as in fastai's `lr_find`.

    >>> from pyengine.optim import SGD
    >>> from pyengine.scalar import Value
    >>> w = Value(3.0)
    >>> optimizer = SGD([w])
    >>> def try_step(lr):
    ...     optimizer.lr = lr
    ...     loss = (w - 1) ** 2
    ...     optimizer.zero_grad()
    ...     loss.backward()
    ...     optimizer.step()
    ...     return loss.data
    >>> found = lr_range_test(try_step, min_lr=1e-4, max_lr=10.0)
    >>> round(found.suggested, 3), round(found.diverged_at, 3)
    (0.027, 1.556)
    """
    if not isinstance(steps, Integral):
        raise EngineTypeError("lr_range_test", "steps to be an int", f"{steps!r}")
    if steps < 3:
        raise EngineValueError("lr_range_test", "at least 3 steps", f"{steps}")
    schedule = ExponentialGrowth(min_lr, max_lr, steps - 1)
    rates: list[float] = []
    losses: list[float] = []
    for rate in map(schedule, range(steps)):
        loss = _loss(try_step, rate, first=not losses)
        if not math.isfinite(loss) or loss > DIVERGED * min(losses, default=math.inf):
            return LRRange(rates, losses, diverged_at=rate)
        rates.append(rate)
        losses.append(loss)
    return LRRange(rates, losses, diverged_at=None)


def _loss(try_step: Callable[[float], float], rate: float, first: bool) -> float:
    try:
        loss = try_step(rate)
    except EngineValueError as refusal:
        if first or not _ran_away(refusal):
            raise
        return math.nan
    try:
        return float(loss)
    except TypeError:
        got = f"{loss!r} ({type(loss).__name__})"
        fix = "End it with `return loss.data`."
        raise EngineTypeError("lr_range_test", "try_step to return a number", got, fix) from None


def _ran_away(refusal: EngineValueError) -> bool:
    """Whether the engine refused a number that grew too large, and not a mistake in the data."""
    _, _, got, _ = refusal.args
    return got.startswith(("nan", "inf", "-inf")) or isinstance(refusal.__context__, OverflowError)

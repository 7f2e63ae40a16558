"""What can be said about a curve that jumps: medians of stretches, and how sure they are.

The loss of a batch depends on which sequences came to be in it, so neighbouring losses differ
though nothing was learned or lost in between. A median over a stretch of them is steadier, and one
spike, however high, does not move it.
"""

import math
from collections.abc import Sequence

import numpy as np

CHANGE = 0.05  # A loss has changed if by more than this share of it,
CHANGE_NATS = 0.02  # and by more than this,
STANDARD_ERRORS = 4  # and, where chance plays a part, by more than so many standard errors.


class LossCurve:
    """The losses of a run, smoothed if need be.

    Args:
        points: (step, loss) at each place it was measured, at least one, in nats per token.
        sampled: whether each is the loss of another random batch. The validation loss is not: it
            is measured on the same text each time, and needs no smoothing.

    Attributes:
        window: how many losses in a row each median is taken of: a tenth of all, but from 5 to
            100, though no more than a third. Only one, if they are not sampled.
        medians: of every window, (N − window + 1,).
        middles: the step in the middle of each window, (N − window + 1,).

    >>> losses = [4, 3, 2, 99, 2, 1, 1, 2, 2]
    >>> curve = LossCurve([*enumerate(losses)], sampled=True)
    >>> curve.window, curve.medians.tolist()
    (3, [3.0, 3.0, 2.0, 2.0, 1.0, 1.0, 2.0])
    """

    def __init__(self, points: Sequence[tuple[int, float]], sampled: bool) -> None:
        self.sampled = sampled
        self.steps = np.array([step for step, _ in points])
        self.losses = np.array([loss for _, loss in points])
        n = len(points)
        window = max(min(n // 10, 100), min(5, n // 3), 1) if sampled else 1
        self.window = (window - 1) | 1  # odd, to have a middle
        windows = np.lib.stride_tricks.sliding_window_view(self.losses, self.window)
        self.medians = np.median(windows, axis=1)
        self.middles = self.steps[self.window // 2 :][: len(self.medians)]

    def __len__(self) -> int:
        return len(self.losses)

    @property
    def end(self) -> float:
        """The loss at the end: the lower of the last two medians, as one bad one is no trend."""
        return float(self.medians[-2:].min())

    @property
    def lowest(self) -> tuple[float, int]:
        """The lowest median, and its step."""
        i = self.medians.argmin()
        return float(self.medians[i]), int(self.middles[i])

    @property
    def highest(self) -> tuple[float, int]:
        """The highest median, and its step."""
        i = self.medians.argmax()
        return float(self.medians[i]), int(self.middles[i])

    def near(self, step: int) -> float:
        """The loss around a step."""
        return float(self.medians[np.abs(self.middles - step).argmin()])

    def rose(self, before: float, after: float, window: int | None = None) -> bool:
        """Whether a rise from one median to another is more than nothing.

        Args:
            before: a median of `window` losses, in nats.
            after: another.
            window: this curve's by default.
        """
        least = max(CHANGE * min(before, after), CHANGE_NATS)
        if self.sampled:
            least = max(least, STANDARD_ERRORS * self.standard_error(window or self.window))
        return after - before > least

    @property
    def still_falling(self) -> bool:
        """Whether the loss of the last quarter is below that of the quarter before."""
        quarter = len(self) // 4
        if not quarter:
            return False
        last, before = self.losses[-quarter:], self.losses[-2 * quarter : -quarter]
        return self.rose(float(np.median(last)), float(np.median(before)), quarter)

    def standard_error(self, window: int) -> float:
        """The standard error of the difference of two medians of `window` losses each.

        The noise σ of a single loss is told from second differences, x₀ − 2 x₁ + x₂, in the
        second half of the curve: straight slopes do not show in them, and their variance is 6 σ².
        Half of them lie within 0.6745 standard deviations, so their median size says how large
        that is. The median of a window has variance π σ² / 2 window, a difference twice that.
        """
        if len(self) < 6:  # the half has no second difference
            return math.inf
        sizes = np.abs(np.diff(self.losses[len(self) // 2 :], 2))
        sigma = float(np.median(sizes)) / 0.6745 / math.sqrt(6)
        return sigma * math.sqrt(math.pi / window)

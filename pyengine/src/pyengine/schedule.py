"""Learning-rate schedules: how large the step should be, step by step.

Each is a small immutable object that is called with a step, counted from 0, and returns the
learning rate for it: `optimizer.lr = schedule(step)`. All of them hold their last value after
their end. Up to there formulas are those of `torch.optim.lr_scheduler` and of
`transformers.optimization`, but for one: there the warm-up of WSD begins at `min_lr`.

Subtle: a warm-up starts at a rate of exactly 0, so step 0 moves nothing.
"""

import math
from dataclasses import dataclass, fields
from numbers import Integral, Real

from pyengine.errors import EngineTypeError, EngineValueError


@dataclass(frozen=True)
class Constant:
    """The same rate for ever.

    >>> Constant(lr=0.1)(1000)
    0.1
    """

    lr: float

    def __post_init__(self) -> None:
        _check(self)

    def __call__(self, step: int) -> float:
        """Return the learning rate at `step`."""
        return self.lr * _ramp(step, 0)


@dataclass(frozen=True)
class LinearWarmup:
    """Rise in a straight line from 0 to `lr` over `warmup_steps`, then stay.

    Early gradients come from random parameters and are large; small steps keep them from doing
    harm. Source: Goyal et al., "Accurate, Large Minibatch SGD" (2017), arXiv:1706.02677, 2.2.

    >>> schedule = LinearWarmup(lr=1.0, warmup_steps=4)
    >>> [schedule(step) for step in range(6)]
    [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]
    """

    lr: float
    warmup_steps: int

    def __post_init__(self) -> None:
        _check(self)

    def __call__(self, step: int) -> float:
        """Return the learning rate at `step`."""
        return self.lr * _ramp(step, self.warmup_steps)


@dataclass(frozen=True)
class Cosine:
    """Warm up to `lr`, then follow half a cosine down to `min_lr` at `steps`.

    Source: Loshchilov & Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts" (2017),
    arXiv:1608.03983, equation 5, without restarts. GPT-3 warmed up first and ended at a tenth of
    its peak: Brown et al. (2020), arXiv:2005.14165, appendix B.

    >>> schedule = Cosine(lr=6e-4, steps=100, warmup_steps=2, min_lr=6e-5)
    >>> [f"{schedule(step):.2e}" for step in (0, 1, 2, 51, 100)]
    ['0.00e+00', '3.00e-04', '6.00e-04', '3.30e-04', '6.00e-05']
    """

    lr: float
    steps: int
    warmup_steps: int = 0
    min_lr: float = 0.0

    def __post_init__(self) -> None:
        _check(self)

    def __call__(self, step: int) -> float:
        """Return the learning rate at `step`."""
        if step < self.warmup_steps:
            return self.lr * _ramp(step, self.warmup_steps)
        progress = _ramp(step - self.warmup_steps, self.steps - self.warmup_steps)
        height = (1 + math.cos(math.pi * progress)) / 2  # from 1 down to 0
        return self.min_lr + (self.lr - self.min_lr) * height


@dataclass(frozen=True)
class WarmupStableDecay:
    """Warm up to `lr`, stay there, and fall in a straight line to `min_lr` at `steps`.

    The length of the run need not be known until the decay begins. Source: Hu et al., "MiniCPM"
    (2024), arXiv:2404.06395, section 4; straight decay as in Hägele et al. (2024),
    arXiv:2405.18392.

    >>> schedule = WarmupStableDecay(lr=1.0, steps=10, warmup_steps=2, decay_steps=4)
    >>> [schedule(step) for step in (0, 1, 2, 6, 8, 10)]
    [0.0, 0.5, 1.0, 1.0, 0.5, 0.0]
    """

    lr: float
    steps: int
    warmup_steps: int
    decay_steps: int
    min_lr: float = 0.0

    def __post_init__(self) -> None:
        _check(self)

    def __call__(self, step: int) -> float:
        """Return the learning rate at `step`."""
        if step < self.warmup_steps:
            return self.lr * _ramp(step, self.warmup_steps)
        decay_starts = self.steps - self.decay_steps
        if step < decay_starts:
            return self.lr
        return self.lr + (self.min_lr - self.lr) * _ramp(step - decay_starts, self.decay_steps)


@dataclass(frozen=True)
class InverseSquareRoot:
    """Warm up to `lr`, then fall with 1 / √step: halved when the steps have become fourfold.

    Source: Vaswani et al., "Attention Is All You Need" (2017), arXiv:1706.03762, equation 3,
    written with its peak `lr` instead of the model's width.

    >>> schedule = InverseSquareRoot(lr=1.0, warmup_steps=100)
    >>> [schedule(step) for step in (0, 50, 100, 400)]
    [0.0, 0.5, 1.0, 0.5]
    """

    lr: float
    warmup_steps: int

    def __post_init__(self) -> None:
        _check(self)
        if self.warmup_steps < 1:
            got = f"{self.warmup_steps}"
            raise EngineValueError("InverseSquareRoot", "warmup_steps of at least 1", got)

    def __call__(self, step: int) -> float:
        """Return the learning rate at `step`."""
        if step < self.warmup_steps:
            return self.lr * _ramp(step, self.warmup_steps)
        return self.lr * math.sqrt(self.warmup_steps / step)


@dataclass(frozen=True)
class ExponentialGrowth:
    """Rise from `min_lr` to `max_lr` at `steps`, by the same factor in every step.

    The schedule of `lr_range_test`: so rates of every size are tried, from harmless to ruinous.
    Source: Smith, "Cyclical Learning Rates for Training Neural Networks" (2017),
    arXiv:1506.01186, section 3.3, who rises in a straight line; by a factor as in fastai.

    >>> schedule = ExponentialGrowth(min_lr=0.001, max_lr=10.0, steps=4)
    >>> [round(schedule(step), 3) for step in range(6)]
    [0.001, 0.01, 0.1, 1.0, 10.0, 10.0]
    """

    min_lr: float
    max_lr: float
    steps: int

    def __post_init__(self) -> None:
        _check(self)
        if not 0 < self.min_lr < self.max_lr:
            got = f"min_lr={self.min_lr}, max_lr={self.max_lr}"
            raise EngineValueError("ExponentialGrowth", "min_lr above 0 and below max_lr", got)

    def __call__(self, step: int) -> float:
        """Return the learning rate at `step`."""
        progress = _ramp(step, self.steps)
        # min_lr × (max_lr / min_lr)^progress, written so that both ends come out exactly
        return float(self.min_lr ** (1 - progress) * self.max_lr**progress)


Schedule = (
    Constant | LinearWarmup | Cosine | WarmupStableDecay | InverseSquareRoot | ExponentialGrowth
)


def _ramp(step: int, length: int) -> float:
    """How far along a ramp of `length` steps: from 0 at its start to 1 at its end and after."""
    if step < 0:
        raise EngineValueError("schedule", "a step of at least 0", f"{step}")
    return min(1.0, step / length) if length else 1.0


def _check(schedule: Schedule) -> None:
    """Raise unless rates and steps are at least 0, fall and not rise, and fit into `steps`."""
    where = type(schedule).__name__
    for field in fields(schedule):
        number = getattr(schedule, field.name)
        if not isinstance(number, Real):
            raise EngineTypeError(where, f"{field.name} to be a number", repr(number))
        # subtle: checkpoints write schedules as JSON, which knows no numbers of NumPy's.
        plain = int(number) if isinstance(number, Integral) else float(number)
        if not 0 <= plain < math.inf:
            expected = f"{field.name} to be a number of at least 0"
            raise EngineValueError(where, expected, f"{plain}")
        object.__setattr__(schedule, field.name, plain)  # how a frozen dataclass sets itself up
    if isinstance(schedule, Cosine | WarmupStableDecay) and schedule.min_lr > schedule.lr:
        got = f"min_lr={schedule.min_lr}, lr={schedule.lr}"
        raise EngineValueError(where, "min_lr of at most lr", got)
    steps = getattr(schedule, "steps", None)
    phases = getattr(schedule, "warmup_steps", 0) + getattr(schedule, "decay_steps", 0)
    if steps is not None and phases > steps:
        expected = f"warm-up and decay to fit into steps = {steps}"
        raise EngineValueError(where, expected, f"{phases} steps", "Shorten them.")

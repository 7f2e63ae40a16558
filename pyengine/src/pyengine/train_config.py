"""How to train: everything about a run but the model and the text."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from numbers import Integral, Real
from typing import Any, get_args

from pyengine.errors import EngineError, EngineTypeError, EngineValueError
from pyengine.schedule import Cosine, Schedule


@dataclass(frozen=True)
class TrainConfig:
    """How to train: everything about a run but the model and the text.

    Args:
        steps: how many times the parameters are moved.
        batch_size: B, sequences per forward pass.
        accumulate: forward passes per step; their gradients are averaged, as if the batch were
            that much larger, for the memory of one.
        schedule: the learning rate at each step, one of `pyengine.schedule`'s. By default a cosine
            over `steps` from 1e-3 to 1e-4, after a warm-up over the first twentieth.
        betas, eps, weight_decay: AdamW's; only matrices decay.
        clip: largest norm of the gradient; 0 for no clipping.
        validate_every: steps between two measurements of the validation loss; 0 for never.
        seed: decides the order of the batches and what dropout drops.

    The defaults are nanoGPT's for Shakespeare on a laptop.

    Raises:
        EngineTypeError: a number that is none, or another schedule.
        EngineValueError: a number out of range.

    >>> config = TrainConfig(steps=500, schedule=Cosine(lr=1e-3, steps=500, warmup_steps=50))
    >>> config.batch_size, config.schedule(50)
    (12, 0.001)
    """

    steps: int = 2000
    batch_size: int = 12
    accumulate: int = 1
    schedule: Schedule = None  # type: ignore[assignment]  # stands for the cosine, until below
    betas: tuple[float, float] = (0.9, 0.99)
    eps: float = 1e-8
    weight_decay: float = 0.1
    clip: float = 1.0
    validate_every: int = 250
    seed: int = 1337

    def __post_init__(self) -> None:
        for name, least in _LEAST.items():
            number = getattr(self, name)
            if not isinstance(number, Integral) or isinstance(number, bool):
                raise EngineTypeError("TrainConfig", f"{name} to be an int", repr(number))
            if number < least:
                raise EngineValueError("TrainConfig", f"{name} of at least {least}", f"{number}")
            self._set(name, int(number))
        for name in ("eps", "weight_decay", "clip"):
            self._set(name, _finite(name, getattr(self, name)))
        self._set("betas", tuple(_finite("betas", beta) for beta in self.betas))
        if self.clip < 0:
            fix = "0 means no clipping."
            raise EngineValueError("TrainConfig", "clip of at least 0", f"{self.clip}", fix)
        if self.schedule is None:
            self._set("schedule", Cosine(1e-3, self.steps, self.steps // 20, min_lr=1e-4))
        if not isinstance(self.schedule, get_args(Schedule)):
            expected = "one of pyengine.schedule's schedules"
            raise EngineTypeError("TrainConfig", expected, f"{self.schedule!r}")

    def _set(self, name: str, value: Any) -> None:
        """Replace a field by what it stands for; once made, a configuration does not change."""
        object.__setattr__(self, name, value)

    def as_dict(self) -> dict[str, Any]:
        """Its fields as plain data, the schedule with its name; `from_dict` is the way back.

        >>> config = TrainConfig(steps=10)
        >>> config.as_dict()["schedule"]["kind"]
        'Cosine'
        >>> TrainConfig.from_dict(config.as_dict()) == config
        True
        """
        data = {**asdict(self), "betas": list(self.betas)}
        data["schedule"] = {"kind": type(self.schedule).__name__, **asdict(self.schedule)}
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> TrainConfig:
        """Make a configuration from what `as_dict` gave.

        Raises:
            EngineTypeError, EngineValueError: `as_dict` did not give that.
        """
        kinds = {kind.__name__: kind for kind in get_args(Schedule)}
        try:
            options = dict(data["schedule"])
            schedule = kinds[options.pop("kind")](**options)
            return cls(**{**data, "schedule": schedule})
        except EngineError:
            raise
        except (KeyError, TypeError, ValueError) as error:
            got = f"{type(error).__name__}: {error}"
            raise EngineValueError("TrainConfig.from_dict", "what as_dict gave", got) from error


def _finite(name: str, number: float) -> float:
    if not isinstance(number, Real):
        raise EngineTypeError("TrainConfig", f"{name} to be a number", repr(number))
    if not math.isfinite(number):
        raise EngineValueError("TrainConfig", f"{name} to be finite", f"{number}")
    return float(number)


_LEAST = {"steps": 1, "batch_size": 1, "accumulate": 1, "validate_every": 0, "seed": 0}

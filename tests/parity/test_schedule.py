"""Schedules against `torch.optim.lr_scheduler`, and the formulas of `transformers.optimization`."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from parity import freeze
from torch.optim import lr_scheduler as lrs

from pyengine.schedule import (
    Constant,
    Cosine,
    ExponentialGrowth,
    InverseSquareRoot,
    LinearWarmup,
    Schedule,
    WarmupStableDecay,
)

PEAK = 0.02
TINY = 1e-30  # LinearLR does not take a start of exactly 0


def rates(make: Callable[[Any], Any], steps: int) -> list[float]:
    """The learning rate PyTorch uses in each step."""
    optimizer = torch.optim.SGD([freeze.tensor(1.0)], lr=PEAK)
    scheduler = make(optimizer)
    found = []
    for _ in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def warm_up(optimizer: Any) -> Any:
    return lrs.LinearLR(optimizer, start_factor=TINY, end_factor=1, total_iters=10)


def warm_up_then_cosine(optimizer: Any) -> Any:
    cosine = lrs.CosineAnnealingLR(optimizer, T_max=90, eta_min=PEAK / 10)
    return lrs.SequentialLR(optimizer, [warm_up(optimizer), cosine], milestones=[10])


def warm_up_stay_decay(optimizer: Any) -> Any:
    stay = lrs.ConstantLR(optimizer, factor=1, total_iters=1)
    decay = lrs.LinearLR(optimizer, start_factor=1, end_factor=0.1, total_iters=30)
    return lrs.SequentialLR(optimizer, [warm_up(optimizer), stay, decay], milestones=[10, 70])


def inverse_square_root(optimizer: Any) -> Any:
    # transformers.get_inverse_sqrt_schedule with its default timescale, the warm-up steps
    return lrs.LambdaLR(optimizer, lambda step: step / 10 if step < 10 else (step / 10) ** -0.5)


def growth(optimizer: Any) -> Any:
    return lrs.ExponentialLR(optimizer, gamma=(1 / PEAK) ** (1 / 100))


PAIRS: dict[str, tuple[Schedule, Callable[[Any], Any], int]] = {
    "constant": (Constant(PEAK), lambda o: lrs.ConstantLR(o, factor=1), 50),
    "warm-up": (LinearWarmup(PEAK, 10), warm_up, 50),
    "cosine": (Cosine(PEAK, 100), lambda o: lrs.CosineAnnealingLR(o, T_max=100), 101),
    "warm-up, cosine": (Cosine(PEAK, 100, 10, PEAK / 10), warm_up_then_cosine, 101),
    "WSD": (WarmupStableDecay(PEAK, 100, 10, 30, PEAK / 10), warm_up_stay_decay, 150),
    "growth": (ExponentialGrowth(PEAK, 1.0, 100), growth, 101),
    "inverse square root": (InverseSquareRoot(PEAK, 10), inverse_square_root, 200),
}


@pytest.mark.parametrize("name", PAIRS)
def test_every_step_has_pytorchs_rate(name: str) -> None:
    schedule, make, steps = PAIRS[name]
    ours = [schedule(step) for step in range(steps)]
    assert ours == pytest.approx(rates(make, steps), rel=1e-10, abs=1e-15)

"""Schedules against `torch.optim.lr_scheduler` and `transformers.optimization`."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from parity import freeze
from torch.optim import lr_scheduler as lrs
from transformers import optimization as hf

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


def growth(optimizer: Any) -> Any:
    return lrs.ExponentialLR(optimizer, gamma=(1 / PEAK) ** (1 / 100))


def wsd(optimizer: Any, min_lr_ratio: float) -> Any:
    return hf.get_wsd_schedule(
        optimizer,
        num_warmup_steps=10,
        num_decay_steps=30,
        num_training_steps=100,
        decay_type="linear",
        min_lr_ratio=min_lr_ratio,
    )


PAIRS: dict[str, tuple[Schedule, Callable[[Any], Any], int]] = {
    "constant": (Constant(PEAK), lambda o: lrs.ConstantLR(o, factor=1), 50),
    "warm-up": (LinearWarmup(PEAK, 10), warm_up, 50),
    "cosine": (Cosine(PEAK, 100), lambda o: lrs.CosineAnnealingLR(o, T_max=100), 101),
    "warm-up, cosine": (Cosine(PEAK, 100, 10, PEAK / 10), warm_up_then_cosine, 101),
    "WSD": (WarmupStableDecay(PEAK, 100, 10, 30, PEAK / 10), warm_up_stay_decay, 150),
    "growth": (ExponentialGrowth(PEAK, 1.0, 100), growth, 101),
}
# Up to their end only: transformers' cosine rises again after it.
TRANSFORMERS: dict[str, tuple[Schedule, Callable[[Any], Any], int]] = {
    "constant": (Constant(PEAK), hf.get_constant_schedule, 50),
    "warm-up": (
        LinearWarmup(PEAK, 10),
        lambda o: hf.get_constant_schedule_with_warmup(o, num_warmup_steps=10),
        50,
    ),
    "cosine": (
        Cosine(PEAK, 100, 10),
        lambda o: hf.get_cosine_schedule_with_warmup(o, 10, num_training_steps=100),
        101,
    ),
    "cosine to a minimum": (
        Cosine(PEAK, 100, 10, PEAK / 10),
        lambda o: hf.get_cosine_with_min_lr_schedule_with_warmup(o, 10, 100, min_lr=PEAK / 10),
        101,
    ),
    "WSD": (WarmupStableDecay(PEAK, 100, 10, 30), lambda o: wsd(o, 0.0), 150),
    "inverse square root": (
        InverseSquareRoot(PEAK, 10),
        lambda o: hf.get_inverse_sqrt_schedule(o, num_warmup_steps=10),
        200,
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_every_step_has_pytorchs_rate(name: str) -> None:
    schedule, make, steps = PAIRS[name]
    ours = [schedule(step) for step in range(steps)]
    assert ours == pytest.approx(rates(make, steps), rel=1e-10, abs=1e-15)


@pytest.mark.parametrize("name", TRANSFORMERS)
def test_every_step_has_transformers_rate(name: str) -> None:
    schedule, make, steps = TRANSFORMERS[name]
    ours = [schedule(step) for step in range(steps)]
    assert ours == pytest.approx(rates(make, steps), rel=1e-10, abs=1e-15)


def test_wsd_to_a_minimum_differs_from_transformers_in_the_warm_up_only() -> None:
    schedule = WarmupStableDecay(PEAK, 100, 10, 30, PEAK / 10)
    ours, theirs = [schedule(step) for step in range(150)], rates(lambda o: wsd(o, 0.1), 150)
    assert ours[10:] == pytest.approx(theirs[10:], rel=1e-10)
    assert (ours[0], theirs[0]) == (0.0, pytest.approx(PEAK / 10))

"""Batches: how noisy the gradient of a batch is, measured on a real model."""

from functools import cache

import numpy as np

from demos import micro
from pyengine import show
from pyengine.data import Batches
from pyengine.gradient_noise import flat_gradient, gradient_noise, steps_and_examples
from pyengine.ops import Array

SIZES = (1, 2, 4, 8, 16, 32, 64)  # batch sizes, in sequences of micro.CONTEXT tokens
SEQUENCES = 128  # the text here: few enough for the gradient of every single one
DRAWN, MEASURED = 40, 1000  # batches of each size: as dots, and for the standard deviation
TRAINED = (1, 10, 50, 100)  # percent


@cache
def pulls(percent: int) -> Array:
    """Measure how far each sequence pulls along the true gradient, the mean of all of them.

    The true gradient itself pulls by 1. A sequence at 2 asks for twice the step; one below 0 would
    go the other way.
    """
    model = micro.checkpoint(percent)
    inputs, targets = Batches(micro.text(4000), SEQUENCES, micro.CONTEXT, seed=0)[0]
    gradients = np.stack(
        [flat_gradient(model, inputs[[i]], targets[[i]]) for i in range(SEQUENCES)]
    ).astype(np.float64)  # (SEQUENCES, P)
    truth = gradients.mean(axis=0)  # (P,)
    pull: Array = gradients @ truth / (truth @ truth)  # (SEQUENCES,)
    return pull


def sampler(percent: int, seed: int) -> show.Result:
    """Draw many batches of each size: the gradient of each is an estimate of the true one."""
    rng, of_one = np.random.default_rng(seed), pulls(percent)
    estimates = {B: of_one[rng.integers(SEQUENCES, size=(MEASURED, B))].mean(axis=1) for B in SIZES}
    spread = [float(each.std()) for each in estimates.values()]
    falls, _ = np.polyfit(np.log(SIZES), np.log(spread), 1)  # spread ∝ B ** falls
    wrong_way = [float((each < 0).mean()) for each in estimates.values()]
    rows = [
        [f"{B}", show.number(s), f"{spread[0] / s:.1f} ×", f"{100 * wrong:.0f} %"]
        for B, s, wrong in zip(SIZES, spread, wrong_way, strict=True)
    ]
    return show.result(
        verdict(spread, wrong_way[0]),
        scatter(estimates, of_one),
        show.table(["batch size", "noise (standard deviation)", "less noise", "wrong way"], rows),
        exponent=float(falls),
        spread=spread,
        wrong_way=wrong_way,
    )


def verdict(spread: list[float], wrong_way: float) -> show.Display:
    """Say how much less noise there is in the largest batch than in a single sequence."""
    return show.figure(
        f"less noise in batches of {SIZES[-1]} than in batches of 1",
        f"{spread[0] / spread[-1]:.1f} ×",
        verdict="jumpy alone, steady together",
        words=f"in theory it is √{SIZES[-1]} = {SIZES[-1] ** 0.5:.0f} times less. Taken alone, "
        f"{100 * wrong_way:.0f} % of the sequences pull the wrong way",
        concept="grad",
    )


def scatter(estimates: dict[int, Array], of_one: Array) -> show.Display:
    """Draw a dot for each batch; those of a size stand side by side, or they would overlap."""
    aside = 2 ** np.linspace(-0.3, 0.3, DRAWN)
    sizes = [B * shift for B in estimates for shift in aside]
    drawn = [pull for each in estimates.values() for pull in each[:DRAWN]]
    ends = (SIZES[0] / 1.5, SIZES[-1] * 1.5)
    return show.curve(
        show.dots(sizes, drawn, concept="grad"),
        show.line(ends, (1, 1), name="true gradient", concept="soft", dashed=True),
        x="batch size (sequences)",
        y="pull along the true gradient",
        x_log=True,
        x_ticks=SIZES,
        x_domain=ends,
        y_domain=(float(of_one.min()), float(of_one.max())),
        height=280,
        summary=f"{DRAWN} of {MEASURED:,} batches of each size. Batches of 1 lie between "
        f"{show.number(estimates[1].min())} and {show.number(estimates[1].max())}; those of "
        f"{SIZES[-1]} keep close to 1, the true gradient.",
    )


@cache
def critical_size(percent: int) -> float:
    """Measure the critical batch size of a checkpoint, in sequences."""
    found = gradient_noise(micro.checkpoint(percent), micro.text(4000), SIZES, repeats=4)
    return found.scale.critical_batch_size


def critical(percent: int, batch_size: int) -> show.Result:
    """Say what a batch size costs, in steps and in examples, at a moment of the training."""
    critical_sizes = [critical_size(each) for each in TRAINED]
    size = critical_size(percent)
    steps, examples = steps_and_examples(batch_size, size)
    rows = [
        [f"{p} %", show.number(size, 0)] for p, size in zip(TRAINED, critical_sizes, strict=True)
    ]
    return show.result(
        bargain(size, batch_size, steps, examples),
        costs(size, batch_size, steps, examples),
        show.table(["trained", "critical batch size"], rows),
        critical=size,
        critical_sizes=critical_sizes,
        steps=steps,
        examples=examples,
    )


def bargain(size: float, batch_size: int, steps: float, examples: float) -> show.Display:
    """Judge a batch size by what twice or half of it would save, and what that would cost."""
    where, advice = "about that", "twice or half as many would be as good a bargain"
    if batch_size < size / 2:
        where, advice = "below it", "twice as many would save more time than they cost work"
    elif batch_size > size * 2:
        where, advice = "above it", "half as many would save more work than they cost time"
    return show.figure(
        "sequences are the critical batch size",
        size,
        digits=0,
        verdict=f"{batch_size} is {where}",
        words=f"it takes {show.number(steps)} × as many steps as huge batches, and "
        f"{show.number(examples)} × as many examples as tiny ones; {advice}",
        concept="grad",
    )


def costs(size: float, batch_size: int, steps: float, examples: float) -> show.Display:
    """Draw both prices of every batch size, and the chosen one on them."""
    sizes = [10 ** (i / 20) for i in range(61)]  # 1 … 1000
    in_steps, in_examples = zip(*(steps_and_examples(B, size) for B in sizes), strict=True)
    return show.curve(
        show.line(sizes, in_steps, name="steps (time)", concept="rate"),
        show.line(sizes, in_examples, name="examples (work)", concept="valid"),
        show.point(batch_size, steps, concept="rate"),
        show.point(batch_size, examples, concept="valid"),
        x="batch size (sequences)",
        y="times the fewest possible",
        x_log=True,
        y_log=True,
        x_domain=(1, 1000),
        y_domain=(1, 300),
        summary=f"Larger batches take fewer steps and more examples. Both curves cross at "
        f"{show.number(size, 0)}, the critical batch size, at twice the fewest of each.",
    )

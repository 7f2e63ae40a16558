"""Why batches are fast: how many tokens a second this very machine gets through."""

import sys
from time import perf_counter

from demos import micro
from pyengine import show
from pyengine.data import Batches
from pyengine.gradient_noise import flat_gradient

SIZES = (1, 2, 4, 8, 16, 32, 64)  # batch sizes, in sequences of micro.CONTEXT tokens
ROUNDS = 8
NEARLY = 0.8  # of the highest rate: from here on, larger batches gain little


def throughput(seed: int) -> show.Result:
    """Time forward and backward passes at each batch size, here and now."""
    seconds = {B: min(times) for B, times in timed(seed).items()}
    rates = {B: B * micro.CONTEXT / seconds[B] for B in SIZES}  # tokens per second
    rows = [[f"{B}", f"{seconds[B] * 1000:.1f}", f"{rates[B]:,.0f}"] for B in SIZES]
    enough = next(B for B in SIZES if rates[B] >= NEARLY * max(rates.values()))
    return show.result(
        verdict(rates, enough),
        show.bars(
            SIZES,
            [rate / 1000 for rate in rates.values()],
            name="thousand tokens per second",
            label_name="batch size (sequences)",
            concept="soft",
            highlight=enough,
            digits=1,
        ),
        show.table(["batch size", "milliseconds per pass", "tokens per second"], rows),
        rates=list(rates.values()),
        enough=enough,
    )


def timed(seed: int) -> dict[int, list[float]]:
    """Time forward and backward passes at every size in turn, for some rounds, in seconds.

    The fastest of each size counts: other programs can only make a computer slower.
    """
    model, text = micro.fresh(), micro.text(500)
    batches = {B: Batches(text, B, micro.CONTEXT, seed)[0] for B in SIZES}
    times: dict[int, list[float]] = {B: [] for B in SIZES}
    for _ in range(ROUNDS):
        for B, (inputs, targets) in batches.items():
            start = perf_counter()
            flat_gradient(model, inputs, targets)
            times[B].append(perf_counter() - start)
    return times


def verdict(rates: dict[int, float], enough: int) -> show.Display:
    """Say what the measurement found, and on which machine it was made."""
    here = "in this browser, just now"
    if sys.platform != "emscripten":
        here = "on the computer that made this page; press the button to measure yours"
    best = max(rates, key=lambda B: rates[B])
    return show.figure(
        f"as many tokens per second in batches of {best} as one sequence at a time",
        f"{rates[best] / rates[1]:.0f} ×",
        verdict=f"{enough} will do",
        words=f"batches of {enough} reach {100 * rates[enough] / rates[best]:.0f} % of the best "
        f"rate. Measured {here}",
        concept="soft",
    )

"""Learning-rate schedules: drawn, and tried out on the same small model each time."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from demos import micro
from pyengine import TrainConfig, Trainer, show
from pyengine.schedule import Cosine, LinearWarmup, Schedule, WarmupStableDecay
from pyengine.train import Report, Resume, afresh

PLOTTED = 1000  # steps of the run that is only drawn
STEPS = 200  # of the runs that are trained
EVERY = 10  # steps between two pictures
TEXT, HELD_OUT = 2000, 40  # sentences
YOURS, NO_WARMUP, NO_DECAY = "your schedule", "without warm-up", "without decay"
CLEAR = 0.05  # nats: a smaller difference may be chance
SHOWN = 0.005  # nats: a smaller one is 0.00 in two digits


def schedule(kind: str, peak: float, warmup: float, minimum: float, steps: int) -> Schedule:
    """Make a schedule; its warm-up is in % of the steps, the rate at its end in % of the peak."""
    rise, low = round(steps * warmup / 100), peak * minimum / 100
    if kind == "cosine":
        return Cosine(peak, steps, rise, low)
    if kind == "WSD":  # warm-up, stable, decay in the last fifth
        return WarmupStableDecay(peak, steps, rise, steps // 5, low)
    return LinearWarmup(peak, rise)  # and then constant


def plot(
    kind: str = "cosine", peak: float = 6e-4, warmup: float = 2, minimum: float = 10
) -> show.Result:
    """Draw the learning rate at every step of a run."""
    rate_at = schedule(kind, peak, warmup, minimum, PLOTTED)
    rates = [rate_at(step) for step in range(PLOTTED + 1)]
    first = rates.index(max(rates))
    begins = f"reached after {first} of {PLOTTED:,} steps" if first else "from the first step on"
    end = f"the last step is at {show.number(rates[-1], 4)}"
    if kind == "constant":
        end = "it never falls, whatever rate at the end is asked for"
    return show.result(
        show.figure(
            "highest learning rate", max(rates), words=f"{begins}; {end}", concept="rate", digits=4
        ),
        show.curve(
            show.line(range(PLOTTED + 1), rates, concept="rate"),
            show.point(first, rates[first], label="peak", concept="rate"),
            x="step",
            y="learning rate",
            x_domain=(0, PLOTTED),
            y_domain=(0, 1.2 * peak),
            digits=4,
            summary=f"The learning rate of a {kind} schedule. Its highest is {begins}; {end}.",
        ),
        peak=max(rates),
        last=rates[-1],
        warmup_steps=first,
    )


def train(
    kind: str = "cosine",
    peak: float = 0.03,
    warmup: float = 20,
    minimum: float = 10,
    seed: int = 0,
    resume: Resume = afresh,
) -> Iterator[show.Result]:
    """Train one model by a schedule, one without its warm-up, and one without its decay."""
    yours = schedule(kind, peak, warmup, minimum, STEPS)
    others = {
        NO_WARMUP: schedule(kind, peak, 0, minimum, STEPS),
        NO_DECAY: schedule("constant", peak, warmup, minimum, STEPS),
    }
    different = {name: each for name, each in others.items() if each != yours}
    runs = {name: resume(start(each, seed)) for name, each in {YOURS: yours, **different}.items()}
    while runs[YOURS].next_step < STEPS:
        for run in runs.values():
            list(run.run(until=run.next_step + EVERY))
        yield compared({name: run.reports for name, run in runs.items()})


def start(rates: Schedule, seed: int) -> Trainer:
    """Get a run ready: the same fresh model, text and batches each time, at other rates."""
    config = TrainConfig(STEPS, 8, schedule=rates, validate_every=EVERY, seed=seed)
    model = micro.fresh(seed, layers=1, width=32)
    return Trainer(model, micro.text(TEXT), config, validation=micro.text(HELD_OUT, seed=1))


def compared(reports: Mapping[str, Sequence[Report]]) -> show.Result:
    """Show how far the runs are, and which of them is ahead."""
    ends = {name: run[-1].validation_loss or np.nan for name, run in reports.items()}
    judged, words = verdict(ends)
    steps = len(reports[YOURS])
    return show.result(
        show.figure(
            f"validation loss after {steps} steps",
            ends[YOURS],
            verdict=judged,
            words=words,
            concept="valid",
        ),
        show.curve(
            *lines(reports),
            x="step",
            y="loss (nats)",
            x_domain=(0, STEPS),
            y_domain=(0.5, 4.5),
            summary=f"Training and validation loss under {YOURS}, and dashed the validation loss "
            f"without one part of it. After {steps} steps {YOURS} {judged}: {words}.",
        ),
        show.table(["run", "validation loss"], [[name, end] for name, end in ends.items()]),
        verdict=judged,
        steps=steps,
        losses=ends,
    )


def verdict(ends: Mapping[str, float]) -> tuple[str, str]:
    """Judge a schedule by the validation losses of the same run with less of it."""
    more = {name: end - ends[YOURS] for name, end in ends.items() if name != YOURS}
    if not more:
        return "is bare", "there is neither warm-up nor decay to do without"
    ways = [f"{higher(by)} {name}" for name, by in more.items()]
    words = f"the loss of the same run is {' and '.join(ways)}"
    if min(more.values()) > CLEAR:
        return "pays off", words
    return ("costs something" if min(more.values()) < -CLEAR else "makes little difference"), words


def higher(by: float) -> str:
    """Say how much higher a loss is.

    >>> higher(-0.152)
    '0.15 lower'
    >>> higher(0.001)
    'no different'
    """
    if abs(by) < SHOWN:
        return "no different"
    return f"{abs(by):.2f} {'higher' if by > 0 else 'lower'}"


def lines(reports: Mapping[str, Sequence[Report]]) -> Iterator[Any]:
    """Draw the training loss of your run, and the validation loss of all."""
    steps = [report.step + 1 for report in reports[YOURS] if report.validation_loss]
    means = np.reshape([report.loss for report in reports[YOURS]], (-1, EVERY)).mean(axis=1)
    yield show.line(steps, means, name="training")
    looks = {
        YOURS: ("validation", "valid"),
        NO_WARMUP: ("no warm-up", "rate"),
        NO_DECAY: ("no decay", "soft"),
    }
    for name, run in reports.items():
        called, concept = looks[name]
        losses = [report.validation_loss for report in run if report.validation_loss]
        yield show.line(steps, losses, name=called, concept=concept, dashed=name != YOURS)

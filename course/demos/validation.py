"""Validation: what a run's loss on text it was not trained on says about the run."""

from collections.abc import Iterator, Sequence

import numpy as np

from demos import micro
from pyengine import TrainConfig, Trainer, show
from pyengine.diagnose import diagnose
from pyengine.schedule import Cosine
from pyengine.train import Report, Resume, afresh

HELD_OUT = 60  # sentences that no run is trained on
PICTURES = 30  # of a run


def run(
    text: int = 2000,
    width: int = 32,
    lr: float = 0.01,
    steps: int = 250,
    seed: int = 0,
    resume: Resume = afresh,
) -> Iterator[show.Result]:
    """Train a model of this width on so many sentences, and let the engine judge the run."""
    every = max(1, steps // PICTURES)
    config = TrainConfig(
        steps,
        batch_size=8,
        schedule=Cosine(lr, steps, warmup_steps=steps // 10, min_lr=lr / 10),
        validate_every=every,
        seed=seed,
    )
    model = micro.fresh(seed, layers=1, width=width)
    held_out = micro.text(HELD_OUT, seed=1)
    trainer = resume(Trainer(model, micro.text(text), config, validation=held_out))
    while trainer.next_step < steps:
        list(trainer.run(until=trainer.next_step + every))
        yield judged(trainer.reports, steps, every)


def judged(reports: Sequence[Report], steps: int, every: int) -> show.Result:
    """Draw both losses so far, with the verdict of the engine and what it rests on."""
    found = diagnose(reports, len(micro.VOCABULARY), micro.FLOOR)
    validation = {r.step + 1: r.validation_loss for r in reports if r.validation_loss is not None}
    best = min(validation, key=lambda step: validation[step])
    last = validation[len(reports)]
    training = {
        at: float(np.mean([report.loss for report in reports[max(0, at - every) : at]]))
        for at in validation
    }
    now = training[len(reports)]
    ends = (
        f"After {len(reports)} steps the training loss is {now:.2f} and the validation loss "
        f"{last:.2f}; its lowest was {validation[best]:.2f}, at step {best}."
    )
    return show.result(
        show.figure(
            f"validation loss after {len(reports)} steps",
            last,
            verdict=found.verdict,
            words=f"the training loss is {now:.2f}",
            concept="valid",
        ),
        show.curve(
            show.level(micro.FLOOR, label="lowest possible"),
            show.line([*training], [*training.values()], name="training"),
            show.line([*validation], [*validation.values()], name="validation", concept="valid"),
            x="step",
            y="loss (nats)",
            x_domain=(0, steps),
            y_domain=(0, 6),
            summary=ends,
        ),
        show.table(["part", "the engine says"], found.table()[1:]),
        verdict=found.verdict,
        training=now,
        validation=last,
        lowest=validation[best],
    )

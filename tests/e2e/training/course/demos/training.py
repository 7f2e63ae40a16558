"""Training runs of a very small model, whose losses are shown to the last digit."""

from collections.abc import Iterator

import numpy as np

from pyengine import GPT, GPTConfig, TrainConfig, Trainer
from pyengine.schedule import Constant
from pyengine.train import Resume, afresh

STEPS = 900  # long enough to be kept while it plays, also on a fast machine
TEXT = [0, 1, 2, 0, 2, 1, 1] * 20


def run(lr: float, seed: int, width: int = 8) -> Trainer:
    """A run that is about to begin."""
    model = GPT(GPTConfig(3, 8, 1, 1, width), np.random.default_rng(seed))
    return Trainer(model, TEXT, TrainConfig(STEPS, 4, schedule=Constant(lr), seed=seed))


def train(lr: float, seed: int, resume: Resume = afresh) -> Iterator[str]:
    """Train it step by step."""
    for report in resume(run(lr, seed)).run():
        yield f"step {report.step}: {report.loss!r}, {report.grad_norm!r}"


def stuck(resume: Resume = afresh) -> Iterator[str]:
    """Train it, but for one step that never ends until the page was left."""
    trainer = resume(run(0.01, 0))
    began = trainer.next_step
    for report in trainer.run():
        while began == 0 and report.step == 5:
            pass
        yield f"step {report.step}: {report.loss!r}"


def vast(resume: Resume = afresh) -> Iterator[str]:
    """Train a model whose checkpoint is larger than what is kept."""
    for report in resume(run(0.01, 0, 256)).run():
        yield f"step {report.step}"

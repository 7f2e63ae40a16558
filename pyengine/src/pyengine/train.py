"""Training: the same four steps, thousands of times.

    logits = model(inputs)                      1. forward: guess every next token
    loss = cross_entropy(logits, targets)       2. loss: how wrong was that?
    loss.backward()                             3. backward: who is to blame?
    optimizer.step()                            4. step: nudge every parameter

`Trainer.step` below is these four lines with gradient accumulation and clipping around them. All
else here is keeping a run in order: its reports, its validation, and its checkpoints, from which
it resumes bit for bit.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from pyengine import functional as F
from pyengine import schedule as schedules
from pyengine.autograd import no_grad
from pyengine.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from pyengine.data import Batches, blocks
from pyengine.errors import EngineTypeError, EngineValueError
from pyengine.gpt import GPT, GPTConfig
from pyengine.gradients import clip_grad_norm
from pyengine.optim import AdamW, is_matrix
from pyengine.schedule import Cosine, Schedule
from pyengine.tensor import Tensor

DROPOUT = 1  # tells dropout's random numbers from those of the batches


@dataclass(frozen=True)
class TrainConfig:
    """How to train: everything about a run but the model and the text.

    Args:
        steps: how many times the parameters are moved.
        batch_size: B, sequences per forward pass.
        accumulate: forward passes per step; their gradients are averaged, as if the batch were
            that much larger, for the memory of one.
        schedule: the learning rate at each step.
        betas, eps, weight_decay: AdamW's; only matrices decay.
        clip: largest norm of the gradient; 0 for no clipping.
        validate_every: steps between two measurements of the validation loss; 0 for never.
        seed: decides the order of the batches and what dropout drops.

    The defaults are nanoGPT's for Shakespeare on a laptop.

    >>> config = TrainConfig(steps=500, schedule=Cosine(lr=1e-3, steps=500, warmup_steps=50))
    >>> config.batch_size, config.schedule(50)
    (12, 0.001)
    """

    steps: int = 2000
    batch_size: int = 12
    accumulate: int = 1
    schedule: Schedule = field(
        default_factory=lambda: Cosine(lr=1e-3, steps=2000, warmup_steps=100, min_lr=1e-4)
    )
    betas: tuple[float, float] = (0.9, 0.99)
    eps: float = 1e-8
    weight_decay: float = 0.1
    clip: float = 1.0
    validate_every: int = 250
    seed: int = 1337

    def __post_init__(self) -> None:
        for name, least in _LEAST.items():
            number = getattr(self, name)
            if not isinstance(number, int) or isinstance(number, bool):
                raise EngineTypeError("TrainConfig", f"{name} to be an int", repr(number))
            if number < least:
                raise EngineValueError("TrainConfig", f"{name} of at least {least}", f"{number}")
        if not self.clip >= 0:
            fix = "0 means no clipping."
            raise EngineValueError("TrainConfig", "clip of at least 0", f"{self.clip}", fix)

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
        """Make a configuration from what `as_dict` gave."""
        kind, *options = data["schedule"].items()
        schedule = getattr(schedules, kind[1])(**dict(options))
        return cls(**{**data, "schedule": schedule, "betas": tuple(data["betas"])})


_LEAST = {"steps": 1, "batch_size": 1, "accumulate": 1, "validate_every": 0, "seed": 0}


@dataclass(frozen=True)
class Report:
    """What one step was like.

    `step` counts from 0; `loss` (nats per token) is that of the step's batch, before the
    parameters moved; `validation_loss` that of the validation split, measured after they did, or
    None where it was not due; `grad_norm` is taken before clipping.
    """

    step: int
    loss: float
    validation_loss: float | None
    lr: float
    grad_norm: float
    tokens_per_second: float


class Trainer:
    """A training run: a model, a text, and how far along it is.

    Args:
        model: what to train, in place.
        tokens: ids to train on, shape (N,).
        config: how.
        validation: ids to measure the validation loss on; None for no validation.

    >>> sizes = GPTConfig(3, block_size=4, n_layer=1, n_head=1, n_embd=8)
    >>> model = GPT(sizes, np.random.default_rng(0))
    >>> config = TrainConfig(steps=40, schedule=schedules.Constant(lr=0.01))
    >>> trainer = Trainer(model, [0, 1, 2] * 20, config)
    >>> losses = [report.loss for report in trainer.run()]
    >>> len(losses), losses[0] > 1.0 > losses[-1]
    (40, True)
    """

    def __init__(
        self,
        model: GPT,
        tokens: ArrayLike,
        config: TrainConfig,
        validation: ArrayLike | None = None,
    ) -> None:
        self.model, self.config, self.validation = model, config, validation
        size = config.batch_size * config.accumulate
        self.batches = Batches(tokens, size, model.config.block_size, config.seed)
        self.optimizer = AdamW(
            model.parameters(),
            lr=config.schedule(0),
            betas=config.betas,
            eps=config.eps,
            weight_decay=config.weight_decay,
            decay_only=is_matrix,
        )
        self.next_step = 0

    def run(self, until: int | None = None) -> Iterator[Report]:
        """Do the steps that are left, or those before `until`, and report each as it is done."""
        end = self.config.steps if until is None else min(until, self.config.steps)
        while self.next_step < end:
            yield self.step()

    def step(self) -> Report:
        """Do one step of training."""
        started = time.perf_counter()
        self.optimizer.lr = lr = self.config.schedule(self.next_step)
        self.optimizer.zero_grad()
        rng = self._dropout_rng()
        total = 0.0
        for inputs, targets in self._parts():
            logits = self.model(inputs, rng)  # 1. forward
            loss = mean_loss(logits, targets) / self.config.accumulate  # 2. loss
            loss.backward()  # 3. backward
            total += loss.item()
        norm = clip_grad_norm(self.model.parameters(), self.config.clip or np.inf)
        self.optimizer.step()  # 4. step
        seconds = time.perf_counter() - started
        self.next_step += 1
        tokens = self.batches.batch_size * self.batches.block_size
        rate = tokens / seconds if seconds else np.inf  # browsers' clocks are coarse
        return Report(self.next_step - 1, total, self._validated(), lr, norm, rate)

    def _parts(self) -> Iterator[tuple[Any, Any]]:
        """The step's batch, in as many equal parts as are accumulated; each (B, T)."""
        inputs, targets = self.batches[self.next_step]
        for i in range(0, len(inputs), self.config.batch_size):
            part = slice(i, i + self.config.batch_size)
            yield inputs[part], targets[part]

    def _dropout_rng(self) -> np.random.Generator | None:
        """The step's own random numbers: like its batch, they depend on no earlier step."""
        if not self.model.config.dropout:
            return None
        return np.random.default_rng([self.config.seed, self.next_step, DROPOUT])

    def _validated(self) -> float | None:
        """The validation loss if it is due: every so many steps, and at the end."""
        every = self.config.validate_every
        if self.validation is None or not every:
            return None
        due = self.next_step % every == 0 or self.next_step == self.config.steps
        return evaluate(self.model, self.validation) if due else None

    def save(self, path: str | os.PathLike[str], about: dict[str, Any] | None = None) -> None:
        """Write a checkpoint to one file; it holds all that `resume` needs except the text.

        `about` may add plain data of your own, found again as `Checkpoint.about["yours"]`.
        Whatever happens while it is written, there is always one whole file: the old or the new.
        """
        tensors = {f"model.{name}": each for name, each in self.model.state_dict().items()}
        state = self.optimizer.state()
        tensors |= {f"optimizer.{name}": np.asarray(each) for name, each in state.items()}
        facts = {
            "model": self.model.config.as_dict(),
            "train": self.config.as_dict(),
            "next_step": self.next_step,
            "text": fingerprint(self.batches.tokens),
            "yours": about or {},
        }
        save_checkpoint(path, tensors, facts)

    @classmethod
    def resume(
        cls,
        path: str | os.PathLike[str],
        tokens: ArrayLike,
        validation: ArrayLike | None = None,
    ) -> Trainer:
        """Go on from a checkpoint, as if the run had never stopped: the same bits.

        Raises:
            EngineValueError: it is no checkpoint of a training run, or of another text.
        """
        checkpoint = load_checkpoint(path)
        about = checkpoint.about
        trainer = cls(
            model_in(checkpoint), tokens, TrainConfig.from_dict(about["train"]), validation
        )
        if fingerprint(trainer.batches.tokens) != about["text"]:
            fix = "Encode the same text with the same tokenizer."
            expected = "the text the checkpoint was trained on"
            raise EngineValueError("Trainer.resume", expected, "other tokens", fix)
        trainer.optimizer.load_state(checkpoint.part("optimizer"))
        trainer.next_step = about["next_step"]
        return trainer


def mean_loss(logits: Tensor, targets: ArrayLike) -> Tensor:
    """Cross-entropy of logits (B, T, V) against targets (B, T): nats per token.

    >>> round(mean_loss(Tensor(np.zeros((2, 3, 65))), np.zeros((2, 3), int)).item(), 2)  # log 65
    4.17
    """
    V = logits.shape[-1]
    return F.cross_entropy(logits.reshape(-1, V), np.reshape(targets, -1))


def evaluate(model: GPT, tokens: ArrayLike, batch_size: int = 32) -> float:
    """Measure the loss on a whole text: the mean over each of its next tokens, in nats.

    The context begins anew every block_size tokens, so the text is read once.

    >>> sizes = GPTConfig(3, block_size=4, n_layer=1, n_head=1, n_embd=8)
    >>> model = GPT(sizes, np.random.default_rng(0))
    >>> round(evaluate(model, [0, 1, 2] * 20), 1)  # not trained yet: log 3
    1.1
    """
    total = count = 0.0
    with no_grad():
        for inputs, targets in blocks(tokens, batch_size, model.config.block_size):
            total += mean_loss(model(inputs), targets).item() * targets.size
            count += targets.size
    return total / count


def model_in(checkpoint: Checkpoint) -> GPT:
    """The model of a checkpoint, with its parameters.

    >>> from tempfile import TemporaryDirectory
    >>> sizes = GPTConfig(3, block_size=4, n_layer=1, n_head=1, n_embd=8)
    >>> model = GPT(sizes, np.random.default_rng(0))
    >>> trainer = Trainer(model, [0, 1, 2] * 20, TrainConfig())
    >>> with TemporaryDirectory() as folder:
    ...     trainer.save(f"{folder}/run.safetensors")
    ...     model_in(load_checkpoint(f"{folder}/run.safetensors")).config == sizes
    True
    """
    model = GPT(GPTConfig(**checkpoint.about["model"]), np.random.default_rng(0))
    model.load_state_dict(checkpoint.part("model"))
    return model


def fingerprint(tokens: ArrayLike) -> str:
    """SHA-256 of token ids, whatever integers they are kept in.

    >>> fingerprint([0, 1, 2])[:8], fingerprint(np.array([0, 1, 2], np.uint16))[:8]
    ('ab25350e', 'ab25350e')
    """
    return sha256(np.ascontiguousarray(tokens, dtype="<i8").tobytes()).hexdigest()

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
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from pyengine import functional as F
from pyengine._reports import as_arrays, as_fields
from pyengine.autograd import no_grad
from pyengine.checkpoint import (
    Checkpoint,
    from_bytes,
    load_checkpoint,
    save_checkpoint,
    to_bytes,
)
from pyengine.data import Batches, blocks
from pyengine.errors import EngineError, EngineValueError
from pyengine.gpt import GPT, GPTConfig
from pyengine.gradients import clip_grad_norm
from pyengine.kernels import use
from pyengine.kernels._dispatch import check_choice
from pyengine.optim import AdamW, is_matrix
from pyengine.tensor import Tensor
from pyengine.train_config import TrainConfig

TABLES = ("wte", "wpe")
PIECE = 1_000_000  # tokens fingerprinted at a time: a large text is not copied as a whole
DROPOUT = 1  # tells dropout's random numbers from those of the batches


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
        kernels: what its steps are computed with, as in `kernels.use`: "auto", "numpy" or "c";
            None for what is in use around it.

    Attributes:
        next_step: how many steps are done.
        reports: those of the steps done so far.
        yours: plain data of your own, kept in the checkpoints.

    Raises:
        EngineTypeError: ids that are not integers.
        EngineValueError: too few ids, or one that the model has no embedding for.

    >>> sizes = GPTConfig(3, block_size=4, n_layer=1, n_head=1, n_embd=8)
    >>> model = GPT(sizes, np.random.default_rng(0))
    >>> from pyengine.schedule import Constant
    >>> config = TrainConfig(steps=40, schedule=Constant(lr=0.01))
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
        kernels: str | None = None,
    ) -> None:
        self.model, self.config, self.validation = model, config, validation
        if kernels is not None:
            check_choice(kernels, "Trainer")
        self.kernels = kernels
        size = config.batch_size * config.accumulate
        self.batches = Batches(tokens, size, model.config.block_size, config.seed)
        _check_ids(self.batches.tokens, model.config.vocab_size)
        if validation is not None:
            blocks(validation, 1, 1)  # raises if it cannot be cut into blocks
            _check_ids(validation, model.config.vocab_size)
        self.optimizer = AdamW(
            model.parameters(),
            lr=config.schedule(0),
            betas=config.betas,
            eps=config.eps,
            weight_decay=config.weight_decay,
            decay_only=is_matrix,
        )
        self.next_step = 0
        self.reports: list[Report] = []
        self.yours: dict[str, Any] = {}  # what its author adds to its checkpoints
        self._whole = True  # whether all parameters were moved by the same steps

    def run(self, until: int | None = None) -> Iterator[Report]:
        """Do the steps that are left, or those before `until`, and report each as it is done."""
        end = self.config.steps if until is None else min(until, self.config.steps)
        while self.next_step < end:
            yield self.step()

    def step(self) -> Report:
        """Do one step of training.

        Raises:
            EngineValueError: an earlier step was stopped while it moved the parameters.
        """
        with nullcontext() if self.kernels is None else use(self.kernels):
            return self._step()

    def _step(self) -> Report:
        self.check_whole()
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
        norm = clip_grad_norm(self.optimizer.parameters, self.config.clip or np.inf)
        self._whole = False
        self.optimizer.step()  # 4. step
        self.next_step += 1
        self._whole = True
        seconds = time.perf_counter() - started
        tokens = self.batches.batch_size * self.batches.block_size
        rate = tokens / seconds if seconds else np.inf  # browsers' clocks are coarse
        report = Report(self.next_step - 1, total, self._validated(), lr, norm, rate)
        self.reports.append(report)
        return report

    def check_whole(self) -> None:
        """Raise if a step was stopped, as by Ctrl-C, when it had moved only some parameters."""
        if not self._whole:
            expected = "parameters that were all moved by the same steps"
            got = f"a run that was stopped in the middle of step {self.next_step}"
            fix = "Go on from its last checkpoint: Trainer.resume."
            raise EngineValueError("Trainer", expected, got, fix)

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

        `about` may add plain data of your own, found again as `Checkpoint.about["yours"]`, and
        kept by a resumed run. Whatever happens while it is written, there is always one whole
        file: the old or the new.

        Raises:
            EngineValueError: an earlier step was stopped while it moved the parameters.
            OSError: the file cannot be written.
        """
        facts = self.describe()
        facts = facts if about is None else {**facts, "yours": about}
        save_checkpoint(path, self._tensors(), facts)

    def checkpoint(self) -> bytes:
        """Return all that `restore` needs to go on from here: what `save` writes into a file.

        Raises:
            EngineTypeError, EngineValueError: `yours` holds what JSON does not give back.
            EngineValueError: an earlier step was stopped while it moved the parameters.
        """
        return to_bytes(self._tensors(), self.describe())

    def restore(self, data: bytes) -> None:
        """Go on from a checkpoint of a run that was begun as this one was: the same bits.

        Raises:
            EngineValueError: it is no checkpoint, or one of a run that was begun in another way.

        >>> sizes = GPTConfig(3, block_size=4, n_layer=1, n_head=1, n_embd=8)
        >>> def begun() -> Trainer:
        ...     return Trainer(GPT(sizes, np.random.default_rng(0)), [0, 1, 2] * 20, TrainConfig(4))
        >>> whole, half, rest = begun(), begun(), begun()
        >>> losses = [report.loss for report in whole.run()]
        >>> _ = list(half.run(until=2))
        >>> rest.restore(half.checkpoint())
        >>> _ = list(rest.run())
        >>> [report.loss for report in rest.reports] == losses
        True
        """
        saved = from_bytes(data)
        mine = self.describe()
        for name in ("model", "train", "text", "validation"):
            if saved.about.get(name) != mine[name]:
                expected = f"the checkpoint of a run with the same {name}"
                raise EngineValueError("Trainer.restore", expected, "another")
        self.model.load_state_dict(saved.part("model"))
        self._go_on_from(saved)

    def _go_on_from(self, saved: Checkpoint) -> None:
        """Take everything but the model's parameters."""
        self.next_step = _step(saved.about["next_step"], self.config)
        self.optimizer.load_state(saved.part("optimizer"))
        self.reports = [Report(**each) for each in as_fields(saved.part("reports"))]
        self.yours = saved.about.get("yours", {})

    def _tensors(self) -> dict[str, Any]:
        """The arrays of its checkpoints."""
        self.check_whole()
        parts: dict[str, Mapping[str, Any]] = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state(),
            "reports": as_arrays(self.reports),
        }
        return {
            f"{part}.{name}": np.asarray(each)
            for part, arrays in parts.items()
            for name, each in arrays.items()
        }

    def describe(self) -> dict[str, Any]:
        """What its checkpoints say of the run: plain data, everything but the tensors."""
        return {
            "model": self.model.config.as_dict(),
            "train": self.config.as_dict(),
            "next_step": self.next_step,
            **self._texts,
            "yours": self.yours,
        }

    @cached_property
    def _texts(self) -> dict[str, str | None]:
        """What tells the texts of this run from others."""
        validation = None if self.validation is None else fingerprint(self.validation)
        return {"text": fingerprint(self.batches.tokens), "validation": validation}

    @classmethod
    def resume(
        cls,
        path: str | os.PathLike[str],
        tokens: ArrayLike,
        validation: ArrayLike | None = None,
        kernels: str | None = None,
    ) -> Trainer:
        """Go on from a checkpoint, as if the run had never stopped: the same bits.

        Args:
            path: a file that `save` wrote.
            tokens: the ids it was trained on.
            validation: the ids it was validated on, if it was; None to validate no more.
            kernels: as for `Trainer`. It has to be what the run began with, for the same bits.

        Raises:
            EngineValueError: it is no checkpoint of a training run, or of other texts.
        """
        checkpoint = load_checkpoint(path)
        about = checkpoint.about
        if not {"model", "train", "next_step", "text"} <= about.keys():
            got = f"one about {', '.join(about) or 'nothing'}"
            raise EngineValueError("Trainer.resume", "a checkpoint of Trainer.save", got)
        config = TrainConfig.from_dict(about["train"])
        trainer = cls(model_in(checkpoint), tokens, config, validation, kernels)
        for name, text in trainer._texts.items():
            if text and about.get(name) not in (text, None):
                fix = "Encode the same text with the same tokenizer."
                expected = f"the {name} of the run that the checkpoint was saved from"
                raise EngineValueError("Trainer.resume", expected, "other tokens", fix)
        trainer._go_on_from(checkpoint)
        return trainer


Resume = Callable[[Trainer], Trainer]
"""What a demo is given to hand its runs to: it puts one back where the page was left."""


def afresh(trainer: Trainer) -> Trainer:
    """Leave a run at its beginning: what `resume` is where there is nothing to go on from.

    >>> def training(seed: int, resume: Resume = afresh) -> Iterator[float]:
    ...     model = GPT(GPTConfig(3, 4, 1, 1, 8), np.random.default_rng(seed))
    ...     trainer = resume(Trainer(model, [0, 1, 2] * 20, TrainConfig(4)))
    ...     for report in trainer.run():
    ...         yield report.loss
    >>> len(list(training(0)))
    4
    """
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
    weights = checkpoint.part("model")
    try:
        config = GPTConfig(**checkpoint.about["model"])
    except EngineError:
        raise
    except (KeyError, TypeError) as error:
        expected, got = "a checkpoint with a GPT's sizes", f"{type(error).__name__}: {error}"
        raise EngineValueError("model_in", expected, got) from error
    _check_sizes(config, weights)
    model = GPT(config, np.random.default_rng(0))
    model.load_state_dict(weights)
    return model


def _check_ids(ids: ArrayLike, vocab_size: int) -> None:
    largest = np.max(ids)
    if largest >= vocab_size:
        expected, got = f"token ids below vocab_size = {vocab_size}", f"{largest}"
        fix = "Encode the text with the tokenizer that the model was made for."
        raise EngineValueError("Trainer", expected, got, fix)


def _check_sizes(config: GPTConfig, weights: dict[str, Any]) -> None:
    """Raise before a model is made whose sizes are not those of its weights: any could stand there.

    The other weights' shapes follow from these.
    """
    blocks_found = {name.split(".")[2] for name in weights if name.startswith("transformer.h.")}
    shapes = [getattr(weights.get(f"transformer.{name}.weight"), "shape", None) for name in TABLES]
    found = (*shapes, len(blocks_found))
    C = config.n_embd
    said = ((config.vocab_size, C), (config.block_size, C), config.n_layer)
    if found != said:
        expected = f"(V, C), (T, C) and blocks as its configuration says, {said}"
        raise EngineValueError("model_in", expected, f"{found}")


def _step(step: object, config: TrainConfig) -> int:
    """The step to go on with, or an error if that is none of the run."""
    if not isinstance(step, int) or not 0 <= step <= config.steps:
        expected = f"next_step from 0 to steps = {config.steps}"
        raise EngineValueError("Trainer.resume", expected, repr(step))
    return step


def fingerprint(tokens: ArrayLike) -> str:
    """SHA-256 of token ids, whatever integers they are kept in.

    >>> fingerprint([0, 1, 2])[:8], fingerprint(np.array([0, 1, 2], np.uint16))[:8]
    ('ab25350e', 'ab25350e')
    """
    ids, digest = np.asarray(tokens), sha256()
    for i in range(0, len(ids), PIECE):
        digest.update(ids[i : i + PIECE].astype("<i8").tobytes())
    return digest.hexdigest()

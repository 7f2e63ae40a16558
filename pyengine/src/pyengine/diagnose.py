"""Is this run healthy? What its losses say, and what to do about it.

    diverged        it has lost what it had learned, or went astray at once
    overfitting     it learns its text by heart, from which other text gains nothing
    underfitting    it has not learned what it could
    healthy         it learns, and what it learns holds for other text

These are looked for in turn, and the first that shows is the verdict, with its evidence in
numbers. What counts as a change of the loss is stated in `loss_curve`; what else decides, below.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from pyengine.errors import EngineTypeError, EngineValueError
from pyengine.initial_loss import check_vocab_size
from pyengine.loss_curve import CHANGE_NATS, LossCurve
from pyengine.train import Report

SHORT = 20  # steps; fewer show no trend
DIVERGED = 1.2  # A run has diverged if it ends above so many times its lowest loss,
LOST = 1 / 3  # and this share of what it had learned is gone.
GAP = 0.5  # a training loss below this share of the validation loss: learned by heart
HARDLY = 0.75  # a loss above this share of a blind guess's: hardly anything learned
BELOW = 0.9  # a training loss below this share of the lowest possible: learned by heart
LEARNED = 0.9  # share of the way from a blind guess to the floor that is enough


@dataclass(frozen=True)
class Diagnosis:
    """What is the matter with a run, how that shows, and what to do."""

    verdict: Literal["healthy", "overfitting", "underfitting", "diverged", "too short to tell"]
    evidence: tuple[str, ...]
    suggestion: str

    def table(self) -> list[list[str]]:
        """Return its parts as rows of two cells, for display.

        >>> diagnose([Report(0, 4.2, None, 1e-3, 1.0, 1.0)]).table()[0]
        ['verdict', 'too short to tell']
        """
        evidence = [["evidence", each] for each in self.evidence]
        return [["verdict", self.verdict], *evidence, ["suggestion", self.suggestion]]


def diagnose(
    reports: Iterable[Report], vocab_size: int | None = None, floor: float | None = None
) -> Diagnosis:
    """Say whether a run is healthy, from its reports.

    Args:
        reports: of one run, in order, as `Trainer.run` yields them. Overfitting shows only if
            there are validation losses among them.
        vocab_size: V: a blind guess costs ln V. Without it, the loss of step 0 stands for that.
        floor: the lowest possible loss in nats per token, where it is known, as for `MicroWorld`:
            then it is known, too, how much there is to learn.

    Returns:
        The verdict, its evidence as sentences, and a suggestion. Training losses in them are
        medians of a stretch of the run, validation losses are as reported.

    Raises:
        EngineTypeError: something that is no report, or a size that is not an integer.
        EngineValueError: no reports, or not in order; a size below 2, or a floor below 0.

    Source: Goodfellow, Bengio & Courville, "Deep Learning" (2016), sections 5.2 and 7.8.

    >>> learning = [Report(i, 4 * 0.99**i, None, 1e-3, 1.0, 1.0) for i in range(200)]
    >>> by_heart = [Report(i, 0.5, 1 + i / 1000, 1e-3, 1.0, 1.0) for i in range(200, 400)]
    >>> print(diagnose(learning + by_heart).evidence[0])
    The validation loss rose from 1.2 at step 200 to 1.4 at the end, while the training loss \
stayed at 0.5.
    """
    known = [*reports]
    _check(known, vocab_size, floor)
    run = _run(known, vocab_size, floor)
    for look in (_not_finite, _diverged, _too_short, _overfitting, _underfitting):
        if found := look(run):
            return found
    return _healthy(run)


@dataclass(frozen=True)
class _Run:
    """What is known about a run; nan stands for what is not, as no comparison with it is true."""

    training: LossCurve
    validation: LossCurve | None
    rate: float  # the highest learning rate
    blind: float  # what a blind guess costs
    floor: float

    @property
    def watched(self) -> LossCurve:
        """The curve that says how much was learned: validation, if it can be cut into quarters."""
        return self.validation if self.validation and len(self.validation) >= 4 else self.training

    @property
    def hardly_learned(self) -> bool:
        return self.watched.end > HARDLY * self.blind

    @property
    def learned(self) -> float:
        """How far it came from a blind guess towards the floor, 0 … 1."""
        way = self.blind - self.floor
        return 1.0 if way <= 0 else float(np.clip((self.blind - self.watched.end) / way, 0, 1))


def _run(reports: list[Report], vocab_size: int | None, floor: float | None) -> _Run:
    first = reports[0]
    points = [(r.step, r.validation_loss) for r in reports if r.validation_loss is not None]
    # A run that goes on from a checkpoint does not begin with a blind guess.
    blind = math.log(vocab_size) if vocab_size else math.nan if first.step else first.loss
    return _Run(
        training=LossCurve([(r.step, r.loss) for r in reports], sampled=True),
        validation=LossCurve(points, sampled=False) if points else None,
        rate=max(r.lr for r in reports),
        blind=blind,
        floor=math.nan if floor is None else floor,
    )


def _not_finite(run: _Run) -> Diagnosis | None:
    for name, curve in (("training", run.training), ("validation", run.validation)):
        if curve and not np.isfinite(curve.losses).all():
            i = np.isfinite(curve.losses).argmin()
            why = f"The {name} loss was {curve.losses[i]} at step {curve.steps[i]}."
            return Diagnosis("diverged", (why,), _slower(run.rate))
    return None


def _diverged(run: _Run) -> Diagnosis | None:
    training = run.training
    first = float(training.losses[0])
    low, where = min((first, int(training.steps[0])), training.lowest)
    high, peak = training.highest
    learned = np.fmin(first, run.blind) - low  # fmin leaves out nan
    # What three in four of the last losses exceed, be they the last five or the last tenth.
    tails = (training.losses[-5:], training.losses[-max(training.window, 5) :])
    end = max(float(np.quantile(tail, 0.25)) for tail in tails)
    if end > max(DIVERGED * low, low + LOST * learned):
        why = f"The training loss rose from {_n(low)} at step {where} to {_n(end)} or more."
    elif run.hardly_learned and high > DIVERGED * first:
        why = (
            f"The training loss rose from {_n(first)} to {_n(high)} at step {peak}, and came back "
            f"to no less than {_n(training.end)}."
        )
    else:
        return None
    return Diagnosis("diverged", (why,), _slower(run.rate))


def _too_short(run: _Run) -> Diagnosis | None:
    if len(run.training) >= SHORT:
        return None
    why = f"Reports so far: {len(run.training)}. Fewer than {SHORT} show no trend."
    return Diagnosis("too short to tell", (why,), "Train on, and ask again.")


def _overfitting(run: _Run) -> Diagnosis | None:
    training, validation = run.training, run.validation
    if training.end < BELOW * run.floor:
        why = (
            f"The training loss fell to {_n(training.end)}, below {_n(run.floor)}, the lowest that "
            "is possible for text not seen before."
        )
        return _by_heart(why, "More steps will not help.")
    if not validation:
        return None
    (low, where), end = validation.lowest, validation.end
    before, after = training.near(where), training.end
    if validation.rose(low, end) and not training.rose(before, after):
        then = f"fell from {_n(before)} to" if training.rose(after, before) else "stayed at"
        why = (
            f"The validation loss rose from {_n(low)} at step {where} to {_n(end)} at the end, "
            f"while the training loss {then} {_n(after)}."
        )
        return _by_heart(why, f"Stop at step {where}.")
    if after < GAP * end and end - after > CHANGE_NATS and not validation.still_falling:
        why = f"The training loss fell to {_n(after)}, but the validation loss stays at {_n(end)}."
        return _by_heart(why, "More steps will not help.")
    return None


def _by_heart(why: str, advice: str) -> Diagnosis:
    remedies = "More text, a smaller model, dropout or weight decay put overfitting off."
    return Diagnosis("overfitting", (why,), f"{advice} {remedies}")


def _underfitting(run: _Run) -> Diagnosis | None:
    reasons = [*_reasons(run)]
    if not reasons:
        return None
    return Diagnosis("underfitting", tuple(why for why, _ in reasons), reasons[0][1])


def _reasons(run: _Run) -> Iterator[tuple[str, str]]:
    """What shows that it could have learned more, and what to do about it."""
    training = run.training
    low, where = training.lowest
    if training.rose(low, training.end):
        why = f"The training loss rose again, from {_n(low)} at step {where} to {_n(training.end)}."
        yield why, "Lower the learning rate, or let it decay."
    if run.learned >= LEARNED:
        return
    if run.watched.still_falling:
        yield f"{_ended(run)}, and is still falling.", "Train for more steps."
    if run.hardly_learned:
        why = f"{_ended(run)}, where a blind guess costs {_n(run.blind)}."
        fix = f"Train for more steps, or at another learning rate than {_n(run.rate)}: "
        yield why, fix + "lr_range_test suggests one."
    if run.learned < LEARNED:
        yield _way(run), "Train for more steps, or take a larger model or a longer context."


def _healthy(run: _Run) -> Diagnosis:
    evidence = [f"{_ended(run)}, and stays there."]
    if run.learned >= LEARNED:
        evidence = [_way(run)]
    if not run.validation:
        evidence.append("There is no validation loss, so overfitting would not show.")
    if math.isnan(run.blind):
        evidence.append("Without vocab_size, it would not show if it had learned nothing.")
    return Diagnosis("healthy", tuple(evidence), "Nothing needs mending.")


def _ended(run: _Run) -> str:
    name = "training" if run.watched.sampled else "validation"
    return f"The {name} loss ended at {_n(run.watched.end)}"


def _way(run: _Run) -> str:
    return (
        f"A loss of {_n(run.watched.end)} is {run.learned:.0%} of the way from a blind guess, "
        f"{_n(run.blind)}, to the lowest possible, {_n(run.floor)}."
    )


def _slower(rate: float) -> str:
    return f"Lower the learning rate, which went up to {_n(rate)}; warm it up, and clip gradients."


def _n(number: float) -> str:
    return f"{number:.3g}"


def _check(reports: list[Report], vocab_size: int | None, floor: float | None) -> None:
    fix = "Pass list(trainer.run())."
    for each in reports:
        if not isinstance(each, Report):
            raise EngineTypeError("diagnose", "the reports of a run", type(each).__name__, fix)
    if not reports:
        raise EngineValueError("diagnose", "at least one report", "none", fix)
    for before, after in pairwise(reports):
        if after.step <= before.step:
            got = f"step {after.step} after step {before.step}"
            fix = "Pass the reports of one run, in order."
            raise EngineValueError("diagnose", "steps that rise", got, fix)
    if vocab_size is not None:
        check_vocab_size("diagnose", vocab_size)
    if floor is not None and not 0 <= floor < math.inf:
        raise EngineValueError("diagnose", "a floor of at least 0 nats", f"{floor}")

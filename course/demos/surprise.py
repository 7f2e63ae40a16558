"""Surprise: the loss is 0 for a sure guess, and each halving of the probability adds the same."""

from itertools import pairwise

from demos.cross_entropy import loss_of
from pyengine import show

HALVINGS = 3
LIMITS = {"no surprise": 0.0, "a little surprised": 0.7, "surprised": 2.4}  # each up to this loss


def surprise(p: float) -> show.Result:
    """Compute the loss when the right word had probability `p`; then halve p, and again."""
    halves = [p / 2**i for i in range(HALVINGS + 1)]  # p, p / 2, p / 4, …
    losses = [loss_of(q) for q in halves]
    grown = [after - before for before, after in pairwise(losses)]
    here, there = show.number(losses[0]), show.number(losses[1])
    added = show.number(grown[0], 3)
    percent = [(i / 100) ** 2 * 100 for i in range(3, 101)]  # close where it is steep
    return show.result(
        show.figure(
            "loss",
            losses[0],
            verdict=verdict(losses[0]),
            words=f"half the probability would cost {added} more, {there}",
        ),
        show.curve(
            show.line(percent, [loss_of(x / 100) for x in percent]),
            *(show.point(100 * q, loss_of(q), label=show.number(loss_of(q))) for q in halves),
            x="probability of Paris (%)",
            y="loss",
            x_domain=(0, 100),
            y_domain=(0, 7),
            summary=f"At {100 * p:.0f} % the loss is {here}. Each halving of the probability adds "
            f"{added}, wherever one starts. At 100 % the loss is 0.",
        ),
        loss=losses[0],
        halved=losses[1],
        grown=grown,
        certain=loss_of(1),
    )


def verdict(loss: float) -> str:
    """Say in words how surprised a model is by the right word."""
    return next((words for words, limit in LIMITS.items() if loss <= limit), "very surprised")

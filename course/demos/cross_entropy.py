"""Cross-entropy: the loss of a guess is minus the log of the probability of the right token."""

from math import log

import numpy as np

from pyengine import EngineValueError, cross_entropy, show

GRADES = {"good": 0.3, "unsure": 1, "bad": 4, "terrible": np.inf}  # each up to this loss


def calculator(p: float) -> show.Result:
    """Compute the loss of giving the right token probability `p`, and mark it on the curve."""
    loss = loss_of(p)
    choices = show.number(1 / p, digits=1 if p > 0.1 else 0).removesuffix(".0")
    meaning = "no surprise"
    if p < 1:
        meaning = f"as surprising as a blind pick among {choices} tokens"
    probabilities = [1000 ** (i / 80 - 1) for i in range(81)]  # 0.001 … 1, close where it is steep
    return show.result(
        show.figure("loss", loss, unit="nats", verdict=grade(loss), words=meaning),
        show.curve(
            show.line(probabilities, [-log(q) for q in probabilities]),
            show.point(p, loss, label=show.number(loss)),
            x="probability of the right token",
            y="loss (nats)",
            x_domain=(0, 1),
            y_domain=(0, 8),
            summary="The loss is 0 at probability 1, grows slowly at first, and without limit "
            f"towards probability 0. At {p:g} it is {show.number(loss)}.",
        ),
        loss=loss,
        verdict=grade(loss),
    )


def loss_of(p: float) -> float:
    """Compute the loss when the logits give token 0, the right one, the probability `p`."""
    if not 0 < p <= 1:
        raise EngineValueError("loss_of", "a probability above 0, up to 1", f"{p}")
    # Logs of probabilities are logits that softmax turns back into those same probabilities.
    logits = [log(p), log(1 - p) if p < 1 else -np.inf]
    return cross_entropy(logits, 0)


def grade(loss: float) -> str:
    """Judge a loss in one word."""
    return next(word for word, limit in GRADES.items() if loss < limit)


def sentence(p: float, tokens: int) -> show.Result:
    """Score a text in which every token got probability `p`: multiply, or add up the losses."""
    product = multiplied([p] * tokens)
    total = sum([loss_of(p)] * tokens)
    one = tokens == 1
    rows = [
        [
            f"{tokens} {'probability' if one else 'probabilities'} multiplied",
            show.number(product) if product else "0: too small for 32 bits",
        ],
        [f"{tokens} {'loss' if one else 'losses'} added", show.number(total)],
        ["loss per token", show.number(total / tokens)],
    ]
    return show.result(show.table(["the whole text", "result"], rows), product=product, loss=total)


def multiplied(factors: list[float]) -> float:
    """Multiply in 32 bits, as models compute. What is below the normal range becomes 0."""
    product = np.float32(1)
    for factor in factors:
        product *= np.float32(factor)
        # subtle: hardware may keep smaller "subnormal" numbers, with fewer and fewer digits right.
        if product < np.finfo(np.float32).tiny:
            return 0.0
    return float(product)

"""Wiggle one parameter of a real model, see what the loss does, and compare with its gradient."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from demos import micro
from pyengine import GPT, Tensor, cross_entropy, no_grad, show

PROMPT, RIGHT = "the capital of France is", "Paris"
# Where a parameter is: in words, the name of its array, and which part of that.
PLACES: dict[str, tuple[str, str, Any]] = {
    "near the output": ("a shift just before the output", "transformer.ln_f.bias", ...),
    "in the middle": ("a weight of a mixer", "transformer.h.0.mlp.c_proj.weight", ...),
    "far from the output": (
        "a number in the embedding of France",
        "transformer.wte.weight",
        micro.TOKEN["france"],
    ),
}
EDGE = 1.25  # the picture goes this far to both sides of the parameter's value


def wiggle(place: str, size: float) -> show.Result:
    """Raise one parameter by `size`, and compare what the loss does with the gradient."""
    model = barely_trained()
    loss_of(model).backward()  # one walk backwards, and every parameter has its gradient
    words, name, part = PLACES[place]
    parameter = dict(model.named_parameters())[name]
    assert parameter.grad is not None  # after backward
    at, gradient = steepest(parameter.grad[part])
    numbers = parameter.data[part]  # a view: what is written into it is in the model
    value = float(numbers[at])

    def loss_at(x: float) -> float:
        numbers[at] = x
        with no_grad():
            return loss_of(model).item()

    before, after = loss_at(value), loss_at(value + size)
    slope = (after - before) / size
    off = abs(slope - gradient) / abs(gradient)
    count = model.parameter_count()
    rows: list[list[str | float]] = [
        ["loss before", before],
        ["loss after", after],
        ["slope: the change, divided by the wiggle", slope],
        ["gradient, by backpropagation", gradient],
    ]
    cost = (
        f"To wiggle every one of the {count:,} parameters takes {count + 1:,} forward passes. "
        "Backpropagation took one forward and one backward pass for them all."
    )
    return show.result(
        show.figure(
            "slope by wiggling", slope, verdict=verdict(off), words=in_words(off), concept="grad"
        ),
        picture(loss_at, value, size, gradient),
        show.table([words, "value"], rows, caption=cost, digits=6),
        slope=slope,
        gradient=gradient,
        off=off,
        forward_passes=count + 1,
    )


def barely_trained() -> GPT:
    """Load the model after a tenth of its training, with 64-bit numbers: tiny wiggles count."""
    small = micro.checkpoint(10)
    model = GPT(replace(small.config, dtype="float64"), np.random.default_rng(0))
    model.load_state_dict({name: a.astype(np.float64) for name, a in small.state_dict().items()})
    return model


def loss_of(model: GPT) -> Tensor:
    """Measure the loss of the right next word."""
    logits: Tensor = model([micro.encode(PROMPT)])[0, -1:]  # (1, V)
    return cross_entropy(logits, [micro.TOKEN[RIGHT.lower()]])


def steepest(gradients: np.ndarray) -> tuple[tuple[int, ...], float]:
    """Find the largest gradient of an array: where it is, and what it is."""
    flat = int(np.argmax(np.abs(gradients)))
    at = tuple(int(i) for i in np.unravel_index(flat, gradients.shape))
    return at, float(gradients[at])


def verdict(off: float) -> str:
    """Judge how well the wiggle measured the gradient; `off` is the share it is off by."""
    return "they agree" if off < 0.01 else "they roughly agree" if off < 0.1 else "they disagree"


def in_words(off: float) -> str:
    """Say how far apart wiggle and gradient are, and why."""
    share = f"{show.number(100 * off, 1)} % from the gradient"
    return share if off < 0.01 else f"{share}, since the loss bends on the way"


def picture(
    loss_at: Callable[[float], float], value: float, size: float, gradient: float
) -> show.Display:
    """Draw the loss against the parameter, its tangent, and both ends of the wiggle."""
    xs = [value + EDGE * i / 20 for i in range(-20, 21)]
    losses = [loss_at(x) for x in xs]
    here, there = loss_at(value), loss_at(value + size)
    margin = (max(losses) - min(losses)) / 10
    return show.curve(
        show.line(xs, losses, name="loss"),
        show.line(
            [xs[0], xs[-1]],
            [here - EDGE * gradient, here + EDGE * gradient],
            name="slope: the gradient",
            concept="grad",
            dashed=True,
        ),
        show.point(value + size, there, label="after the wiggle", concept="soft"),
        show.point(value, here, concept="grad"),
        x="the parameter",
        y="loss",
        x_domain=(xs[0], xs[-1]),
        y_domain=(max(0.0, min(losses) - margin), max(losses) + margin),
        summary=f"The loss {'rises' if gradient > 0 else 'falls'} where the parameter, "
        f"{show.number(value)}, is raised. Raised by {size:g} it takes the loss from "
        f"{show.number(here, 4)} to {show.number(there, 4)}; its gradient is "
        f"{show.number(gradient, 4)}.",
    )

"""Backpropagation: how much each weight of a tiny model is to blame for its loss."""

from collections.abc import Callable

from pyengine import Value, show

NUDGE = 0.0001


def blame(w1: float, w2: float, x: float = 1.5) -> show.Result:
    """Trace the loss back to both weights, and check each gradient by nudging its weight."""
    first, second = Value(w1, label="w₁"), Value(w2, label="w₂")
    loss = model(first, second, x)
    loss.backward()  # fills in first.grad and second.grad

    measured = {
        first: by_nudging(lambda w: model(w, second, x), first),
        second: by_nudging(lambda w: model(first, w, x), second),
    }
    rows = [
        [w.label, slopes(w, loss), show.number(w.grad, 4), show.number(measured[w], 4)]
        for w in measured
    ]
    headers = ["weight", "slopes on its way to the loss", "gradient", "measured by nudging"]
    return show.result(
        verdict(max(measured, key=lambda w: abs(w.grad))),
        show.chain(show.steps(first, loss)),
        show.table(headers, rows, concepts={"gradient": "grad"}),
        loss=loss.data,
        gradients=[w.grad for w in measured],
        nudged=list(measured.values()),
    )


def model(w1: Value, w2: Value, x: float) -> Value:
    """Compute the loss of a model with two weights; p is its probability of the right token."""
    z = (w1 * Value(x, label="x")).named("z")
    h = z.tanh().named("h")
    y = (w2 * h).named("y")
    p = y.sigmoid().named("p")
    return (-p.log()).named("L")


def by_nudging(loss_at: Callable[[Value], Value], w: Value) -> float:
    """Measure the slope at `w` without any calculus: nudge it up, nudge it down, compare."""
    up, down = loss_at(w + NUDGE), loss_at(w - NUDGE)
    return (up.data - down.data) / (2 * NUDGE)


def slopes(w: Value, loss: Value) -> str:
    """Write the local slopes from `w` to the loss; their product is the gradient of `w`."""
    return " × ".join(show.number(s.slope) for s in show.steps(w, loss) if s.slope is not None)


def verdict(w: Value) -> show.Display:
    """Say in words what the gradient of the most blamed weight means."""
    judged, words = "no blame arrives", "raising either weight a little changes nothing"
    if w.grad:
        way = "rises" if w.grad > 0 else "falls"
        judged = f"{w.label} is most to blame"
        words = f"raise it by 0.01 and the loss {way} by about {show.number(abs(w.grad) / 100, 4)}"
    return show.figure(
        f"gradient of {w.label}", w.grad, verdict=judged, words=words, concept="grad"
    )

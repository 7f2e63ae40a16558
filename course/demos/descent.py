"""Gradient descent on one parameter: the learning rate decides whether it arrives."""

from itertools import pairwise
from typing import Any

from pyengine import SGD, Value, show

STEPS = 20
EDGE = 3.5  # the picture shows w from −3.5 to 3.5
NOTHING = 1e-6  # a loss this small is shown as 0
FAR = 1e6  # beyond it no step is taken: nothing comes back from there, and numbers would overflow


def bowl(w: Any) -> Any:
    """One valley, lowest at 0. Its curvature is 2: a learning rate above 2 / 2 must diverge."""
    return w**2


def two_valleys(w: Any) -> Any:
    """Two valleys, near −2 and 2. The left one is deeper."""
    return (w**2 - 4) ** 2 / 16 + w / 5 + 0.42


VALLEYS = {"bowl": bowl, "two valleys": two_valleys}


def one_parameter(lr: float, start: float, valley: str = "bowl") -> show.Result:
    """Take twenty steps of gradient descent from `start`, and judge where they led."""
    loss_at = VALLEYS[valley]
    w = Value(start)
    optimizer = SGD([w], lr=lr)
    trail = []
    for _ in range(STEPS + 1):
        loss = loss_at(w)  # forward
        optimizer.zero_grad()
        loss.backward()  # w.grad is now the slope of the valley at w
        trail.append((w.data, w.grad, loss.data))
        if abs(w.data) > FAR:
            break
        optimizer.step()  # w ← w − lr × w.grad

    places, gradients, losses = zip(*trail, strict=True)
    judged = verdict(places, gradients, losses)
    words = in_words(judged, places)
    outside = sum(abs(place) > EDGE for place in places)
    unseen = f" {outside} of the {len(places)} places lie outside the picture." if outside else ""
    rows = [[i, *trail[i][:2], -lr * trail[i][1], trail[i][2]] for i in shown_steps(len(trail))]
    return show.result(
        show.figure(
            f"loss after {len(trail) - 1} steps",
            losses[-1] if losses[-1] > NOTHING else 0.0,
            verdict=judged,
            words=words,
        ),
        picture(loss_at, places, f"From w = {show.number(start)} it {judged}: {words}.{unseen}"),
        show.table(["step", "w", "gradient", "nudge", "loss"], rows),
        verdict=judged,
        w=places[-1],
        loss=losses[-1],
        places=list(places),
    )


def verdict(places: Any, gradients: Any, losses: Any) -> str:
    """Judge a descent by what it did, whatever the learning rate was."""
    thrown_out = abs(places[-1]) > max(EDGE, abs(places[0]))
    if thrown_out or all(after > before for before, after in pairwise(losses)):
        return "diverges"
    crossed = any(before * after < 0 for before, after in pairwise(gradients))
    arrived = abs(gradients[-1]) <= 0.05 * max(map(abs, gradients))
    if arrived:
        return "overshoots and settles" if crossed else "converges"
    return "bounces" if crossed else "crawls"


def in_words(judged: str, places: Any) -> str:
    """Say what a verdict means for this descent."""
    at = f"w = {show.number(round(places[-1], 2))}"
    return {
        "crawls": f"it goes one way only, and at {at} it is still on its way",
        "converges": f"it comes to rest at {at}",
        "overshoots and settles": f"it jumps across the lowest point, but comes to rest at {at}",
        "bounces": f"it jumps across the lowest point again and again, and is still at {at}",
        "diverges": f"it ends higher up than it began, at {at}",
    }[judged]


def picture(loss_at: Any, places: Any, summary: str) -> show.Display:
    """Draw the valley and the path on it; what is far outside is left out."""
    ground = [i * EDGE / 40 for i in range(-40, 41)]
    near = [w for w in places if abs(w) < 3 * EDGE]
    return show.curve(
        show.line(ground, [loss_at(w) for w in ground]),
        show.path(near, [loss_at(w) for w in near]),
        show.point(places[0], loss_at(places[0]), label="start", concept="grad"),
        x="w, the parameter",
        y="loss",
        x_domain=(-EDGE, EDGE),
        y_domain=(0, max(map(loss_at, ground))),
        summary=summary,
    )


def shown_steps(count: int) -> list[int]:
    """Choose the steps worth a row: the first few, and the last."""
    return [i for i in range(count) if i in (0, 1, 2, 3, 5, 10, count - 1)]

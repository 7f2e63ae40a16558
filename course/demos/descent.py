"""Gradient descent on one parameter: the learning rate decides whether it arrives."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

from pyengine import SGD, Adam, Value, show

STEPS = 20
EDGE = 3.5  # the picture shows w from −3.5 to 3.5
NOTHING = 1e-6  # a loss this small is shown as 0
FAR = 1e6  # beyond it no step is taken: nothing comes back from there, and numbers would overflow

METHODS: dict[str, Any] = {"plain": SGD, "momentum": partial(SGD, momentum=0.8), "Adam": Adam}


class Stop(NamedTuple):
    """A place on the way down, the slope felt there, and the step taken; a number per parameter."""

    place: tuple[float, ...]
    gradient: tuple[float, ...]
    nudge: tuple[float, ...]
    loss: float


def bowl(w: Any) -> Any:
    """One valley, lowest at 0. Its curvature is 2: a learning rate above 2 / 2 must diverge."""
    return w**2


def two_valleys(w: Any) -> Any:
    """Two valleys, near −2 and 2. The left one is deeper."""
    return (w**2 - 4) ** 2 / 16 + w / 5 + 0.42


VALLEYS = {"bowl": bowl, "two valleys": two_valleys}


def one_parameter(
    lr: float, start: float, valley: str = "bowl", method: str = "plain", steps: int = STEPS
) -> show.Result:
    """Take up to twenty steps of gradient descent from `start`, and judge where they led."""
    loss_at = VALLEYS[valley]
    stops = [*descend(loss_at, [start], method, lr, steps)]
    first, last = stops[0], stops[-1]
    (w,) = last.place
    slopes = [abs(stop.gradient[0]) for stop in stops]
    judged = verdict(stops, arrived=slopes[-1] <= 0.05 * max(slopes), done=steps == STEPS)
    words = in_words(judged, f"w = {show.number(round(w, 2))}")
    outside = sum(abs(stop.place[0]) > EDGE for stop in stops)
    unseen = f" {outside} of the {len(stops)} places lie outside the picture." if outside else ""
    said = f"From w = {show.number(first.place[0])} it {judged}: {words}.{unseen}"
    return show.result(
        show.figure(
            f"loss after {counted(len(stops) - 1)}",
            last.loss if last.loss > NOTHING else 0.0,
            verdict=judged,
            words=words,
        ),
        picture(loss_at, [stop.place[0] for stop in stops], said),
        show.table(["step", "w", "gradient", "nudge", "loss"], rows(stops)),
        verdict=judged,
        w=w,
        loss=last.loss,
        places=[stop.place[0] for stop in stops],
    )


def descend(
    loss_at: Callable[..., Any], start: Sequence[float], method: str, lr: float, steps: int
) -> Iterator[Stop]:
    """Walk down from `start`, feeling nothing but the slope at each place."""
    parameters = [Value(number) for number in start]
    optimizer = METHODS[method](parameters, lr=lr)
    for _ in range(steps + 1):
        loss = loss_at(*parameters)  # forward
        optimizer.zero_grad()
        loss.backward()  # each parameter's .grad is now the slope in its direction
        place = tuple(parameter.data for parameter in parameters)
        optimizer.step()  # plain: w ← w − lr × w.grad
        nudge = tuple(w.data - before for w, before in zip(parameters, place, strict=True))
        yield Stop(place, tuple(w.grad for w in parameters), nudge, loss.data)
        if max(map(abs, place)) > FAR:
            break


def verdict(stops: Sequence[Stop], arrived: bool, done: bool = True) -> str:
    """Judge a descent by what it did, whatever the learning rate was."""
    ends = [max(map(abs, stop.place)) for stop in (stops[0], stops[-1])]
    losses = [stop.loss for stop in stops]
    rises = len(stops) > 1 and all(after > before for before, after in pairwise(losses))
    if ends[1] > max(EDGE, ends[0]) or rises:
        return "diverges"
    turned = [opposed(before.gradient, after.gradient) for before, after in pairwise(stops)]
    if arrived:
        return "overshoots and settles" if any(turned) else "converges"
    if not done:
        return "is on its way"
    return "bounces" if any(turned[len(turned) // 3 :]) else "crawls"


def opposed(one: Sequence[float], other: Sequence[float]) -> bool:
    """Tell whether two slopes point more against each other than along."""
    return sum(a * b for a, b in zip(one, other, strict=True)) < 0


def in_words(judged: str, at: str) -> str:
    """Say what a verdict means for a descent that ended at a place."""
    return {
        "is on its way": f"it has come to {at}",
        "crawls": f"it is slow, and at {at} it is still on its way",
        "converges": f"it comes to rest at {at}",
        "overshoots and settles": f"it jumps across the valley, but comes to rest at {at}",
        "bounces": f"it jumps across the valley, and at {at} it has not come to rest",
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


def rows(stops: Sequence[Stop]) -> list[list[float]]:
    """Write down the steps worth a row: the first few, and the last."""
    shown = [i for i in range(len(stops)) if i in (0, 1, 2, 3, 5, 10, len(stops) - 1)]
    return [[i, *stops[i].place, *stops[i].gradient, *stops[i].nudge, stops[i].loss] for i in shown]


def counted(steps: int) -> str:
    """Write how many steps there were.

    >>> counted(1)
    '1 step'
    """
    return f"{steps} step{'' if steps == 1 else 's'}"

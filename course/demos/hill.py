"""Gradient descent on two parameters: a walk through fog, seen on a map that the walker lacks."""

from collections.abc import Iterator, Sequence
from math import dist
from typing import Any

from demos.descent import METHODS, Stop, counted, descend, in_words, verdict
from pyengine import show

STEPS = 60
LEFT_RIGHT, DOWN_UP = (-3.0, 3.0), (-2.0, 2.0)  # the map: w₁ and w₂
NEAR = 0.2  # who stays within this distance of a lowest place has arrived
LAST = 5  # for so many places

Place = tuple[float, float]


def narrow(w1: Any, w2: Any) -> Any:
    """A long narrow valley, lowest at (0, 0): 100 times as steep across as along."""
    return 0.02 * w1**2 + 2 * w2**2


def tilted(w1: Any, w2: Any) -> Any:
    """The same valley, turned: now both parameters have to move together."""
    return narrow(0.8 * w1 - 0.6 * w2, 0.6 * w1 + 0.8 * w2)


def basins(w1: Any, w2: Any) -> Any:
    """Two basins with a pass between them. The left one is deeper."""
    return (w1**2 - 3) ** 2 / 16 + 0.12 * w1 + 0.6 * w2**2 + 0.22


LANDSCAPES = {"narrow valley": narrow, "tilted valley": tilted, "two basins": basins}
LOWEST: dict[str, dict[str, Place]] = {
    "narrow valley": {"the lowest place": (0, 0)},
    "tilted valley": {"the lowest place": (0, 0)},
    "two basins": {"the deep basin": (-1.81, 0), "the shallow basin": (1.65, 0)},
}
STARTS: dict[str, Place] = {
    "upper left": (-2.5, 1.5),
    "upper right": (2.5, 1.5),
    "lower right": (2.6, -0.6),
}


def walk(
    lr: float,
    method: str = "plain",
    start: str = "upper left",
    landscape: str = "narrow valley",
) -> Iterator[show.Result]:
    """Take sixty steps by three methods from the same place, and draw the path of one."""
    loss_at = LANDSCAPES[landscape]
    ground = show.contours(loss_at, LEFT_RIGHT, DOWN_UP)
    ways = {each: [*descend(loss_at, STARTS[start], each, lr, STEPS)] for each in METHODS}
    for taken in range(max(map(len, ways.values()))):
        so_far = {each: way[: taken + 1] for each, way in ways.items()}
        ends = {each: end_of(so_far[each], ways[each], landscape) for each in METHODS}
        judged, words = ends[method]
        stops = so_far[method]
        yield show.result(
            show.figure(
                f"loss after {counted(len(stops) - 1)}, {method}",
                stops[-1].loss,
                verdict=judged,
                words=words,
            ),
            picture(ground, stops, landscape, f"{method.capitalize()} {judged}: {words}."),
            show.table(
                ["method", "verdict", "loss"],
                [[each, ends[each][0], so_far[each][-1].loss] for each in METHODS],
            ),
            verdict=judged,
            place=stops[-1].place,
            loss=stops[-1].loss,
            steps=len(stops) - 1,
            verdicts={each: end[0] for each, end in ends.items()},
        )


def end_of(stops: Sequence[Stop], way: Sequence[Stop], landscape: str) -> tuple[str, str]:
    """Judge where a walk has led so far, and say what the verdict means."""
    lowest = LOWEST[landscape]
    name = min(lowest, key=lambda each: dist(stops[-1].place, lowest[each]))
    away = [dist(stop.place, lowest[name]) for stop in stops]
    arrived = max(away[-LAST:]) < NEAR
    judged = verdict(stops, arrived, done=len(stops) == len(way))
    if arrived:
        return judged, in_words(judged, name)
    w1, w2 = (show.number(round(w, 2)) for w in stops[-1].place)
    return judged, f"{in_words(judged, f'({w1}, {w2})')}; {show.number(away[-1])} from {name}"


def picture(ground: Any, stops: Sequence[Stop], landscape: str, summary: str) -> show.Display:
    """Draw the path on the map; what is far outside is left out."""
    seen = [stop.place for stop in stops if dist(stop.place, (0, 0)) < 3 * LEFT_RIGHT[1]]
    w1, w2 = zip(*seen, strict=True)
    return show.curve(
        ground,
        *(show.point(*place, label=name) for name, place in LOWEST[landscape].items()),
        show.path(w1, w2),
        show.point(*stops[0].place, label="start", concept="grad"),
        x="w₁",
        y="w₂",
        x_domain=LEFT_RIGHT,
        y_domain=DOWN_UP,
        height=300,
        summary=summary,
    )

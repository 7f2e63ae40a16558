"""What can be drawn on the axes of a curve: lines, paths, dots, points and levels."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from pyengine.errors import ShapeError
from pyengine.show._chart import Domain, Fields, plain
from pyengine.show._display import CARD, INK, colour

Ends = tuple[Domain | None, Domain | None]  # of the x axis and of the y axis

_DASHES = [5, 4]
_SOLID = [1, 0]
_IN_LEGEND = ("line", "path", "dots")
_HIGHEST = 0.45  # opacity of the highest ground of a map: paths on it stay easy to see
_PALER = 0.22  # how much of its colour each ring takes from what it encloses
# Without an order, a line is drawn from left to right, whatever came first.
_IN_ORDER: Fields = {"order": {"field": "step", "type": "quantitative"}}
_IN_A_ROW = 3  # names of a legend that a phone has room for
_SERIES = {"field": "series", "type": "nominal"}


@dataclass(frozen=True)
class Mark:
    """Something drawn on the axes of a curve; made by `line`, `path`, `dots`, `contours`, …"""

    kind: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    name: str
    concept: str
    dashed: bool = False


def line(
    x: Sequence[float],
    y: Sequence[float],
    *,
    name: str = "",
    concept: str = "loss",
    dashed: bool = False,
) -> Mark:
    """Draw y as a function of x. Lines with a `name` get a legend; nan leaves a gap.

    >>> line([0, 1], [3, 2.5], name="training").y
    (3.0, 2.5)
    """
    return _mark("line", x, y, name, concept, dashed)


def path(x: Sequence[float], y: Sequence[float], *, name: str = "", concept: str = "grad") -> Mark:
    """Draw positions as dots joined in the order given, such as the steps of a descent.

    >>> path([2, -1, 0.5], [4, 1, 0.25]).x
    (2.0, -1.0, 0.5)
    """
    return _mark("path", x, y, name, concept)


def dots(x: Sequence[float], y: Sequence[float], *, name: str = "", concept: str = "grad") -> Mark:
    """Draw many small dots, such as one for each measurement; where they overlap it is darker.

    >>> dots([1, 1, 2], [0.4, 0.6, 0.5]).y
    (0.4, 0.6, 0.5)
    """
    return _mark("dots", x, y, name, concept)


def point(x: float, y: float, *, label: str = "", concept: str = "prob") -> Mark:
    """Mark one place with a large dot, and its `label` beside it.

    >>> point(0.5, 0.69, label="0.69").name
    '0.69'
    """
    return _mark("point", [x], [y], label, concept)


def level(y: float, *, label: str = "", concept: str = "soft") -> Mark:
    """Draw a dashed line all the way across, such as ln V, the loss of guessing blindly.

    >>> level(4.17, label="ln V").y
    (4.17,)
    """
    return _mark("level", [math.nan], [y], label, concept, dashed=True)


def rows(mark: Mark, others: Sequence[Mark]) -> list[Fields]:
    """One record per place; `others` are the marks it shares the axes with."""
    if mark.kind == "level":
        return [{"y": plain(mark.y[0]), "label": mark.name, "left": _is_floor(mark, others)}]
    extra: Fields = {"label": mark.name} if mark.kind == "point" and mark.name else {}
    records = [{"x": plain(x), "y": plain(y), **extra} for x, y in zip(mark.x, mark.y, strict=True)]
    if mark.kind in ("path", "contours"):
        records = [{**record, "step": i} for i, record in enumerate(records)]
    if mark.kind == "contours":
        return _rings(records)
    return records


def legend_of(marks: Sequence[Mark]) -> Fields:
    """The scales of colours and dashes shared by all named lines, paths, dots; {} without any."""
    named = [mark for mark in marks if mark.name and mark.kind in _IN_LEGEND]
    if not named:
        return {}
    names = [mark.name for mark in named]
    legend = {"title": None, "symbolType": "stroke", "symbolSize": 400}
    if len(names) > _IN_A_ROW:
        legend["columns"] = 2
    looks = {
        "color": [colour(mark.concept) for mark in named],
        "strokeDash": [_DASHES if mark.dashed else _SOLID for mark in named],
    }
    return {
        channel: {**_SERIES, "scale": {"domain": names, "range": look}, "legend": legend}
        for channel, look in looks.items()
    }


def layers(mark: Mark, data: str, legend: Fields, ends: Ends) -> list[Fields]:
    """The layers that draw a mark from the dataset called `data`."""
    source: Fields = {"data": {"name": data}}
    if mark.name and mark.kind in _IN_LEGEND:
        # One field for all, not a `datum` each: only then do colours and dashes share a legend.
        source["transform"] = [{"calculate": json.dumps(mark.name), "as": "series"}]
    else:
        legend = {}
    return [{**source, **layer} for layer in _DRAWN[mark.kind](mark, legend, ends)]


def _mark(
    kind: str,
    x: Sequence[float],
    y: Sequence[float],
    name: str,
    concept: str,
    dashed: bool = False,
) -> Mark:
    if len(x) != len(y):
        raise ShapeError(kind, "as many y as x", f"{len(x)} x and {len(y)} y")
    colour(concept)  # complains now, where the wrong name stands, rather than when drawn
    xs, ys = tuple(map(float, x)), tuple(map(float, y))
    return Mark(kind, xs, ys, name, concept, dashed)


def _rings(records: Sequence[Fields]) -> list[Fields]:
    """Places of contours, each with the number of its ring; where there is no place, one ends."""
    numbers = accumulate(int(record["x"] is None) for record in records)
    numbered = zip(records, numbers, strict=True)
    return [{**record, "ring": ring} for record, ring in numbered if record["x"] is not None]


def _line(mark: Mark, legend: Fields, ends: Ends) -> list[Fields]:
    dash = {"strokeDash": _DASHES} if mark.dashed else {}
    stroke = {"type": "line", **_look(mark, ends), **dash}
    return [{"mark": stroke, "encoding": legend}]


def _path(mark: Mark, legend: Fields, ends: Ends) -> list[Fields]:
    look = _look(mark, ends)
    thin = {"type": "line", **look, "strokeWidth": 1.25, "opacity": 0.7}
    dots = {"type": "point", "filled": True, "opacity": 1, "size": 34, **look}
    return [{"mark": thin, "encoding": {**legend, **_IN_ORDER}}, {"mark": dots, "encoding": legend}]


def _dots(mark: Mark, legend: Fields, ends: Ends) -> list[Fields]:
    small = {"type": "point", "filled": True, "opacity": 0.4, "size": 22, **_look(mark, ends)}
    return [{"mark": small, "encoding": legend}]


def _point(mark: Mark, legend: Fields, ends: Ends) -> list[Fields]:
    dot = {"type": "point", "filled": True, "opacity": 1, "size": 150, **_look(mark, ends)}
    if not mark.name:
        return [{"mark": dot}]
    # The label stands above, towards the side where there is room.
    left = ends[0] is not None and mark.x[0] > sum(ends[0]) / 2
    side = {"align": "right" if left else "left", "dx": -4 if left else 4, "dy": -17}
    words = {"type": "text", **side, "fontSize": 14, "fontWeight": 600, "color": INK}
    return [{"mark": dot}, {"mark": words, "encoding": {"text": {"field": "label"}}}]


def _level(mark: Mark, legend: Fields, ends: Ends) -> list[Fields]:
    rule = {"type": "rule", **_look(mark, ends), "strokeDash": _DASHES, "strokeWidth": 1.5}
    across = {"x": {"value": 0}, "x2": {"value": "width"}}
    place = {
        "x": {"expr": "datum.left ? 0 : width"},
        "align": {"expr": "datum.left ? 'left' : 'right'"},
        "dy": -9,
    }
    words = {"type": "text", "fontWeight": 600, "color": colour(mark.concept), **place}
    label = (
        [{"mark": words, "encoding": {"x": None, "text": {"field": "label"}}}] if mark.name else []
    )
    return [{"mark": rule, "encoding": across}, *label]


def _contours(mark: Mark, legend: Fields, ends: Ends) -> list[Fields]:
    # All of the map is as strong as its highest ground, and every ring makes what it encloses
    # paler. Rings end outside the map, where there is nothing to see of them.
    everywhere = {"x": {"value": 0}, "x2": {"value": "width"}, "y": {"value": 0}}
    ground = {"type": "rect", "color": colour(mark.concept), "opacity": _HIGHEST}
    ring = {
        "type": "line",
        "clip": True,
        "fill": CARD,
        "fillOpacity": _PALER,
        "stroke": colour(mark.concept),
        "strokeOpacity": 0.35,
        "strokeWidth": 0.75,
    }
    each = {"detail": {"field": "ring", "type": "nominal"}, **_IN_ORDER}
    return [
        {
            "data": {"values": [{}]},
            "mark": ground,
            "encoding": {**everywhere, "y2": {"value": "height"}},
        },
        {"mark": ring, "encoding": each},
    ]


_DRAWN = {
    "line": _line,
    "path": _path,
    "dots": _dots,
    "point": _point,
    "level": _level,
    "contours": _contours,
}


def _look(mark: Mark, ends: Ends) -> Fields:
    # Clipping cuts lines in half that run along the very edge, so only what must be cut is.
    return {"color": colour(mark.concept)} | ({"clip": True} if _leaves(mark, ends) else {})


def _leaves(mark: Mark, ends: Ends) -> bool:
    """Whether some of a mark lies outside the fixed ends of an axis."""
    return any(
        value < end[0] or value > end[1]
        for end, values in zip(ends, (mark.x, mark.y), strict=True)
        if end
        for value in values
    )


def _is_floor(level: Mark, others: Sequence[Mark]) -> bool:
    """Whether all lines end above a level: its label then has more room where they begin."""
    ends = [other.y[-1] for other in others if other.kind in ("line", "path") and other.y]
    return bool(ends) and min(ends) >= level.y[0]

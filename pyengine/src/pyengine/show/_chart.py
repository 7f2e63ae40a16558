"""Curves: lines, paths and points on two axes, as a Vega-Lite specification with its data table.

The specification says what is drawn; how axes, grid and text look is the page's theme. Numbers
stand in named datasets, so that a page can exchange the data without drawing the axes anew.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyengine.errors import EngineValueError, ShapeError
from pyengine.show._display import CHART, ELEMENTS, INK, TEXT, Display, Node, colour, number
from pyengine.show._text import table_tree

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_TABLE_ROWS = 12

Domain = tuple[float, float]
_Ends = tuple[Domain | None, Domain | None]  # of the x axis and of the y axis


@dataclass(frozen=True)
class Mark:
    """Something drawn on the axes of a curve; made by `line`, `path` or `point`."""

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


def point(x: float, y: float, *, label: str = "", concept: str = "prob") -> Mark:
    """Mark one place with a large dot, and its `label` beside it.

    >>> point(0.5, 0.69, label="0.69").name
    '0.69'
    """
    return _mark("point", [x], [y], label, concept)


def curve(
    *marks: Mark,
    x: str,
    y: str,
    summary: str,
    x_domain: Domain | None = None,
    y_domain: Domain | None = None,
    x_log: bool = False,
    y_log: bool = False,
    height: int = 240,
    digits: int = 2,
) -> Display:
    """Show lines, paths and points on common axes.

    Args:
        marks: what to draw, from back to front.
        x: title of the horizontal axis, with its unit.
        y: title of the vertical axis, with its unit.
        summary: what is to be seen, in one sentence; this is what a screen reader reads.
        x_domain: fixed ends of the horizontal axis; what lies outside is cut off.
        y_domain: the same for the vertical axis.
        x_log: whether the horizontal axis is logarithmic.
        y_log: the same for the vertical axis.
        height: in pixels; the width is the page's.
        digits: decimals in the data table.

    >>> shown = curve(line([1, 2], [3, 4]), point(2, 4), x="step", y="loss", summary="It rises.")
    >>> shown
    It rises.
    >>> shown.bundle["application/vnd.vegalite.v6+json"]["datasets"]
    {'line 1': [{'x': 1.0, 'y': 3.0}, {'x': 2.0, 'y': 4.0}], 'point 2': [{'x': 2.0, 'y': 4.0}]}
    """
    if not marks:
        raise EngineValueError("curve", "at least one line, path or point", "none")
    names = [f"{mark.kind} {i}" for i, mark in enumerate(marks, start=1)]
    legend = _legend(marks)
    spec = {
        "$schema": _SCHEMA,
        "description": summary,
        "width": "container",
        "height": height,
        "datasets": {name: _rows(mark) for name, mark in zip(names, marks, strict=True)},
        "encoding": {
            "x": _axis("x", x, x_domain, x_log),
            "y": _axis("y", y, y_domain, y_log),
        },
        "layer": [
            layer
            for name, mark in zip(names, marks, strict=True)
            for layer in _layers(mark, name, legend, (x_domain, y_domain))
        ],
    }
    return Display({TEXT: summary, CHART: spec, ELEMENTS: _data_table(marks, x, y, digits)})


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


def _rows(mark: Mark) -> list[dict[str, Any]]:
    """One record per place. Six figures are more than a screen shows, and keep pages small."""
    extra: dict[str, Any] = {"label": mark.name} if mark.kind == "point" and mark.name else {}
    rows = [{"x": _plain(x), "y": _plain(y), **extra} for x, y in zip(mark.x, mark.y, strict=True)]
    if mark.kind == "path":
        return [{**row, "step": i} for i, row in enumerate(rows)]
    return rows


def _plain(value: float) -> float | None:
    # JSON has no nan and no inf; adding 0 turns −0 into 0.
    return float(f"{value:.6g}") + 0.0 if math.isfinite(value) else None


def _axis(field: str, title: str, domain: Domain | None, log: bool) -> dict[str, Any]:
    scale: dict[str, Any] = {"type": "log"} if log else {"zero": False}
    if domain:
        scale |= {"domain": list(domain), "nice": False}
    axis = {"title": title, **({"format": "~g"} if log else {"tickCount": 5})}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}


def _legend(marks: Sequence[Mark]) -> dict[str, Any]:
    """The colour scale shared by all named lines and paths; empty if none has a name."""
    named = [mark for mark in marks if mark.name and mark.kind != "point"]
    if not named:
        return {}
    domain = [mark.name for mark in named]
    return {
        "scale": {"domain": domain, "range": [colour(mark.concept) for mark in named]},
        "legend": {"title": None, "symbolType": "stroke"},
    }


def _layers(mark: Mark, data: str, legend: dict[str, Any], ends: _Ends) -> list[dict[str, Any]]:
    """The layers that draw a mark: a line, dots on a line, or a large dot with its label."""
    source = {"data": {"name": data}}
    # Clipping cuts lines in half that run along the very edge, so only what must be cut is.
    look = {"color": colour(mark.concept)} | ({"clip": True} if _leaves(mark, ends) else {})
    if mark.kind == "point":
        dot = {"type": "point", "filled": True, "opacity": 1, "size": 150, **look}
        return [{**source, "mark": dot}, *([_label(mark, data, ends[0])] if mark.name else [])]
    stroke: dict[str, Any] = {"type": "line", **look}
    if mark.dashed:
        stroke["strokeDash"] = [5, 4]
    encoding: dict[str, Any] = {"color": {"datum": mark.name, **legend}} if mark.name else {}
    if mark.kind == "line":
        return [{**source, "mark": stroke, "encoding": encoding}]
    # Without an order, a line is drawn from left to right, whatever came first.
    order = {"order": {"field": "step", "type": "quantitative"}}
    thin = {**stroke, "strokeWidth": 1.25, "opacity": 0.7}
    dots = {"type": "point", "filled": True, "opacity": 1, "size": 34, **look}
    return [
        {**source, "mark": thin, "encoding": {**encoding, **order}},
        {**source, "mark": dots, "encoding": encoding},
    ]


def _leaves(mark: Mark, ends: _Ends) -> bool:
    """Whether some of a mark lies outside the fixed ends of an axis."""
    return any(
        not end[0] <= value <= end[1]
        for end, values in zip(ends, (mark.x, mark.y), strict=True)
        if end
        for value in values
    )


def _label(mark: Mark, data: str, x_domain: Domain | None) -> dict[str, Any]:
    """The label of a point, above it, towards the side where there is room."""
    left = x_domain is not None and mark.x[0] > sum(x_domain) / 2
    place = {"align": "right" if left else "left", "dx": -4 if left else 4, "dy": -17}
    look = {"type": "text", **place, "fontSize": 14, "fontWeight": 600, "color": INK}
    text = {"text": {"field": "label", "type": "nominal"}}
    return {"data": {"name": data}, "mark": look, "encoding": text}


def _data_table(marks: Sequence[Mark], x: str, y: str, digits: int) -> Node:
    """At most twelve rows: the points, and a sample of each line with both its ends."""
    points = [mark for mark in marks if mark.kind == "point"]
    lines = [mark for mark in marks if mark.kind != "point"]
    share = max(2, (_TABLE_ROWS - len(points)) // max(1, len(lines)))
    several = len(marks) > 1
    rows = []
    for mark in [*points, *lines]:
        name = mark.name or mark.kind
        for i in _sample(len(mark.x), 1 if mark.kind == "point" else share):
            numbers = [number(mark.x[i], digits), number(mark.y[i], digits)]
            rows.append([name, *numbers] if several else numbers)
    return table_tree(["what", x, y] if several else [x, y], rows)


def _sample(length: int, size: int) -> list[int]:
    if length <= size:
        return list(range(length))
    return [round(i * (length - 1) / (size - 1)) for i in range(size)]

"""Curves: lines, paths, dots, points and levels on two axes, or on a map."""

from collections.abc import Sequence

from pyengine.errors import EngineValueError
from pyengine.show._chart import Domain, Fields, drawing
from pyengine.show._display import Display, Node, number
from pyengine.show._marks import Mark, layers, legend_of, rows
from pyengine.show._text import table_tree

_TABLE_ROWS = 12


def curve(
    *marks: Mark,
    x: str,
    y: str,
    summary: str,
    x_domain: Domain | None = None,
    y_domain: Domain | None = None,
    x_log: bool = False,
    y_log: bool = False,
    x_ticks: Sequence[float] = (),
    height: int = 240,
    digits: int = 2,
) -> Display:
    """Show lines, paths, dots, points and levels on common axes, or on the map of `contours`.

    Args:
        marks: what to draw, from back to front.
        x: title of the horizontal axis, with its unit.
        y: title of the vertical axis, with its unit.
        summary: what is to be seen, in one sentence; this is what a screen reader reads.
        x_domain: fixed ends of the horizontal axis; what lies outside is cut off.
        y_domain: the same for the vertical axis.
        x_log: whether the horizontal axis is logarithmic.
        y_log: the same for the vertical axis.
        x_ticks: the only numbers written along the horizontal axis, such as the batch sizes tried.
        height: in pixels; the width is the page's.
        digits: decimals in the data table.

    >>> from pyengine.show import line, point
    >>> shown = curve(line([1, 2], [3, 4]), point(2, 4), x="step", y="loss", summary="It rises.")
    >>> shown
    It rises.
    >>> shown.bundle["application/vnd.vegalite.v6+json"]["datasets"]
    {'line 1': [{'x': 1.0, 'y': 3.0}, {'x': 2.0, 'y': 4.0}], 'point 2': [{'x': 2.0, 'y': 4.0}]}
    """
    if not marks:
        raise EngineValueError("curve", "at least one line, path, point or level", "none")
    named = {f"{mark.kind} {i}": mark for i, mark in enumerate(marks, start=1)}
    legend = legend_of(marks)
    ends = (x_domain, y_domain)
    return drawing(
        summary,
        _data_table(marks, x, y, digits),
        height,
        {name: rows(mark, marks) for name, mark in named.items()},
        encoding={
            "x": _axis("x", x, x_domain, x_log, x_ticks),
            "y": _axis("y", y, y_domain, y_log),
        },
        layer=[layer for name, mark in named.items() for layer in layers(mark, name, legend, ends)],
    )


def _axis(
    field: str, title: str, domain: Domain | None, log: bool, ticks: Sequence[float] = ()
) -> Fields:
    scale: Fields = {"type": "log"} if log else {"zero": False}
    if domain:
        scale |= {"domain": list(domain), "nice": False}
    axis = {"title": title, **({"format": "~g"} if log else {"tickCount": 5})}
    if ticks:
        axis["values"] = list(ticks)
    return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}


def _data_table(marks: Sequence[Mark], x: str, y: str, digits: int) -> Node:
    """At most twelve rows: points and levels, and a sample of each line with both its ends."""
    single = [mark for mark in marks if mark.kind in ("point", "level")]
    lines = [mark for mark in marks if mark.kind in ("line", "path", "dots")]
    share = max(2, (_TABLE_ROWS - len(single)) // max(1, len(lines)))
    written = []
    for mark in [*single, *lines]:
        for i in _sample(len(mark.x), share):
            at = "everywhere" if mark.kind == "level" else number(mark.x[i], digits)
            written.append([mark.name or mark.kind, at, number(mark.y[i], digits)])
    if len(single) + len(lines) > 1:
        return table_tree(["what", x, y], written)
    return table_tree([x, y], [row[1:] for row in written])


def _sample(length: int, size: int) -> list[int]:
    if length <= size:
        return list(range(length))
    return [round(i * (length - 1) / (size - 1)) for i in range(size)]

"""Heat maps: a matrix as shaded cells, such as which token attends to which."""

import math
from collections.abc import Sequence
from typing import Any

from pyengine.errors import EngineTypeError, EngineValueError, ShapeError
from pyengine.show._chart import Fields, drawing, places, plain, written
from pyengine.show._display import LINE, Display, Node, colour, label, number
from pyengine.show._text import capital, table_tree

_CELLS = 4096  # 64 × 64: of more, each would be a few pixels wide
_FINE = 24  # columns up to which cells have outlines
_TABLE_CELLS = 1024
_TABLE_ROWS = 12

Matrix = list[list[float]]


def heat_map(
    matrix: Any,
    rows: Sequence[str | float],
    columns: Sequence[str | float],
    *,
    name: str,
    row_name: str = "",
    column_name: str = "",
    concept: str = "prob",
    below: str = "",
    limit: float | None = None,
    digits: int = 2,
    summary: str = "",
) -> Display:
    """Show a matrix as cells, the stronger the larger the number, which is written where it fits.

    Args:
        matrix: numbers of shape (rows, columns); cells that are nan stay empty.
        rows: one label per row, from top to bottom; white space around a token is made visible.
        columns: one label per column, from left to right.
        name: what the numbers are, with their unit.
        row_name: what the rows are, such as "query".
        column_name: what the columns are, such as "key".
        concept: whose colour the cells have: prob, loss, grad, rate, valid or soft.
        below: whose colour numbers below 0 have; needed if there are any. The scale then
            diverges: 0 is blank, and either colour grows stronger with the distance from it.
        limit: the distance from 0 that has the full colour; otherwise the largest there is.
        digits: decimals of the numbers.
        summary: what is to be seen, in one sentence; by default the largest and the smallest.

    Raises:
        EngineTypeError: not a matrix.
        ShapeError: labels that do not fit the matrix, no cells, or more than 4,096.
        EngineValueError: a number below 0 without `below`, or a limit that is not above 0.

    >>> heat_map([[1, 0], [0.3, 0.7]], ["I", "am"], ["I", "am"], name="attention")
    Attention by row and column: largest 1.00 (I, I), smallest 0.00 (I, am).
    """
    cells = _checked(matrix, len(rows), len(columns))
    _check_scale(cells, below, limit)
    down, across = [label(each) for each in rows], [label(each) for each in columns]
    titles = (row_name or "row", column_name or "column", name)
    records = [
        _record(i, j, value, bool(below), digits)
        for i, row in enumerate(cells)
        for j, value in enumerate(row)
    ]
    sizes = {record["size"] for record in records if record["size"]}
    if not sizes:
        limit = limit or 1.0  # among zeros alone there is no largest
    shades = _shades(name, concept, below, limit)
    if len(sizes) == 1 and not below:  # such as a mask: no shades between to explain
        shades["opacity"]["legend"]["values"] = [*sizes]
    return drawing(
        summary or _extremes(cells, down, across, titles, digits),
        _data_table(cells, down, across, titles, digits),
        len(rows) * max(6, min(28, 360 // len(rows))),
        {"cells": records},
        data={"name": "cells"},
        params=_fitting(records, across),
        encoding=_axes(down, across, row_name, column_name),
        layer=[
            *([{"mark": _HAIRLINES}] if len(across) <= _FINE else []),
            _only("datum.size > 0", mark="rect", encoding=shades),
            _only("roomy", mark={**_TEXT, "text": {"expr": "datum.text"}}),
            *([_only("!roomy && datum.side == 'below 0'", mark=_MINUS)] if below else []),
        ],
    )


_HAIRLINES = {"type": "rect", "filled": False, "stroke": LINE}

_TEXT = {"type": "text", "fontSize": 12}
_MINUS = {**_TEXT, "text": "−"}  # where there is no room for numbers, their sign at least


def _only(condition: str, **layer: Any) -> Fields:
    """A layer that draws only some of the cells: a page with thousands of them is slow."""
    return {"transform": [{"filter": condition}], **layer}


def _checked(matrix: Any, rows: int, columns: int) -> Matrix:
    nested = matrix.tolist() if hasattr(matrix, "tolist") else matrix  # an array
    try:
        cells = [[float(value) for value in row] for row in nested]
    except TypeError:
        shape = f" of shape {matrix.shape}" if hasattr(matrix, "shape") else ""
        got = f"{type(matrix).__name__}{shape}"
        raise EngineTypeError("heat_map", "a matrix: rows of numbers", got) from None
    widths = sorted({len(row) for row in cells}) or [0]
    if len(cells) != rows or widths != [columns]:
        got = f"{len(cells)} rows of {' or '.join(map(str, widths))} numbers"
        expected = f"{rows} rows of {columns} numbers, one per label"
        raise ShapeError("heat_map", expected, got)
    if not 0 < rows * columns <= _CELLS:
        fix = "Show a part of it."
        raise ShapeError("heat_map", f"1 to {_CELLS:,} cells", f"{rows * columns:,}", fix)
    return cells


def _check_scale(cells: Matrix, below: str, limit: float | None) -> None:
    low = min((value for row in cells for value in row if value == value), default=0.0)
    if low < 0 and not below:
        fix = 'Give those below a colour of their own, such as below="loss".'
        raise EngineValueError("heat_map", "numbers of at least 0", f"{low}", fix)
    if limit is not None and not limit > 0:
        raise EngineValueError("heat_map", "limit to be above 0", f"{limit}")


def _record(i: int, j: int, value: float, diverging: bool, digits: int) -> Fields:
    side = {"side": "below 0" if value < 0 else "above 0"} if diverging else {}
    return {"row": i, "column": j, "size": plain(abs(value)), "text": _short(value, digits), **side}


def _short(value: float, digits: int) -> str:
    """A number in few letters; the data table has it in full."""
    if not math.isfinite(value):
        return "" if math.isnan(value) else number(value)
    rounded = f"{value:.{digits}f}"
    if float(rounded):
        return rounded.replace("-", "−")
    return "≈0" if value else "0"


def _fitting(records: Sequence[Fields], columns: Sequence[str]) -> list[Fields]:
    """Whether the chart is wide enough for numbers in the cells, and for labels that lie."""
    number_width = 7 * max(len(record["text"]) for record in records) + 4
    label_width = 8 * max(len(words) for words in columns) + 6
    return [
        {"name": "roomy", "expr": f"width >= {number_width * len(columns)}"},
        {"name": "upright", "expr": f"width < {label_width * len(columns)}"},
    ]


def _axes(down: Sequence[str], across: Sequence[str], left: str, top: str) -> Fields:
    turned = {
        "labelAngle": {"expr": "upright ? -90 : 0"},
        "labelAlign": {"expr": "upright ? 'left' : 'center'"},
        "labelBaseline": {"expr": "upright ? 'middle' : 'bottom'"},
    }
    return {
        "y": places("row", down, left, labelOverlap=True),
        "x": places("column", across, top, labelOverlap=True, orient="top", **turned),
    }


def _shades(name: str, concept: str, below: str, limit: float | None) -> Fields:
    # Ink stays readable on up to 0.45 of every colour, in the light and in the dark scheme.
    scale: Fields = {"domainMin": 0, "nice": False, "range": [0, {"expr": "roomy ? 0.45 : 1"}]}
    if limit is not None:
        scale |= {"domainMax": limit, "clamp": True}
    look = {"symbolType": "square", "symbolStrokeWidth": 0, "symbolSize": 220, "offset": 4}
    legend = {"title": name, **look}
    size = {"field": "size", "type": "quantitative", "scale": scale}
    if not below:
        fill = colour(concept)
        shade = {**size, "legend": {**legend, "symbolFillColor": fill, "tickCount": 3}}
        return {"fill": {"value": fill}, "opacity": shade}
    sides = {"domain": ["below 0", "above 0"], "range": [colour(below), colour(concept)]}
    side = {"field": "side", "type": "nominal", "scale": sides, "legend": legend}
    return {"fill": side, "opacity": {**size, "legend": None}}


def _extremes(
    cells: Matrix, down: Sequence[str], across: Sequence[str], titles: Sequence[str], digits: int
) -> str:
    ranked = _ranked(cells)
    what = f"{titles[2]} by {titles[0]} and {titles[1]}"
    if not ranked:
        return capital(f"{what}: no finite number.")
    (large, i, j), (small, k, m) = ranked[0], ranked[-1]
    largest = f"largest {number(large, digits)} ({down[i]}, {across[j]})"
    smallest = f"smallest {number(small, digits)} ({down[k]}, {across[m]})"
    return capital(f"{what}: {largest}, {smallest}.")


def _data_table(
    cells: Matrix, down: Sequence[str], across: Sequence[str], titles: Sequence[str], digits: int
) -> Node:
    """The matrix, or of a large one the numbers farthest from 0."""
    if len(down) * len(across) <= _TABLE_CELLS:
        rows = [
            [words, *(written(value, digits) for value in row)]
            for words, row in zip(down, cells, strict=True)
        ]
        return table_tree([titles[0], *across], rows)
    ranked = sorted(_ranked(cells), key=lambda each: -abs(each[0]))[:_TABLE_ROWS]
    caption = f"The {len(ranked)} numbers farthest from 0"
    rows = [[down[i], across[j], number(value, digits)] for value, i, j in ranked]
    return table_tree(titles, rows, caption)


def _ranked(cells: Matrix) -> list[tuple[float, int, int]]:
    """The finite numbers with their places, from the largest to the smallest."""
    found = [(value, i, j) for i, row in enumerate(cells) for j, value in enumerate(row)]
    return sorted((each for each in found if math.isfinite(each[0])), key=lambda each: -each[0])

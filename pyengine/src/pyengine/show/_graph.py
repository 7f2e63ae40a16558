"""A graph of `Value`s: what was computed from what, every local derivative, every gradient.

A wide page shows it from left to right. Where its layers do not fit side by side, as on a phone,
the same layout runs from top to bottom. The chart decides by itself, by its width.
"""

from pyengine.errors import EngineValueError
from pyengine.scalar import Value
from pyengine.show._chain import formula, formula_or_name, sign
from pyengine.show._chart import Fields, drawing
from pyengine.show._display import Display, Node, number
from pyengine.show._graph_picture import picture
from pyengine.show._layout import Edge, Layout, layout
from pyengine.show._text import table_tree

_MOST = 60


def graph(output: Value, *, digits: int = 2, summary: str = "") -> Display:
    """Draw all values that `output` was computed from. Call `output.backward()` before.

    Every box is a value: label and operation, number, gradient. Every arrow leads from an input
    to what is computed from it, and carries the local derivative.

    Args:
        output: the result of the computation.
        digits: decimals of the numbers.
        summary: what is to be seen, in one sentence; by default the result and its inputs.

    Raises:
        EngineValueError: there are more than 60 values.

    >>> w, x = Value(3.0, label="w"), Value(2.0, label="x")
    >>> loss = (w * x).tanh().named("L")
    >>> loss.backward()
    >>> graph(loss)
    L = 1.00, computed from w and x: a graph of 4 values.
    """
    values = output.walk()
    if len(values) > _MOST:
        fix = "Draw the graph of one of the values on the way."
        raise EngineValueError("graph", f"at most {_MOST} values", f"{len(values):,}", fix)
    slopes = _slopes(values, digits)
    plan = layout(len(values), list(slopes))
    return drawing(
        summary or _in_words(values, digits),
        _data_table(values, digits),
        1,  # marks may stand outside; the picture becomes as high as they need
        {
            "edges": _edge_rows(plan),
            "slopes": _slope_rows(plan, slopes),
            "values": _value_rows(plan, values, digits),
        },
        **picture(plan.layers, plan.breadth),
    )


def _slopes(values: list[Value], digits: int) -> dict[Edge, str]:
    """The local derivative of each edge. An input that enters twice has one edge with both."""
    index = {value: i for i, value in enumerate(values)}
    found: dict[Edge, str] = {}
    for end, value in enumerate(values):
        for each, slope in value.edges:
            edge = (index[each], end)
            before = f"{found[edge]} + " if edge in found else ""
            found[edge] = before + number(slope, digits)
    return found


def _edge_rows(plan: Layout) -> list[Fields]:
    """The corners of every edge; `side` says on which side of a box or bend a corner is."""
    rows = []
    for i, route in enumerate(plan.routes.values()):
        sides = [1, *[-1, 1] * (len(route) - 2), -1]
        passed = [place for place in route for _ in range(2)][1:-1]
        for step, ((layer, across), side) in enumerate(zip(passed, sides, strict=True)):
            place = {"layer": layer, "across": across, "side": side}
            rows.append({"edge": i, "step": step, **place, "end": step == len(sides) - 1})
    return rows


def _slope_rows(plan: Layout, slopes: dict[Edge, str]) -> list[Fields]:
    """Each slope on the last straight part of its edge; `right` and `down` say how far along."""
    rows: list[Fields] = []
    for edge, text in slopes.items():
        (_, before), (layer, across) = plan.routes[edge][-2:]
        ends = {"layer": layer, "before": before, "across": across}
        near = [row for row in rows if row["layer"] == layer]
        spots = {way: _free_spot(ends, near, way) for way in _SPOTS}
        rows.append({**ends, **spots, "text": text})
    return rows


# Where along an edge a slope may stand, the best first. Edges that end in one box are farther
# apart near their beginnings, and going down there is less room beside each other.
_SPOTS = {"right": (0.5, 0.35, 0.65, 0.2, 0.8), "down": (0.35, 0.65, 0.5, 0.2, 0.8)}


def _free_spot(edge: Fields, others: list[Fields], way: str) -> float:
    """The first spot with enough room around it, or else the one with the most."""

    def room(spot: float) -> float:
        """How far the nearest of `others` is; 1 is enough not to touch it."""
        distances = [1.0]
        for other in others:
            aside = abs(_across(edge, spot) - _across(other, other[way]))
            along = abs(spot - other[way])
            distances.append(aside / 0.2 if way == "right" else max(aside / 0.5, along / 0.3))
        return min(distances)

    return max(_SPOTS[way], key=room)


def _across(edge: Fields, spot: float) -> float:
    return float(edge["before"] + spot * (edge["across"] - edge["before"]))


def _value_rows(plan: Layout, values: list[Value], digits: int) -> list[Fields]:
    return [
        {
            "layer": layer,
            "across": across,
            "side": 0,
            "name": value.label,
            "op": sign(value.op),
            "data": number(value.data, digits),
            "grad": number(value.grad, digits),
        }
        for (layer, across), value in zip(plan.nodes, values, strict=True)
    ]


def _data_table(values: list[Value], digits: int) -> Node:
    rows = []
    for value in values:
        words = formula(value)
        slopes = [f"{formula_or_name(each, 4)}: {number(s, digits)}" for each, s in value.edges]
        name = f"{value.label} = {words}" if value.label and value.inputs else words
        numbers = [number(value.data, digits), number(value.grad, digits)]
        rows.append([name, *numbers, ", ".join(slopes)])
    return table_tree(["value", "data", "gradient", "local derivatives"], rows)


def _in_words(values: list[Value], digits: int) -> str:
    *before, last = values
    named = [value.label for value in before if value.label and not value.inputs]
    if len(named) > 5:
        named = [f"{len(named)} inputs"]
    inputs = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    source = f", computed from {inputs}" if inputs else ""
    size = f"{len(values)} values" if before else "1 value"
    return f"{last.label or 'The result'} = {number(last.data, digits)}{source}: a graph of {size}."

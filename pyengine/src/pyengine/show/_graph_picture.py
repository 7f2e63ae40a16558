"""How a graph is drawn: boxes, arrows and numbers, placed by the chart in pixels of its width."""

from pyengine.show._chart import Fields
from pyengine.show._display import CARD, CONCEPTS, INK

# In pixels: a box, and from the middle of one box to the middle of the next.
_WIDE, _HIGH = 72, 54
_BESIDE, _ROW = 96, 66  # the next layer to the right, the next box of a layer below
_BELOW, _COLUMN = 94, 78  # the next layer below, the next box of a layer to the right

_SOFT, _GRAD = CONCEPTS["soft"], CONCEPTS["grad"]
_TITLE = ["Box: the number, below it the gradient.", "Arrow: the local derivative."]

# `down` says whether layers go down, `slot` is the room for each box across or for each layer.
_X = "down ? (datum.across + 0.5) * slot : (datum.layer + 0.5) * slot + datum.side * box / 2"
_Y = f"down ? datum.layer * {_BELOW} + datum.side * {_HIGH // 2} : datum.across * {_ROW}"
_PART = "(datum.before + (datum.across - datum.before) * (down ? datum.down : datum.right))"
_SLOPE_X = (
    f"down ? ({_PART} + 0.5) * slot : datum.layer * slot + (datum.right - 0.5) * (slot - box)"
)
_SLOPE_Y = (
    f"down ? (datum.layer - 0.5) * {_BELOW} + (datum.down - 0.5) * {_BELOW - _HIGH}"
    f" : {_PART} * {_ROW}"
)


def picture(layers: int, breadth: float) -> Fields:
    """The parts of the chart that draw the datasets "edges", "slopes" and "values" of `graph`.

    Args:
        layers: how many layers there are.
        breadth: the room the broadest of them needs, in boxes.
    """
    beside = _BESIDE * layers
    return {
        "params": [
            # Layers go down where they do not fit side by side, unless that fits even worse.
            {"name": "down", "expr": f"width < {beside} && {_COLUMN * breadth:g} < {beside}"},
            {"name": "slot", "expr": f"width / (down ? {breadth:g} : {layers})"},
            {"name": "box", "expr": f"min({_WIDE}, slot - (down ? 6 : 36))"},
        ],
        "title": {"text": _TITLE, "fontSize": 12, "fontWeight": 400, "color": _SOFT},
        "encoding": {
            axis: {"field": axis, "type": "quantitative", "scale": None, "axis": None}
            for axis in ("x", "y")
        },
        "layer": [
            _at("edges", _X, _Y, _LINE, detail={"field": "edge"}, order=_ORDER),
            _at("edges", _X, _Y, _HEAD, opacity={"condition": _AT_END, "value": 0}),
            _at("slopes", _SLOPE_X, _SLOPE_Y, {**_SLOPE, "stroke": CARD, "strokeWidth": 6}),
            _at("slopes", _SLOPE_X, _SLOPE_Y, _SLOPE),
            _at("values", _X, _Y, _BOX),
            *(
                _at("values", _X, _Y, {"type": "text", "fontSize": _SIZE, **words})
                for words in _WORDS
            ),
        ],
    }


def _at(data: str, x: str, y: str, mark: Fields, **encoding: Fields) -> Fields:
    """A layer that draws a dataset, each record at the place computed for it."""
    places = [{"calculate": x, "as": "x"}, {"calculate": y, "as": "y"}]
    return {"data": {"name": data}, "transform": places, "mark": mark, "encoding": encoding}


_ORDER = {"field": "step", "type": "quantitative"}
_AT_END = {"test": "datum.end", "value": 1}
_LINE = {"type": "line", "color": _SOFT, "strokeWidth": 1.25}
_HEAD = {
    "type": "point",
    "shape": "triangle",
    "size": 50,
    "color": _SOFT,
    "angle": {"expr": "down ? 180 : 90"},
    "xOffset": {"expr": "down ? 0 : -4"},
    "yOffset": {"expr": "down ? -4 : 0"},
}
_SLOPE = {"type": "text", "fontSize": 11, "color": _GRAD, "text": {"expr": "datum.text"}}
_BOX = {
    "type": "rect",
    "width": {"expr": "box"},
    "height": _HIGH,
    "cornerRadius": 5,
    "fill": CARD,
    "stroke": _SOFT,
    "strokeWidth": 1,
}
# The first line of a box: label on the left and operation on the right, if both are there and fit.
_BOTH = "datum.name && datum.op && 7 * length(datum.name + datum.op) + 6 < box"
_SIZE = {"expr": "box > 46 ? 12 : 10"}
_WORDS: list[Fields] = [
    {
        "text": {"expr": "datum.name"},
        "fontWeight": 700,
        "align": {"expr": f"{_BOTH} ? 'left' : 'center'"},
        "dx": {"expr": f"{_BOTH} ? 6 - box / 2 : 0"},
        "dy": -16,
        "color": INK,
    },
    {
        "text": {"expr": f"datum.name && !({_BOTH}) ? '' : datum.op"},
        "align": {"expr": f"{_BOTH} ? 'right' : 'center'"},
        "dx": {"expr": f"{_BOTH} ? box / 2 - 6 : 0"},
        "dy": -16,
        "color": INK,
    },
    {"text": {"expr": "datum.data"}, "dy": 1, "color": INK},
    {"text": {"expr": "datum.grad"}, "dy": 17, "color": _GRAD},
]

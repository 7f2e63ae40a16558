"""Bars: one number per label, such as the probability of each next token."""

import math
from collections.abc import Sequence

from pyengine.errors import EngineValueError, ShapeError
from pyengine.show._chart import Domain, Fields, drawing, places, plain, written
from pyengine.show._display import Display, colour, label, number
from pyengine.show._text import capital, table_tree


def bars(
    labels: Sequence[str | float],
    values: Sequence[float],
    *,
    name: str,
    label_name: str = "label",
    concept: str = "prob",
    highlight: str | float | None = None,
    domain: Domain | None = None,
    digits: int = 2,
    summary: str = "",
) -> Display:
    """Show one bar per label, with its number: lying beside words, standing on numbers.

    Args:
        labels: one per bar, in the order shown; white space around a token is made visible.
        values: one per label; those that are not finite get no bar.
        name: what the values are, with their unit.
        label_name: what the labels are.
        concept: whose colour the bars have: prob, loss, grad, rate, valid or soft.
        highlight: the label whose bar stands out; the others are paler.
        domain: fixed ends of the value axis, such as (0, 1); otherwise it fits the values.
        digits: decimals of the numbers.
        summary: what is to be seen, in one sentence; by default the largest and the smallest.

    Raises:
        ShapeError: no labels, or not as many values as labels.
        EngineValueError: a highlight that is none of the labels.

    >>> bars([" cat", " dog"], [0.7, 0.3], name="probability", label_name="token")
    Probability by token: largest for ␣cat (0.70), smallest for ␣dog (0.30).
    """
    if not 0 < len(labels) == len(values):
        got = f"{len(labels)} labels and {len(values)} values"
        raise ShapeError("bars", "one value per label, and at least one", got)
    if highlight is not None and highlight not in list(labels):
        raise EngineValueError("bars", "highlight to be one of the labels", repr(highlight))
    shown = [label(each) for each in labels]
    heights = [float(value) for value in values]
    numbers = [written(height, digits) for height in heights]
    chosen = [highlight is not None and each == highlight for each in labels]
    lying = any(isinstance(each, str) for each in labels)
    return drawing(
        summary or capital(f"{name} by {label_name}: {_extremes(shown, heights, digits)}."),
        table_tree([label_name, name], [list(row) for row in zip(shown, numbers, strict=True)]),
        28 * len(labels) if lying else 220,
        {"bars": _rows(heights, numbers, chosen)},
        data={"name": "bars"},
        **(_lying if lying else _standing)(shown, name, label_name, colour(concept), domain),
    )


def _rows(heights: Sequence[float], numbers: Sequence[str], chosen: Sequence[bool]) -> list[Fields]:
    room = len(numbers) * (8 * max(map(len, numbers)) + 4)  # pixels, for numbers side by side
    return [
        {
            "place": i,
            "value": plain(heights[i]),
            "end": max(plain(heights[i]) or 0.0, 0.0),  # its number stands here: never on the bar
            "text": numbers[i],
            "room": room,
            "opacity": 0.5 if any(chosen) and not chosen[i] else 1,
            "weight": 700 if chosen[i] else 400,
        }
        for i in range(len(heights))
    ]


def _lying(labels: Sequence[str], name: str, _: str, fill: str, domain: Domain | None) -> Fields:
    # The range leaves room for the numbers, however long they become.
    scale = {"range": [0, {"expr": "width - 64"}], **_ends(domain)}
    return {
        "encoding": {"y": places("place", labels, "")},
        "layer": [
            _bar("x", name, scale, fill),
            _numbers("x", {"align": "left", "dx": 6}),
        ],
    }


def _standing(
    labels: Sequence[str], name: str, label_name: str, fill: str, domain: Domain | None
) -> Fields:
    scale = {"range": [{"expr": "height"}, 20], **_ends(domain)}
    return {
        "encoding": {"x": places("place", labels, label_name, labelOverlap=True)},
        "layer": [
            _bar("y", name, scale, fill),
            # Numbers that would run into each other are left to the data table.
            _numbers("y", {"dy": -8, "opacity": {"expr": "width < datum.room ? 0 : 1"}}),
        ],
    }


def _bar(channel: str, name: str, scale: Fields, fill: str) -> Fields:
    value = {"field": "value", "type": "quantitative", "scale": scale}
    return {
        "mark": {"type": "bar", "color": fill, "opacity": {"expr": "datum.opacity"}},
        "encoding": {channel: {**value, "axis": {"title": name, "tickCount": 5}}},
    }


def _numbers(channel: str, look: Fields) -> Fields:
    return {
        "mark": {"type": "text", "fontWeight": {"expr": "datum.weight"}, **look},
        "encoding": {channel: {"field": "end", "type": "quantitative"}, "text": {"field": "text"}},
    }


def _ends(domain: Domain | None) -> Fields:
    return {"domain": list(domain), "nice": False, "clamp": True} if domain else {}


def _extremes(labels: Sequence[str], heights: Sequence[float], digits: int) -> str:
    """Name the largest and the smallest value, or the only one."""
    finite = sorted(
        (height, words)
        for height, words in zip(heights, labels, strict=True)
        if math.isfinite(height)
    )
    if not finite:
        return "no finite value"
    (low, lowest), (high, highest) = finite[0], finite[-1]
    if low == high:
        return f"{number(high, digits)} for {highest}"
    largest = f"largest for {highest} ({number(high, digits)})"
    return f"{largest}, smallest for {lowest} ({number(low, digits)})"

"""Demos that draw a curve."""

from collections.abc import Iterator
from typing import Any

STEPS = 6


class Curve:
    """A line in a chart, with its summary and its data."""

    def __init__(self, losses: list[float]) -> None:
        self.losses = losses

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        summary = f"The loss is {self.losses[-1]:.2f}."
        rows = [{"step": i, "loss": loss} for i, loss in enumerate(self.losses)]
        cells = [
            ["tr", {}, ["td", {}, str(i)], ["td", {}, f"{y:.2f}"]]
            for i, y in enumerate(self.losses)
        ]
        return {
            "text/plain": summary,
            "application/vnd.vegalite.v6+json": {
                "description": summary,
                "data": {"values": rows},
                "mark": {"type": "line", "color": "#b8340a"},
                "encoding": {
                    axis: {"field": axis_of, "type": "quantitative"}
                    for axis, axis_of in (("x", "step"), ("y", "loss"))
                },
            },
            "application/vnd.nudge.elements+json": ["table", {}, ["tbody", {}, *cells]],
        }


def falling(rate: float) -> Curve:
    """Multiply a loss of 1 again and again."""
    return Curve([(1 - rate) ** step for step in range(STEPS)])


def training(rate: float) -> Iterator[Curve]:
    """The same, one step after the other."""
    for step in range(1, STEPS + 1):
        yield Curve(falling(rate).losses[:step])

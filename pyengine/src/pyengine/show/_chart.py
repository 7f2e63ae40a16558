"""What all charts have in common: one Vega-Lite specification around named datasets.

The specification says what is drawn; how axes, grid and text look is the page's theme. Numbers
stand in named datasets, so that a page can exchange the data without drawing the axes anew.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from pyengine.show._display import CHART, ELEMENTS, TEXT, Display, Node, number

Fields = dict[str, Any]
Domain = tuple[float, float]

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def drawing(
    summary: str,
    table: Node,
    height: int | Fields,
    datasets: Mapping[str, list[Fields]],
    **rest: Any,
) -> Display:
    """Bundle a chart: its summary as text, its specification, its data as a table."""
    spec = {
        "$schema": _SCHEMA,
        "description": summary,
        "width": "container",
        "height": height,
        "datasets": dict(datasets),
        **rest,
    }
    return Display({TEXT: summary, CHART: spec, ELEMENTS: table})


def plain(value: float) -> float | None:
    """Write a number as JSON can hold it. Six figures are more than a screen shows."""
    # JSON has no nan and no inf; adding 0 turns −0 into 0.
    return float(f"{value:.6g}") + 0.0 if math.isfinite(value) else None


def written(value: float, digits: int) -> str:
    """Write a number for a chart or its table; nan, which is no number, as a dash."""
    return "–" if math.isnan(value) else number(value, digits)


def places(field: str, labels: Sequence[str], title: str, **axis: Any) -> Fields:
    """Encode positions 0, 1, … as places with these labels, of which several may be alike."""
    return {
        "field": field,
        "type": "ordinal",
        "scale": {"domain": list(range(len(labels)))},
        "axis": {
            "title": title or None,
            "labelExpr": f"{json.dumps(labels, ensure_ascii=False)}[datum.value]",
            "labelLimit": 120,
            "ticks": False,
            "domain": False,
            "grid": False,
            **axis,
        },
    }

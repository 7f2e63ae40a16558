"""Histograms: how many numbers fall into each of many equal intervals, such as weights."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pyengine.errors import EngineValueError
from pyengine.show._chart import drawing, plain
from pyengine.show._display import CARD, Display, Node, colour, number
from pyengine.show._text import table_tree


def histogram(
    values: Any, *, name: str, bins: int = 30, concept: str = "soft", summary: str = ""
) -> Display:
    """Show how values are spread: how many lie in each of many equal intervals.

    Args:
        values: numbers, an array of any shape or nested lists. Those that are not finite are
            counted in the summary and left out.
        name: what the values are, with their unit.
        bins: the most intervals there may be; they end at round numbers.
        concept: whose colour the bars have: prob, loss, grad, rate, valid or soft.
        summary: what is to be seen, in one sentence; by default range, mean and spread.

    Raises:
        EngineValueError: no finite value, or bins below 2.

    >>> histogram([[0.1, 0.2], [0.2, 0.9]], name="weights")
    4 weights from 0.10 to 0.90: mean 0.35, standard deviation 0.32.
    """
    everything = list(_flat(values))
    finite = [value for value in everything if math.isfinite(value)]
    if not finite:
        got = f"{len(everything)}, none of them finite" if everything else "none"
        raise EngineValueError("histogram", "at least one finite value", got)
    if bins < 2:
        raise EngineValueError("histogram", "bins of at least 2", f"{bins}")
    intervals = _counted(finite, bins)
    return drawing(
        summary or _in_words(finite, name, len(everything) - len(finite)),
        _data_table(intervals, name),
        200,
        {"intervals": [{"from": plain(a), "to": plain(b), "count": n} for a, b, n in intervals]},
        data={"name": "intervals"},
        mark={"type": "rect", "color": colour(concept), "stroke": CARD},
        encoding={
            "x": {"field": "from", **_QUANTITY, "axis": {"title": name, "tickCount": 5}},
            "x2": {"field": "to"},
            "y": {"field": "count", **_QUANTITY, "axis": {"tickCount": 5}},
            "y2": {"datum": 0},
        },
    )


_QUANTITY = {"type": "quantitative", "scale": {"zero": False, "nice": False}}
_Interval = tuple[float, float, int]  # from, to, how many


def _flat(values: Any) -> Iterator[float]:
    nested = values.tolist() if hasattr(values, "tolist") else values  # arrays
    if isinstance(nested, Iterable):
        for each in nested:
            yield from _flat(each)
    else:
        yield float(nested)


def _counted(values: Sequence[float], most: int) -> list[_Interval]:
    """Count the values in at most `most` intervals."""
    width, first, last = _grid(min(values), max(values), most)
    counts = Counter(min(_place(value, width), last) for value in values)
    return [(i * width, (i + 1) * width, counts[i]) for i in range(first, last + 1)]


def _grid(low: float, high: float, most: int) -> tuple[float, int, int]:
    """The width of the intervals (1, 2 or 5 × a power of ten), the first and the last of them."""
    # Values that are all equal, or nearly, get intervals whose ends can still be told apart.
    spread = max(high - low, 1e-3 * max(abs(low), abs(high)))
    power = 10.0 ** math.floor(math.log10((spread if spread > 1e-300 else 1.0) / most))
    while True:
        for width in (power, 2 * power, 5 * power):
            first, last = _place(low, width), _place(high, width)
            # The last one includes its upper end: 1.0 needs no interval of its own.
            if last > first and abs(high - last * width) < 1e-9 * width:
                last -= 1
            if last - first < most:
                return width, first, last
        power *= 10


def _place(value: float, width: float) -> int:
    # subtle: 0.3 / 0.1 is 2.999…, which would put 0.3 below the edge it stands on.
    return math.floor(value / width + 1e-9)


def _data_table(intervals: Sequence[_Interval], name: str) -> Node:
    width = intervals[0][1] - intervals[0][0]
    digits = max(0, -math.floor(math.log10(width) + 1e-9))
    rows = [[number(a, digits), number(b, digits), f"{n:,}"] for a, b, n in intervals]
    return table_tree([f"{name} from", "to", "count"], rows)


def _in_words(values: Sequence[float], name: str, left_out: int) -> str:
    mean = math.fsum(values) / len(values)
    spread = math.dist(values, [mean] * len(values)) / math.sqrt(len(values))
    ends = f"{number(min(values))} to {number(max(values))}"
    middle = f"mean {number(mean)}, standard deviation {number(spread)}"
    rest = f" Left out, because not finite: {left_out:,}." if left_out else ""
    return f"{len(values):,} {name} from {ends}: {middle}.{rest}"

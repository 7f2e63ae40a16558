"""Contours: a function of two variables as a map, with rings that join places of equal height.

The method is marching squares (Maple, "Geometric design and space planning using the marching
squares and marching cube algorithms", 2003): where a ring crosses the sides of a square is told
from the heights of its corners; neighbouring squares share sides, and so the pieces are joined.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import product

from pyengine.errors import EngineTypeError, EngineValueError
from pyengine.show._chart import Domain
from pyengine.show._display import colour
from pyengine.show._marks import Mark

_SQUARES = 40  # in a row: rings look smooth, and a function is called some 1,700 times
_ROUNDED = 4  # figures of a place; more than a screen shows

Side = tuple[int, int, int]  # of a square: its left or lower end, and 0 to the right or 1 upwards
Place = tuple[float, float]
Heights = Sequence[Sequence[float]]  # column by column, with a rim that is higher than all of them


def contours(
    height: Callable[[float, float], float],
    x_domain: Domain,
    y_domain: Domain,
    *,
    levels: int = 9,
    concept: str = "loss",
) -> Mark:
    """Draw a function of two variables as a map: the higher, the stronger its colour.

    Made once, it can be drawn any number of times, below the steps of a path, say.

    Args:
        height: the function; called with two numbers, it returns one.
        x_domain: where the map begins and ends; give `curve` the same.
        y_domain: the same for the vertical axis.
        levels: how many heights have rings. Between one ring and the next lies about the same
            share of the map.
        concept: whose colour it has: prob, loss, grad, rate, valid or soft.

    Raises:
        EngineTypeError: a function that does not return a number.
        EngineValueError: a domain that does not rise, no levels, or a height that is not finite.

    >>> bowl = contours(lambda x, y: x * x + y * y, (-1, 1), (-1, 1), levels=1)
    >>> [round(math.hypot(*place), 1) for place in zip(bowl.x, bowl.y)][:4]
    [0.8, 0.8, 0.8, 0.8]
    """
    colour(concept)
    for name, (start, end) in (("x_domain", x_domain), ("y_domain", y_domain)):
        if not start < end:
            raise EngineValueError("contours", f"{name} to rise", f"{start} to {end}")
    if levels < 1:
        raise EngineValueError("contours", "levels of at least 1", f"{levels}")
    xs, ys = _spaced(x_domain), _spaced(y_domain)
    heights = [[_checked(height(x, y), x, y) for y in ys] for x in xs]
    ranked = sorted(value for column in heights for value in column)
    cuts = [ranked[round(i * (len(ranked) - 1) / (levels + 1))] for i in range(levels, 0, -1)]
    places: list[Place] = []
    rimmed = _rimmed(heights)
    for cut in dict.fromkeys(cuts):  # from the highest down: what is lower lies upon it
        for ring in _rings(rimmed, cut):
            places += [*(_at(place, x_domain, y_domain) for place in ring), (math.nan, math.nan)]
    x, y = zip(*places, strict=True) if places else ((), ())
    return Mark("contours", x, y, "", concept)


def _spaced(domain: Domain) -> list[float]:
    start, end = domain
    return [start + i * (end - start) / _SQUARES for i in range(_SQUARES + 1)]


def _checked(value: float, x: float, y: float) -> float:
    try:
        finite = math.isfinite(value)
    except TypeError:
        got = type(value).__name__
        raise EngineTypeError("contours", "a function that returns a number", got) from None
    if not finite:
        raise EngineValueError("contours", "finite heights", f"{value} at ({x:g}, {y:g})")
    return float(value)


def _rimmed(heights: Heights) -> Heights:
    """Surround a map with what is higher than all of it: then every ring is closed."""
    top = 2 * max(map(max, heights)) - min(map(min, heights)) + 1
    side = [top] * (len(heights[0]) + 2)
    return [side, *([top, *column, top] for column in heights), side]


def _rings(heights: Heights, cut: float) -> Iterator[list[Place]]:
    """The closed lines around everything that is lower than `cut`."""
    after: dict[Side, Side] = {}
    for i, j in product(range(len(heights) - 1), range(len(heights[0]) - 1)):
        after.update(_pieces(heights, i, j, cut))
    while after:
        first = side = next(iter(after))
        ring = [_crossing(heights, side, cut)]
        while (side := after.pop(side)) != first:
            ring.append(_crossing(heights, side, cut))
        yield [*ring, ring[0]]


def _pieces(heights: Heights, i: int, j: int, cut: float) -> Iterator[tuple[Side, Side]]:
    """The pieces of rings in one square, each from side to side with the lower ground on its left.

    Going around the square against the clock, a ring leaves it where the ground rises above the
    cut, and it entered it where the ground fell below.
    """
    corners = [heights[i][j], heights[i + 1][j], heights[i + 1][j + 1], heights[i][j + 1]]
    low = [corner < cut for corner in corners]
    sides = [(i, j, 0), (i + 1, j, 1), (i, j + 1, 0), (i, j, 1)]
    for k in range(4):
        if low[k] and not low[(k + 1) % 4]:
            # The nearest side before it where the ground fell: only lower ground lies between.
            back = next(n for n in (1, 2, 3) if not low[(k - n) % 4])
            yield sides[k], sides[(k - back) % 4]


def _crossing(heights: Heights, side: Side, cut: float) -> Place:
    """Where a ring crosses a side, in squares from the rim."""
    i, j, up = side
    one, other = heights[i][j], heights[i + (not up)][j + up]
    share = (cut - one) / (other - one)
    return (i, j + share) if up else (i + share, j)


def _at(place: Place, x_domain: Domain, y_domain: Domain) -> Place:
    x, y = (
        start + (squares - 1) * (end - start) / _SQUARES
        for squares, (start, end) in zip(place, (x_domain, y_domain), strict=True)
    )
    return float(f"{x:.{_ROUNDED}g}"), float(f"{y:.{_ROUNDED}g}")

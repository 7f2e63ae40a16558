"""Where the nodes of a graph go: in layers, with few crossings, and edges as straight as can be.

The method of Sugiyama, Tagawa & Toda, "Methods for visual understanding of hierarchical system
structures" (1981), in its simplest form. The same graph always gets the same drawing.

1. Each node goes into the layer just before the first node that is computed from it.
2. An edge that passes through other layers gets a *bend* in each of them, which from now on is a
   node like any other.
3. Each layer is sorted by where its nodes' neighbours are on average, back and forth, some times.
4. Each node moves as close to its neighbours as the others in its layer let it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

Edge = tuple[int, int]  # an input, and what is computed from it
Place = tuple[int, float]  # which layer, counted from 0, and how far across

_SORTING, _SETTLING = 12, 13  # sweeps through all layers, back and forth
_BEND_ROOM = 0.4  # of the room a node needs


@dataclass(frozen=True)
class Layout:
    """The place of every node, the places every edge leads through, and the size of it all."""

    nodes: list[Place]
    routes: dict[Edge, list[Place]]
    layers: int
    breadth: float


def layout(count: int, edges: Sequence[Edge]) -> Layout:
    """Lay out the nodes 0 … count − 1, where every edge leads from a smaller number to a larger.

    >>> layout(3, [(0, 2), (1, 2)]).nodes  # two inputs side by side, their result between them
    [(0, 0.0), (0, 1.0), (1, 0.5)]
    """
    depth = _depths(count, edges)
    routes = {}
    for start, end in edges:
        bends = list(range(len(depth), len(depth) + depth[end] - depth[start] - 1))
        depth += [depth[start] + 1 + i for i in range(len(bends))]
        routes[start, end] = [start, *bends, end]
    rooms = [1.0] * count + [_BEND_ROOM] * (len(depth) - count)
    across = _placed(depth, list(routes.values()), rooms)
    places = list(zip(depth, across, strict=True))
    bent = {edge: [places[node] for node in route] for edge, route in routes.items()}
    return Layout(places[:count], bent, max(depth) + 1, max(across) + 1)


def _depths(count: int, edges: Sequence[Edge]) -> list[int]:
    """The layer of each node: as late as what is computed from it allows."""
    height = [0] * count  # the longest way from here to the end
    for start, end in sorted(edges, key=lambda edge: -edge[1]):
        height[start] = max(height[start], height[end] + 1)
    return [max(height) - each for each in height]


def _placed(
    depth: Sequence[int], routes: Sequence[list[int]], rooms: Sequence[float]
) -> list[float]:
    """How far across each node is: sorted within its layer, and drawn towards its neighbours."""
    before, after = _neighbours(len(depth), routes)
    both = [[*one, *other] for one, other in zip(before, after, strict=True)]
    # Inputs follow what is computed from them and do not pull it aside; bends keep straight.
    weights = [
        2.0 if room < 1 else 1.0 if inputs else 0.001
        for room, inputs in zip(rooms, before, strict=True)
    ]
    layers = [[v for v in range(len(depth)) if depth[v] == i] for i in range(max(depth) + 1)]
    across = [0.0] * len(depth)
    for sweep in range(_SORTING + _SETTLING):
        forward, sorting = sweep % 2 == 0, sweep < _SORTING
        near = (before if forward else after) if sorting else both
        for layer in layers if forward else reversed(layers):
            wanted = {v: _mean(near[v], across, weights, across[v]) for v in layer}
            if sorting:
                layer.sort(key=wanted.__getitem__)
                wanted = dict.fromkeys(layer, 0.0)  # each layer around the middle: none drifts off
            _spread(layer, wanted, rooms, weights, across)
    left = min(across)
    return [round(each - left, 3) for each in across]


def _neighbours(count: int, routes: Sequence[list[int]]) -> tuple[list[list[int]], list[list[int]]]:
    """For each node, its neighbours in the layer before and in the layer after."""
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for route in routes:
        for start, end in pairwise(route):
            before[end].append(start)
            after[start].append(end)
    return before, after


def _mean(
    near: Sequence[int], across: Sequence[float], weights: Sequence[float], otherwise: float
) -> float:
    """Where neighbours are on average."""
    total = sum(weights[each] for each in near)
    return sum(weights[each] * across[each] for each in near) / total if near else otherwise


def _spread(
    layer: Sequence[int],
    wanted: Mapping[int, float],
    rooms: Sequence[float],
    weights: Sequence[float],
    across: list[float],
) -> None:
    """Put the nodes of a layer where they want to be, or as near as their order and room allow.

    By weighted least squares: nodes that collide form a pool, which goes where its members want
    to be on average (isotonic regression).
    """
    gaps = [(rooms[one] + rooms[other]) / 2 for one, other in pairwise(layer)]
    offsets = list(accumulate(gaps, initial=0.0))
    pools: list[tuple[float, float, int]] = []  # where it begins, its weight, its size
    for node, offset in zip(layer, offsets, strict=True):
        start, weight, size = wanted[node] - offset, weights[node], 1
        while pools and pools[-1][0] > start:
            other, other_weight, other_size = pools.pop()
            start = (start * weight + other * other_weight) / (weight + other_weight)
            weight, size = weight + other_weight, size + other_size
        pools.append((start, weight, size))
    starts = [start for start, _, size in pools for _ in range(size)]
    for node, start, offset in zip(layer, starts, offsets, strict=True):
        across[node] = start + offset

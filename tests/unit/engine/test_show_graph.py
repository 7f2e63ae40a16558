"""Graphs of values: layers, places that never overlap, every derivative on its arrow."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyengine import EngineValueError, Value, show
from pyengine.show._layout import layout

CHART = "application/vnd.vegalite.v6+json"
ELEMENTS = "application/vnd.nudge.elements+json"


def chart(display: show.Display) -> Any:
    return display.bundle[CHART]


def data(display: show.Display, name: str) -> list[dict[str, Any]]:
    return list(chart(display)["datasets"][name])


def squared_error(w: float = 0.5) -> Value:
    weight, x, y = Value(w, label="w"), Value(2.0, label="x"), Value(3.0, label="y")
    loss = (((weight * x).named("z") - y) ** 2).named("L")
    loss.backward()
    return loss


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    """Graphs as `walk` lists them: all edges lead forward, and from every node to the last."""
    count = draw(st.integers(1, 16))
    edges = {(i, draw(st.integers(i + 1, count - 1))) for i in range(count - 1)}
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    edges |= {(a, b) for a, b in draw(st.lists(pairs, max_size=16)) if a < b}
    return count, sorted(edges)


@settings(deadline=None, max_examples=60)
@given(graphs())
def test_boxes_never_overlap_and_arrows_go_forward_one_layer_at_a_time(
    graph: tuple[int, list[tuple[int, int]]],
) -> None:
    count, edges = graph
    plan = layout(count, edges)
    for layer in range(plan.layers):
        across = sorted(place for at, place in plan.nodes if at == layer)
        assert all(b - a > 0.99 for a, b in pairwise(across))
    assert plan.nodes[-1][0] == plan.layers - 1
    assert min(across for _, across in plan.nodes) >= 0
    assert max(across for _, across in plan.nodes) + 1 <= plan.breadth + 1e-9
    for (start, end), route in plan.routes.items():
        assert (route[0], route[-1]) == (plan.nodes[start], plan.nodes[end])
        assert [at for at, _ in route] == list(range(route[0][0], route[-1][0] + 1))


@settings(deadline=None, max_examples=60)
@given(graphs())
def test_an_input_stands_just_before_the_first_value_computed_from_it(
    graph: tuple[int, list[tuple[int, int]]],
) -> None:
    plan = layout(*graph)
    for node in range(graph[0] - 1):
        first = min(plan.nodes[end][0] for start, end in graph[1] if start == node)
        assert plan.nodes[node][0] == first - 1


def test_a_chain_of_sums_is_straight_with_its_inputs_beside_it() -> None:
    # 0 + 1 = 2, 2 + 3 = 4, 4 + 5 = 6
    plan = layout(7, [(0, 2), (1, 2), (2, 4), (3, 4), (4, 6), (5, 6)])
    spine = [plan.nodes[i][1] for i in (2, 4, 6)]
    assert spine == pytest.approx([spine[0]] * 3, abs=0.02)
    assert plan.breadth < 3


def test_two_pairs_of_inputs_do_not_cross() -> None:
    plan = layout(7, [(0, 4), (2, 4), (1, 5), (3, 5), (4, 6), (5, 6)])
    a, b, c, d = (plan.nodes[i][1] for i in (0, 2, 1, 3))
    assert max(a, b) < min(c, d) or max(c, d) < min(a, b)


def test_a_box_has_label_operation_number_and_gradient() -> None:
    boxes = {box["name"]: box for box in data(show.graph(squared_error()), "values")}
    assert set(boxes) == {"w", "x", "z", "y", "", "L"}
    words = [[boxes[name][key] for key in ("op", "data", "grad")] for name in ("w", "z", "", "L")]
    assert words == [
        ["", "0.50", "−8.00"],
        ["×", "1.00", "−4.00"],
        ["−", "−2.00", "−4.00"],
        ["( )²", "4.00", "1.00"],
    ]
    layers = [boxes[name]["layer"] for name in ("w", "x", "z", "y", "", "L")]
    assert layers == [0, 0, 1, 1, 2, 3]


def test_an_arrow_carries_the_local_derivative() -> None:
    slopes = data(show.graph(squared_error()), "slopes")
    assert [(slope["layer"], slope["text"]) for slope in slopes] == [
        (1, "2.00"),
        (1, "0.50"),
        (2, "1.00"),
        (2, "−1.00"),
        (3, "−4.00"),
    ]


def test_an_input_that_enters_twice_has_one_arrow_with_both_derivatives() -> None:
    x = Value(3.0, label="x")
    shown = show.graph(x * x)
    assert [slope["text"] for slope in data(shown, "slopes")] == ["3.00 + 3.00"]
    assert len({edge["edge"] for edge in data(shown, "edges")}) == 1


def test_derivatives_of_arrows_that_cross_do_not_stand_on_each_other() -> None:
    a, b = Value(2.0, label="a"), Value(5.0, label="b")
    slopes = data(show.graph((a * b).tanh() * (a / b).tanh()), "slopes")
    for way in ("right", "down"):
        spots = [
            (s["before"] + s[way] * (s["across"] - s["before"]), s[way])
            for s in slopes
            if s["layer"] == 1
        ]
        assert len(spots) == 4
        for i, (across, along) in enumerate(spots):
            for other, other_along in spots[:i]:
                if way == "right":
                    assert abs(across - other) >= 0.2  # rows, of which each is 66 pixels
                else:
                    assert abs(across - other) >= 0.34 or abs(along - other_along) >= 0.3


def test_an_arrow_passes_beside_the_boxes_of_the_layers_between() -> None:
    x = Value(1.0, label="x")
    shown = show.graph(x.tanh().tanh() * x)
    long = [edge for edge in data(shown, "edges") if edge["edge"] == 3]
    assert [(corner["layer"], corner["side"]) for corner in long] == [
        (0, 1),
        (1, -1),
        (1, 1),
        (2, -1),
        (2, 1),
        (3, -1),
    ]
    assert [corner["end"] for corner in long] == [False] * 5 + [True]
    boxes = {(box["layer"], box["across"]) for box in data(shown, "values")}
    assert all((corner["layer"], corner["across"]) not in boxes for corner in long[1:-1])


def test_the_table_names_every_value_with_its_formula_and_derivatives() -> None:
    body = show.graph(squared_error()).bundle[ELEMENTS][-1]
    assert [[cell[-1] for cell in row[2:]] for row in body[2:]] == [
        ["w", "0.50", "−8.00", ""],
        ["x", "2.00", "−2.00", ""],
        ["z = w × x", "1.00", "−4.00", "w: 2.00, x: 0.50"],
        ["y", "3.00", "4.00", ""],
        ["z − y", "−2.00", "−4.00", "z: 1.00, y: −1.00"],
        ["L = (z − y)²", "4.00", "1.00", "z − y: −4.00"],
    ]


def test_only_numbers_change_when_the_same_graph_has_other_inputs() -> None:
    one, other = show.graph(squared_error(0.5)), show.graph(squared_error(2.25))
    assert chart(one)["datasets"]["edges"] == chart(other)["datasets"]["edges"]
    same = [
        {k: v for k, v in chart(g).items() if k not in ("datasets", "description")}
        for g in (one, other)
    ]
    assert same[0] == same[1]


@pytest.mark.parametrize(
    ("value", "summary"),
    [
        (Value(2.0, label="x"), "x = 2.00: a graph of 1 value."),
        (Value(2.0) * 3, "The result = 6.00: a graph of 3 values."),
        ((Value(2.0, label="a") * 3).named("b"), "b = 6.00, computed from a: a graph of 3 values."),
        (
            sum((Value(1.0, label=f"x{i}") for i in range(6)), Value(0.0)),
            "The result = 6.00, computed from 6 inputs: a graph of 13 values.",
        ),
    ],
)
def test_the_summary_names_the_result_and_its_inputs(value: Value, summary: str) -> None:
    assert repr(show.graph(value)) == summary


def test_a_graph_too_large_to_read_is_refused() -> None:
    out = Value(1.0)
    for _ in range(2000):
        out = out.tanh()
    with pytest.raises(EngineValueError) as caught:
        show.graph(out)
    assert str(caught.value) == (
        "graph: expected at most 60 values; got 2,001. "
        "Draw the graph of one of the values on the way."
    )


def test_sixty_values_are_not_too_many() -> None:
    out = Value(1.0)
    for _ in range(59):
        out = out.tanh()
    assert len(data(show.graph(out), "values")) == 60

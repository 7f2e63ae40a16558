"""Bars, histograms, heat maps, contours: data, tables, what may change without redrawing."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusing import raised

from pyengine import EngineError, EngineTypeError, EngineValueError, ShapeError, Value, show

CHART = "application/vnd.vegalite.v6+json"
ELEMENTS = "application/vnd.nudge.elements+json"


def chart(display: show.Display) -> Any:
    return display.bundle[CHART]


def shape(display: show.Display) -> Any:
    """What a page compares: where it is the same, only data is exchanged."""
    return {k: v for k, v in chart(display).items() if k not in ("datasets", "description")}


def table(display: show.Display) -> list[list[str]]:
    head, body = display.bundle[ELEMENTS][-2:]
    return [[cell[-1] for cell in row[2:]] for row in [head[2], *body[2:]]]


def rows(display: show.Display) -> list[dict[str, Any]]:
    (found,) = chart(display)["datasets"].values()
    return list(found)


# Bars


def test_bars_stay_in_order_and_have_their_numbers_in_the_table() -> None:
    shown = show.bars([" mat", "\n"], [0.75, 0.00012], name="probability", label_name="token")
    assert [(row["place"], row["value"], row["text"]) for row in rows(shown)] == [
        (0, 0.75, "0.75"),
        (1, 0.00012, "0.00012"),
    ]
    assert table(shown) == [["token", "probability"], ["␣mat", "0.75"], ["⏎", "0.00012"]]
    assert repr(shown) == "Probability by token: largest for ␣mat (0.75), smallest for ⏎ (0.00012)."


def test_bars_lie_beside_words_and_stand_on_numbers() -> None:
    lying = chart(show.bars(["a", "b", "c"], [1, 2, 3], name="n"))
    assert (lying["encoding"]["y"]["type"], lying["height"]) == ("ordinal", 84)
    standing = chart(show.bars([1, 2.5], [1, 2], name="n", label_name="step"))
    assert standing["encoding"]["x"]["axis"]["title"] == "step"
    assert standing["encoding"]["x"]["axis"]["labelExpr"] == '["1", "2.5"][datum.value]'


def test_labels_may_repeat() -> None:
    shown = show.bars(["the", "the"], [1, 2], name="n")
    assert [row["place"] for row in rows(shown)] == [0, 1]


def test_the_highlighted_bar_is_full_and_its_number_bold() -> None:
    shown = show.bars(["a", "b"], [1, 2], name="n", highlight="b")
    assert [(row["opacity"], row["weight"]) for row in rows(shown)] == [(0.5, 400), (1, 700)]
    plain = show.bars(["a", "b"], [1, 2], name="n")
    assert [(row["opacity"], row["weight"]) for row in rows(plain)] == [(1, 400), (1, 400)]
    assert shape(shown) == shape(plain)


def test_numbers_stand_beside_bars_that_go_below_0() -> None:
    assert [row["end"] for row in rows(show.bars(["a", "b"], [-1, 2], name="n"))] == [0.0, 2.0]


def test_bars_that_are_not_finite_are_left_out_and_named_in_the_table() -> None:
    shown = show.bars(["a", "b"], [math.nan, -math.inf], name="n")
    assert [row["value"] for row in rows(shown)] == [None, None]
    assert [row[1] for row in table(shown)[1:]] == ["–", "−∞"]
    assert repr(shown) == "N by label: no finite value."


def test_bars_that_are_all_alike_are_described_once() -> None:
    assert repr(show.bars(["a"], [2], name="loss")) == "Loss by label: 2.00 for a."


def test_fixed_ends_cut_off_what_is_beyond_them() -> None:
    x = chart(show.bars(["a"], [2], name="n", domain=(0, 1)))["layer"][0]["encoding"]["x"]
    assert x["scale"]["domain"] == [0, 1]
    assert x["scale"]["clamp"]


def test_arrays_of_labels_and_values_will_do() -> None:
    shown = show.bars(np.arange(3), np.float32([0.5, 1, 2]), name="n", highlight=1)
    assert [row["weight"] for row in rows(shown)] == [400, 700, 400]
    assert [row[0] for row in table(shown)[1:]] == ["0", "1", "2"]


# Histograms


@settings(deadline=None)
@given(
    st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=1, max_size=50),
    st.integers(2, 40),
)
def test_every_value_is_counted_once_in_few_enough_round_intervals(
    values: list[float], bins: int
) -> None:
    found = rows(show.histogram(values, name="weights", bins=bins))
    assert sum(row["count"] for row in found) == len(values)
    assert len(found) <= bins
    assert all(a["to"] == b["from"] for a, b in pairwise(found))
    width = (found[-1]["to"] - found[0]["from"]) / len(found)
    assert round(width / 10 ** math.floor(math.log10(width) + 1e-3)) in (1, 2, 5)
    slack = 1e-5 * max(map(abs, values)) + 1e-8 * width  # ends are written with six figures
    assert found[0]["from"] - slack <= min(values)
    assert max(values) <= found[-1]["to"] + slack


def test_a_value_on_an_edge_belongs_above_it_except_the_very_last() -> None:
    found = rows(show.histogram([0, 0.1, 0.3, 0.3, 1.0], name="p", bins=10))
    assert [row["count"] for row in found] == [1, 1, 0, 2, 0, 0, 0, 0, 0, 1]
    assert (found[3]["from"], found[-1]["to"]) == (0.3, 1.0)


def test_equal_values_get_one_narrow_interval() -> None:
    (only,) = rows(show.histogram([0.3] * 4, name="p"))
    assert only["count"] == 4
    assert 0 < only["to"] - only["from"] < 0.01
    assert [row["count"] for row in rows(show.histogram([0, 0.0], name="p"))] == [2]


def test_arrays_of_any_shape_are_counted_and_the_rest_is_left_out_aloud() -> None:
    values = np.array([[1.0, 2.0], [np.nan, np.inf]], dtype=np.float32)
    assert repr(show.histogram(values, name="gradients")) == (
        "2 gradients from 1.00 to 2.00: mean 1.50, standard deviation 0.50. "
        "Left out, because not finite: 2."
    )


def test_the_spread_of_exploded_values_does_not_overflow() -> None:
    shown = show.histogram([-1e200, 1e200], name="weights")
    assert "standard deviation 1.0×10²⁰⁰" in repr(shown)


def test_the_table_of_a_histogram_has_as_many_decimals_as_its_ends_need() -> None:
    shown = show.histogram([0.1, 0.3], name="w", bins=2)
    assert table(shown) == [
        ["w from", "to", "count"],
        ["0.1", "0.2", "1"],
        ["0.2", "0.3", "1"],
    ]


# Heat maps


def test_a_heat_map_has_one_cell_per_number_and_the_matrix_as_its_table() -> None:
    shown = show.heat_map(
        [[1, 0], [0.3, 0.7]],
        ["I", " am"],
        ["I", " am"],
        name="attention",
        row_name="query",
        column_name="key",
    )
    assert rows(shown)[2] == {"row": 1, "column": 0, "size": 0.3, "text": "0.30"}
    assert table(shown) == [
        ["query", "I", "␣am"],
        ["I", "1.00", "0.00"],
        ["␣am", "0.30", "0.70"],
    ]
    assert repr(shown) == "Attention by query and key: largest 1.00 (I, I), smallest 0.00 (I, ␣am)."


def test_a_small_number_in_a_cell_is_not_written_as_0() -> None:
    shown = show.heat_map([[0, 0.0004, 0.004, 0.04, math.inf]], "r", "abcde", name="n")
    assert [row["text"] for row in rows(shown)] == ["0", "≈0", "≈0", "0.04", "∞"]
    assert table(shown)[1][2] == "0.0004"


def test_numbers_on_both_sides_of_0_have_two_colours_and_one_scale() -> None:
    shown = show.heat_map([[-2, 0, 1]], "r", "abc", name="change", concept="grad", below="valid")
    assert [(row["side"], row["size"]) for row in rows(shown)] == [
        ("below 0", 2.0),
        ("above 0", 0.0),
        ("above 0", 1.0),
    ]
    fill = chart(shown)["layer"][1]["encoding"]["fill"]
    assert fill["scale"] == {"domain": ["below 0", "above 0"], "range": ["#8a5a00", "#00755a"]}


def test_cells_without_a_number_are_blank() -> None:
    shown = show.heat_map([[math.nan, 1]], "r", "ab", name="n")
    assert rows(shown)[0] == {"row": 0, "column": 0, "size": None, "text": ""}
    assert table(shown)[1] == ["r", "–", "1.00"]
    assert repr(show.heat_map([[math.nan]], "r", "a", name="n")).endswith(": no finite number.")


def test_zeros_alone_are_blank() -> None:
    scale = chart(show.heat_map([[0, 0]], "r", "ab", name="n"))["layer"][1]["encoding"]["opacity"]
    assert scale["scale"]["domainMax"] == 1.0


def test_the_legend_of_a_mask_names_its_one_number() -> None:
    mask = chart(show.heat_map([[1, math.nan], [1, 1]], "rs", "ab", name="n", digits=0))
    assert mask["layer"][1]["encoding"]["opacity"]["legend"]["values"] == [1.0]


def test_a_large_matrix_has_its_largest_numbers_in_the_table() -> None:
    matrix = np.zeros((40, 40))
    matrix[3, 7] = -5
    matrix[30, 2] = 4
    shown = show.heat_map(matrix, range(40), range(40), name="n", below="loss")
    assert len(rows(shown)) == 1600
    assert shown.bundle[ELEMENTS][2] == ["caption", {}, "The 12 numbers farthest from 0"]
    assert table(shown)[1:3] == [["3", "7", "−5.00"], ["30", "2", "4.00"]]


# Contours


def rings(mark: Any) -> list[list[tuple[float, float]]]:
    found: list[list[tuple[float, float]]] = [[]]
    for x, y in zip(mark.x, mark.y, strict=True):
        if math.isnan(x):
            found.append([])
        else:
            found[-1].append((x, y))
    return found[:-1]


def test_contours_of_a_bowl_are_closed_circles_the_widest_first() -> None:
    bowl = show.contours(lambda x, y: x * x + y * y, (-2, 2), (-2, 2), levels=3)
    means = []
    for ring in rings(bowl)[1:]:  # the first runs out of the map
        radii = [math.hypot(*place) for place in ring]
        assert ring[0] == ring[-1]
        assert max(radii) - min(radii) < 0.01
        means.append(math.fsum(radii) / len(radii))
    assert means == sorted(means, reverse=True)
    # A quarter, and a half, of the map's 16 lie within: 4 = π r², and 8.
    assert means == pytest.approx([math.sqrt(8 / math.pi), math.sqrt(4 / math.pi)], rel=0.02)


def test_contours_that_run_out_of_the_map_are_closed_beyond_its_edge() -> None:
    (ring,) = rings(show.contours(lambda x, y: y, (0, 1), (0, 2), levels=1))
    assert ring[0] == ring[-1]
    assert {y for x, y in ring if 0 < x < 1 and y > 0} == {1.0}
    assert min(y for _, y in ring) < 0


def test_two_basins_have_a_ring_each() -> None:
    found = rings(show.contours(lambda x, y: (x * x - 1) ** 2 + y * y, (-2, 2), (-1, 1), levels=9))
    left, right = found[-2:]
    assert max(x for x, _ in left) < 0 < min(x for x, _ in right)


@pytest.mark.parametrize("seed", range(5))
def test_every_place_of_a_contour_has_its_height(seed: int) -> None:
    a, b, c = np.random.default_rng(seed).normal(size=3)

    def height(x: float, y: float) -> float:
        return float(a * math.sin(3 * x) + b * math.cos(3 * y) + c * x * y)

    rise = 2 * (abs(a) + abs(b)) + 8 * abs(c)
    for ring in rings(show.contours(height, (-2, 2), (-2, 2))):
        seen = [height(x, y) for x, y in ring if max(abs(x), abs(y)) <= 2]
        assert max(seen, default=0) - min(seen, default=0) < 0.03 * rise


def test_flat_ground_has_no_contours_and_is_drawn_all_the_same() -> None:
    flat = show.contours(lambda x, y: 1.0, (0, 1), (0, 1))
    assert flat.x == ()
    assert rows(show.curve(flat, x="x", y="y", summary="Flat.")) == []


def test_a_map_is_not_in_the_data_table_but_the_path_on_it_is() -> None:
    ground = show.contours(lambda x, y: x + y, (0, 1), (0, 1), levels=2)
    shown = show.curve(ground, show.path([0, 1], [1, 0]), x="a", y="b", summary="Down.")
    assert table(shown) == [["a", "b"], ["0.00", "1.00"], ["1.00", "0.00"]]
    drawn = chart(shown)["datasets"]["contours 1"]
    assert {place["ring"] for place in drawn} == {0, 1}
    assert [place["step"] for place in drawn] == sorted(place["step"] for place in drawn)


def test_only_data_changes_where_only_numbers_do() -> None:
    def at(x: float) -> list[show.Display]:
        return [
            show.bars(["a", "b"], [x, 1 - x], name="n", highlight="a" if x < 0.5 else "b"),
            show.bars([1, 2], [x, -x], name="n"),
            show.histogram([x, 2 * x, 3], name="n"),
            show.heat_map([[x, 1 - x]], "r", "ab", name="n"),
            show.heat_map([[x, -x]], "r", "ab", name="n", below="loss"),
        ]

    for one, other in zip(at(0.25), at(0.75), strict=True):
        assert shape(one) == shape(other)
        assert chart(one)["datasets"] != chart(other)["datasets"]


REFUSED: dict[str, tuple[Any, type[EngineError], str]] = {
    "fewer values than labels": (
        lambda: show.bars(["a", "b"], [1], name="n"),
        ShapeError,
        "bars: expected one value per label, and at least one; got 2 labels and 1 values.",
    ),
    "no bars": (
        lambda: show.bars([], [], name="n"),
        ShapeError,
        "bars: expected one value per label, and at least one; got 0 labels and 0 values.",
    ),
    "an unknown highlight": (
        lambda: show.bars(["a"], [1], name="n", highlight="b"),
        EngineValueError,
        "bars: expected highlight to be one of the labels; got 'b'.",
    ),
    "a histogram of nothing": (
        lambda: show.histogram([], name="n"),
        EngineValueError,
        "histogram: expected at least one finite value; got none.",
    ),
    "a histogram of nan": (
        lambda: show.histogram([math.nan, math.inf], name="n"),
        EngineValueError,
        "histogram: expected at least one finite value; got 2, none of them finite.",
    ),
    "one interval": (
        lambda: show.histogram([1], name="n", bins=1),
        EngineValueError,
        "histogram: expected bins of at least 2; got 1.",
    ),
    "labels that do not fit": (
        lambda: show.heat_map(np.ones((2, 3)), "ab", "ab", name="n"),
        ShapeError,
        "heat_map: expected 2 rows of 2 numbers, one per label; got 2 rows of 3 numbers.",
    ),
    "ragged rows": (
        lambda: show.heat_map([[1], [1, 2]], "ab", "ab", name="n"),
        ShapeError,
        "heat_map: expected 2 rows of 2 numbers, one per label; got 2 rows of 1 or 2 numbers.",
    ),
    "a row instead of a matrix": (
        lambda: show.heat_map([1, 2], "ab", "ab", name="n"),
        EngineTypeError,
        "heat_map: expected a matrix: rows of numbers; got list.",
    ),
    "an array of three dimensions": (
        lambda: show.heat_map(np.ones((2, 2, 2)), "ab", "ab", name="n"),
        EngineTypeError,
        "heat_map: expected a matrix: rows of numbers; got ndarray of shape (2, 2, 2).",
    ),
    "too many cells": (
        lambda: show.heat_map(np.ones((65, 64)), range(65), range(64), name="n"),
        ShapeError,
        "heat_map: expected 1 to 4,096 cells; got 4,160. Show a part of it.",
    ),
    "no cells": (
        lambda: show.heat_map([], [], [], name="n"),
        ShapeError,
        "heat_map: expected 1 to 4,096 cells; got 0. Show a part of it.",
    ),
    "numbers below 0 without a colour": (
        lambda: show.heat_map([[1, -2]], "r", "ab", name="n"),
        EngineValueError,
        "heat_map: expected numbers of at least 0; got -2.0. "
        'Give those below a colour of their own, such as below="loss".',
    ),
    "a limit of 0": (
        lambda: show.heat_map([[1]], "r", "a", name="n", limit=0),
        EngineValueError,
        "heat_map: expected limit to be above 0; got 0.",
    ),
    "a map that does not rise": (
        lambda: show.contours(lambda x, y: x, (1, 1), (0, 1)),
        EngineValueError,
        "contours: expected x_domain to rise; got 1 to 1.",
    ),
    "no levels": (
        lambda: show.contours(lambda x, y: x, (0, 1), (0, 1), levels=0),
        EngineValueError,
        "contours: expected levels of at least 1; got 0.",
    ),
    "a height that is no number": (
        lambda: show.contours(lambda x, y: Value(x), (0, 1), (0, 1)),  # type: ignore[arg-type,return-value]
        EngineTypeError,
        "contours: expected a function that returns a number; got Value.",
    ),
    "an infinite height": (
        lambda: show.contours(lambda x, y: math.inf, (0, 1), (0, 1)),
        EngineValueError,
        "contours: expected finite heights; got inf at (0, 0).",
    ),
    "an unknown concept": (
        lambda: show.bars(["a"], [1], name="n", concept="blue"),
        EngineValueError,
        "show: expected a concept, one of prob, loss, grad, rate, valid, soft; got 'blue'.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_with_an_explanation(name: str) -> None:
    call, error, message = REFUSED[name]
    assert raised(error, call) == message

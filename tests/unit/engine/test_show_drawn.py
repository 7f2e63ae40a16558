"""Charts drawn by Vega-Lite as a page draws them: wide and narrow, with everything they say."""

import html
import math
import re
from typing import Any

import pytest

from pyengine import Value, show

vl_convert = pytest.importorskip("vl_convert", reason="draws charts; not in the browser's Python")

CHART = "application/vnd.vegalite.v6+json"
FIT = {"type": "fit-x", "contains": "padding"}  # as pages draw them


def drawn(display: show.Display, width: int) -> str:
    spec: Any = {**display.bundle[CHART], "width": width, "autosize": FIT}
    return str(vl_convert.vegalite_to_svg(spec, vl_version="6.4"))


def words(svg: str) -> list[str]:
    return [html.unescape(text) for text in re.findall(r">([^<>]+)</text>", svg)]


def size(svg: str) -> tuple[float, float]:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert found
    return float(found[1]), float(found[2])


def loss_curves() -> show.Display:
    return show.curve(
        show.line([1, 2, 3], [4.2, math.nan, 2], name="training"),
        show.line([1, 3], [4.2, 3], name="validation", concept="valid", dashed=True),
        show.level(4.17, label="ln V"),
        show.point(2, 3, label="here"),
        x="step",
        y="loss (nats)",
        summary="Both fall.",
    )


def neuron() -> show.Display:
    x, w, b = Value(2.0, label="x"), Value(-3.0, label="w"), Value(6.88, label="b")
    out = (x * w + b).tanh().named("o")
    out.backward()
    return show.graph(out)


def hill() -> show.Display:
    return show.curve(
        show.contours(lambda x, y: x * x + 4 * y * y, (-2, 2), (-1, 1), levels=4),
        show.path([-1.5, -1], [0.5, 0]),
        show.point(-1.5, 0.5, label="start", concept="grad"),
        x="w₁",
        y="w₂",
        x_domain=(-2, 2),
        y_domain=(-1, 1),
        summary="Down.",
    )


def four_lines() -> show.Display:
    names = ["training loss", "validation loss", "without warm-up", "without decay"]
    lines = [show.line([0, 1], [1, 0], name=name) for name in names]
    return show.curve(*lines, x="step", y="loss", summary="All fall.")


CHARTS = {
    "curve": (loss_curves, ["step", "loss (nats)", "training", "validation", "ln V", "here"]),
    "lying bars": (
        lambda: show.bars([" mat", " mat", 'a"b'], [0.5, 0.25, 0.00012], name="probability"),
        ["␣mat", 'a"b', "0.50", "0.25", "0.00012", "probability"],
    ),
    "standing bars": (
        lambda: show.bars([1, 2], [0.5, -0.25], name="loss", label_name="position"),
        ["1", "2", "0.50", "−0.25", "position"],
    ),
    "histogram": (
        lambda: show.histogram([i / 10 for i in range(20)], name="weights"),
        ["weights", "count"],
    ),
    "heat map": (
        lambda: show.heat_map([[1, 0], [0.25, 0.75]], ["the", "the"], "ab", name="attention"),
        ["the", "a", "b", "1.00", "0", "0.25", "attention"],
    ),
    "diverging heat map": (
        lambda: show.heat_map([[1.5, -2.5]], "r", "ab", name="change", below="loss"),
        ["change", "below 0", "above 0", "1.50", "−2.50"],
    ),
    "map": (hill, ["w₁", "w₂", "start"]),
    "graph": (neuron, ["x", "w", "b", "o", "tanh", "×", "+", "−6.00", "0.71", "0.50", "−1.50"]),
}


@pytest.mark.parametrize("width", [320, 620])
@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_says_all_it_has_to_at_both_widths(name: str, width: int) -> None:
    make, expected = CHARTS[name]
    svg = drawn(make(), width)
    assert set(expected) <= set(words(svg))
    assert "NaN" not in svg
    assert size(svg)[0] == pytest.approx(width, abs=2)


def test_a_legend_shows_each_line_once_in_its_colour_and_dash() -> None:
    svg = drawn(loss_curves(), 620)
    assert words(svg).count("training") == 1
    assert re.search(r'stroke="#8a5a00"[^>]*stroke-dasharray="5,4"', svg)


def test_rings_are_filled_in_the_order_given_and_the_path_lies_upon_them() -> None:
    svg = drawn(hill(), 620)
    filled = [found.start() for found in re.finditer(r'fill="#ffffff" fill-opacity', svg)]
    assert len(filled) == 4
    assert svg.index('stroke="#00755a"') > filled[-1]


def test_a_legend_of_four_is_not_cut_off_on_a_phone() -> None:
    places = re.search(r'"Symbol legend.*?d="M0,0h([\d.]+)v', drawn(four_lines(), 320))
    assert places
    assert float(places[1]) < 250


def test_a_graph_runs_to_the_right_where_it_fits_and_down_where_it_does_not() -> None:
    wide, narrow = (size(drawn(neuron(), width)) for width in (620, 320))
    assert wide[1] < 250
    assert narrow[1] > 300


def test_a_histogram_draws_its_intervals() -> None:
    svg = drawn(show.histogram([0, 0, 1], name="n", bins=2, concept="grad"), 320)
    heights = re.findall(r'd="M[\d.]+,[\d.]+h[\d.]+v([\d.]+)h-[\d.]+Z"[^>]*fill="#00755a"', svg)
    assert len(heights) == 2
    assert float(heights[0]) == pytest.approx(2 * float(heights[1]))


def test_a_crowded_heat_map_gives_up_its_numbers_and_keeps_the_signs() -> None:
    row = [(-1) ** i * (i + 1) / 8 for i in range(12)]
    shown = show.heat_map([row], "r", list("abcdefghijkl"), name="n", below="loss")
    assert "−0.25" in words(drawn(shown, 620))
    narrow = words(drawn(shown, 320))
    assert "−0.25" not in narrow
    assert narrow.count("−") == 6


def test_labels_of_columns_stand_upright_where_they_would_touch() -> None:
    names = [f"neuron {i}" for i in range(6)]
    shown = show.heat_map([range(6)], "r", names, name="n")
    assert "rotate(-90)" not in drawn(shown, 620)
    assert drawn(shown, 320).count("rotate(-90)") >= 6


def test_numbers_on_standing_bars_are_left_out_where_they_would_touch() -> None:
    shown = show.bars(list(range(12)), [0.125] * 12, name="n")
    assert 'opacity="0"' not in drawn(shown, 620)
    assert drawn(shown, 320).count('opacity="0"') == 12

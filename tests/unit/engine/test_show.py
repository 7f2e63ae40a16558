"""Displays: the exact trees, valid charts, the same bundle every time."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import pytest

from pyengine import EngineTypeError, EngineValueError, ShapeError, Value, show
from pyengine.show._chain import formula

CHART = "application/vnd.vegalite.v6+json"
ELEMENTS = "application/vnd.nudge.elements+json"
TEXT = "text/plain"

WORDS = "div p span strong em code pre small sub sup ol ul li dl dt dd data"
TAGS = {*WORDS.split(), "table", "caption", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"class", "scope", "colspan", "value", "aria-label", "aria-hidden"}


def tree(display: show.Display) -> Any:
    return display._repr_mimebundle_()[ELEMENTS]


def chart(display: show.Display) -> Any:
    return display._repr_mimebundle_()[CHART]


def nodes(tree: Any) -> Iterator[Any]:
    if not isinstance(tree, str):
        yield tree
        for child in tree[2:]:
            yield from nodes(child)


def some_of_everything() -> list[show.Display]:
    w = Value(2.0, label="w")
    loss = (w * 3).tanh().named("L")
    loss.backward()
    return [
        show.figure("loss", 0.7, unit="nats", verdict="good", words="words"),
        show.table(["a", "b"], [[1, "x"], [0.25, "y"]], caption="Both.", concepts={"a": "prob"}),
        show.chain(show.steps(w, loss)),
        show.curve(
            show.line([1, 2, 3], [3, math.nan, 1], name="training"),
            show.line([1, 3], [4, 3], name="validation", concept="valid", dashed=True),
            show.path([2, 1, 3], [1, 2, 3]),
            show.dots([1, 1], [1, 2]),
            show.point(2, 2, label="here"),
            x="step",
            y="loss (nats)",
            x_log=True,
            y_domain=(0, 5),
            summary="Both fall.",
        ),
        show.curve(
            show.contours(lambda x, y: x * x + y * y, (-1, 1), (-1, 1), levels=2),
            show.path([1, 0.5], [1, 0.5]),
            x="w₁",
            y="w₂",
            summary="Down.",
        ),
        show.bars(["a", " b"], [1, -math.inf], name="n", highlight="a"),
        show.bars([1, 2, 3], [1, -2, math.nan], name="n"),
        show.histogram([0.1, 0.2, math.nan], name="n"),
        show.heat_map([[1, math.nan], [0, math.inf]], "ab", "cd", name="n"),
        show.heat_map([[1, -2]], ["r"], "cd", name="n", below="loss"),
        show.tokens("a\nb", [1, math.nan, -2.5], name="n"),
        show.tokens("ab"),
        show.graph(loss),
    ]


def test_a_figure_is_the_value_and_its_meaning() -> None:
    shown = show.figure("loss", math.log(2), unit="nats", verdict="unsure", words="a coin toss")
    assert tree(shown) == [
        "div",
        {"class": "figure"},
        ["strong", {"class": "figure-value c-loss"}, "0.69"],
        [
            "span",
            {"class": "figure-words"},
            "nats of loss. ",
            ["strong", {}, "Unsure:"],
            " a coin toss.",
        ],
    ]
    assert repr(shown) == "0.69 nats of loss. Unsure: a coin toss."


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, "3.00 steps."),
        ({"digits": 0}, "3 steps."),
        ({"words": "until it settles"}, "3.00 steps. Until it settles."),
        ({"verdict": "slow"}, "3.00 steps. Slow."),
        ({"verdict": "w₁ lags", "words": "Why?"}, "3.00 steps. w₁ lags: Why?"),
    ],
)
def test_a_figure_needs_only_a_name_and_a_value(options: dict[str, Any], text: str) -> None:
    assert repr(show.figure("steps", 3, **options)) == text


def test_a_table_colours_columns_by_concept_and_rounds_what_is_not_whole() -> None:
    shown = show.table(["steps", "loss"], [[10, 0.6931], ["many", 0.0]], concepts={"loss": "loss"})
    assert tree(shown) == [
        "table",
        {"class": "data"},
        [
            "thead",
            {},
            ["tr", {}, ["th", {"scope": "col"}, "steps"], ["th", {"scope": "col"}, "loss"]],
        ],
        [
            "tbody",
            {},
            ["tr", {}, ["td", {}, "10"], ["td", {"class": "c-loss"}, "0.69"]],
            ["tr", {}, ["td", {}, "many"], ["td", {"class": "c-loss"}, "0.00"]],
        ],
    ]
    assert repr(shown) == "steps  loss\n10     0.69\nmany   0.00"


def test_a_chain_shows_values_gradients_and_the_slope_of_every_edge() -> None:
    w = Value(0.5, label="w")
    z = (w * 2).named("z")
    loss = ((z - 3) ** 2).named("L")
    loss.backward()
    shown = show.chain(show.steps(w, loss))
    assert tree(shown) == [
        "ol",
        {"class": "chain"},
        [
            "li",
            {"class": "chain-node"},
            ["span", {"class": "chain-name"}, "w"],
            ["span", {"class": "chain-value"}, "0.50"],
            ["span", {"class": "chain-grad c-grad"}, "dL/dw −8.00"],
        ],
        [
            "li",
            {"class": "chain-edge", "aria-label": "slope of z with respect to w: 2.00"},
            ["span", {"class": "chain-slope"}, "× 2.00"],
        ],
        [
            "li",
            {"class": "chain-node"},
            ["span", {"class": "chain-name"}, "z"],
            ["span", {"class": "chain-formula"}, "w × 2"],
            ["span", {"class": "chain-value"}, "1.00"],
            ["span", {"class": "chain-grad c-grad"}, "dL/dz −4.00"],
        ],
        [
            "li",
            {"class": "chain-edge", "aria-label": "slope of L with respect to z: −4.00"},
            ["span", {"class": "chain-slope"}, "× −4.00"],
        ],
        [
            "li",
            {"class": "chain-node"},
            ["span", {"class": "chain-name"}, "L"],
            ["span", {"class": "chain-formula"}, "(z − 3)²"],
            ["span", {"class": "chain-value"}, "4.00"],
            ["span", {"class": "chain-grad c-grad"}, "dL/dL 1.00"],
        ],
    ]


def test_the_slopes_along_a_chain_multiply_to_the_gradient() -> None:
    w = Value(0.3, label="w")
    loss = (-((w * 2).tanh().named("h") * 1.5).sigmoid().log()).named("L")
    loss.backward()
    slopes = [step.slope for step in show.steps(w, loss) if step.slope is not None]
    assert [step.name for step in show.steps(w, loss)] == ["w", "h", "L"]
    assert math.prod(slopes) == pytest.approx(w.grad, rel=1e-15)


def test_formulas_read_like_mathematics() -> None:
    a, b = Value(1.0, label="a"), Value(2.0, label="b")
    values = {
        "(a + b) × 0.50": (a + b) * 0.5,
        "a × b + 3": a * b + 3,
        "a / (b − 1)": a / (b - 1),
        "−log(a)": -a.log(),
        "tanh(a × b)": (a * b).tanh(),
        "(a + b)²": (a + b) ** 2,
        "a⁻¹": a**-1,
        "(−a) × b": -a * b,
        "(a × b)²": (a * b) ** 2,
        "a − (b − a)": a - (b - a),
        "−(a + b)": -(a + b),
        "a + (−b)": a + -b,
        "(a²)³": (a**2) ** 3,
        "a − (−1)": a - (-1),
        "a × b / 2": Value(0, label="a × b") / 2,
        "relu(a)": a.relu(),
    }
    for words, value in values.items():
        assert formula(value) == words


def test_a_chain_survives_a_very_long_unlabelled_graph() -> None:
    w = Value(1.0, label="w")
    out = w
    for _ in range(20_000):
        out = out * 1.0
    out.backward()
    last = show.steps(w, out)[-1]
    assert (last.name, last.slope) == ("output", 1.0)
    assert "…" in last.formula


def test_a_chain_is_refused_where_the_gradient_is_a_sum() -> None:
    w = Value(2.0, label="w")
    with pytest.raises(EngineValueError) as caught:
        show.steps(w, w * w.tanh())
    assert str(caught.value) == (
        "steps: expected one way from source to output; got 2 that meet in w × tanh(w). "
        "The gradient is the sum over all of them: show each as a chain of explicit Steps."
    )
    with pytest.raises(EngineValueError, match="got two unrelated values"):
        show.steps(w, Value(1.0))


def test_a_curve_is_drawn_from_named_data_and_carries_summary_and_table() -> None:
    shown = show.curve(
        show.line([0, 1], [2, 1 / 3]), show.point(1, 1 / 3, label="end"), x="x", y="y", summary="S."
    )
    spec = chart(shown)
    assert spec["datasets"] == {
        "line 1": [{"x": 0.0, "y": 2.0}, {"x": 1.0, "y": 0.333333}],
        "point 2": [{"x": 1.0, "y": 0.333333, "label": "end"}],
    }
    assert (spec["width"], spec["height"], spec["description"]) == ("container", 240, "S.")
    assert spec["encoding"]["x"]["axis"]["title"] == "x"
    assert "config" not in spec
    assert shown._repr_mimebundle_()[TEXT] == "S."
    rows = [[cell[2] for cell in row[2:]] for row in tree(shown)[3][2:]]
    assert rows == [["end", "1.00", "0.33"], ["line", "0.00", "2.00"], ["line", "1.00", "0.33"]]


def test_only_the_data_differs_between_two_settings_of_a_demo() -> None:
    def at(x: float) -> Any:
        shown = show.curve(
            show.line([0, 1], [0, 1]),
            show.point(x, x, label=show.number(x)),
            x="x",
            y="y",
            x_domain=(0, 1),
            y_domain=(0, 1),
            summary="A line.",
        )
        return {key: value for key, value in chart(shown).items() if key != "datasets"}

    assert at(0.1) == at(0.4)


def test_named_lines_share_one_legend_of_colours_and_dashes() -> None:
    spec = chart(some_of_everything()[3])
    named = [layer for layer in spec["layer"] if "color" in layer.get("encoding", {})]
    assert [layer["transform"] for layer in named] == [
        [{"calculate": '"training"', "as": "series"}],
        [{"calculate": '"validation"', "as": "series"}],
    ]
    for channel, look in {"color": ["#b8340a", "#8a5a00"], "strokeDash": [[1, 0], [5, 4]]}.items():
        for layer in named:
            assert layer["encoding"][channel]["field"] == "series"
            assert layer["encoding"][channel]["scale"] == {
                "domain": ["training", "validation"],
                "range": look,
            }


def test_a_level_crosses_the_whole_chart_and_is_in_the_table() -> None:
    shown = show.curve(
        show.line([0, 9], [4.2, 2.0]),
        show.level(4.17, label="ln V"),
        show.level(1.5, label="floor"),
        x="step",
        y="loss",
        summary="S.",
    )
    spec = chart(shown)
    # A label stands where the lines are not: on the right, but at the left of a floor below them.
    assert spec["datasets"]["level 2"] == [{"y": 4.17, "label": "ln V", "left": False}]
    assert spec["datasets"]["level 3"] == [{"y": 1.5, "label": "floor", "left": True}]
    rule = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "rule")
    assert rule["encoding"] == {"x": {"value": 0}, "x2": {"value": "width"}}
    rows = [[cell[2] for cell in row[2:]] for row in tree(shown)[3][2:]]
    assert rows[:2] == [["ln V", "everywhere", "4.17"], ["floor", "everywhere", "1.50"]]


def test_dots_are_not_joined_and_share_the_legend_of_lines() -> None:
    shown = show.curve(
        show.dots([1, 1, 2], [0.5, 1.5, 1], name="batches"),
        show.line([1, 2], [1, 1], name="truth", dashed=True),
        x="batch size",
        y="estimate",
        summary="S.",
    )
    spec = chart(shown)
    assert [layer["mark"]["type"] for layer in spec["layer"]] == ["point", "line"]
    assert spec["datasets"]["dots 1"] == [
        {"x": 1.0, "y": 0.5}, {"x": 1.0, "y": 1.5}, {"x": 2.0, "y": 1.0},
    ]  # fmt: skip
    legend = spec["layer"][0]["encoding"]["color"]["scale"]
    assert legend == {"domain": ["batches", "truth"], "range": ["#00755a", "#b8340a"]}
    rows = [[cell[2] for cell in row[2:]] for row in tree(shown)[3][2:]]
    assert rows[:3] == [
        ["batches", "1.00", "0.50"], ["batches", "1.00", "1.50"], ["batches", "2.00", "1.00"],
    ]  # fmt: skip


def test_an_axis_writes_the_numbers_it_is_told_to() -> None:
    line = show.line([1, 4], [2, 1])
    shown = show.curve(line, x="batch size", y="noise", x_log=True, x_ticks=(1, 2, 4), summary="S.")
    assert chart(shown)["encoding"]["x"]["axis"]["values"] == [1, 2, 4]
    free = show.curve(line, x="batch size", y="noise", summary="S.")
    assert "values" not in chart(free)["encoding"]["x"]["axis"]


def test_a_gap_in_a_line_does_not_count_as_leaving_the_axes() -> None:
    shown = show.curve(
        show.line([0, 1, 2], [0, math.nan, 1]), x="x", y="y", y_domain=(0, 1), summary="S."
    )
    assert "clip" not in chart(shown)["layer"][0]["mark"]


def test_what_leaves_the_axes_is_clipped_and_only_that() -> None:
    def clipped(*ys: float) -> bool:
        shown = show.curve(show.line([0, 1], ys), x="x", y="y", y_domain=(0, 1), summary="S.")
        return "clip" in chart(shown)["layer"][0]["mark"]

    assert not clipped(0, 1)
    assert clipped(0, 1.5)


def test_values_that_json_cannot_hold_become_gaps() -> None:
    spec = chart(some_of_everything()[3])
    assert [row["y"] for row in spec["datasets"]["line 1"]] == [3.0, None, 1.0]


def test_a_long_line_is_sampled_for_the_table_with_both_its_ends() -> None:
    xs = list(range(1000))
    rows = tree(show.curve(show.line(xs, xs), x="x", y="y", summary="S.", digits=0))[3][2:]
    assert len(rows) == 12
    assert (rows[0][2][2], rows[-1][2][2]) == ("0", "999")


def test_charts_say_what_is_to_be_seen_in_one_sentence() -> None:
    charts = [shown for shown in some_of_everything() if CHART in shown.bundle]
    assert len(charts) == 8
    for shown in charts:
        assert chart(shown)["description"] == repr(shown)
        assert re.fullmatch(r"[A-Z1-9].*\.", repr(shown)), repr(shown)


def test_trees_keep_to_the_vocabulary_of_the_page() -> None:
    for display in some_of_everything():
        for tag, attributes, *children in nodes(tree(display)):
            assert tag in TAGS
            assert set(attributes) <= ATTRIBUTES
            assert all(isinstance(value, str) for value in attributes.values())
            assert re.fullmatch(r"[a-z][a-z0-9 _-]*", attributes.get("class", "a"))
            assert all(isinstance(child, (str, list)) for child in children)


def test_the_same_call_gives_the_same_bytes() -> None:
    first, second = (
        json.dumps([d._repr_mimebundle_() for d in some_of_everything()], allow_nan=False)
        for _ in range(2)
    )
    assert first == second


def test_mime_types_can_be_chosen_and_left_out() -> None:
    shown = some_of_everything()[3]
    assert set(shown._repr_mimebundle_()) == {TEXT, CHART, ELEMENTS}
    assert set(shown._repr_mimebundle_(include=[TEXT, "text/html"])) == {TEXT}
    assert set(shown._repr_mimebundle_(exclude=[CHART])) == {TEXT, ELEMENTS}


def test_a_result_shows_its_displays_in_order_and_keeps_its_values() -> None:
    first, second = show.figure("a", 1), show.figure("b", 2)
    shown = show.result(first, second, loss=0.5, path=[1, 2])
    bundle = shown._repr_mimebundle_()
    assert bundle["application/vnd.nudge.displays+json"] == [first.bundle, second.bundle]
    assert bundle[TEXT] == "1.00 a.\n2.00 b."
    assert (shown.loss, shown.path) == (0.5, [1, 2])
    with pytest.raises(AttributeError, match="no value 'lost'; it has: loss, path"):
        shown.lost  # noqa: B018


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.005, 2, "0.005"),
        (0.0123, 1, "0.01"),
        (1234567.0, 2, "1.2×10⁶"),
        (999999.994, 2, "999,999.99"),
        (-5.48e-8, 2, "−5.5×10⁻⁸"),
        (0.00012345, 4, "0.0001"),
        (0.000012345, 4, "0.00001234"),
        (-math.inf, 2, "−∞"),
        (math.nan, 2, "not a number"),
        (2.5, 0, "2"),
    ],
)
def test_numbers_are_written_for_reading(value: float, digits: int, text: str) -> None:
    assert show.number(value, digits) == text


def test_refuses_with_an_explanation() -> None:
    with pytest.raises(
        ShapeError, match=r"^table: expected 2 cells in every row, one per header; "
    ):
        show.table(["a", "b"], [[1, 2], [1]])
    with pytest.raises(ShapeError, match=r"^line: expected as many y as x; got 2 x and 1 y\.$"):
        show.line([1, 2], [1])
    with pytest.raises(
        EngineValueError,
        match=r"^show: expected a concept, one of prob, loss, grad, rate, .*; got 'los'\.$",
    ):
        show.line([1], [1], concept="los")
    with pytest.raises(
        EngineValueError,
        match=r"^curve: expected at least one line, path, point or level; got none",
    ):
        show.curve(x="x", y="y", summary="")
    with pytest.raises(EngineValueError, match=r"^chain: expected at least one step; got none\.$"):
        show.chain([])
    with pytest.raises(
        EngineTypeError, match=r"^result: expected displays .* got 0\.5 \(float\)\."
    ):
        show.result(0.5)  # type: ignore[arg-type]
    with pytest.raises(
        EngineValueError, match=r"^result: expected a name that is free; got 'values'"
    ):
        show.result(values=1)

"""The mixer desk: what its weights ring for, and what the bend adds."""

import json
from itertools import product

import pytest

from demos.mixers import RINGS, desk

WEIGHTS = list(product((-2, -1, 0, 1, 2), repeat=2))
ONE = "only when exactly one input is on"


@pytest.mark.parametrize(
    ("a", "b", "pattern"),
    [(1, -2, ONE), (0, 1, "only when both inputs are on"), (1, 0, "when at least one input is on"),
     (0, 0, "never")],
)  # fmt: skip
def test_weights_decide_what_it_rings_for(a: float, b: float, pattern: str) -> None:
    for first, second in product((False, True), repeat=2):
        result = desk(first, second, a, b)
        assert result.pattern == pattern
        assert result.output == result.passed[first + 2 * second]
        json.dumps(result._repr_mimebundle_(), allow_nan=False)


def test_numbers_flow_through_both_layers() -> None:
    rows = [line.split() for line in repr(desk(True, True, 2, -1)).splitlines()[3:6]]
    assert [[row[0], *row[-2:]] for row in rows] == [
        ["A", "2.00", "2.00"],
        ["B", "1.00", "1.00"],
        ["C", "3.00", "3.00"],
    ]


def test_no_weights_ring_for_exactly_one_input_without_the_bend() -> None:
    found = {bend: {desk(True, False, a, b, bend).pattern for a, b in WEIGHTS} for bend in (0, 1)}
    assert ONE in found[True]
    assert ONE not in found[False]
    assert found[False] < set(RINGS.values())


def test_without_the_bend_two_layers_are_the_one_mixer_that_is_written() -> None:
    for a, b in WEIGHTS:
        result = desk(True, True, a, b, bend=False)
        assert result.passed == [-b, a, a, 2 * a + b]
        one = f"{a + b} × input 1 + {a + b} × input 2 + {-b}.".replace("-", "−")
        assert one in repr(result)

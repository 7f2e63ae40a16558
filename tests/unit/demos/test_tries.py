"""What a lesson tells its readers to try does happen, and what it says of a result is so."""

from itertools import product

import pytest

from demos.chain_rule import graph
from demos.hill import walk
from demos.mixers import desk
from demos.validation import run
from demos.wiggle import wiggle

WEIGHTS = range(-2, 3)
EXACTLY_ONE = "only when exactly one input is on"


def test_without_the_bend_no_weights_make_c_ring_when_exactly_one_input_is_on() -> None:
    def patterns(bend: bool) -> set[str]:
        return {desk(True, False, a, b, bend).pattern for a, b in product(WEIGHTS, WEIGHTS)}

    assert EXACTLY_ONE in patterns(bend=True)
    assert EXACTLY_ONE not in patterns(bend=False)


@pytest.mark.usefixtures("recorded")
def test_a_wiggle_made_larger_agrees_with_the_gradient_less_and_less() -> None:
    offs = [wiggle("far from the output", size).off for size in (0.0005, 0.005, 0.05, 0.5)]
    assert offs == sorted(offs)
    assert "They agree" in repr(wiggle("far from the output", 0.0005))
    assert "They disagree" in repr(wiggle("far from the output", 0.5))


def test_with_relu_no_blame_passes_but_what_goes_around_it_still_arrives() -> None:
    a, b, c = graph("-log(sigmoid(a * relu(a * b) + c))", -1, 0.8, 0.5).gradients
    assert a == b == 0
    assert c < 0


def test_no_method_wins_everywhere() -> None:
    def ends(method: str, landscape: str) -> tuple[float, str]:
        *_, last = walk(0.4, method, "upper right", landscape)
        return last.loss, last.verdict

    adam, bounces = ends("Adam", "tilted valley")
    assert bounces == "bounces"
    assert adam > ends("plain", "tilted valley")[0]
    deep = {method: ends(method, "two basins")[0] < 0.1 for method in ("plain", "momentum", "Adam")}
    assert deep == {"plain": False, "momentum": True, "Adam": False}


@pytest.mark.parametrize(("sentences", "verdict"), [(100, "healthy"), (50, "overfitting")])
def test_with_less_text_a_healthy_run_overfits(sentences: int, verdict: str) -> None:
    *_, last = run(text=sentences)
    assert last.verdict == verdict

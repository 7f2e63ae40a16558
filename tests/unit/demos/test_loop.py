"""The loop demos: phases in order on one model, and a loss that falls from ln 56."""

import json
import math
from itertools import islice

import pytest

from demos import loop


def test_the_four_phases_come_in_order_three_times() -> None:
    results = list(loop.phases(0.03))
    names = ["Forward", "Loss", "Backward", "Optimize"]
    assert [result.phase for result in results] == names * 3
    for i, result in enumerate(results):
        assert repr(result).startswith(f"{names[i % 4]} phase {i % 4 + 1} of 4, round {i // 4 + 1}")
        json.dumps(result._repr_mimebundle_(), allow_nan=False)


def test_each_round_begins_where_the_last_one_ended() -> None:
    results = list(loop.phases(0.03))
    for turn in (0, 4, 8):
        forward, loss, _, moved = results[turn : turn + 4]
        assert loss.loss == pytest.approx(-math.log(forward.p), rel=1e-5)
        assert moved.before == pytest.approx(loss.loss, rel=1e-5)
        assert moved.after < moved.before
    assert results[4].p == results[3].p
    assert results[0].p == pytest.approx(1 / 56, rel=0.5)


def test_too_large_a_step_makes_the_loss_rise() -> None:
    moved = list(islice(loop.phases(0.3), 4))[3]
    assert moved.after > moved.before
    assert "The loss rises" in repr(moved)


def test_every_parameter_belongs_to_one_part() -> None:
    names = [name for name, _ in loop.micro.fresh(layers=1).named_parameters()]
    assert all(sum(key in name for key in loop.PARTS) == 1 for name in names)


def test_a_run_starts_near_ln_56_and_falls() -> None:
    first, *_, last = islice(loop.train(0.01, 4), 15)  # 70 steps
    assert first.first == pytest.approx(math.log(56), abs=0.15)
    assert (first.step, first.verdict) == (1, "nothing learnt yet")
    assert last.step == 70
    assert last.loss < 3
    json.dumps(last._repr_mimebundle_(), allow_nan=False)


def test_what_helps_most_guesses_is_learnt_first_and_single_facts_last() -> None:
    *_, last = loop.train(0.01, 16)
    frequent, follows, further_back, fact = last.learnt
    assert frequent < follows < further_back <= 200 < fact
    lines = [line.split("  ") for line in repr(last).splitlines()[-4:]]
    assert [line[-1].strip() for line in lines] == [f"{i}" for i in last.learnt[:3]] + ["not yet"]


def test_to_count_words_alone_costs_their_entropy() -> None:
    assert loop.counting([3, 3, 5, 8]) == pytest.approx(1.5 * math.log(2))


def test_a_fresh_model_knows_nothing_whatever_it_says_by_chance() -> None:
    assert loop.knowledge(loop.micro.fresh(layers=1), loss=4.0, alone=3.2) == []


def test_a_learning_rate_far_too_large_learns_next_to_nothing() -> None:
    *_, last = islice(loop.train(1.0, 4), 11)
    assert last.verdict in ("nothing learnt yet", "worse than knowing nothing")


@pytest.mark.parametrize(
    ("loss", "words"),
    [(4.5, "worse than knowing nothing"), (4.0, "nothing learnt yet"), (3.0, "a little learnt"),
     (2.0, "well on its way"), (0.9, "near the floor")],
)  # fmt: skip
def test_the_verdict_follows_the_loss(loss: float, words: str) -> None:
    assert loop.verdict(loss) == words

"""A text becomes numbers, made-up ones are labelled, and a real model learns what comes next."""

import json
import math
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from demos import micro, next_word
from pyengine import GPT, EngineValueError, show

FRANCE = "the capital of France is"


@pytest.fixture(autouse=True)
def trained(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the run that a build records: the embeddings of any model are rows of a table."""
    monkeypatch.setattr(micro, "checkpoint", lambda percent: micro.fresh())


def test_each_token_gets_its_id_and_its_row_of_the_embeddings() -> None:
    result = next_word.numbers("The capital of France is")
    assert [micro.VOCABULARY[token] for token in result.ids] == FRANCE.split()
    assert result.numbers == 5 * 32
    row = micro.fresh().transformer.wte.weight.data[micro.TOKEN["france"]]
    said = next(line for line in repr(result).splitlines() if line.startswith("France  "))
    assert said.endswith(", ".join(show.number(float(x)) for x in row[:4]) + ", …")


def test_a_word_that_comes_twice_has_one_row() -> None:
    lines = repr(next_word.numbers("the cat saw the dog.")).splitlines()
    assert sum(line.startswith("the  ") for line in lines) == 1


def test_a_word_the_model_does_not_know_is_named() -> None:
    with pytest.raises(EngineValueError, match=r"expected words that it knows; got 'rhubarb'"):
        next_word.numbers("the capital of rhubarb")


def test_the_illustration_begins_with_the_stated_figures_and_says_it_is_made_up() -> None:
    result = next_word.illustration(0.0)
    assert result.shares == pytest.approx([0.12, 0.10, 0.01, 0.77], abs=1e-12)
    assert [line.lower().count("made-up") for line in repr(result).splitlines()] == [1, 1]


@pytest.mark.parametrize("raised", [0.5, 2.0, 6.0])
def test_what_paris_gains_all_others_lose_in_proportion(raised: float) -> None:
    result = next_word.illustration(raised)
    the, paris, rhubarb, others = result.shares
    assert the + paris + rhubarb + others == pytest.approx(1)
    assert paris > 0.10
    assert [the / 0.12, rhubarb / 0.01, others / 0.77] == pytest.approx([result.kept] * 3)
    odds = paris / (1 - paris) / (0.10 / 0.90)
    assert math.log(odds) == pytest.approx(raised)


def test_a_fresh_model_finds_all_words_about_alike() -> None:
    first = next(next_word.training(FRANCE))
    assert (first.step, first.met) == (0, 180)
    assert first.began < 2 / 56
    assert first.p == pytest.approx(1 / 56, rel=0.5)
    json.dumps(first._repr_mimebundle_(), allow_nan=False)


def test_training_moves_the_bars_and_the_loss_is_that_of_the_right_word() -> None:
    *_, last = islice(next_word.training("the capital"), 11)  # 80 steps
    assert (last.step, last.top, last.rank) == (80, "of", 1)
    assert last.loss == pytest.approx(-math.log(last.p))
    assert last.p > 0.8
    assert len(last.led) == 11
    assert (last.led[0] != "of", last.led[-1]) == (True, "of")
    assert last.began < 2 / 56


def test_rounding_does_not_decide_where_the_run_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    *_, single = next_word.training(FRANCE)
    fresh = micro.fresh

    def twice_as_exact(seed: int = 0, layers: int = 2, width: int = 32) -> GPT:
        config = replace(fresh(seed, layers, width).config, dtype="float64")
        return GPT(config, np.random.default_rng(seed))

    monkeypatch.setattr(micro, "fresh", twice_as_exact)
    *_, double = next_word.training(FRANCE)
    assert single.p == pytest.approx(double.p, abs=0.01)


def test_the_right_word_is_shown_also_where_it_is_far_behind() -> None:
    first = next(next_word.training(FRANCE))
    assert first.rank > next_word.TOP
    table = first._repr_mimebundle_()["application/vnd.nudge.displays+json"][1]
    assert "Paris" in json.dumps(table)


@pytest.mark.parametrize(
    ("prompt", "right"),
    [("the capital", "of"), (FRANCE, "Paris"), ("the capital of Norway is", "Oslo"),
     ("the cats on the red mat", "are")],
)  # fmt: skip
def test_each_prompt_has_one_word_that_can_follow(prompt: str, right: str) -> None:
    assert micro.WORLD.next_words(prompt) == {right: 1.0}

"""Drawing tokens: what temperature, top-k and top-p leave, and where a text ends."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from refusing import raised

from pyengine import EngineError, EngineTypeError, EngineValueError, ShapeError, softmax
from pyengine.gpt import GPT, GPTConfig
from pyengine.sample import draw, generate, probabilities

LOGITS = st.lists(st.floats(-20, 20), min_size=1, max_size=12)
SIZES = GPTConfig(7, block_size=4, n_layer=1, n_head=2, n_embd=8)


@pytest.fixture(scope="module")
def model() -> GPT:
    """A model with opinions: its first weights, four times as large."""
    model = GPT(SIZES, np.random.default_rng(3))
    for parameter in model.parameters():
        parameter.data = parameter.data * 4
    return model


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@settings(deadline=None)
@given(LOGITS, st.floats(0, 5), st.none() | st.integers(1, 15), st.none() | st.floats(0.01, 1))
def test_whatever_is_ruled_out_the_rest_sums_to_1(logits, temperature, top_k, top_p):
    p = probabilities(logits, temperature, top_k, top_p)
    assert p.sum() == pytest.approx(1)
    assert (p >= 0).all()
    assert p[np.argmax(logits)] == p.max() > 0
    assert top_k is None or np.count_nonzero(p) <= top_k


@settings(deadline=None)
@given(LOGITS)
def test_without_options_they_are_the_models_own(logits):
    np.testing.assert_allclose(probabilities(logits), softmax(logits), rtol=1e-12)


def test_a_low_temperature_sharpens_and_a_high_one_flattens():
    cold, own, hot = (probabilities([2.0, 1.0, 0.0], t)[0] for t in (0.5, 1, 2))
    assert cold > own > hot > 1 / 3


def test_temperature_0_takes_the_likeliest_and_of_equals_the_first():
    assert probabilities([1.0, 5.0, 5.0], temperature=0).tolist() == [0, 1, 0]


def test_of_equal_logits_top_k_keeps_the_first():
    assert probabilities([1.0, 1.0, 1.0, 1.0], top_k=2).tolist() == [0.5, 0.5, 0, 0]


def test_top_p_keeps_the_token_that_crosses_the_line():
    logits = np.log([0.5, 0.3, 0.15, 0.05])
    np.testing.assert_allclose(probabilities(logits, top_p=0.5), [1, 0, 0, 0])
    np.testing.assert_allclose(probabilities(logits, top_p=0.6), [0.625, 0.375, 0, 0])
    np.testing.assert_allclose(probabilities(logits, top_p=1.0), [0.5, 0.3, 0.15, 0.05])


def test_top_p_counts_what_top_k_has_left():
    logits = np.log([0.4, 0.4, 0.2])
    np.testing.assert_allclose(probabilities(logits, top_k=2, top_p=0.6), [0.5, 0.5, 0])


def test_the_logits_given_are_not_changed():
    logits = np.array([2.0, 1.0, 0.0])
    probabilities(logits, top_k=1)
    assert logits.tolist() == [2.0, 1.0, 0.0]


def test_draws_come_as_often_as_their_probabilities_say():
    p, source = np.array([0.2, 0.0, 0.5, 0.3]), rng()
    counts = np.bincount([draw(p, source) for _ in range(20_000)], minlength=4)
    assert counts[1] == 0
    np.testing.assert_allclose(counts / 20_000, p, atol=0.02)  # six standard deviations


def test_the_same_seed_writes_the_same_text(model):
    first, again = (list(generate(model, [1], 30, rng(5))) for _ in range(2))
    assert first == again
    assert first != list(generate(model, [1], 30, rng(6)))


def test_greedy_text_is_what_the_model_likes_best_each_time(model):
    text = [1, 2]
    for token in generate(model, [1, 2], 12, temperature=0):
        assert token == model([text[-4:]]).data[0, -1].argmax()
        text.append(token)
    assert len(text) == 14  # past the end of the context, which holds 4


def test_a_text_longer_than_the_context_is_gone_on_with_from_its_end(model):
    longer = list(generate(model, [6, 5, 4, 3, 2, 1], 5, temperature=0))
    assert longer == list(generate(model, [4, 3, 2, 1], 5, temperature=0))


def test_a_text_ends_at_the_token_that_stops_it(model):
    whole = list(generate(model, [1], 40, rng(1)))
    stop = whole[7]
    assert list(generate(model, [1], 40, rng(1), stop=stop)) == whole[: whole.index(stop)]


def test_where_the_context_ends_writing_may_stop(model):
    whole = list(generate(model, [1], 9, temperature=0))
    assert list(generate(model, [1], 9, temperature=0, slide=False)) == whole[:3]  # 1 + 3 = 4
    assert list(generate(model, [1, 2, 3], 9, temperature=0, slide=False, stop=None)) == [
        next(generate(model, [1, 2, 3], 1, temperature=0))
    ]
    for full in ([1, 2, 3, 4], [1, 2, 3, 4, 5]):
        assert list(generate(model, full, 9, temperature=0, slide=False)) == []


def test_nothing_is_recorded_while_writing(model):
    list(generate(model, [1], 3, temperature=0))
    assert all(parameter.grad is None for parameter in model.parameters())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"temperature": -1}, "expected a temperature of at least 0; got -1."),
        ({"temperature": float("nan")}, "expected a temperature of at least 0; got nan."),
        ({"top_k": 0}, "expected top_k of at least 1; got 0."),
        ({"top_p": 0}, "expected top_p above 0, up to 1; got 0."),
        ({"top_p": 1.5}, "expected top_p above 0, up to 1; got 1.5."),
        ({"top_k": 2.0}, "expected top_k to be an integer; got 2.0."),
        ({"temperature": None}, "expected temperature to be a number; got None."),
        ({"top_p": "0.9"}, "expected top_p to be a number; got '0.9'."),
    ],
)
def test_options_out_of_range_are_refused(model, options, told):
    assert raised(EngineError, lambda: probabilities([0.0, 1.0], **options)) == (
        f"probabilities: {told}"
    )
    # before anything is written
    assert raised(EngineError, lambda: generate(model, [1], 3, rng(), **options)) == (
        f"generate: {told}"
    )


@pytest.mark.parametrize(
    ("ids", "stop", "told"),
    [
        (
            "the ",
            None,
            "generate: expected token ids to go on from; got a text. "
            "Encode it first: tokenizer.encode(text).",
        ),
        (
            [1.7],
            None,
            "generate: expected a list of whole numbers; got [1.7] (list). "
            "Write [i] for a single id; decode a batch row by row.",
        ),
        (
            [99],
            None,
            "generate: expected ids from 0 to vocab_size − 1 = 6; got 99 at position 0. "
            "Do the ids come from another tokenizer?",
        ),
        (
            [1],
            ".",
            "generate: stop: expected a list of whole numbers; got ['.'] (list). "
            "Write [i] for a single id; decode a batch row by row.",
        ),
    ],
)
def test_what_is_no_token_is_refused(model, ids, stop, told):
    assert raised(EngineError, lambda: generate(model, ids, 3, rng(), stop=stop)) == told


@pytest.mark.parametrize("temperature", [0, 1])
def test_logits_that_are_no_numbers_are_refused(temperature):
    logits = [0.0, float("nan")]
    assert raised(EngineValueError, lambda: probabilities(logits, temperature)) == (
        "probabilities: expected logits that are numbers; got nan for token 1. "
        "Has the training diverged?"
    )


def test_logits_of_several_positions_are_refused():
    said = raised(ShapeError, lambda: probabilities([[0.0, 1.0]]))
    assert said == (
        "probabilities: expected logits of shape (V,); got shape (1, 2). "
        "Take one position's: logits[0, -1]."
    )


def test_drawing_needs_a_generator_and_something_to_go_on_from(model):
    assert raised(EngineTypeError, lambda: generate(model, [1], 3)) == (
        "generate: expected a numpy.random.Generator; got NoneType. "
        "Pass rng=numpy.random.default_rng(seed), or temperature=0 to draw nothing."
    )
    assert re.match(
        r"generate: expected at least one token to go on from; got none\.",
        raised(EngineValueError, lambda: generate(model, [], 3, rng())),
    )

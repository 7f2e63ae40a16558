"""Blame by layer: the gradients that really travel, and words that follow from them."""

import json

import numpy as np
import pytest

from demos import micro
from demos.layers import backwards, blame
from pyengine import cross_entropy

NORWAY = "the capital of Norway is Oslo"
SENTENCES = [NORWAY, "the colour of the sofa is green", "the dog lay on the red rug"]


def test_what_is_heard_at_the_embeddings_is_what_the_embedding_learns_from() -> None:
    model = micro.fresh()
    prompt, right = micro.encode("the capital of Norway is"), micro.TOKEN["oslo"]
    heard = backwards(model, prompt, right)
    model.transformer.wpe.weight.grad = None
    cross_entropy(model([prompt])[0, -1:], [right]).backward()
    # The vector of a place is added to that of the word, so that the same gradient arrives at both.
    learned = model.transformer.wpe.weight.grad[: len(prompt)]
    np.testing.assert_allclose(heard["embeddings"], learned, rtol=1e-5)


def test_at_the_output_blame_is_the_prediction_minus_the_truth() -> None:
    model = micro.fresh()
    prompt, right = micro.encode("the cat sat on the"), micro.TOKEN["red"]
    scores = backwards(model, prompt, right)["output scores"]
    p = micro.next_word(model, prompt)
    truth = [float(word == "red") for word in micro.VOCABULARY]
    expected = [p[word] - one for word, one in zip(micro.VOCABULARY, truth, strict=True)]
    np.testing.assert_allclose(scores[-1], expected, atol=1e-6)
    assert not scores[:-1].any()


def test_a_deeper_model_has_more_layers_from_the_output_to_the_words() -> None:
    heard = backwards(micro.fresh(layers=3), [1, 2, 3], 4)
    assert list(heard) == [
        "output scores",
        "block 3: mixers", "block 3: attention",
        "block 2: mixers", "block 2: attention",
        "block 1: mixers", "block 1: attention",
        "embeddings",
    ]  # fmt: skip


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("percent", [1, 10, 50, 100])
def test_only_attention_carries_blame_to_the_words_before(sentence: str, percent: int) -> None:
    result = blame(sentence, percent)
    output, *_, words = result.by_word
    assert max(output[:-1]) == 0 < min(words)
    assert [np.hypot.reduce(each) for each in result.by_word] == pytest.approx(result.by_layer)
    json.dumps(result._repr_mimebundle_(), allow_nan=False)


@pytest.mark.usefixtures("recorded")
def test_half_way_the_wrong_capital_is_blamed_on_the_name_of_the_country() -> None:
    result = blame(NORWAY, 10)
    assert (result.right, result.blamed) == ("Oslo", "Norway")
    assert result.preferred != "Oslo"
    assert "Wrong: it preferred" in repr(result)


@pytest.mark.usefixtures("recorded")
def test_a_right_guess_leaves_little_to_blame() -> None:
    before, after = blame(NORWAY, 10), blame(NORWAY, 100)
    assert after.preferred == "Oslo"
    assert "Right: it expected “Oslo” (" in repr(after)
    assert all(a < b for a, b in zip(after.by_layer, before.by_layer, strict=True))
    assert after.by_layer[0] < 0.1


@pytest.mark.usefixtures("recorded")
def test_early_in_training_hardly_any_blame_goes_beyond_the_last_word() -> None:
    for sentence in SENTENCES:
        *before, last = blame(sentence, 1).by_word[-1]
        assert max(before) < 0.3 * last

"""What is learnt from example sentences, and grading by it."""

import json

import gold
import pytest

from teachback import grade
from teachback.learned import Learned
from teachback.learning import Examples, Said, learn, tokens_of
from teachback.seen import features, scaled

RIGHT = (
    "The loss is high when the right word got little probability.",
    "If the model gave the real word a small chance, it pays a big loss.",
    "Less belief in what really came means more loss.",
    "A low probability for the true token makes the loss large.",
)
WRONG = (
    "The loss is high when the right word got a lot of probability.",
    "If the model gave the real word a big chance, it pays a big loss.",
    "The loss counts how many words were wrong.",
    "The loss does not depend on the probability of the word.",
)
OTHER = ("My sister reads on the train.", "A token is a piece of a word.", "Bread needs an oven.")
EXAMPLES = Examples({"direction": Said(RIGHT, (), WRONG)}, {}, OTHER)
LOSS = gold.rubric("loss")


def test_learning_tells_right_sentences_from_wrong_ones_it_was_shown():
    learned = learn(EXAMPLES)
    sure = {
        text: learned.logit(
            "direction", scaled(features(tokens_of(text)), learned.rarity, learned.rarest)
        )
        for text in (*RIGHT, *WRONG, *OTHER)
    }
    assert min(sure[text] for text in RIGHT) > 0
    assert max(sure[text] for text in (*WRONG, *OTHER)) < 0


def test_learning_is_deterministic():
    assert learn(EXAMPLES) == learn(EXAMPLES)


def test_what_was_learnt_survives_being_written_as_json():
    learned = learn(EXAMPLES)
    assert Learned.from_table(json.loads(json.dumps(learned.as_table()))) == learned


def test_an_answer_is_quoted_where_it_states_an_idea():
    text = (
        "I like trains. The loss is zero if the model gave the true word everything, and the less"
        " likely it thought the true word, the larger is the loss. That is all."
    )
    result = grade(LOSS, text)
    (direction,) = (each for each in result.criteria if each.id == "direction")
    assert direction.verdict == "met"
    assert "less likely" in direction.quote.replace("\n", " ")
    assert direction.quote in text


@pytest.mark.parametrize("text", [
    "", "...", "loss, probability, logarithm, right word, fresh",
    "In addition one should mention that there are a loss of the right word and a logarithm.",
    "We should also mention the loss, the probability of the right word and its logarithm.",
])  # fmt: skip
def test_what_states_nothing_earns_nothing(text: str):
    assert grade(LOSS, text).score == 0

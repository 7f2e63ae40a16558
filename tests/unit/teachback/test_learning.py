"""What is learnt from example sentences, and grading by it."""

import gold
import pytest

from teachback.by_examples import grade_by_examples
from teachback.learning import Examples, Said, learn

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
    from teachback.learning import tokens_of
    from teachback.seen import features, scaled

    learned = learn(EXAMPLES)
    chance = {
        text: learned.probability("direction", scaled(features(tokens_of(text)), learned.rarity))
        for text in (*RIGHT, *WRONG, *OTHER)
    }
    assert min(chance[text] for text in RIGHT) > 0.5
    assert max(chance[text] for text in (*WRONG, *OTHER)) < 0.5


def test_learning_is_deterministic():
    assert learn(EXAMPLES) == learn(EXAMPLES)


def test_an_answer_is_quoted_where_it_states_an_idea():
    text = "I like trains. If the true word was thought unlikely, the loss is large. That is all."
    result = grade_by_examples(LOSS, gold.learned("loss"), text)
    (direction,) = (each for each in result.criteria if each.id == "direction")
    assert direction.verdict == "met"
    assert "unlikely" in direction.quote
    assert direction.quote in text


@pytest.mark.parametrize("text", ["", "...", "loss, probability, logarithm, right word, fresh"])
def test_what_states_nothing_earns_nothing(text: str):
    assert grade_by_examples(LOSS, gold.learned("loss"), text).score == 0

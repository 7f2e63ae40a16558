"""What each form of a phrase finds, and what it passes over, as the authors' guide tells it."""

import pytest

from teachback import Criterion, Rubric, grade


def verdict(phrase: str, answer: str) -> str:
    criteria = (Criterion("only", 10, "Says it.", (phrase,)),)
    return grade(Rubric("test", "test", "Explain.", criteria), answer).criteria[0].verdict


@pytest.mark.parametrize(("phrase", "answer", "expected"), [
    ("small step downhill", "It moves downhill, but only by a tiny step.", "met"),
    ("small step downhill", "It moves downhill in one go and is there.", "missed"),
    ("memorize|by_heart text", "It has learnt the sentences by heart.", "met"),
    ("memorize|by_heart text", "It has understood the sentences.", "missed"),
    ("not change the weights", "The pass does not change the weights.", "met"),
    ("not change the weights", "The pass does change the weights.", "missed"),
    ("low probability -> high loss", "The loss grows as the probability shrinks.", "met"),
    ("low probability -> high loss", "The loss shrinks as the probability shrinks.", "missed"),
    ("average cancels noise + chip does many at_once",
     "The average cancels the noise. A chip has many texts done at once.", "met"),
    ("average cancels noise + chip does many at_once",
     "A chip has many texts done at once.", "partly"),
    ("guesses the next word (partly)", "It guesses what the next word is.", "partly"),
])  # fmt: skip
def test_forms_of_phrases(phrase: str, answer: str, expected: str):
    assert verdict(phrase, answer) == expected


def test_ideas_of_a_phrase_stand_near_each_other():
    far = (
        "It makes a tiny hat. " + "Then the sun shines on all of us here. " * 3 + "We go downhill."
    )
    assert verdict("small step downhill", far) == "missed"


def test_a_pronoun_lends_what_the_sentence_before_speaks_of():
    assert verdict("loss rises", "The loss is one number. It goes up again and again.") == "met"
    assert verdict("loss rises", "There is a loss. My cat always goes up again.") == "missed"


def test_a_long_phrase_that_is_nearly_found_is_half():
    phrase = "backwards through layers gradient"
    assert verdict(phrase, "It goes backwards and that is all.") == "missed"
    assert verdict(phrase, "It goes backwards through all of the layers.") == "partly"
    assert verdict(phrase, "It goes backwards through all layers for a slope.") == "met"

"""Authors are told which phrases or example sentences of a rubric do not do their work."""

from dataclasses import replace

from teachback import Criterion, Misconception, Rubric, problems
from teachback.learning import Examples, Said, learn

GOOD = Rubric(
    course="test",
    lesson="loss",
    prompt="Explain the loss.",
    criteria=(
        Criterion("loss", 10, "Low probability, high loss.", ("low probability -> high loss",),
                  examples={"met": "An unlikely right word, with low probability, has a high loss.",
                            "missed": "If the probability is low, the loss is low as well."}),
    ),
    misconceptions=(Misconception("counts", "It counts.", ("loss counts wrong words",)),),
    model_answer="The loss is high if the right word had a low probability.",
)  # fmt: skip


def changed(**fields: object) -> Rubric:
    return replace(GOOD, criteria=(replace(GOOD.criteria[0], **fields),))


def test_a_rubric_that_grades_well_has_none():
    assert problems(GOOD) == []


def test_a_model_answer_must_meet_every_criterion():
    assert problems(changed(look_for=("chain rule",), examples={})) == [
        ("criteria[0].look_for", "expected phrases that the model answer meets, got 'missed'")
    ]


def test_a_model_answer_must_hold_no_misconception():
    rubric = replace(GOOD, misconceptions=(Misconception("m", "Wrong.", ("high loss",)),))
    assert problems(rubric) == [
        ("misconceptions[0].look_for",
         "expected phrases that the model answer does not hold, got 'The loss is high if the right "
         "word had a low probability'"),
    ]  # fmt: skip


def test_an_example_must_get_its_verdict():
    text = "The loss is something about words."
    assert problems(changed(examples={"partly": text})) == [
        ("criteria[0].examples.partly", f"expected the verdict 'partly' for {text!r}, got 'missed'")
    ]


def test_a_phrase_must_carry_an_idea():
    phrases = (*GOOD.criteria[0].look_for, "of the")
    assert problems(changed(look_for=phrases)) == [
        ("criteria[0].look_for[1]", "expected words that carry an idea, got 'of the'")
    ]


RIGHT = (
    "The loss is high if the right word had a low probability.",
    "An unlikely right word, with low probability, has a high loss.",
    "A low probability of the right word makes the loss high.",
    "When the right word is given a low probability, the loss is high.",
)
WRONG = (
    "If the probability is low, the loss is low as well.",
    "The loss counts how many words were wrong.",
    "The loss is low when the right word had a low probability.",
    "It counts the wrong words.",
)
OTHER = ("My sister reads on the train.", "A token is a piece of a word.", "Bread needs an oven.")


def taught(right: tuple[str, ...], wrong: tuple[str, ...], says: tuple[str, ...]) -> Rubric:
    """The rubric with what sentences teach in place of its phrases."""
    examples = Examples({"loss": Said(right, (), wrong)}, {"counts": Said(says)}, OTHER)
    rubric = changed(look_for=(), examples={})
    return replace(rubric, learned=learn(examples))


def test_a_rubric_that_has_learnt_to_grade_well_has_none():
    assert problems(taught(RIGHT * 5, WRONG * 5, WRONG[1::2] * 5)) == []


def test_sentences_are_asked_for_where_the_model_answer_is_not_known_by_those_there_are():
    path, message = problems(taught(OTHER * 5, RIGHT * 5, RIGHT * 5))[0]
    assert (path, message) == (
        "criteria[0]",
        "expected the model answer to meet this, got 'missed'; add sentences like its own under "
        "`met`",
    )


def test_sentences_are_asked_for_where_the_model_answer_is_taken_for_a_misconception():
    path, message = problems(taught(OTHER * 5, RIGHT * 5, RIGHT * 5))[1]
    assert path == "misconceptions[0]"
    assert message.startswith("expected the model answer not to hold this, got 'The loss is high")
    assert message.endswith("; add sentences like that under `rejects`")


def test_an_example_that_is_not_known_by_the_sentences_asks_for_more():
    rubric = taught(RIGHT * 5, WRONG * 5, WRONG[1::2] * 5)
    text = "My sister reads on the train."
    criterion = replace(rubric.criteria[0], examples={"met": text})
    assert problems(replace(rubric, criteria=(criterion,))) == [
        ("criteria[0].examples.met",
         f"expected the verdict 'met' for {text!r}, got 'missed'; add sentences like it under "
         "`met`")
    ]  # fmt: skip

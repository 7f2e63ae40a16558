"""Authors are told which phrases of a rubric do not do their work."""

from dataclasses import replace

from teachback import Criterion, Misconception, Rubric, problems

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

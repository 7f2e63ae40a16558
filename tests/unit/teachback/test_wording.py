"""What the checklist says can be said in another language; what is missing there is English."""

import pytest

from teachback import Criterion, Misconception, Rubric, grade
from teachback.wording import ENGLISH

GERMAN = {
    "checklist.note": "Eine Checkliste.",
    "checklist.met": "Gefunden: {criterion}",
    "checklist.missed": "Nicht gefunden: {criterion}",
    "checklist.contradicted": "Dagegen spricht etwas: {criterion}",
    "checklist.say": "Sag auch: {criterion}",
    "checklist.think-again": "Das stimmt nicht: {idea}",
    "checklist.nothing-missing": "Nichts fehlt.",
    "checklist.too-short": "Zu kurz.",
}
RUBRIC = Rubric(
    "course",
    "lesson",
    "Explain it.",
    (
        Criterion("number", 6, "Die {Zahl}.", ("loss is a number",)),
        Criterion("low", 4, "Er ist klein.", ("loss gets small",), ("loss gets large",)),
    ),
    (Misconception("counts", "Es wird gezählt.", ("counts the wrong words",)),),
)


def said(answer, wording=GERMAN):
    """The feedback on each criterion, and the next step."""
    result = grade(RUBRIC, answer, wording)
    return [*(each.feedback for each in result.criteria), result.next_step]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            "The loss is a number that we look at.",
            ["Gefunden: Die {Zahl}.", "Nicht gefunden: Er ist klein.", "Sag auch: Er ist klein."],
        ),
        (
            "The loss is a number and the loss gets small.",
            ["Gefunden: Die {Zahl}.", "Gefunden: Er ist klein.", "Nichts fehlt."],
        ),
        (
            "The loss is a number and the loss gets large.",
            [
                "Gefunden: Die {Zahl}.",
                "Dagegen spricht etwas: Er ist klein.",
                "Sag auch: Er ist klein.",
            ],
        ),
        ("Loss!", ["Nicht gefunden: Die {Zahl}.", "Nicht gefunden: Er ist klein.", "Zu kurz."]),
    ],
)
def test_feedback_is_said_in_the_words_given(answer, told):
    assert said(answer) == told
    assert grade(RUBRIC, answer, GERMAN).graded_by.note == "Eine Checkliste."


def test_a_wrong_idea_without_what_is_right_instead_is_told_in_them():
    assert said("The loss is a number. It counts the wrong words.")[-1] == (
        "Das stimmt nicht: Es wird gezählt."
    )


def test_other_words_change_no_verdict_and_no_score():
    answer = "The loss is a number and the loss gets large."
    ours, theirs = grade(RUBRIC, answer), grade(RUBRIC, answer, GERMAN)
    assert (ours.score, [each.verdict for each in ours.criteria]) == (
        theirs.score,
        [each.verdict for each in theirs.criteria],
    )


def test_what_is_missing_is_english():
    assert said("", {}) == said("", ENGLISH)
    assert said("", GERMAN)[-1] == "The answer is empty."

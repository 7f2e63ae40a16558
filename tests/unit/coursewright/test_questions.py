"""Predictions, quiz, explaining back and cards: what is refused, and what a page then says."""

import re

import pytest

from coursewright.language.course import load_course
from coursewright.pages.questions import shuffled
from coursewright.publish.lessons import render_lessons

LESSON = "course/lessons/one.yml"
QUIZ = """\
quiz:
  - ask: Which is even?
    options:
      - {text: one, why: Odd.}
      - {text: two, correct: true, why: Even.}
      - {text: three, why: Odd too., misconception: odd}
teach_back:
  prompt: Explain even numbers.
  follow_up: Is zero even?
  model_answer: One can cut it into two halves.
  rubric:
    - {id: halves, points: 10, criterion: Says it can be halved., look_for: [two halves]}
  misconceptions:
    - {id: odd, says: Three is even.}
flashcards:
  - {front: Even?, back: "{= 2 + 2 =}"}
"""
PREDICT = """\
      - predict:
          id: guess
          ask: What is twice two?
          options: [three, four]
          answer: 2
          why: It is {= 2 * 2 =}.
          then: doubler
"""
LAST = "      - callout:\n          kind: insight\n          text: Twice is more.\n"


@pytest.fixture
def lesson(folder):
    """The lesson's file with everything that is asked."""
    file = folder / "lessons" / "one.yml"
    file.write_text(file.read_text().replace(LAST, PREDICT) + QUIZ)
    return file


def test_everything_that_is_asked_has_no_problems_and_stands_on_the_page(folder, lesson):
    (page,) = render_lessons(load_course(folder), runtime_bytes=0).pages
    html = page.markdown
    assert re.findall(r"^## .*\{#([\w-]+)\}$", html, re.MULTILINE) == [
        *("first", "quiz", "teach-back", "cards")
    ]
    assert re.findall(r"Concept . of .", html) == ["Concept 1 of 2", "Concept 2 of 2"]  # the quiz
    assert 'id="guess" data-kind="predict" data-answer="[1]"' in html
    assert 'id="question-1" data-kind="single" data-answer="[1.0]"' in html
    assert html.count("Explain even numbers.") == 2  # announced at the top
    assert ">4</data>" in html


@pytest.mark.parametrize("count", range(2, 9))
def test_items_to_order_never_begin_in_the_right_order(count):
    for seed in map(str, range(50)):
        mixed = shuffled(count, seed)
        assert sorted(mixed) == list(range(count)) != mixed
        assert mixed == shuffled(count, seed)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "answer: 2\n",
            "answer: 3\n",
            "26:19  sections[0].blocks[3].predict.answer: expected the number of an option, "
            "from 1 to 2, got 3",
        ),
        (
            "[three, four]",
            "[four, four]",
            "25:20  sections[0].blocks[3].predict.options: expected options that differ, "
            "got 'four' twice",
        ),
        (
            "then: doubler",
            "then: dubler",
            "28:17  sections[0].blocks[3].predict.then: expected a demo of this lesson, got "
            "'dubler'\n    did you mean 'doubler'?",
        ),
        (
            "correct: true, ",
            "",
            "32:7  quiz[0].options: expected an option with `correct: true`, got none",
        ),
        (
            "{text: one, why: Odd.}",
            "{text: one, why: Odd., correct: true}",
            "32:7  quiz[0].options: expected one correct option, got 2; or set `kind: multi`",
        ),
        (
            "correct: true",
            "correct: maybe",
            "33:30  quiz[0].options[1].correct: expected true or false, got 'maybe'",
        ),
        (
            "{text: one, why: Odd.}",
            "{text: two, why: Odd.}",
            "32:7  quiz[0].options: expected options that differ, got 'two' twice",
        ),
        (
            "      - {text: one, why: Odd.}\n",
            "",
            "32:7  quiz[0].options: expected at least 3 entries, got a list of 2",
        ),
        (
            "why: Even.",
            "wy: Even.",
            "33:36  quiz[0].options[1].wy: unknown key\n    did you mean 'why'?",
        ),
        (
            "even?\n    options:",
            "even?\n    kind: numeric\n    answer: two\n    tolerance: -1\n    optoins:",
            "32:13  quiz[0].answer: expected a number, got 'two'",
        ),
        (
            "even?\n    options:",
            "even?\n    kind: singel\n    options:",
            "31:11  quiz[0].kind: expected single, multi, numeric or order, got 'singel'\n"
            "    did you mean 'single'?",
        ),
        (
            "misconception: odd}",
            "misconception: od}",
            "34:53  quiz[0].options[2].misconception: expected a misconception of `teach_back`, "
            "got 'od'\n    did you mean 'odd'?",
        ),
        (
            "points: 10",
            "points: 9",
            "40:5  teach_back.rubric: expected points that add up to 10, got 9",
        ),
        (
            "{front: Even?, back:",
            "{front: '', back:",
            "44:13  flashcards[0].front: expected some text, got ''",
        ),
        (
            "id: guess",
            "id: quiz",
            "29:1  quiz: duplicate id 'quiz', first given on line 23; here "
            "the part `quiz` would get it\n    Rename one of the two.",
        ),
    ],
)
def test_what_cannot_be_asked_is_told(folder, lesson, said, old, new, told):
    text = lesson.read_text()
    assert text.count(old) == 1
    lesson.write_text(text.replace(old, new))
    assert f"{LESSON}:{told}" in said(folder)

"""The check of how hard lessons are to read: its formula, what it counts, and our lessons."""

import pytest
from tiny import COURSE as TINY
from tiny import DEMO, LESSON

from coursewright.language.course import load_course
from reading import COURSE, MOST, grade, grades, main, prose, syllables

SYLLABLES = {
    1: "the loss learned moves nudge rules blamed changed guess weights linked 0.69 1,710 it’s",
    2: "model tables little learning token layer batches needed doing moment notebook unique",
    3: "gradient linear idea several probable easier examples everything",
    4: "information actually temperature intuition reasonable",
    5: "probability backpropagation",
}
# Three sentences, 65 words, 97 syllables in the CMU Pronouncing Dictionary.
GETTYSBURG = (
    "Four score and seven years ago our fathers brought forth on this continent, a new nation, "
    "conceived in Liberty, and dedicated to the proposition that all men are created equal. Now we "
    "are engaged in a great civil war, testing whether that nation, or any nation so conceived and "
    "so dedicated, can long endure. We are met on a great battle-field of that war."
)
MARKDOWN = """\
A **bold** word, `code` and $x^2$: {= 1 + 1 =} words.

| a table | of words |
|---|---|
| is | left out |

$$L = 1$$

    code = 1

- one item
- another *item*
"""


@pytest.mark.parametrize(("count", "words"), SYLLABLES.items())
def test_syllables_are_counted_by_a_words_spelling(count, words):
    assert [word for word in words.split() if syllables(word) != count] == []


def test_the_grade_is_the_formulas():
    assert grade([GETTYSBURG]) == pytest.approx(0.39 * 65 / 3 + 11.8 * 97 / 65 - 15.59, abs=0.2)
    assert grade(["A cat sat."]) == pytest.approx(0.39 * 3 + 11.8 - 15.59)
    assert grade([]) == 0


def test_a_sentence_ends_at_its_stop_and_with_its_paragraph_not_within_a_number():
    assert grade(["Brown et al. gave it 0.5 of all. “So it is.” Yes"]) == pytest.approx(
        0.39 * 12 / 3 + 11.8 - 15.59
    )
    assert grade(["one item", "two of them"]) == pytest.approx(0.39 * 5 / 2 + 11.8 * 6 / 5 - 15.59)


def test_of_a_text_the_prose_counts_and_a_computed_number_is_a_word():
    words = [" ".join(piece.split()) for piece in prose(MARKDOWN)]
    assert words == ["A bold word, and : 1 words.", "one item", "another item"]


@pytest.fixture
def course(tmp_path, monkeypatch):
    for name, text in (("course.yml", TINY), ("lessons/one.yml", LESSON), ("demos/sums.py", DEMO)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_lesson_that_is_too_hard_is_told_with_the_part_that_makes_it_so(course, capsys):
    assert main(course) == 0
    lesson = course / "lessons/one.yml"
    hard = "Notwithstanding considerable institutional heterogeneity " * 20
    lesson.write_text(lesson.read_text().replace("Twice is more.", hard))
    assert main(course) == 1
    said = capsys.readouterr()
    assert said.err == "one is harder to read than grade 9.0: shorten its sentences\n"
    names = [line.split()[1] for line in said.out.splitlines()]
    assert names == ["one", "introduction", "first"] * 2


def test_each_of_our_lessons_asks_for_nine_years_of_school_or_less():
    found = {lesson.spec.id: grades(lesson.spec)[0] for lesson in load_course(COURSE).lessons}
    assert found
    assert {name: whole for name, whole in found.items() if whole > MOST} == {}

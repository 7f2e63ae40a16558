"""What a course tells the page's script of itself: what there is to do, and the texts of cards."""

import json

import pytest

from coursewright.language.course import load_course
from coursewright.pages.reader import outline, parts_of
from coursewright.publish.lessons import render_lessons

REVIEW = """\
quiz:
  - ask: Which is even?
    options:
      - {text: three, why: Odd.}
      - {text: four, correct: true, why: Even.}
      - {text: five, why: Odd too.}
flashcards:
  - {front: What is $x$?, back: A *number*.}
  - {front: What is y?, back: Another.}
"""


@pytest.fixture
def course(folder):
    file = folder / "lessons" / "one.yml"
    file.write_text(file.read_text() + REVIEW)
    return load_course(folder)


def test_what_there_is_to_do_is_named_part_by_part(course):
    first, quiz, cards = parts_of(course.lessons[0].spec)
    assert first == {"id": "first", "title": "The first concept", "acts": ["doubler"]}
    assert [quiz["id"], len(quiz["acts"])] == ["quiz", 1]
    assert [cards["id"], len(cards["acts"])] == ["cards", 2]
    said = json.loads(outline("tiny", [course.lessons[0].spec]))
    assert said["lessons"] == [{"id": "one", "title": "One lesson", "parts": [first, quiz, cards]}]


def test_the_page_names_its_cards_and_questions_as_the_outline_does(course):
    _, quiz, cards = parts_of(course.lessons[0].spec)
    lessons = render_lessons(course, runtime_bytes=0)
    html = lessons.pages[0].markdown
    for key in [*quiz["acts"], *cards["acts"]]:
        assert html.count(f'data-key="{key}"') == 1
    texts = json.loads(lessons.texts["assets/reader/cards/one.json"])
    assert list(texts) == cards["acts"]
    front, back = texts[cards["acts"][0]]
    assert 'class="katex"' in front
    assert "A <em>number</em>." in back


def test_a_card_or_question_is_known_wherever_it_stands_and_whatever_its_answer(course, folder):
    before = parts_of(course.lessons[0].spec)
    file = folder / "lessons" / "one.yml"
    text = file.read_text()
    first = "  - {front: What is $x$?, back: A *number*.}\n"
    file.write_text(text.replace(first, "").replace("Odd.", "It is odd.") + first)
    after = parts_of(load_course(folder).lessons[0].spec)
    assert after[1] == before[1]
    assert after[2]["acts"] == before[2]["acts"][::-1]
    assert after[2]["acts"] != before[2]["acts"]

"""What a course tells the page's script of itself, for what is kept of its reader.

`assets/reader/course.json` names every lesson's parts and what there is to do in them: how much of
it is done is counted against that. `assets/reader/cards/LESSON.json` has the texts of a lesson's
cards, which are reviewed on other pages when they are due.
"""

import json
from collections.abc import Sequence

from ..cache import digest
from ..language.blocks import CellBlock, DemoBlock, ExerciseBlock, PredictBlock
from ..language.course import Course
from ..language.review import Flashcard
from ..language.spec import Lesson, Section
from ..words import ENGLISH, Words
from .html import html_block, written
from .questions import SHORT, question_key

FOLDER = "assets/reader"
OUTLINE = f"{FOLDER}/course.json"
Part = dict[str, str | list[str]]


def cards_file(lesson: str) -> str:
    """Where a site has the texts of a lesson's cards."""
    return f"{FOLDER}/cards/{lesson}.json"


def card_key(card: Flashcard) -> str:
    """What a card's dates are kept under: its front, wherever it stands."""
    return f"card-{digest(card.front)[:SHORT]}"


def parts_of(spec: Lesson, words: Words = ENGLISH) -> list[Part]:
    """The parts of a lesson in order, each with what there is to do in it."""
    found: list[Part] = [part(each.id, each.title, acts(each)) for each in spec.sections]
    if spec.quiz:
        found.append(part("quiz", words("page.quiz"), list(map(question_key, spec.quiz))))
    if spec.teach_back:
        found.append(part("teach-back", words("page.teach-back"), ["teach-back"]))
    if spec.flashcards:
        keys = list(map(card_key, spec.flashcards))
        found.append(part("cards", words("page.cards"), keys))
    return found


def part(id: str, title: str, acts: list[str]) -> Part:
    """A part of a lesson; two cards or questions that read alike are one thing to do."""
    return {"id": id, "title": title, "acts": list(dict.fromkeys(acts))}


def acts(section: Section) -> list[str]:
    """What there is to do in a section: predictions, demos, cells, exercises."""
    found = []
    for block in section.blocks:
        match block:
            case PredictBlock(predict=one):
                found.append(one.id)
            case DemoBlock(demo=one):
                found.append(one.id)
            case CellBlock(cell=one):
                found.append(one.id)
            case ExerciseBlock(exercise=one):
                found.append(one.id)
    return found


def lesson_html(spec: Lesson, course: Course) -> str:
    """The place at a lesson's end where its reader sees what they have done."""
    given = {
        "class": "cw-lesson-end",
        "data-course": course.spec.id,
        "data-lesson": spec.id,
        "data-parts": json.dumps(parts_of(spec, course.words)),
    }
    return html_block(f"<cw-lesson{written(given)}></cw-lesson>")


def reader_html(course: str) -> str:
    """The place on a page where its reader sees where they left off, and what is due."""
    given = {"class": "cw-reader", "data-course": course, "data-root": "../../"}
    return f"<cw-reader{written(given)}></cw-reader>"


def outline(course: str, specs: Sequence[Lesson], words: Words = ENGLISH) -> str:
    """What there is to do in a course, as JSON."""
    lessons = [
        {"id": spec.id, "title": spec.title, "parts": parts_of(spec, words)} for spec in specs
    ]
    return json.dumps({"course": course, "lessons": lessons}, ensure_ascii=False) + "\n"

"""The parts at a lesson's end: quiz, explaining it back, cards. And the announcement at its top."""

from teachback import Rubric

from ..language.review import Flashcard
from ..language.spec import Lesson
from .here import Here
from .html import html_block, label, markdown_text, written
from .questions import folded, quiz_html
from .reader import card_key
from .teachback import teach_back_html


def review_parts(spec: Lesson, rubric: Rubric | None, here: Here) -> list[str]:
    """The parts that a lesson has, each with its heading."""
    found, words = [], here.words
    if spec.quiz:
        title = heading(words("page.quiz"), "quiz")
        found += [title, html_block(quiz_html(spec.quiz, here), "cw-quiz")]
    if spec.teach_back and rubric:
        inside = teach_back_html(spec.teach_back, rubric, here)
        found += [heading(words("page.teach-back"), "teach-back"), html_block(inside)]
    if spec.flashcards:
        found += [heading(words("page.cards"), "cards"), html_block(cards_html(spec, here))]
    return found


def heading(words: str, id: str) -> str:
    """The heading of a part."""
    return f"## {markdown_text(words)} {{#{id}}}"


def announcement(spec: Lesson, here: Here) -> str:
    """What will be asked at the end: who expects to explain learns more."""
    if not spec.teach_back:
        return ""
    prompt = here.prose_html(spec.teach_back.prompt, ("teach_back", "prompt"))
    more = f'<p><a href="#teach-back">{here.words.html("page.asked-at-end")}</a></p>'
    title = label(here.words("page.announced"))
    return html_block(f'<aside class="cw-teach">{title}{prompt}{more}</aside>')


def cards_html(spec: Lesson, here: Here) -> str:
    """Cards as disclosures: the question, and the answer below it."""
    cards = "".join(card_html(card, i, here) for i, card in enumerate(spec.flashcards))
    return f'<cw-cards class="cw-cards"{written(here.belongs)}>{cards}</cw-cards>'


def card_texts(spec: Lesson, here: Here) -> dict[str, list[str]]:
    """The front and back of every card that was rendered, by its key."""
    return {
        card_key(card): [here.said["flashcards", i, side] for side in ("front", "back")]
        for i, card in enumerate(spec.flashcards)
    }


def card_html(card: Flashcard, i: int, here: Here) -> str:
    """One card."""
    front = here.prose_html(card.front, ("flashcards", i, "front"))
    back = here.prose_html(card.back, ("flashcards", i, "back"))
    return (
        f'<div class="cw-card" data-key="{card_key(card)}"><div class="cw-front">{front}</div>'
        f"{folded(here.words('cards.show'), back)}</div>"
    )

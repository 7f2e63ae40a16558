"""The parts at a lesson's end: quiz, explaining it back, cards. And the announcement at its top."""

from ..language.review import Flashcard, TeachBack
from ..language.spec import Lesson
from .here import Here
from .html import html_block, label
from .questions import folded, quiz_html


def review_parts(spec: Lesson, here: Here) -> list[str]:
    """The parts that a lesson has, each with its heading."""
    found = []
    if spec.quiz:
        found += ["## Check yourself {#quiz}", html_block(quiz_html(spec.quiz, here), "cw-quiz")]
    if spec.teach_back:
        inside = teach_back_html(spec.teach_back, here)
        found += ["## Teach it back {#teach-back}", html_block(inside)]
    if spec.flashcards:
        found += ["## Cards to come back to {#cards}", html_block(cards_html(spec, here))]
    return found


def announcement(spec: Lesson, here: Here) -> str:
    """What will be asked at the end: who expects to explain learns more."""
    if not spec.teach_back:
        return ""
    prompt = here.prose_html(spec.teach_back.prompt, ("teach_back", "prompt"))
    more = '<p><a href="#teach-back">You will be asked at the end of the lesson.</a></p>'
    return html_block(f'<aside class="cw-teach">{label("Read to explain")}{prompt}{more}</aside>')


def teach_back_html(teach_back: TeachBack, here: Here) -> str:
    """The prompt, what a good explanation says, a model answer, and what to think about next."""
    at = "teach_back"
    prompt = here.prose_html(teach_back.prompt, (at, "prompt"))
    criteria = "".join(
        f"<li>{here.line_html(criterion.criterion, (at, 'rubric', i, 'criterion'))} "
        f"<span class='cw-points'>{criterion.points} of 10</span></li>"
        for i, criterion in enumerate(teach_back.rubric)
    )
    follow_up = here.prose_html(teach_back.follow_up, (at, "follow_up"))
    model = here.prose_html(teach_back.model_answer, (at, "model_answer"))
    return (
        f'<div class="cw-teach">{prompt}</div>'
        f"{folded('What a good explanation says', f'<ul>{criteria}</ul>')}"
        f"{folded('A model answer', model)}"
        f'<aside class="cw-think">{label("And then")}{follow_up}</aside>'
    )


def cards_html(spec: Lesson, here: Here) -> str:
    """Cards as disclosures: the question, and the answer below it."""
    return "".join(card_html(card, i, here) for i, card in enumerate(spec.flashcards))


def card_html(card: Flashcard, i: int, here: Here) -> str:
    """One card."""
    front = here.prose_html(card.front, ("flashcards", i, "front"))
    back = here.prose_html(card.back, ("flashcards", i, "back"))
    return (
        f'<div class="cw-card"><div class="cw-front">{front}</div>'
        f"{folded('Show answer', back)}</div>"
    )

"""Questions: complete without JavaScript, with their answers folded below; the script checks.

The answers are one list, in the order of the options: the page's elements take the reasons from it.
"""

import json
from html import escape
from typing import Any

from ..cache import digest
from ..language.blocks import Predict
from ..language.diagnostics import Path
from ..language.review import Multi, Numeric, Option, Order, Question, Single
from .here import Here
from .html import label, number, written

REASONS: Any = {"why": True, "options": {"__all__": {"why", "misconception"}}}
SHORT = 12  # characters of a hash that tells one text of a course from all others


def question_key(question: Question) -> str:
    """What a reader's answer to a question of the quiz is kept under, wherever it stands there."""
    return f"question-{digest(question.ask)[:SHORT]}"


def predict_html(predict: Predict, path: Path, here: Here) -> str:
    """A guess to commit to; below it, folded, what really happens."""
    texts = [here.line_html(text, (*path, "options", i)) for i, text in enumerate(predict.options)]
    right = predict.answer - 1
    why = here.prose_html(predict.why, (*path, "why"))
    then = (
        f'<p><a href="#{predict.then}">{here.words.html("page.see-happen")}</a></p>'
        if predict.then
        else ""
    )
    answer = f"<p><strong>{texts[right]}</strong></p>{why}{then}"
    ask = here.prose_html(predict.ask, (*path, "ask"))
    form = chosen(texts, predict.id, "radio")
    attributes = {
        "id": predict.id,
        "data-kind": "predict",
        "data-answer": json.dumps([right]),
        "data-of": digest(predict.ask, predict.options)[:SHORT],
        **here.belongs,
    }
    words = here.words
    after = folded(words("page.what-happens"), answer)
    return element(words("page.predict"), ask, form, after, attributes)


def quiz_html(quiz: list[Question], here: Here) -> str:
    """The questions of a lesson."""
    return "".join(question_html(question, i, here) for i, question in enumerate(quiz))


def question_html(question: Question, i: int, here: Here) -> str:
    """One question of the quiz."""
    name, path = f"question-{i + 1}", ("quiz", i)
    form, solution, answer = parts(question, name, path, here)
    ask = here.prose_html(question.ask, (*path, "ask"))
    attributes = {
        "id": name,
        "data-kind": question.kind,
        "data-answer": json.dumps(solution),
        "data-key": question_key(question),
        "data-of": digest(question.model_dump(exclude=REASONS))[:SHORT],
        **here.belongs,
    }
    heading = here.words("page.question", question=i + 1)
    return element(heading, ask, form, folded(here.words("page.answer"), answer), attributes)


def parts(question: Question, name: str, path: Path, here: Here) -> tuple[str, list[float], str]:
    """A question's form, what is right as data, and the answer in words."""
    match question:
        case Single(options=options) | Multi(options=options):
            kind = "radio" if isinstance(question, Single) else "checkbox"
            texts = [
                here.line_html(option.text, (*path, "options", o, "text"))
                for o, option in enumerate(options)
            ]
            right = [float(o) for o, option in enumerate(options) if option.correct]
            return chosen(texts, name, kind), right, reasons(options, texts, path, here)
        case Numeric(answer=answer, tolerance=tolerance):
            unit = f" {escape(question.unit)}" if question.unit else ""
            why = here.prose_html(question.why, (*path, "why"))
            words = f"<p><strong>{number(answer)}{unit}</strong></p>{why}"
            return typed(name, unit, here), [answer, tolerance], words
        case Order(items=items):
            texts = [here.line_html(text, (*path, "items", k)) for k, text in enumerate(items)]
            why = here.prose_html(question.why, (*path, "why"))
            words = f"<ol>{''.join(f'<li>{text}</li>' for text in texts)}</ol>{why}"
            return ordered(texts, name), [], words


def element(heading: str, ask: str, form: str, answer: str, attributes: dict[str, str]) -> str:
    """A question as the page's custom element."""
    asked = f'<div class="cw-ask" id="{attributes["id"]}-ask">{ask}</div>'
    inside = f"{label(heading)}{asked}{form}{answer}"
    return f'<cw-question class="cw-question"{written(attributes)}>{inside}</cw-question>'


def chosen(texts: list[str], name: str, kind: str) -> str:
    """Options to choose from."""
    labels = "".join(
        f'<label class="cw-option"><input type="{kind}" name="{name}" value="{i}" '
        f'autocomplete="off"><span>{text}</span></label>'
        for i, text in enumerate(texts)
    )
    return fieldset(labels, name)


def typed(name: str, unit: str, here: Here) -> str:
    """A box for a number."""
    called = {"aria-label": here.words("page.your-answer")}
    box = f'<input type="text" inputmode="decimal" autocomplete="off"{written(called)}>'
    return fieldset(f'<label class="cw-number">{box}<span>{unit}</span></label>', name)


def ordered(texts: list[str], name: str) -> str:
    """Items to put in order, at first in another; each says its place in the right one."""
    items = "".join(
        f'<li data-item="{i}"><span>{texts[i]}</span></li>' for i in shuffled(len(texts), name)
    )
    return fieldset(f'<ol class="cw-order">{items}</ol>', name)


def fieldset(fields: str, name: str) -> str:
    """The fields of a question, disabled until the page's script can check them."""
    return f'<fieldset class="cw-options" aria-labelledby="{name}-ask" disabled>{fields}</fieldset>'


def shuffled(count: int, seed: str) -> list[int]:
    """An order that is not the right one, the same in every build."""
    mixed = sorted(range(count), key=lambda i: digest(seed, i))
    return mixed if mixed != list(range(count)) else mixed[::-1]


def reasons(options: list[Option], texts: list[str], path: Path, here: Here) -> str:
    """Why each option is right or wrong, in the order of the options."""
    items = ""
    for o, option in enumerate(options):
        why = here.line_html(option.why, (*path, "options", o, "why"))
        name, key = ("right", "quiz.right") if option.correct else ("wrong", "quiz.not-so")
        items += (
            f'<li class="cw-{name}"><span class="cw-what">{texts[o]}</span> '
            f'<span class="cw-why"><strong>{here.words.html(key)}</strong> {why}</span></li>'
        )
    return f'<ul class="cw-reasons">{items}</ul>'


def folded(words: str, inside: str) -> str:
    """Something to look at after trying."""
    summary = f"<summary>{escape(words, quote=False)}</summary>"
    return f'<details class="cw-answer">{summary}{inside}</details>'

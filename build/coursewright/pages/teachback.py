"""Explaining a lesson back: the form's place in the page, and the rubric it is graded by.

The rubric is published as a file of its own beside the page, since readers are graded in their own
browser. Whoever looks for the key finds it there, as they would find that of a quiz.
"""

import re
from collections.abc import Iterable
from html import escape, unescape

import teachback
from teachback import Criterion, Misconception, Rubric
from teachback.learned import Learned

from ..language.course import CourseLesson
from ..language.diagnostics import Path
from ..language.explanations import ExplanationsFile
from ..language.nodes import texts_in
from ..language.review import TeachBack
from ..language.spec import Lesson
from .code import place
from .here import Here, inline
from .html import label, written
from .learned import taught
from .page import searchable
from .questions import folded

AT = "teach_back"
ENDS = re.compile(r"</(?:p|li|div|h\d|tr|pre|blockquote)>|<br ?/?>")
TAG = re.compile(r"<[^>]*>")
SPACES = re.compile(r"[ \t]*\n\s*")
PARTS = re.compile(r"[^.\[\]]+")  # of a path such as `criteria[0].examples.met`


def rubric_file(lesson: str) -> str:
    """Where a site has the rubric of a lesson."""
    return f"assets/teachback/{lesson}.json"


def rubric_of(lesson: CourseLesson, here: Here) -> Rubric | None:
    """The rubric of a lesson whose sections are rendered; None if nothing is explained back.

    What it claims and does not hold is reported to the lesson's source.
    """
    task, given = lesson.spec.teach_back, lesson.explanations
    if task is None:
        return None
    for path, text in texts_in(task, (AT,)):
        here.prose_html(text, path)
    learned = learned_from(given, here) if given else None
    rubric = compiled(task, here, lesson_text(lesson.spec, here), learned)
    fix = f"Its example sentences stand in {given.source.file}." if given else ""
    for at, message in problems(rubric):
        here.source.report(in_the_lesson(at, rubric), message, fix)
    return rubric


def learned_from(given: ExplanationsFile, here: Here) -> Learned | None:
    """What example sentences teach; lists that seem mixed up are reported to their file."""
    if given.spec is None:
        return None
    found = taught(given.spec, here.cache)
    for path, message in found.doubts:
        given.source.report(path, message, "Is a sentence in the wrong list, or are lists swapped?")
    return found.learned


def compiled(task: TeachBack, here: Here, not_to_copy: str, learned: Learned | None) -> Rubric:
    """The rubric of a task whose texts are rendered, with what its example sentences teach."""
    said = {path[1:]: plain_text(html) for path, html in here.said.items() if path[0] == AT}
    criteria = tuple(
        Criterion(
            each.id,
            each.points,
            said["rubric", i, "criterion"],
            tuple(each.look_for),
            tuple(each.contradicts),
            {str(level): text for level, text in each.examples.items()},
        )
        for i, each in enumerate(task.rubric)
    )
    misconceptions = tuple(
        Misconception(
            each.id,
            said["misconceptions", i, "says"],
            tuple(each.look_for),
            said.get(("misconceptions", i, "instead"), ""),
        )
        for i, each in enumerate(task.misconceptions)
    )
    ends = (said["follow_up",], said["model_answer",], not_to_copy)
    ids = (here.course.spec.id, here.lesson)
    return Rubric(*ids, said["prompt",], criteria, misconceptions, *ends, learned)


def lesson_text(spec: Lesson, here: Here) -> str:
    """What sections, quiz and cards say, from which an explanation must not be copied."""
    told = [plain_text(html) for path, html in here.said.items() if path[0] == "sections"]
    asked = [text for part in (spec.quiz, spec.flashcards) for _, text in texts_in(part)]
    return "\n".join(told + asked)


def plain_text(html: str) -> str:
    r"""HTML as text: formulas as LaTeX, a line for each paragraph.

    >>> plain_text("<p>The <strong>loss</strong> is &gt; 0.</p>\n<p>Or 0.</p>")
    'The loss is > 0.\nOr 0.'
    """
    text = unescape(TAG.sub("", ENDS.sub("\n", searchable(html))))
    return SPACES.sub("\n", text).strip()


def problems(rubric: Rubric) -> Iterable[tuple[str, str]]:
    """What a rubric claims and does not hold, as far as the installed grader can tell."""
    check = getattr(teachback, "problems", None)
    return check(rubric) if check else ()


def in_the_lesson(path: str, rubric: Rubric) -> Path:
    """Where something of a rubric stands in the lesson's file.

    Criteria and misconceptions may be named by their numbers or by their ids.
    """
    parts: list[str | int] = [
        int(part) if part.isdecimal() else part for part in PARTS.findall(path)
    ]
    known = {"criteria": rubric.criterion_ids(), "misconceptions": rubric.misconception_ids()}
    ids = known.get(str(parts[0]), []) if parts else []
    if len(parts) > 1 and parts[1] in ids:
        parts[1] = ids.index(str(parts[1]))
    return (AT, *("rubric" if part == "criteria" else part for part in parts))


def teach_back_html(task: TeachBack, rubric: Rubric, here: Here) -> str:
    """The prompt, what a good explanation says, a model answer, and what to think about next.

    It reads as it is; the page's script puts a form in it.
    """
    said = {path[1:]: html for path, html in here.said.items() if path[0] == AT}
    expected = folded(here.words("page.expected"), f"<ul>{criteria(rubric, said, here)}</ul>")
    model = folded(here.words("teach.model"), said["model_answer",])
    return (
        f'<cw-teach-back class="cw-teach-back"{written(attributes(rubric, here))}>'
        f'<div class="cw-teach">{said["prompt",]}</div>'
        f'<div class="cw-expected">{expected}</div><div class="cw-model">{model}</div>'
        f'<aside class="cw-think">{label(here.words("page.and-then"))}{said["follow_up",]}</aside>'
        f'<ul class="cw-ideas" hidden>{wrong_ideas(task, said)}</ul></cw-teach-back>'
    )


def attributes(rubric: Rubric, here: Here) -> dict[str, str]:
    """By what the page's script finds the rubric, Python and who else grades."""
    found = {
        "data-sha": rubric.sha,
        "data-rubric": f"../../{rubric_file(rubric.lesson)}",
        **place(here),
    }
    if grader := here.course.spec.grader:
        found |= {"data-grader": grader.endpoint, "data-operator": grader.operator}
        found |= {"data-passes-to": grader.passes_to} if grader.passes_to else {}
        found |= {"data-about": grader.about} if grader.about else {}
    return found


def criteria(rubric: Rubric, said: dict[Path, str], here: Here) -> str:
    """What a good explanation says, one by one."""
    return "".join(
        f'<li data-id="{each.id}" data-points="{each.points}" data-text="{escape(each.criterion)}">'
        f"<span>{inline(said['rubric', i, 'criterion'])}</span> "
        f'<span class="cw-points">{here.words.html("page.points", points=each.points)}</span></li>'
        for i, each in enumerate(rubric.criteria)
    )


def wrong_ideas(task: TeachBack, said: dict[Path, str]) -> str:
    """The misconceptions, each with what is right instead: shown where an explanation has one."""
    return "".join(
        f'<li data-id="{each.id}"><span class="cw-says">{inline(said["misconceptions", i, "says"])}'
        "</span> "
        f'<span class="cw-instead">{inline(said.get(("misconceptions", i, "instead"), ""))}</span>'
        "</li>"
        for i, each in enumerate(task.misconceptions)
    )

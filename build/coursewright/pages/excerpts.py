"""What pages written by hand may show of a course, by the words of the marker that asks for it.

demo LESSON#DEMO  a demo, as it is in its lesson
sources           the works that the lessons rest on
lessons           a table: how long each lesson takes, what it needs, what it is for
reader            where its reader left off, what is due and done: empty for a new one

Addresses in them begin with `../../`, as on a lesson's page; `markers` writes those of another.
"""

from collections.abc import Iterator, Sequence
from html import escape, unescape

from ..language.course import Course, CourseLesson
from ..language.spec import Lesson, Reference
from ..words import Words
from .html import html_block, written
from .page import Page
from .reader import reader_html

HEADS = ("page.plan-lesson", "page.plan-minutes", "page.plan-needs", "page.plan-after")


def excerpts(course: Course, pages: Sequence[Page]) -> dict[str, str]:
    """Everything of a course that other pages may show; `pages` are those of its lessons."""
    both = zip(course.lessons, pages, strict=True)
    found = {name: part for lesson, page in both for name, part in demos(lesson, page)}
    specs = [lesson.spec for lesson in course.lessons]
    reader = html_block(reader_html(course.spec.id))
    tables = {"sources": sources(specs, course.words), "lessons": lessons(specs, course.words)}
    return {**found, **tables, "reader": reader}


def demos(lesson: CourseLesson, page: Page) -> Iterator[tuple[str, str]]:
    """The demos of a lesson as they stand on its page. A search finds them there only.

    Their titles rank below the page's, since no section of the lesson stands between.
    """
    for _, demo in lesson.spec.demos():
        opening = f'<cw-demo class="cw-demo" id="{demo.id}"'
        part = next(part for part in page.parts if opening in part)
        part = part.replace('<h3 id="', '<h3 aria-level="2" id="', 1)
        yield f"demo {lesson.spec.id}#{demo.id}", f"<div data-search-exclude>{part}</div>"


def sources(specs: Sequence[Lesson], words: Words) -> str:
    """Every work once, below the first lesson that rests on it; others are named beside it."""
    users: dict[str, list[Lesson]] = {}
    for spec in specs:
        for source in spec.sources:
            users.setdefault(source.url, []).append(spec)
    parts = ""
    for spec in specs:
        new = {source.url: source for source in spec.sources if users[source.url][0] is spec}
        items = "".join(source_html(source, users[url][1:], words) for url, source in new.items())
        parts += f"<h3>{link(spec)}</h3><ul>{items}</ul>" if items else ""
    return html_block(parts, "cw-sources")


def source_html(source: Reference, others: Sequence[Lesson], words: Words) -> str:
    """A work, and the other lessons that rest on it."""
    lessons = ", ".join(map(link, others))
    also = words.html("page.also-in", lessons=lessons) if others else ""
    title = f'<a href="{escape(source.url)}">{escape(source.title)}</a>'
    return f"<li>{title} ({words.html(f'page.{source.kind}')}{also})</li>"


def lessons(specs: Sequence[Lesson], words: Words) -> str:
    """The lessons in order; on a narrow screen each cell says what it holds."""
    by_id = {spec.id: spec for spec in specs}
    named = [words.html(head) for head in HEADS]
    heads = "".join(f'<th scope="col">{head}</th>' for head in named)
    rows = ""
    for spec in specs:
        needs = ", ".join(link(by_id[need]) for need in spec.needs) or words.html("page.plan-none")
        goals = "".join(f"<li>{escape(goal)}</li>" for goal in spec.objectives)
        cells = (link(spec), str(spec.minutes), needs, f"<ul>{goals}</ul>" if goals else "")
        both = zip(named, cells, strict=True)
        row = "".join(
            f"<td{written({'data-head': unescape(head)})}>{cell}</td>"
            for head, cell in both
            if cell
        )
        rows += f"<tr>{row}</tr>"
    table = f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
    return html_block(f'<div class="cw-table"><table class="data">{table}</table></div>', "cw-plan")


def link(spec: Lesson) -> str:
    """A lesson's title, which leads to it."""
    return f'<a href="../../lessons/{spec.id}/">{escape(spec.title)}</a>'

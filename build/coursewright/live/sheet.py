"""The contact sheet: a page for authors with every demo of the course, each as its lesson has it.

It holds links; the page's script puts the demo below each, from the lesson's page, as it comes into
view. So it costs a build next to nothing, however many there are.
"""

from collections.abc import Iterable
from html import escape

from ..language.course import CourseLesson
from ..pages.html import html_block, markdown_text
from ..pages.page import Page

PATH = "lessons/__demos.md"  # as deep as the lessons: their demos' addresses hold here too
ADDRESS = "lessons/__demos/"
HEAD = [
    '---\ntitle: "Every demo"\nhide: [navigation, toc]\nsearch: {exclude: true}\n---',
    "# Every demo of the course",
]


def demo_sheet(lessons: Iterable[list[str]]) -> Page:
    """The contact sheet, of each lesson's parts."""
    parts = [part for lesson in lessons for part in lesson] or ["No lesson has a demo yet."]
    return Page(PATH, "Every demo", [*HEAD, *parts], in_menu=False)


def lesson_demos(lesson: CourseLesson) -> list[str]:
    """The demos of a lesson, as links to where they stand; nothing if it has none."""
    spec = lesson.spec
    links = "".join(
        f'<cw-sheet-demo data-lesson="{spec.id}" data-demo="{demo.id}">'
        f'<a href="../{spec.id}/#{demo.id}">{escape(demo.title)}</a></cw-sheet-demo>'
        for _, demo in spec.demos()
    )
    heading = f"## {markdown_text(spec.title)} {{#{spec.id}}}"
    return [heading, html_block(links, "cw-sheet")] if links else []

"""The page that tries everything in the reader's browser, with one of the course's demos."""

import json
from typing import Any

from ..baking.bake import demo_job
from ..baking.kitchen import Kitchen
from ..language.blocks import Demo
from ..language.course import Course
from ..language.stops import start
from ..pages.html import html_block, markdown_text, written
from ..pages.page import Page
from ..pages.render import front_matter


def check_pages(course: Course, kitchen: Kitchen) -> list[Page]:
    """The page that tries everything; none if the course has no demo that it could try."""
    for lesson in course.lessons:
        for _, demo in lesson.spec.demos():
            function = course.function(demo.target)
            if function and not function.streams:
                outcome = kitchen.outcome(demo_job(demo, course))
                return [check_page(course, demo, outcome.get("displays", []))]
    return []


def check_page(course: Course, demo: Demo, displays: list[dict[str, Any]]) -> Page:
    """The page that tries everything in the reader's browser, with one of the course's demos."""
    function = course.function(demo.target)
    assert function is not None  # the checks came first
    arguments = start(demo, function)
    inline = {"run": demo.target, "code": demo.code, "arguments": arguments}
    expected = next((text for d in displays if (text := d.get("text/plain"))), "")
    attributes = {
        "data-runtime": "../assets/runtime/",
        "data-run": "@edited" if demo.code else demo.target,
        "data-args": json.dumps(inline if demo.code else arguments),
        "data-expect": expected,
        **({"data-teach-back": ""} if grades(course) else {}),
    }
    words = course.words
    without = f"<noscript><p>{words.html('page.check-no-script')}</p></noscript>"
    parts = [
        front_matter(words("page.check-title"), words("page.check-summary")),
        f"# {markdown_text(words('page.check-heading'))}",
        html_block(
            f"<p>{words.html('page.check-about')}</p>"
            f"<cw-check{written(attributes)}>{without}</cw-check>"
        ),
    ]
    return Page("check.md", words("page.check-title"), parts)


def grades(course: Course) -> bool:
    """Whether explanations are graded in the browser, for which its Python then has the grader."""
    return any(lesson.spec.teach_back for lesson in course.lessons)

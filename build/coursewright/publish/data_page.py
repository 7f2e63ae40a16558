"""The page on what the reader's browser keeps of them: every course has it."""

from ..language.course import Course
from ..pages.html import html_block, markdown_text, written
from ..pages.page import Page
from ..pages.render import front_matter
from ..words import Words


def data_page(course: Course) -> Page:
    """The page on what this browser keeps of the reader."""
    spec, words = course.spec, course.words
    without = f"<noscript><p>{words.html('page.data-no-script')}</p></noscript>"
    about = "page.data-about-grader" if spec.grader else "page.data-about"
    parts = [
        front_matter(words("page.data-title"), words("page.data-summary")),
        f"# {markdown_text(words('page.data-title'))}",
        html_block(
            f"<p>{words.html(about)}</p><p>{words.html('page.data-carry')}</p>"
            f"<cw-data{written({'class': 'cw-data-box', 'data-course': spec.id})}>{without}"
            "</cw-data>"
        ),
        *(saving(words) if spec.offline else []),
    ]
    return Page("your-data.md", words("page.data-title"), parts)


def saving(words: Words) -> list[str]:
    """What there is to say and to do about reading without a network."""
    without = f"<noscript><p>{words.html('page.offline-no-script')}</p></noscript>"
    return [
        f"## {markdown_text(words('page.offline-title'))} {{#without-a-network}}",
        html_block(
            f"<p>{words.html('page.offline-about')}</p>"
            f"<cw-offline{written({'class': 'cw-data-box'})}>{without}</cw-offline>"
        ),
    ]

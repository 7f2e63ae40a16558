"""The page on what the reader's browser keeps of them: every course has it."""

from ..language.spec import CourseSpec
from ..pages.html import html_block, written
from ..pages.page import Page
from ..pages.render import front_matter


def data_page(spec: CourseSpec) -> Page:
    """The page on what this browser keeps of the reader."""
    without = "<noscript><p>JavaScript is switched off here, so nothing is kept.</p></noscript>"
    sent = "Nothing of it is sent anywhere."
    if spec.grader:
        sent = "Nothing of it is sent anywhere, but an explanation that you agree to have graded."
    parts = [
        front_matter("Your data", "What this browser keeps of what you do in the course."),
        "# Your data",
        html_block(
            "<p>What you do in this course stays in this browser: edited code, answers, "
            "explanations, training runs, and when cards come back. There is no account. "
            f"{sent}</p>"
            "<p>To carry it to another device, save it to a file here and load the file there; "
            "training runs stay behind. "
            "Some browsers forget sites that were not visited for a while; the file stays.</p>"
            f"<cw-data{written({'class': 'cw-data-box', 'data-course': spec.id})}>{without}"
            "</cw-data>"
        ),
        *(saving() if spec.offline else []),
    ]
    return Page("your-data.md", "Your data", parts)


def saving() -> list[str]:
    """What there is to say and to do about reading without a network."""
    without = "<noscript><p>This takes JavaScript, which is switched off here.</p></noscript>"
    return [
        "## Without a network {#without-a-network}",
        html_block(
            "<p>What you have visited can be read again without a network. You can also save the "
            "whole course in this browser, with the Python that its demos run.</p>"
            f"<cw-offline{written({'class': 'cw-data-box'})}>{without}</cw-offline>"
        ),
    ]

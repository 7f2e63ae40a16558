"""A lesson and its baked outputs as a page: Markdown headings, semantic HTML between them.

The page reads fully without JavaScript; what the browser side needs stands in its attributes.
"""

import json
from dataclasses import dataclass, field
from html import escape

from ..baking.bake import Baked
from ..baking.grid import Frames
from ..cache import Cache
from ..language.course import Course, CourseLesson
from ..language.diagnostics import Path
from ..language.spec import Lesson
from ..words import Words
from .blocks import block_html
from .here import RUNTIME_BYTES, Here
from .html import html_block, label, markdown_text
from .lint import unsafe_parts
from .page import Page
from .prose import Prose
from .reader import lesson_html
from .review import announcement, card_texts, review_parts
from .teachback import rubric_of

UNKNOWN = f' data-bytes="{RUNTIME_BYTES}"'  # also where it is typed, in Python, it is no attribute


@dataclass(frozen=True)
class Body:
    """A page without what depends on the rest of the course: its parts below the head.

    With them, what formulas in it look like (class -> style), where its links lead (kind, name,
    lesson, address), the frames of its demos, and the numbers computed in its texts (path, start,
    text). `rubric` is what explanations of the lesson are graded by, as JSON; or nothing. `cards`
    are the fronts and backs of its cards, by their keys.
    """

    parts: list[str]
    styles: dict[str, str]
    links: list[tuple[str, str, str, str]]
    frames: list[Frames]
    claims: list[tuple[Path, int, str]]
    rubric: str = ""
    cards: dict[str, list[str]] = field(default_factory=dict)


class Renderer:
    """Renders the lessons of one course."""

    def __init__(self, course: Course, prose: Prose, cache: Cache) -> None:
        self.course, self.prose, self.cache = course, prose, cache
        self.numbers = {lesson.spec.id: i for i, lesson in enumerate(course.lessons, start=1)}

    def body(self, lesson: CourseLesson, baked: Baked) -> Body:
        """The body of a lesson's page. What is wrong is reported to the lesson's source."""
        spec = lesson.spec
        here = Here(self.course, lesson.source, baked, self.prose, self.cache)
        self.prose.begin()
        parts = [no_script(here.words) if has_controls(spec) else "", announcement(spec, here)]
        count = spec.concepts
        for s, section in enumerate(spec.sections):
            parts.append(place(s + 1, count, here.words))
            parts.append(f"## {markdown_text(section.title)} {{#{section.id}}}")
            for b, block in enumerate(section.blocks):
                parts.append(block_html(block, ("sections", s, "blocks", b), here))
        parts += [place(count, count, here.words)] if spec.quiz else []
        rubric = rubric_of(lesson, here)
        parts += [*review_parts(spec, rubric, here), lesson_html(spec, self.course)]
        parts += references(spec, here.words)
        styles, links = self.prose.formulas.styles, self.prose.links.found
        safe = looked_at([part for part in parts if part], spec.id)
        claims = [(*place, text) for place, text in baked.claims.items()]
        frames, written = [*baked.frames.values()], rubric.to_json() if rubric else ""
        cards = card_texts(spec, here)
        return Body(safe, styles, links, frames, claims, written, cards)

    def page(self, lesson: CourseLesson, body: Body, runtime_bytes: int) -> Page:
        """A lesson's page: its head, and its body with the size of the Python it may load."""
        spec = lesson.spec
        head = looked_at([front_matter(spec.title, spec.summary), *self.header(lesson)], spec.id)
        told = f' data-bytes="{runtime_bytes}"'
        parts = [part.replace(UNKNOWN, told) for part in body.parts]
        return Page(f"lessons/{spec.id}.md", spec.title, [*head, *parts])

    def header(self, lesson: CourseLesson) -> list[str]:
        """What a reader wants to know first."""
        spec, words = lesson.spec, self.course.words
        place = words.html("page.lesson-of", lesson=self.numbers[spec.id], of=len(self.numbers))
        meta = [
            words.html("page.minutes", count=spec.minutes),
            words.html("page.concepts", count=spec.concepts),
            words.html("page.in-browser"),
        ]
        items = "".join(f"<li>{item}</li>" for item in meta)
        goals = "".join(f"<li>{escape(goal)}</li>" for goal in spec.objectives)
        after = f"{label(words('page.after'))}<ul>{goals}</ul>" if goals else ""
        return [
            html_block(f'<p class="cw-kicker">{place}</p>'),
            f"# {markdown_text(spec.title)} {{#lesson}}",
            html_block(
                f'<p class="cw-lede">{escape(spec.summary)}</p><ul class="cw-meta">{items}</ul>'
                + (f'<div class="cw-goals">{after}</div>' if after else ""),
                "cw-lesson-head",
            ),
        ]


def looked_at(parts: list[str], lesson: str) -> list[str]:
    """Parts of a page, if nothing in them runs or loads from elsewhere."""
    unsafe = unsafe_parts("\n\n".join(parts))
    if unsafe:
        raise RuntimeError(f"the page of {lesson} holds {unsafe[0]}, which no page may")
    return parts


def has_controls(spec: Lesson) -> bool:
    """Whether a lesson has demos that answer a reader."""
    return any(demo.controls for _, demo in spec.demos())


def no_script(words: Words) -> str:
    """What a reader whose browser runs no script is told about a page's demos, once."""
    told = words.html("page.no-script")
    return html_block(f'<noscript><p class="cw-noscript">{told}</p></noscript>')


def place(number: int, count: int, words: Words) -> str:
    """Where the reader is: words, and a rail of one mark per concept."""
    marks = "".join('<i class="on"></i>' if i < number else "<i></i>" for i in range(count))
    said = words.html("page.concept-of", concept=number, of=count)
    return html_block(
        f'<p class="cw-concept">{said}</p><div class="cw-rail" aria-hidden="true">{marks}</div>'
    )


def references(spec: Lesson, words: Words) -> list[str]:
    """The works the lesson rests on, at its end."""
    if not spec.sources:
        return []
    items = "".join(
        f'<li><a href="{escape(source.url)}">{escape(source.title)}</a> '
        f"({words.html(f'page.{source.kind}')})</li>"
        for source in spec.sources
    )
    title = markdown_text(words("page.sources"))
    return [f"## {title} {{#sources}}", html_block(f"<ul>{items}</ul>", "cw-sources")]


def front_matter(title: str, description: str) -> str:
    """The page's metadata: JSON, which is YAML without its traps; themes paste it in as HTML."""
    return (
        f"---\ntitle: {json.dumps(escape(title))}\n"
        f"description: {json.dumps(escape(description))}\n---"
    )

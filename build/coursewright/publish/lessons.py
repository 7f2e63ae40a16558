"""Lessons as pages: run and rendered when they are new, taken from the shelf when they are not."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

from ..baking.bake import Baked, bake
from ..baking.grid import Frames, bake_frames
from ..baking.kitchen import WORKERS, Kitchen
from ..cache import bake_cache, sweep_caches
from ..language.course import Course, CourseLesson
from ..pages.formulas import Formulas, stylesheet
from ..pages.links import Places
from ..pages.page import Page
from ..pages.prose import Prose
from ..pages.reader import cards_file
from ..pages.render import Body, Renderer
from ..pages.teachback import rubric_file
from ..progress import told
from .check_page import check_pages
from .shelf import Shelf
from .take_away import TakeAway

AT_A_TIME = 32  # lessons


@dataclass(frozen=True)
class Lessons:
    """Pages of lessons, the one that checks a browser, the formulas' styles, and files to copy.

    The styles are by the page's path, then by their class; `frames` are by the lesson's id; files
    and texts (rubrics and cards, as JSON) by their path in the site.
    """

    pages: list[Page]
    checking: list[Page]
    styles: dict[str, dict[str, str]]
    frames: dict[str, list[Frames]]
    files: dict[str, Path]
    texts: dict[str, str]

    @property
    def formula_styles(self) -> str:
        """The formulas' stylesheet."""
        every = self.styles.values()
        return stylesheet({name: style for styles in every for name, style in styles.items()})


class Press:
    """Turns lessons of a course into pages: runs their Python, sets their formulas.

    It stays ready for more of them until it is closed. With the address of the site, which may be
    empty, it also makes what readers can take away.
    """

    def __init__(self, course: Course, address: str | None = None) -> None:
        self.cache = bake_cache()
        self.ends = ExitStack()  # the last comes first
        self.ends.callback(sweep_caches)
        self.formulas = Formulas(concept_macros(course), self.cache)
        self.ends.callback(self.formulas.close)
        self.threads = ThreadPoolExecutor(WORKERS)
        self.ends.callback(self.threads.shutdown, cancel_futures=True)
        # First to end: it lets go of the threads that wait for it.
        self.kitchen = self.ends.enter_context(Kitchen(course, self.cache))
        self.take_away: TakeAway | None = None
        if address is not None:
            self.take_away = TakeAway(course, address, self.cache, self.kitchen.keys)

    def close(self) -> None:
        """End the processes that wait for more."""
        self.ends.close()

    def render(
        self, course: Course, lessons: Sequence[CourseLesson], runtime_bytes: int
    ) -> Lessons:
        """Run and render lessons; raises `CourseError` with the problems of both steps.

        What went wrong before is tried again.
        """
        self.kitchen.begun.clear()
        places = places_of(course)
        renderer = Renderer(course, Prose(course.spec, self.formulas, places), self.cache)
        shelf = Shelf(course, places, self.cache, self.kitchen.keys)
        found = self.bodies(lessons, renderer, shelf)
        bodies = list(told(found, "Rendering lessons", len(lessons)))
        checking = check_pages(course, self.kitchen)
        course.raise_problems()
        both = list(zip(lessons, bodies, strict=True))
        pages = [renderer.page(lesson, body, runtime_bytes) for lesson, body in both]
        styles = {page.path: body.styles for page, body in zip(pages, bodies, strict=True)}
        frames = {lesson.spec.id: body.frames for lesson, body in both}
        texts = {rubric_file(each.spec.id): body.rubric for each, body in both if body.rubric}
        texts |= {
            cards_file(each.spec.id): json.dumps(body.cards, ensure_ascii=False)
            for each, body in both
            if body.cards
        }
        made = Lessons(pages, checking, styles, frames, {}, texts)
        return with_files(made, both, shelf, self.take_away) if self.take_away else made

    def bodies(
        self, lessons: Sequence[CourseLesson], renderer: Renderer, shelf: Shelf
    ) -> Iterator[Body]:
        """The bodies of lessons' pages, in order; a few at a time, as their outputs may be large.

        What is wrong with a lesson is reported to its source.
        """
        for i in range(0, len(lessons), AT_A_TIME):
            some = lessons[i : i + AT_A_TIME]
            kept = [shelf.get(lesson) for lesson in some]
            new = [lesson for lesson, body in zip(some, kept, strict=True) if body is None]
            baked = self.threads.map(lambda each: cooked(each, renderer.course, self.kitchen), new)
            for lesson, body in zip(some, kept, strict=True):
                fresh = body or renderer.body(lesson, next(baked))
                if body is None and not lesson.problems:
                    shelf.put(lesson, fresh)
                yield fresh


def with_files(
    made: Lessons, both: list[tuple[CourseLesson, Body]], shelf: Shelf, take_away: TakeAway
) -> Lessons:
    """Lessons with the files that readers can take away, and links to them."""
    pages, files = [], dict(take_away.wheels)
    for page, (lesson, body) in zip(made.pages, told(both, "Writing notebooks"), strict=True):
        taken = take_away.of(lesson, shelf.course, body, shelf.key(lesson))
        pages.append(replace(page, parts=[*page.parts, taken.html]))
        files |= taken.files
    return replace(made, pages=pages, files=files)


def render_lessons(course: Course, runtime_bytes: int, address: str | None = None) -> Lessons:
    """Run and render every lesson; raises `CourseError` with the problems of both steps."""
    with closing(Press(course, address)) as press:
        return press.render(course, course.lessons, runtime_bytes)


def places_of(course: Course) -> Places:
    """What the course's prose may link to."""
    return Places({lesson.spec.id: lesson.ids for lesson in course.lessons}, course.images)


def cooked(lesson: CourseLesson, course: Course, kitchen: Kitchen) -> Baked:
    """A lesson's outputs. A number that failed is 0: its formula must not seem wrong as well."""
    baked = bake(lesson, course, kitchen)
    shown = {path: each for path, each in baked.displays.items() if path not in baked.failed}
    baked.frames = bake_frames(lesson, course, kitchen, shown)
    if lesson.source.problems:
        baked.claims = {place: text or "0" for place, text in baked.claims.items()}
    return baked


def concept_macros(course: Course) -> dict[str, str]:
    r"""LaTeX macros that give a concept's colour: `\loss{L}`, `\prob{p}`."""
    colors = {concept.color for concept in course.spec.concepts.values()}
    return {f"\\{color}": f"\\htmlClass{{c-{color}}}{{#1}}" for color in sorted(colors)}

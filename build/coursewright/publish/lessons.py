"""Lessons as pages: run and rendered when they are new, and kept by what they rest on.

That is a lesson's text, the Python it runs, the course's settings and this program, which make the
key; and the addresses of what it links to, which are kept with it and looked up again.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.metadata import version

from ..assets import GENERATOR, browser_folder
from ..baking.bake import Baked, bake
from ..baking.keys import DEMOS, Keys
from ..baking.kitchen import WORKERS, Kitchen
from ..cache import Cache, cache_folder, digest, digest_of_files
from ..language.blocks import CellBlock, DemoBlock, ExerciseBlock
from ..language.course import Course, CourseLesson
from ..language.ids import page_ids
from ..pages.formulas import Formulas, stylesheet
from ..pages.links import Places
from ..pages.page import Page
from ..pages.prose import Prose
from ..pages.render import Body, Renderer
from .check_page import check_pages

AT_A_TIME = 32  # lessons
LIBRARIES = ("markdown", "nh3", "pygments", "pymdown-extensions", "vl-convert-python")


@dataclass(frozen=True)
class Lessons:
    """The pages of a course, the one that checks a browser, and the formulas' stylesheet."""

    pages: list[Page]
    checking: list[Page]
    formula_styles: str


def render_lessons(course: Course, runtime_bytes: int) -> Lessons:
    """Run and render every lesson; raises `CourseError` with the problems of both steps."""
    cache, places = Cache(cache_folder() / "bake"), places_of(course)
    with closing(Formulas(concept_macros(course), cache)) as formulas:
        renderer = Renderer(course, Prose(course.spec, formulas, places), cache)
        # The kitchen is left first: it lets go of whoever waits for it.
        with ThreadPoolExecutor(WORKERS) as threads, Kitchen(course, cache) as kitchen:
            shelf = Shelf(course, places, cache, kitchen.keys)
            bodies = list(all_bodies(renderer, shelf, kitchen, threads))
            checking = check_pages(course, kitchen)
    cache.sweep()
    course.raise_problems()
    styles = {name: style for body in bodies for name, style in body.styles.items()}
    both = zip(course.lessons, bodies, strict=True)
    pages = [renderer.page(lesson, body, runtime_bytes) for lesson, body in both]
    return Lessons(pages, checking, stylesheet(styles))


def all_bodies(
    renderer: Renderer, shelf: "Shelf", kitchen: Kitchen, threads: ThreadPoolExecutor
) -> Iterator[Body]:
    """The bodies of all lessons' pages, in order; a few at a time, as their outputs may be large.

    What is wrong with a lesson is reported to its source.
    """
    course = renderer.course
    for i in range(0, len(course.lessons), AT_A_TIME):
        some = course.lessons[i : i + AT_A_TIME]
        kept = [shelf.get(lesson) for lesson in some]
        new = [lesson for lesson, body in zip(some, kept, strict=True) if body is None]
        baked = threads.map(lambda lesson: cooked(lesson, course, kitchen), new)
        for lesson, body in zip(some, kept, strict=True):
            fresh = body or renderer.body(lesson, next(baked))
            if body is None and not lesson.source.problems:
                shelf.put(lesson, fresh)
            yield fresh


class Shelf:
    """Where the bodies of pages are kept."""

    def __init__(self, course: Course, places: Places, cache: Cache, keys: Keys) -> None:
        self.course, self.places, self.cache, self.keys = course, places, cache, keys
        program = digest_of_files(GENERATOR, suffixes=(".py",))
        katex = (browser_folder() / "package-lock.json").read_bytes()
        palette = (browser_folder() / "src" / "palette.json").read_bytes()
        settings = course.spec.model_dump(exclude={"lessons"})
        libraries = [version(name) for name in LIBRARIES]
        self.shared = digest(program, katex, palette, libraries, settings)

    def get(self, lesson: CourseLesson) -> Body | None:
        """The body of a lesson's page, if it was kept and its links still lead where they did."""
        found = self.cache.get(self.key(lesson))
        if found is None:
            return None
        body = Body(**found)
        same = all(self.places.address(*link) == to for *link, to in body.links)
        return body if same else None

    def put(self, lesson: CourseLesson, body: Body) -> None:
        """Keep a body. Its lesson has no problems."""
        self.cache.put(self.key(lesson), asdict(body))

    def key(self, lesson: CourseLesson) -> str:
        """What the body of a lesson's page rests on."""
        python = {"code": list(python_of(lesson)), "packages": self.course.spec.claims}
        return digest("body", self.shared, self.keys.of(python), lesson.source.text)


def python_of(lesson: CourseLesson) -> Iterator[str]:
    """All code of a lesson; of a demo that names its function, what imports that."""
    for _, block in lesson.spec.blocks():
        match block:
            case DemoBlock(demo=demo):
                yield demo.code or f"import {DEMOS}.{demo.target.partition(':')[0]}"
            case CellBlock(cell=cell):
                yield cell.code
            case ExerciseBlock(exercise=body):
                yield from (body.solution, body.starter, *(wrong.code for wrong in body.wrong))
                yield from (check.call for check in body.checks)


def places_of(course: Course) -> Places:
    """What the course's prose may link to."""
    ids = {
        lesson.spec.id: frozenset(each.name for each in page_ids(lesson.spec, lesson.source))
        for lesson in course.lessons
    }
    return Places(ids, course.images)


def cooked(lesson: CourseLesson, course: Course, kitchen: Kitchen) -> Baked:
    """A lesson's outputs. A number that failed is 0: its formula must not seem wrong as well."""
    baked = bake(lesson, course, kitchen)
    if lesson.source.problems:
        baked.claims = {place: text or "0" for place, text in baked.claims.items()}
    return baked


def concept_macros(course: Course) -> dict[str, str]:
    r"""LaTeX macros that give a concept's colour: `\loss{L}`, `\prob{p}`."""
    colors = {concept.color for concept in course.spec.concepts.values()}
    return {f"\\{color}": f"\\htmlClass{{c-{color}}}{{#1}}" for color in sorted(colors)}

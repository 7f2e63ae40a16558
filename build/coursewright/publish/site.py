"""A whole course as pages and files, for any site builder to take."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from ..assets import bundle_folder
from ..baking.bake import Baked, bake
from ..baking.kitchen import WORKERS, Kitchen
from ..cache import Cache, cache_folder
from ..language.blocks import Demo
from ..language.course import Course, CourseLesson, load_course
from ..language.diagnostics import CourseError, Diagnostic
from ..language.ids import page_ids
from ..language.signatures import arguments_of
from ..pages.blocks import IMAGES
from ..pages.formulas import Formulas
from ..pages.html import html_block
from ..pages.links import Places
from ..pages.page import Page
from ..pages.prose import Prose
from ..pages.render import Renderer, front_matter
from .hosting import header_files
from .runtime import assemble
from .wheels import package_wheel

BUNDLE = "assets/coursewright"
RUNTIME = "assets/runtime"


@dataclass(frozen=True)
class Site:
    """Pages, files to copy (site path -> file), files to write, and what every page must name."""

    pages: list[Page]
    copies: dict[str, Path]
    texts: dict[str, str]
    scripts: list[str]
    styles: list[str]
    frame_hash: str


@dataclass(frozen=True)
class Lessons:
    """The lessons of a course as pages, what their Python gave, and their formulas' stylesheet."""

    pages: list[Page]
    baked: dict[str, Baked]
    formula_styles: str


class SiteError(Exception):
    """A site that cannot be built; the message is for the author."""


def build_site(folder: Path) -> Site:
    """Build the course in `folder`. Raises `CourseError` with everything that is wrong with it."""
    course = load_course(folder)
    bundle = bundle_folder()
    meta = json.loads((bundle / "meta.json").read_text())
    runtime = assemble(course)
    lessons = render_lessons(course, runtime.size)
    copies = files_below(bundle, BUNDLE) | files_below(runtime.folder, RUNTIME)
    copies |= {f"{IMAGES}/{name}": file for name, file in course.images.items()}
    return Site(
        pages=[*lessons.pages, *check_pages(course, lessons.baked)],
        copies=copies,
        texts={f"{BUNDLE}/formulas.css": lessons.formula_styles, **header_files(copies)},
        scripts=[f"{BUNDLE}/{meta['entry']}"],
        styles=[f"{BUNDLE}/{meta['style']}", f"{BUNDLE}/formulas.css"],
        frame_hash=meta["frame_sha256"],
    )


def check_course(folder: Path) -> Course:
    """Do all of a build that can find an author's mistake, and raise `CourseError` with them all.

    Only the browser's runtime is left out: its size is shown in pages, which nobody sees here.
    """
    course = load_course(folder)
    problems = package_problems(course)
    try:
        render_lessons(course, runtime_bytes=0)
    except CourseError as error:
        problems += error.diagnostics
    if problems:
        raise CourseError(problems)
    return course


def package_problems(course: Course) -> list[Diagnostic]:
    """What keeps the course's packages from becoming wheels."""
    problems: list[Diagnostic] = []
    for folder in course.package_folders():
        try:
            package_wheel(folder, cache_folder())
        except CourseError as error:
            problems += error.diagnostics
    return problems


def render_lessons(course: Course, runtime_bytes: int) -> Lessons:
    """Run and render every lesson; raises `CourseError` with the problems of both steps."""
    cache = Cache(cache_folder() / "bake")
    # The kitchen is left first: it lets go of whoever waits for it.
    with ThreadPoolExecutor(WORKERS) as threads, Kitchen(course, cache) as kitchen:
        given = threads.map(lambda lesson: cooked(lesson, course, kitchen), course.lessons)
        baked = {lesson.spec.id: each for lesson, each in zip(course.lessons, given, strict=True)}
    formulas = Formulas(concept_macros(course), cache)
    try:
        prose = Prose(course.spec, formulas, places(course))
        renderer = Renderer(course, prose, cache, runtime_bytes)
        pages = [renderer.page(lesson, baked[lesson.spec.id]) for lesson in course.lessons]
    finally:
        formulas.close()
    course.raise_problems()
    return Lessons(pages, baked, formulas.stylesheet())


def places(course: Course) -> Places:
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


def files_below(folder: Path, prefix: str) -> dict[str, Path]:
    """Every file of a folder by its path in the site; names that begin with a dot stay behind."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {
        f"{prefix}/{file.relative_to(folder).as_posix()}": file
        for file in files
        if not file.name.startswith(".")
    }


def check_pages(course: Course, baked: dict[str, Baked]) -> list[Page]:
    """The page that tries everything in the reader's browser; none if the course has no demo."""
    for lesson in course.lessons:
        for path, demo in lesson.spec.demos():
            function = course.function(demo.target)
            if function and not function.streams:
                return [check_page(course, demo, baked[lesson.spec.id].displays[path])]
    return []


def check_page(course: Course, demo: Demo, displays: list[dict[str, Any]]) -> Page:
    """The page that tries everything in the reader's browser, with one of the course's demos."""
    function = course.function(demo.target)
    assert function is not None  # the checks came first
    arguments = arguments_of(demo, function)
    inline = {"run": demo.target, "code": demo.code, "arguments": arguments}
    expected = next((text for d in displays if (text := d.get("text/plain"))), "")
    attributes = {
        "data-runtime": "../assets/runtime/",
        "data-run": "@edited" if demo.code else demo.target,
        "data-args": json.dumps(inline if demo.code else arguments),
        "data-expect": expected,
    }
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    parts = [
        front_matter("Check your browser", "Does this browser run everything the course uses?"),
        "# Does this browser run everything?",
        html_block(
            "<p>This page runs the whole chain the demos use, here in your browser, and says "
            "what happened at each step. Nothing is sent anywhere.</p>"
            f"<cw-check{written}><noscript><p>The demos need JavaScript, which is switched off "
            "here. The lessons can be read without it.</p></noscript></cw-check>"
        ),
    ]
    return Page("check.md", "Check your browser", parts)

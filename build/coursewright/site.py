"""A whole course as pages and files, for any site builder to take."""

import json
from dataclasses import dataclass
from html import escape
from pathlib import Path

from .assets import bundle_folder
from .bake import Baked, Kitchen, bake
from .cache import Cache, cache_folder
from .course import Course, load_course
from .formulas import Formulas
from .hosting import header_files
from .prose import Prose
from .render import Page, Renderer, front_matter, html_block
from .runtime import assemble
from .signatures import arguments_of

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


def build_site(folder: Path) -> Site:
    """Build the course in `folder`. Raises `CourseError` with everything that is wrong with it."""
    course = load_course(folder)
    bundle = bundle_folder()
    meta = json.loads((bundle / "meta.json").read_text())
    runtime = assemble(course)
    cache = Cache(cache_folder() / "bake")
    baked = bake_all(course, cache)
    formulas = Formulas(concept_macros(course), cache)
    try:
        renderer = Renderer(course, Prose(course.spec, formulas), cache, runtime.size)
        pages = [renderer.page(lesson, baked[lesson.spec.id]) for lesson in course.lessons]
    finally:
        formulas.close()
    course.raise_problems()
    copies = files_below(bundle, BUNDLE) | files_below(runtime.folder, RUNTIME)
    return Site(
        pages=[*pages, check_page(course, renderer, baked)],
        copies=copies,
        texts={f"{BUNDLE}/formulas.css": formulas.stylesheet(), **header_files(copies)},
        scripts=[f"{BUNDLE}/{meta['entry']}"],
        styles=[f"{BUNDLE}/{meta['style']}", f"{BUNDLE}/formulas.css"],
        frame_hash=meta["frame_sha256"],
    )


def bake_all(course: Course, cache: Cache) -> dict[str, Baked]:
    """The outputs of every lesson by its id; raises `CourseError` if something fails."""
    with Kitchen(course, cache) as kitchen:
        baked = {lesson.spec.id: bake(lesson, course, kitchen) for lesson in course.lessons}
    course.raise_problems()
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


def check_page(course: Course, renderer: Renderer, baked: dict[str, Baked]) -> Page:
    """The page that tries everything in the reader's browser, with the course's first demo."""
    lesson, path, demo = next(
        (lesson, path, demo) for lesson in course.lessons for path, demo in lesson.spec.demos()
    )
    function = course.function(demo.run)
    assert function is not None  # the checks came first
    displays = baked[lesson.spec.id].displays[path]
    expected = next((text for d in displays if (text := d.get("text/plain"))), "")
    attributes = {
        "data-runtime": "../assets/runtime/",
        "data-run": demo.run,
        "data-args": json.dumps(arguments_of(demo, function)),
        "data-expect": expected,
    }
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    text = "\n\n".join(
        [
            front_matter("Check your browser", "Does this browser run everything the course uses?"),
            "# Does this browser run everything?",
            html_block(
                "<p>This page runs the whole chain the demos use, here in your browser, and says "
                "what happened at each step. Nothing is sent anywhere.</p>"
                f"<cw-check{written}><noscript><p>The demos need JavaScript, which is switched off "
                "here. The lessons can be read without it.</p></noscript></cw-check>"
            ),
        ]
    )
    return Page("check.md", "Check your browser", text + "\n")

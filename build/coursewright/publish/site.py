"""A whole course as pages and files, for any site builder to take."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from ..assets import bundle_folder
from ..cache import bake_cache, cache_folder
from ..errors import CoursewrightError
from ..language.course import Course
from ..language.diagnostics import CourseError, Diagnostic
from ..pages.blocks import IMAGES
from ..pages.excerpts import excerpts
from ..pages.page import Page
from ..pages.reader import OUTLINE, outline
from ..words import ENGLISH, Words
from .data import ready_course
from .data_page import data_page
from .frames import frame_files, report
from .hosting import header_files
from .lessons import Lessons, render_lessons
from .offline import WORKERS
from .runtime import Runtime, assemble
from .wheels import package_wheel

BUNDLE = "assets/coursewright"
RUNTIME = "assets/runtime"


@dataclass(frozen=True)
class Site:
    """Pages, files to copy (site path -> file), files to write, and what every page must name.

    `connect` are the addresses beside the site's own that pages may talk to; `offline` says whether
    browsers keep the site. `excerpts` are what pages written by hand may show, by the words that
    ask for it; `report` tells the author which demos answer without Python. Pages carry
    `words` that are not English to the browser side; `notes` are for the author.
    """

    pages: list[Page]
    copies: dict[str, Path]
    texts: dict[str, str]
    scripts: list[str]
    styles: list[str]
    frame_hash: str
    connect: list[str]
    offline: bool
    excerpts: dict[str, str]
    report: str
    words: Words = ENGLISH
    notes: list[Diagnostic] = field(default_factory=list)


class SiteError(CoursewrightError):
    """A site that cannot be built; the message is for the author, with its problems one by one."""

    def __init__(self, message: str, problems: list[Diagnostic] | None = None) -> None:
        super().__init__(message)
        self.problems = problems or []


def build_site(folder: Path, address: str = "") -> Site:
    """Build the course in `folder`. Raises `CourseError` with everything that is wrong with it.

    `address` is that of the site, if it is known: what readers take away names it.
    """
    course = ready_course(folder)
    runtime = assemble(course)
    return site_of(course, runtime, render_lessons(course, runtime.size, address))


def site_of(course: Course, runtime: Runtime, lessons: Lessons) -> Site:
    """A course whose lessons are rendered as a whole site."""
    bundle = bundle_folder()
    specs = [lesson.spec for lesson in course.lessons]
    meta = json.loads((bundle / "meta.json").read_text())
    copies = files_below(bundle, BUNDLE) | files_below(runtime.folder, RUNTIME)
    copies |= frame_files(lessons.frames, bake_cache())
    headers = header_files(copies)  # of these only: other names may look as if they had a hash
    copies |= {f"{IMAGES}/{name}": file for name, file in course.images.items()} | lessons.files
    return Site(
        pages=[*lessons.pages, *lessons.checking, data_page(course)],
        copies=copies,
        texts={
            f"{BUNDLE}/formulas.css": lessons.formula_styles,
            OUTLINE: outline(course.spec.id, specs, course.words),
            **headers,
            **lessons.texts,
        },
        scripts=[f"{BUNDLE}/{meta['entry']}"],
        styles=[f"{BUNDLE}/{meta['style']}", f"{BUNDLE}/formulas.css"],
        frame_hash=meta["frame_sha256"],
        connect=[course.spec.grader.endpoint] if course.spec.grader else [],
        offline=course.spec.offline,
        excerpts=excerpts(course, lessons.pages),
        report=report(lessons.frames),
        words=course.words,
        notes=course.notes,
    )


def check_course(folder: Path) -> Course:
    """Do all of a build that can find an author's mistake, and raise `CourseError` with them all.

    Only the browser's runtime is left out: its size is shown in pages, which nobody sees here.
    """
    course = ready_course(folder)
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


def files_below(folder: Path, prefix: str) -> dict[str, Path]:
    """Every file of a folder by its path in the site; workers and names with a dot first stay."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {
        f"{prefix}/{file.relative_to(folder).as_posix()}": file
        for file in files
        if not file.name.startswith(".") and file.name not in WORKERS
    }

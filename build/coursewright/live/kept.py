"""A course kept in memory, of which only lessons that were saved are read, run and rendered again.

A lesson is saved with its own file or with the example sentences for it.

Everything else (demos, packages, the course's list, a lesson that comes or goes) asks for a whole
build, and so does what other pages show of a lesson or link to: its title, an id that is gone.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from ..language.course import Course, CourseLesson, reload_lessons
from ..language.explanations import FOLDER as EXPLANATIONS
from ..pages.page import Page
from ..publish.lessons import Lessons, Press
from ..publish.runtime import Runtime
from ..publish.site import Site, site_of
from .sheet import demo_sheet, lesson_demos


@dataclass(frozen=True)
class News:
    """What is new in a site: pages, and files by their paths."""

    pages: list[Page]
    texts: dict[str, str]
    copies: dict[str, Path]


class KeptCourse:
    """A course that was built, with its site as it was built last."""

    def __init__(self, course: Course, runtime: Runtime) -> None:
        """Run and render all of it. Raises `CourseError` with everything that is wrong with it."""
        self.course, self.runtime = course, runtime
        self.press = Press(course, address="")
        try:
            self.lessons = self.rendered(course, course.lessons)
            self.press.kitchen.warm()  # while the author writes on
            self.demos = {lesson.spec.id: lesson_demos(lesson) for lesson in course.lessons}
            self.site = self.site_with(course, self.lessons, self.demos)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the processes that wait for more."""
        self.press.close()

    def rendered(self, course: Course, lessons: list[CourseLesson]) -> Lessons:
        """Lessons as pages."""
        return self.press.render(course, lessons, self.runtime.size)

    def site_with(self, course: Course, lessons: Lessons, demos: dict[str, list[str]]) -> Site:
        """The whole site, and the contact sheet."""
        site = site_of(course, self.runtime, lessons)
        return replace(site, pages=[*site.pages, demo_sheet(demos.values())])

    def renew(self, changed: Collection[Path]) -> News | None:
        """What is new after files changed; None if only a whole build can tell.

        Raises `CourseError` with what is wrong with the lessons that changed: then nothing is new.
        """
        names = self.lessons_among(changed)
        if names is None:
            return None
        course, again = reload_lessons(self.course, names)
        known = {lesson.spec.id: lesson for lesson in self.course.lessons}
        if any(shows_elsewhere(known[lesson.spec.id], lesson) for lesson in again):
            return None
        lessons = merged(self.lessons, self.rendered(course, again))
        demos = self.demos | {lesson.spec.id: lesson_demos(lesson) for lesson in again}
        site = self.site_with(course, lessons, demos)
        news = difference(self.site, site)
        if news is not None:
            self.course, self.lessons, self.demos, self.site = course, lessons, demos, site
        return news

    def lessons_among(self, changed: Collection[Path]) -> set[str] | None:
        """The ids of the lessons that changed; None if something else did."""
        folders = [self.course.folder.resolve() / name for name in ("lessons", EXPLANATIONS)]
        if not all(file.resolve().parent in folders for file in changed):
            return None
        written = {file for file in changed if file.suffix == ".yml"}  # the rest is an editor's
        names = {file.stem for file in written}
        known = {lesson.spec.id for lesson in self.course.lessons}
        there = all(file.is_file() for file in written)
        return names if names <= known and there else None


def shows_elsewhere(old: CourseLesson, new: CourseLesson) -> bool:
    """Whether more than its page may have to change with a lesson: menus, links, the runtime."""
    graded = bool(old.spec.teach_back) != bool(new.spec.teach_back)
    return graded or old.spec.title != new.spec.title or not old.ids <= new.ids


def merged(old: Lessons, new: Lessons) -> Lessons:
    """All lessons, some of them rendered again."""
    fresh = {page.path: page for page in new.pages}
    pages = [fresh.get(page.path, page) for page in old.pages]
    frames, files = old.frames | new.frames, old.files | new.files
    styles, texts = old.styles | new.styles, old.texts | new.texts
    return Lessons(pages, new.checking, styles, frames, files, texts)


def difference(old: Site, new: Site) -> News | None:
    """What a site has that another has not; None if they differ in more than what files hold."""
    if [page.path for page in old.pages] != [page.path for page in new.pages]:
        return None
    if (old.scripts, old.styles, old.frame_hash) != (new.scripts, new.styles, new.frame_hash):
        return None
    return News(
        [page for before, page in zip(old.pages, new.pages, strict=True) if page != before],
        {path: text for path, text in new.texts.items() if old.texts.get(path) != text},
        {path: file for path, file in new.copies.items() if old.copies.get(path) != file},
    )

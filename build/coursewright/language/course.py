"""A course in memory: `course.yml`, its lessons and demo modules, read and checked as one."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from ..progress import told
from ..words import ENGLISH, Words
from .blocks import Demo, inline_module
from .data import check_data
from .diagnostics import CourseError, Diagnostic, did_you_mean, shown
from .diagnostics import Path as SpecPath
from .explanations import ExplanationsFile, check_explanations, load_explanations, strays
from .expressions import ExpressionError, claim_problems, parse
from .ids import check_ids, page_ids
from .images import check_images, image_files
from .imports import check_imports, import_problems
from .load import load
from .packages import check_packages, modules_of, package_folders, wheels_of
from .pyodide import Package, pyodide_packages, with_dependencies
from .references import check_references
from .signatures import Function, Module, check_controls, module_of, read_module
from .source import Source
from .spec import CourseSpec, Lesson
from .wheels import Wheel
from .words import load_words


@dataclass
class CourseLesson:
    """A lesson and the file it was read from; example sentences for its rubric, if it has some."""

    spec: Lesson
    source: Source
    explanations: ExplanationsFile | None = None

    @property
    def problems(self) -> list[Diagnostic]:
        """What is wrong with its files."""
        more = self.explanations.source.problems if self.explanations else []
        return [*self.source.problems, *more]

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids on its page, which links may lead to."""
        return frozenset(each.name for each in page_ids(self.spec, self.source))


@dataclass
class Course:
    """Everything an author wrote, checked; `problems` collects what later steps find."""

    folder: Path
    spec: CourseSpec
    source: Source  # of `course.yml`
    lessons: list[CourseLesson] = field(default_factory=list)
    modules: dict[str, Module] = field(default_factory=dict)
    images: dict[str, Path] = field(default_factory=dict)
    data: Wheel | None = None  # with the files of `data`, once they are made
    words: Words = ENGLISH
    notes: list[Diagnostic] = field(default_factory=list)
    """What an author may want to know, and publish all the same."""

    def function(self, target: str) -> Function | None:
        """The demo function a `module:function` names, or None."""
        module, _, name = target.partition(":")
        return self.modules[module].functions.get(name) if module in self.modules else None

    def package_folders(self) -> list[Path]:
        """The source folders of the packages the demos need."""
        return package_folders(self.folder, self.spec)

    def wheels(self) -> list[Wheel]:
        """The wheels that the demos need: those beside the course, and the one of its data."""
        found = [each for _, each in wheels_of(self.folder, self.spec) if isinstance(each, Wheel)]
        return [*found, *([self.data] if self.data else [])]

    def pyodide(self) -> list[Package]:
        """The packages of Pyodide that the demos need, with all that is loaded with them."""
        return with_dependencies(self.spec.pyodide, pyodide_packages())

    @cached_property
    def available(self) -> set[str] | None:
        """What can be imported from the packages; None if that cannot be told."""
        return modules_of(self.folder, self.spec)

    def raise_problems(self) -> None:
        """Raise `CourseError` if any lesson has a problem."""
        problems = [problem for lesson in self.lessons for problem in lesson.problems]
        if problems:
            raise CourseError(problems)


def load_course(folder: Path) -> Course:
    """Read and check a course. Raises `CourseError` with every problem of every file."""
    file = folder / "course.yml"
    if not file.is_file():
        message = "expected a course here, found no course.yml"
        raise CourseError([Diagnostic(shown(file), 1, 1, "", message)])
    spec, source = load(CourseSpec, file, shown(file))
    if spec is None:
        raise CourseError(source.problems)
    course = Course(folder, spec, source, images=image_files(folder))
    modules = [file for file in sorted((folder / "demos").glob("[!_]*.py")) if file.is_file()]
    course.modules = {module.stem: read_module(module, shown(module)) for module in modules}
    problems = [told for module in course.modules.values() for told in module_problems(module)]
    problems += import_problems(folder / "demos", course.available)
    check_packages(folder, spec, source, course.available)
    check_concepts(spec, source)
    check_data(spec, course.modules, source)
    if given := load_words(folder, spec, source):
        course.words, course.notes = given.words, given.notes
        problems += given.source.problems
    problems += load_lessons(course, source)
    problems += strays(folder, spec.lessons)
    for lesson in course.lessons:
        check(lesson, course)
        problems += lesson.problems
    problems += source.problems
    if problems:
        raise CourseError(problems)
    return course


def load_lessons(course: Course, source: Source) -> list[Diagnostic]:
    """Fill in the course's lessons; returns what keeps a file from being read at all."""
    folder = course.folder / "lessons"
    there = {file.stem for file in folder.glob("*.yml")}
    problems: list[Diagnostic] = []
    for i, name in told(list(listed_lessons(course.spec, source)), "Reading lessons"):
        file = folder / f"{name}.yml"
        if name not in there:
            hint = did_you_mean(name, there)
            source.report(("lessons", i), f"expected a file {shown(file)}, found none", hint)
            continue
        lesson, unreadable = load_lesson(file, course)
        course.lessons += [lesson] if lesson else []
        problems += unreadable
    report_unlisted(there, course.spec, source)
    return problems


def load_lesson(file: Path, course: Course) -> tuple[CourseLesson | None, list[Diagnostic]]:
    """Read a lesson, and the modules in it into the course; or what keeps it from being read."""
    spec, source = load(Lesson, file, shown(file))
    if spec is None:
        return None, source.problems
    for _, demo in spec.demos():
        if demo.code:
            course.modules[inline_module(demo.code)] = module_of(demo.code, shown(file))
    return CourseLesson(spec, source, load_explanations(course.folder, file.stem)), []


def reload_lessons(course: Course, names: Collection[str]) -> tuple[Course, list[CourseLesson]]:
    """A course with some of its lessons read and checked again, and those lessons.

    All else is taken as it is, and to be right. Raises `CourseError` with every problem of theirs.
    """
    fresh = replace(course, lessons=list(course.lessons), modules=dict(course.modules))
    problems, again = [], []
    for i, known in enumerate(course.lessons):
        if known.spec.id in names:
            file = course.folder / "lessons" / f"{known.spec.id}.yml"
            lesson, unreadable = load_lesson(file, fresh)
            problems += unreadable
            if lesson:
                fresh.lessons[i] = lesson
                again.append(lesson)
    drop_modules(fresh, course)
    for lesson in again:
        check(lesson, fresh)
        problems += lesson.problems
    if problems:
        raise CourseError(problems)
    return fresh, again


def drop_modules(course: Course, before: Course) -> None:
    """Drop the modules of code that was in lessons of a course before, and is in none now."""
    then, now = (
        {
            inline_module(demo.code)
            for each in one.lessons
            for _, demo in each.spec.demos()
            if demo.code
        }
        for one in (before, course)
    )
    for name in then - now:
        course.modules.pop(name, None)


def listed_lessons(spec: CourseSpec, source: Source) -> Iterator[tuple[int, str]]:
    """The lessons of `course.yml` with their places in its list; one listed twice is told."""
    for i, name in enumerate(spec.lessons):
        first = spec.lessons.index(name)
        if first < i and name:
            line = source.place(("lessons", first)).line
            message = f"duplicate lesson {name!r}, first given on line {line}"
            source.report(("lessons", i), message, "Remove one of the two.")
        elif name:  # a name the schema refuses is empty here
            yield i, name


def report_unlisted(there: set[str], spec: CourseSpec, source: Source) -> None:
    """Report lesson files `course.yml` does not list, if all of its list can be read."""
    if not spec.lessons or "" in spec.lessons:
        return
    for name in sorted(there - set(spec.lessons)):
        message = f"lesson '{name}' has a file but is not listed"
        source.report(("lessons",), message, f"Add `- {name}` to `lessons`, or move the file away.")


def check_concepts(spec: CourseSpec, source: Source) -> None:
    """A word belongs to one concept, since it can take one colour only."""
    owners: dict[str, str] = {}
    for name, concept in spec.concepts.items():
        for i, word in enumerate(concept.words if concept else []):
            owner = owners.setdefault(word.lower(), name)
            if owner != name:
                message = f"the word {word!r} belongs to the concept {owner!r} already"
                fix = "A word takes one colour: give it to one of the two."
                source.report(("concepts", name, "words", i), message, fix)


def module_problems(module: Module) -> list[Diagnostic]:
    """The syntax error of a demo module, if it has one."""
    error = module.error
    if error is None:
        return []
    place = (error.lineno or 1, error.offset or 1)
    return [Diagnostic(module.file, *place, "", f"Python syntax: {error.msg}")]


def check(lesson: CourseLesson, course: Course) -> None:
    """Check what one value cannot tell: ids, references, demos against functions, claims."""
    spec, source = lesson.spec, lesson.source
    stem = Path(source.file).stem
    if spec.id and spec.id != stem:
        source.report(("id",), f"expected the file's name '{stem}', got {spec.id!r}")
    check_needs(lesson, course)
    check_ids(spec, source)
    check_imports(spec, source, course.available)
    check_references(spec, source)
    check_images(spec, source, course.images)
    check_explanations(spec, source, lesson.explanations)
    for path, demo in spec.demos():
        check_demo(demo, path, lesson, course)
    for path, text in spec.texts():
        for start, message in claim_problems(text):
            source.report_inside(path, start, message)


def check_needs(lesson: CourseLesson, course: Course) -> None:
    """A lesson needs others of the course."""
    known = course.spec.lessons
    for i, need in enumerate(lesson.spec.needs):
        at = ("needs", i)
        if lesson.source.full:
            break
        if need and need == lesson.spec.id:
            lesson.source.report(at, "expected another lesson, got this one", "Remove it.")
        elif need and known and "" not in known and need not in known:
            message = f"expected a lesson of the course, got {need!r}"
            lesson.source.report(at, message, did_you_mean(need, known))


def check_demo(demo: Demo, path: SpecPath, lesson: CourseLesson, course: Course) -> None:
    """A demo names a function that exists and takes what its controls set."""
    source = lesson.source
    try:
        parse(demo.expect or "0")
    except ExpressionError as error:
        source.report((*path, "expect"), str(error))
    function = target(demo, path, source, course) if demo.target else None
    if function is None:
        return
    if demo.steps is not None and not function.streams:
        message = f"expected a generator to show {demo.steps} steps of, got a plain function"
        source.report((*path, "steps"), message, "Yield each step's result, or remove `steps`.")
    if all(demo.controls.values()):  # a control the schema refuses is None
        check_controls(demo, function, path, source)


def target(demo: Demo, path: SpecPath, source: Source, course: Course) -> Function | None:
    """The function a demo names or holds; None if there is none, which is reported."""
    name, _, function_name = demo.target.partition(":")
    at = (*path, demo.code_key)
    if demo.code is not None and not function_name:
        source.report(at, "expected a public function in the code, found none")
        return None
    module = course.modules.get(name)
    if module is None:
        hint = did_you_mean(name, course.modules)
        source.report(at, f"expected a file demos/{name}.py in the course, found none", hint)
        return None
    if function_name not in module.functions and module.error is None:
        hint = did_you_mean(function_name, module.functions)
        message = f"expected a function '{function_name}' in {module.file}, found none"
        source.report(at, message, hint)
    return module.functions.get(function_name)

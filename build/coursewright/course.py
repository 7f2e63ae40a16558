"""A course in memory: `course.yml`, its lessons and demo modules, read and checked as one."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from .diagnostics import CourseError, Diagnostic, did_you_mean
from .diagnostics import Path as SpecPath
from .expressions import ExpressionError, claims, parse
from .load import load
from .signatures import Function, Module, check_controls, read_module
from .source import Source
from .spec import CourseSpec, Demo, Lesson


@dataclass
class CourseLesson:
    """A lesson and the file it was read from."""

    spec: Lesson
    source: Source


@dataclass
class Course:
    """Everything an author wrote, checked; `problems` collects what later steps find."""

    folder: Path
    spec: CourseSpec
    lessons: list[CourseLesson] = field(default_factory=list)
    modules: dict[str, Module] = field(default_factory=dict)

    def function(self, target: str) -> Function | None:
        """The demo function a `module:function` names, or None."""
        module, _, name = target.partition(":")
        return self.modules[module].functions.get(name) if module in self.modules else None

    def package_folders(self) -> list[Path]:
        """The source folders of the packages the demos need."""
        return [(self.folder / package).resolve() for package in self.spec.packages]

    def raise_problems(self) -> None:
        """Raise `CourseError` if any lesson has a problem."""
        problems = [problem for lesson in self.lessons for problem in lesson.source.problems]
        if problems:
            raise CourseError(problems)


def shown(file: Path) -> str:
    """A file's path as authors know it: relative to where they stand, if it is below."""
    try:
        return file.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return os.fspath(file)


def load_course(folder: Path) -> Course:
    """Read and check a course. Raises `CourseError` with every problem of every file."""
    file = folder / "course.yml"
    if not file.is_file():
        message = "expected a course here, found no course.yml"
        raise CourseError([Diagnostic(shown(file), 1, 1, "", message)])
    spec, source = load(CourseSpec, file, shown(file))
    if spec is None:
        raise CourseError(source.problems)
    course = Course(folder, spec)
    problems = source.problems
    modules = sorted((folder / "demos").glob("[!_]*.py"))
    course.modules = {module.stem: read_module(module, shown(module)) for module in modules}
    for module in course.modules.values():
        problems += module_problems(module)
    problems += load_lessons(course, source)
    for lesson in course.lessons:
        check(lesson, course)
        problems += lesson.source.problems
    if problems:
        raise CourseError(problems)
    return course


def load_lessons(course: Course, source: Source) -> list[Diagnostic]:
    """Fill in the course's lessons; returns what is wrong with them."""
    folder = course.folder / "lessons"
    there = {file.stem for file in folder.glob("*.yml")}
    problems: list[Diagnostic] = []
    for i, name in enumerate(course.spec.lessons):
        file = folder / f"{name}.yml"
        if name not in there:
            hint = did_you_mean(name, there)
            source.report(("lessons", i), f"expected a file {shown(file)}, found none", hint)
            continue
        spec, lesson_source = load(Lesson, file, shown(file))
        if spec is None:
            problems += lesson_source.problems
        else:
            course.lessons.append(CourseLesson(spec, lesson_source))
    for name in sorted(there - set(course.spec.lessons)):
        message = f"lesson '{name}' has a file but is not listed"
        source.report(("lessons",), message, f"Add `- {name}` to `lessons`, or move the file away.")
    return problems


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
    if spec.id != stem:
        source.report(("id",), f"expected the file's name '{stem}', got {spec.id!r}")
    for i, need in enumerate(spec.needs):
        if need not in course.spec.lessons:
            hint = did_you_mean(need, course.spec.lessons)
            source.report(("needs", i), f"expected a lesson of the course, got {need!r}", hint)
    check_ids(lesson)
    for path, demo in spec.demos():
        check_demo(demo, path, lesson, course)
    for path, text in spec.texts():
        try:
            claims(text)
        except ExpressionError as error:
            source.report_inside(path, error.start, str(error))


def check_ids(lesson: CourseLesson) -> None:
    """Every id of a page stands once."""
    seen: dict[str, SpecPath] = {}
    sections = [(("sections", i), section.id) for i, section in enumerate(lesson.spec.sections)]
    demos = [(path, demo.id) for path, demo in lesson.spec.demos()]
    for path, name in [*sections, *demos]:
        at: SpecPath = (*path, "id")
        if name in seen:
            line = lesson.source.values[seen[name]].line
            lesson.source.report(at, f"duplicate id {name!r}, first given on line {line}")
        seen.setdefault(name, at)


def check_demo(demo: Demo, path: SpecPath, lesson: CourseLesson, course: Course) -> None:
    """A demo names a function that exists and takes what its controls set."""
    source, at = lesson.source, (*path, "run")
    name, _, function_name = demo.run.partition(":")
    module = course.modules.get(name)
    if module is None:
        hint = did_you_mean(name, course.modules)
        source.report(at, f"expected a file demos/{name}.py in the course, found none", hint)
        return
    function = module.functions.get(function_name)
    if function is None:
        if module.error is None:
            hint = did_you_mean(function_name, module.functions)
            message = f"expected a function '{function_name}' in {module.file}, found none"
            source.report(at, message, hint)
        return
    if function.streams:
        message = f"{demo.run} is a generator; demos are plain functions that return their result"
        source.report(at, message)
    check_controls(demo, function, path, source)
    try:
        parse(demo.expect or "0")
    except ExpressionError as error:
        source.report((*path, "expect"), str(error))

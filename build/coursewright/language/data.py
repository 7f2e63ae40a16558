"""Files that the demos of a course read and a function of theirs makes: `data` in `course.yml`."""

from collections.abc import Mapping

from .diagnostics import did_you_mean
from .signatures import Function, Module
from .source import Source
from .spec import CourseSpec

DATA = "course_data"  # the package that demos find the files in


def check_data(spec: CourseSpec, modules: Mapping[str, Module], source: Source) -> None:
    """Each file is made by a function of the demos that can be called without arguments."""
    for name, target in spec.data.items():
        if not target:  # one the schema refuses is empty here
            continue
        module, _, function = target.partition(":")
        at = ("data", name)
        if module not in modules:
            hint = did_you_mean(module, modules)
            source.report(at, f"expected a file demos/{module}.py in the course, found none", hint)
        elif modules[module].error is None:
            functions = modules[module].functions
            if function not in functions:
                message = f"expected a function '{function}' in {modules[module].file}, found none"
                source.report(at, message, did_you_mean(function, functions))
            else:
                check_maker(functions[function], function, at, source)


def check_maker(function: Function, name: str, at: tuple[str, str], source: Source) -> None:
    """A function that makes a file needs nothing to be told, and returns it."""
    if function.needed:
        needs = ", ".join(sorted(function.needed))
        message = f"expected a function without arguments, got {name}({needs})"
        source.report(at, message, "Give each a default.")
    elif function.streams:
        source.report(at, f"expected a function that returns bytes, got the generator {name}")

"""What a worker has to know of a course before its first job."""

import ast
import json
from collections.abc import Iterable, Iterator
from functools import cached_property

from ..language.course import Course
from ..language.imports import imports_in
from ..language.packages import package_modules
from .keys import Keys, code_of


class Needs:
    """What workers of a course need, looked up when the first of them is started."""

    def __init__(self, course: Course, keys: Keys) -> None:
        self.course, self.keys = course, keys

    @cached_property
    def line(self) -> str:
        """As JSON: what to import, and the names of the packages whose sources the course gives."""
        own = package_modules(self.course.package_folders())
        own = own.union(*(wheel.modules for wheel in self.course.wheels()))
        imports = package_imports(self.codes(), self.course.available or own)
        return json.dumps({"imports": imports, "packages": sorted(own)})

    def codes(self) -> Iterator[str | bytes]:
        """All code of the course."""
        yield from (self.keys.content(name) for name in self.keys.files)
        for lesson in self.course.lessons:
            yield from code_of(lesson.spec)
        yield from (f"from {name} import *" for name in self.course.spec.claims)


def package_imports(codes: Iterable[str | bytes], packages: set[str]) -> list[str]:
    """The import statements in pieces of code that are about some packages, each once, sorted."""
    return sorted(
        {
            ast.unparse(node if isinstance(node, ast.ImportFrom) else ast.Import([node]))
            for code in codes
            for node, module in imports_in(code)
            if module.partition(".")[0] in packages
        }
    )

"""What a job's outcome rests on, as one digest. What changes anything else runs nothing again.

A job rests on itself, on the course's packages, on Python and NumPy, on the few modules of this
package that run it, and of the demos on those it imports, as far as the source tells.
"""

import ast
import platform
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..assets import GENERATOR
from ..cache import digest, digest_of_files, is_written, stamps
from ..language.blocks import CellBlock, DemoBlock, ExerciseBlock
from ..language.course import Course
from ..language.pyodide import installed
from ..language.spec import Lesson

DEMOS = "demos"  # the package of a course's demos
DECIDING = (  # the modules of this package that a worker has
    "errors.py",
    "runner.py",
    "baking/worker.py",
    "baking/frames.py",
    "language/expressions.py",
    "language/diagnostics.py",
)
# One thread each: the order in which several add numbers up changes the last digits.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    # The engine's kernels differ in the last digits from one processor to the next.
    "PYENGINE_KERNELS": "numpy",
}
# Ways to import what the source does not name.
UNTOLD = {"importlib", "pkgutil", "runpy", "__import__", "eval", "exec"}
MAY_IMPORT = re.compile(rf"from[\s\\]*\.|{DEMOS}|{'|'.join(UNTOLD)}")


class Keys:
    """Digests of jobs; everything a course's jobs share is read once, when this is made."""

    def __init__(self, course: Course) -> None:
        wheel_files = [wheel.file for wheel in course.wheels()]
        self.places = [course.folder / DEMOS, *course.package_folders(), *wheel_files]
        self.stamps = stamps(*self.places)  # before anything is read
        self.files: dict[str, Path] = {}
        self.data_files: list[Path] = []
        self.contents: dict[str, bytes] = {}
        self.imported: dict[str, frozenset[str]] = {}
        self.digests: dict[frozenset[str], str] = {}
        data = self.read(course.folder / DEMOS)
        packages = digest_of_files(*(each for each in course.package_folders() if each.is_dir()))
        wheels = [file.read_bytes() for file in wheel_files]
        theirs = {package.name: installed(package.name) for package in course.pyodide()}
        python = [sys.version, platform.machine(), installed("numpy"), theirs]
        deciding = [(GENERATOR / name).read_bytes() for name in DECIDING]
        self.shared = digest(packages, *wheels, python, ENVIRONMENT, *deciding)
        self.data = digest(*data)

    def read(self, demos: Path) -> list[object]:
        """Note the modules of a folder; returns the names and contents of its other files."""
        data: list[object] = []
        for file in sorted(demos.rglob("*")):  # a package comes before a module of its name
            inside = file.relative_to(demos)
            if not (file.is_file() and is_written(inside)):
                continue
            if file.suffix == ".py":
                self.files.setdefault(module_name(inside), file)
            else:
                self.data_files.append(file)
                data += [inside.as_posix(), file.read_bytes()]
        return data

    def hold(self) -> bool:
        """Whether what the keys tell of is what was run: since they were made, nobody has saved
        any of it.
        """
        return stamps(*self.places) == self.stamps

    def of(self, job: dict[str, Any]) -> str:
        """The key of a job: another one as soon as anything it rests on is another."""
        named = frozenset[str]().union(*(self.imports(code) for code in python_of(job)))
        return digest(self.shared, job, self.digest_of(named) if named else "")

    def digest_of(self, modules: frozenset[str]) -> str:
        """The digest of demo modules, all they import in turn, and the data beside them."""
        if modules not in self.digests:
            found = self.closure(modules)
            parts = [part for name in found for part in (name, self.content(name))]
            self.digests[modules] = digest(self.data, *parts)
        return self.digests[modules]

    def closure(self, modules: frozenset[str]) -> list[str]:
        """Demo modules and all they import in turn, sorted."""
        found: set[str] = set()
        left = set(modules)
        while left:
            name = left.pop()
            found.add(name)
            left |= {*self.imports_of(name), *parents(name)} - found
        return sorted(found)

    def content(self, name: str) -> bytes:
        """The source of a demo module; nothing of one that is not there, but may come."""
        if name not in self.contents:
            self.contents[name] = self.files[name].read_bytes() if name in self.files else b""
        return self.contents[name]

    def imports_of(self, name: str) -> frozenset[str]:
        """The demo modules that a demo module imports."""
        if name not in self.imported:
            is_package = name in self.files and self.files[name].name == "__init__.py"
            package = name if is_package else name.rpartition(".")[0]
            code = self.content(name).decode("utf-8", "replace")
            self.imported[name] = self.imports(code, package)
        return self.imported[name]

    def imports(self, code: str, package: str = "") -> frozenset[str]:
        """The demo modules that code of a package imports: all of them if that cannot be told."""
        if not MAY_IMPORT.search(code):
            return frozenset()
        try:
            found = [name for node in ast.walk(ast.parse(code)) for name in named(node, package)]
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            found = ["*"]
        return frozenset(self.files if "*" in found else found)


def python_of(job: dict[str, Any]) -> Iterator[str]:
    """Everything in a job that is Python, or may be: the import of its target, all its texts."""
    if "target" in job:
        yield f"import {DEMOS}.{job['target'].partition(':')[0]}"
    yield from (f"import {package}" for package in job.get("packages", []))
    yield from texts([value for key, value in job.items() if key not in ("target", "packages")])


def code_of(lesson: Lesson) -> Iterator[str]:
    """All code of a lesson; of a demo that names its function, what imports that."""
    for _, block in lesson.blocks():
        match block:
            case DemoBlock(demo=demo):
                yield demo.code or f"import {DEMOS}.{demo.target.partition(':')[0]}"
            case CellBlock(cell=cell):
                yield cell.code
            case ExerciseBlock(exercise=body):
                yield from (body.solution, body.starter, *(wrong.code for wrong in body.wrong))
                yield from (check.call for check in body.checks)


def texts(value: Any) -> Iterator[str]:
    """Every text in JSON data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts(item)


def named(node: ast.AST, package: str) -> Iterator[str]:
    """The demo modules a piece of syntax imports; `*` for some that it does not name."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            top, _, rest = alias.name.partition(".")
            if top in UNTOLD or (top == DEMOS and not rest):
                yield "*"
            elif top == DEMOS:
                yield alias.name
    elif isinstance(node, ast.ImportFrom):
        yield from named_from(node, package)
    elif isinstance(node, ast.Name) and node.id in UNTOLD:
        yield "*"


def named_from(node: ast.ImportFrom, package: str) -> Iterator[str]:
    """The demo modules that `from … import …` imports: what it names may be modules or not."""
    parts = package.split(".") if node.level else []
    above = parts[: len(parts) - node.level + 1]
    origin = ".".join([*above, *([node.module] if node.module else [])])
    top = origin.partition(".")[0]
    if top in UNTOLD:
        yield "*"
    elif top == DEMOS:
        yield origin
        yield from ("*" if each.name == "*" else f"{origin}.{each.name}" for each in node.names)


def parents(name: str) -> list[str]:
    """The packages that are imported before a module: `demos` and `demos.a` for `demos.a.b`."""
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]


def module_name(inside: Path) -> str:
    """The name of a module by its place in the folder of demos."""
    parts = [DEMOS, *inside.with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

"""Which modules the demos import that the reader's browser will not have.

The build's own environment holds far more than a page does: a demo that imports `pydantic` runs
there, and would fail only in front of a reader.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from ..cache import is_written
from .diagnostics import Diagnostic, shown
from .diagnostics import Path as SpecPath
from .expressions import DEEPEST_CODE, depth
from .pyodide import pyodide_packages
from .source import Source
from .spec import Lesson

# Of the standard library Pyodide leaves these out: they need a terminal, a screen or a system.
LEFT_OUT = {
    *("curses", "dbm", "ensurepip", "grp", "idlelib", "msvcrt", "nt", "pwd", "pydoc_data"),
    *("readline", "resource", "syslog", "tkinter", "turtle", "turtledemo", "venv", "winreg"),
    "winsound",
}
# What every page has; of this package it has nothing but the runner.
SERVED = {*sys.stdlib_module_names, "numpy", "demos", "js", "pyodide"} - LEFT_OUT
RUNNER = "coursewright.runner"
LACKING = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


def missing_imports(demos: Path, available: set[str]) -> list[tuple[Path, int, int, str]]:
    """The imports of demos that the browser cannot serve: file, line, column (from 1), module.

    `available` are the top-level names that can be imported from the course's packages. Left out
    are imports that a demo can do without (`try: … except ImportError`) or never runs
    (`if TYPE_CHECKING`), and files with a syntax error, which is reported elsewhere.
    """
    found = []
    for file in sorted(demos.rglob("*.py")):
        if file.is_file() and is_written(file.relative_to(demos)):
            for node, module in imports_of(file):
                if not is_served(module, available):
                    found.append((file, node.lineno, node.col_offset + 1, top_or_own(module)))
    return found


def is_served(module: str, available: set[str]) -> bool:
    """Whether the browser has a module, given by its full name."""
    return module.partition(".")[0] in SERVED | available or module == RUNNER


def top_or_own(module: str) -> str:
    """The name to report: what would have to be installed, or which part of this package it is."""
    top = module.partition(".")[0]
    return module if top == "coursewright" else top


def imports_of(file: Path) -> Iterator[tuple[ast.alias | ast.ImportFrom, str]]:
    """The absolute imports a file cannot do without, with the module's full name."""
    return imports_in(file.read_bytes())


def imports_in(code: bytes | str) -> Iterator[tuple[ast.alias | ast.ImportFrom, str]]:
    """The absolute imports that code cannot do without, with the module's full name."""
    tree = parsed(code)
    if tree is None:
        return
    for node in needed_nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((alias, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module == "coursewright":  # its parts are modules, and may be missing
                yield from ((node, f"coursewright.{alias.name}") for alias in node.names)
            else:
                yield node, node.module


def parsed(code: bytes | str) -> ast.Module | None:
    """The syntax tree of code, or nothing where it is wrong, which is reported elsewhere."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree if depth(tree) <= DEEPEST_CODE else None


def needed_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it in order, without the bodies whose imports may fail."""
    yield node
    optional = list(node.body) if isinstance(node, (ast.Try, ast.If)) and is_optional(node) else []
    for child in ast.iter_child_nodes(node):
        if child not in optional:
            yield from needed_nodes(child)


def is_optional(node: ast.Try | ast.If) -> bool:
    """Whether a body may lack its imports: it is for type checkers, or has a way out."""
    if isinstance(node, ast.If):
        return last_name(node.test) == "TYPE_CHECKING"
    return any(catches_missing(handler) for handler in node.handlers)


def catches_missing(handler: ast.ExceptHandler) -> bool:
    """Whether an `except` catches the error of a missing module."""
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(last_name(each) in LACKING for each in caught)


def last_name(node: ast.expr) -> str:
    """The last part of a dotted name: `TYPE_CHECKING` for `typing.TYPE_CHECKING`."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def import_problems(demos: Path, available: set[str] | None) -> list[Diagnostic]:
    """Imports of the demos that would fail in the reader's browser.

    `available` is what can be imported from the course's packages; None if it cannot be told.
    """
    missing = [] if available is None else missing_imports(demos, available)
    return [
        Diagnostic(shown(file), line, column, "", lacking(module), remedy(module))
        for file, line, column, module in missing
    ]


def lacking(module: str) -> str:
    """What is said of an import that would fail."""
    lacks = "which the reader's browser will not have"
    known = "known are the standard library, numpy and the course's packages"
    return f"imports `{module}`, {lacks}; {known}"


def remedy(module: str) -> str:
    """What to do about an import that would fail, if Pyodide has the package."""
    top = module.partition(".")[0]
    found = [each.name for each in pyodide_packages().values() if top in each.modules]
    return f"Add `{found[0]}` to `pyodide` in course.yml." if found else ""


def check_imports(spec: Lesson, source: Source, available: set[str] | None) -> None:
    """Report imports of a lesson's own code that would fail in the reader's browser."""
    if available is None:
        return
    for path, code in codes(spec):
        for node, module in imports_in(code):
            if not is_served(module, available):
                told = (lacking(top_or_own(module)), remedy(module))
                source.report_in_code(path, node.lineno, *told)


def codes(spec: Lesson) -> Iterator[tuple[SpecPath, str]]:
    """The code that stands in a lesson, with its path."""
    for path, block in spec.blocks():
        for key, field in (("demo", "code"), ("cell", "code"), ("exercise", "solution")):
            code = getattr(getattr(block, key, None), field, None)
            if code:
                yield (*path, key, field), code

"""The packages of a course: the source folders its demos import from, here and in the browser."""

import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from .diagnostics import did_you_mean, shown
from .source import Source
from .spec import CourseSpec


def package_folders(course: Path, spec: CourseSpec) -> list[Path]:
    """The source folders `course.yml` in the folder `course` names."""
    return [(course / package).resolve() for package in spec.packages]


def check_packages(course: Path, spec: CourseSpec, source: Source) -> None:
    """The packages are there, and the modules of `claims` can be imported."""
    for i, package in enumerate(spec.packages):
        folder = course / package
        if package and not is_package(folder):
            message = f"expected a folder with a pyproject.toml, found none at {shown(folder)}"
            source.report(("packages", i), message)
    known = package_modules(package_folders(course, spec))
    for i, name in enumerate(spec.claims):
        if name and not importable(name, known):
            hint = did_you_mean(name, [*known, *sys.stdlib_module_names])
            hint = hint or "It is a module of one of `packages`, or of the standard library."
            source.report(("claims", i), f"expected a module to import, got {name!r}", hint)


def is_package(folder: Path) -> bool:
    """Whether a folder holds the source of a package."""
    return (folder / "pyproject.toml").is_file()


def package_modules(folders: Iterable[Path]) -> set[str]:
    """The modules programs import packages by (in `src`, or beside the project)."""
    found = set()
    for folder in folders:
        place = folder / "src" if (folder / "src").is_dir() else folder
        found |= {file.parent.name for file in place.glob("*/__init__.py")}
        found |= {file.stem for file in place.glob("*.py")}
    return found


def importable(name: str, known: set[str]) -> bool:
    """Whether there is such a module, as far as can be told without importing anything."""
    parts = name.split(".")
    if not all(part.isidentifier() for part in parts) or parts[0] == "__main__":
        return False
    return parts[0] in known | {"demos"} or find_spec(parts[0]) is not None

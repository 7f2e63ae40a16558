"""The packages of a course: what its demos import beside NumPy, here and in the browser.

Source folders (`packages`), pure-Python wheels (`wheels`), packages of Pyodide (`pyodide`).
"""

import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from packaging.utils import canonicalize_name

from .data import DATA
from .diagnostics import did_you_mean, shown
from .pyodide import SERVED, Package, installed, pyodide_packages, with_dependencies
from .source import Source
from .spec import CourseSpec
from .wheels import Wheel, WheelError, damage_in, read_wheel


def package_folders(course: Path, spec: CourseSpec) -> list[Path]:
    """The source folders `course.yml` in the folder `course` names."""
    return [(course / package).resolve() for package in spec.packages]


def wheels_of(course: Path, spec: CourseSpec) -> Iterator[tuple[int, Wheel | WheelError]]:
    """The wheels `course.yml` names with their places in its list, or what is wrong with them."""
    for i, name in enumerate(spec.wheels):
        if name:  # one the schema refuses is empty here
            try:
                yield i, read_wheel((course / name).resolve())
            except WheelError as error:
                yield i, error


def modules_of(course: Path, spec: CourseSpec) -> set[str] | None:
    """What a course's packages can be imported by; None if some cannot be told."""
    folders = package_folders(course, spec)
    wheels = [wheel for _, wheel in wheels_of(course, spec)]
    table = pyodide_packages()
    known = all(canonicalize_name(name) in table for name in spec.pyodide)
    if not known or not all(map(is_package, folders)):
        return None
    found = package_modules(folders)
    for wheel in wheels:
        if isinstance(wheel, WheelError):
            return None
        found |= wheel.modules
    found |= {DATA} if spec.data else set()
    return found.union(*(each.modules for each in with_dependencies(spec.pyodide, table)))


def check_packages(
    course: Path, spec: CourseSpec, source: Source, available: set[str] | None
) -> None:
    """The packages are there with all they need, and the modules of `claims` can be imported.

    `available` is what `modules_of` told.
    """
    for i, package in enumerate(spec.packages):
        folder = course / package
        if package and not is_package(folder):
            message = f"expected a folder with a pyproject.toml, found none at {shown(folder)}"
            source.report(("packages", i), message)
    table = pyodide_packages()
    for i, name in enumerate(spec.pyodide):
        if name:
            check_pyodide(name, ("pyodide", i), table, source)
    check_wheels(course, spec, table, source)
    if available is not None:
        check_claims(spec, available, source)


def check_claims(spec: CourseSpec, available: set[str], source: Source) -> None:
    """Numbers in the prose call modules that there are."""
    for i, name in enumerate(spec.claims):
        if name and not importable(name, available):
            hint = did_you_mean(name, [*available, *sys.stdlib_module_names])
            hint = hint or "It is a module of one of `packages`, or of the standard library."
            source.report(("claims", i), f"expected a module to import, got {name!r}", hint)


def check_pyodide(
    name: str, at: tuple[str, int], table: dict[str, Package], source: Source
) -> None:
    """A package that Pyodide has, and that is installed here, where demos run at build."""
    package = table.get(canonicalize_name(name))
    if package is None:
        hint = did_you_mean(name, table) or f"It has: {', '.join(table)}."
        source.report(at, f"expected a package of Pyodide, got {name!r}", hint)
    elif not installed(package.name):
        message = f"expected {package.name!r} to be installed here too, where demos run at build"
        fix = f"Run `pip install {package.name}=={package.version}`, the version readers get."
        source.report(at, f"{message}, found none", fix)


def check_wheels(course: Path, spec: CourseSpec, table: dict[str, Package], source: Source) -> None:
    """Wheels that a page can load, no two of a package, and all they need beside them."""
    theirs = [each.name for each in with_dependencies(spec.pyodide, table)]
    have = {SERVED, *theirs, *project_names(package_folders(course, spec))}
    found = list(wheels_of(course, spec))
    brought = {wheel.name for _, wheel in found if isinstance(wheel, Wheel)}
    for i, wheel in found:
        if isinstance(wheel, WheelError):
            source.report(("wheels", i), str(wheel))
            continue
        for message, fix in wheel_problems(wheel, have, brought, table):
            source.report(("wheels", i), message, fix)
        have.add(wheel.name)


def wheel_problems(
    wheel: Wheel, have: set[str], brought: set[str], table: dict[str, Package]
) -> Iterator[tuple[str, str]]:
    """What is wrong with a wheel beside what the course has, and what to do about it."""
    if damage := damage_in(wheel):
        yield f"expected a wheel that can be unpacked: {damage}", "Get it again."
    if wheel.name in have:
        message = f"expected one package {wheel.name!r} in the course, got a second one"
        yield message, "Remove one of the two."
    for need in sorted(set(wheel.needs) - have - brought):
        where = f"`{need}` to `pyodide`" if need in table else "its wheel to `wheels`"
        message = f"the package {wheel.name!r} needs {need!r}, which the course does not have"
        yield message, f"Add {where}."


def other_versions(spec: CourseSpec) -> list[str]:
    """What to say of packages that readers get in another version than is installed here."""
    return [
        f"note: readers get {each.name} {each.version}, here it is {installed(each.name)}; "
        "`coursewright test --browser` tells whether that matters"
        for each in with_dependencies(spec.pyodide, pyodide_packages())
        if each.name != SERVED and installed(each.name) not in ("", each.version)
    ]


def is_package(folder: Path) -> bool:
    """Whether a folder holds the source of a package."""
    try:
        return (folder / "pyproject.toml").is_file()
    except (OSError, ValueError):  # a name too long for a file's, or with a null in it
        return False


def project_names(folders: Iterable[Path]) -> set[str]:
    """The names of packages, one spelling each, as far as their source folders can be read."""
    found = set()
    for folder in folders:
        try:
            found.add(str(canonicalize_name(project_name(folder))))
        except (OSError, tomllib.TOMLDecodeError, KeyError):
            continue  # told where the package is built
    return found


def project_name(folder: Path) -> str:
    """The distribution name of a package's source folder."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["name"])


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

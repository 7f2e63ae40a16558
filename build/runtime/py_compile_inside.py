"""Run `pyodide py-compile` inside Pyodide and compare. Started by with_pyodide_build.mjs.

/job/sources holds wheels and a zip of sources, /job/served the same as the site serves them;
/host is where pyodide-build is installed. The outcome goes to /job/report.json.
"""

import importlib
import importlib.util
import json
import marshal
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

HEADER = 16  # bytes before the code in a .pyc: magic number, flags, and a hash or a date


def main(work: Path) -> None:
    """Compare every archive and write the report."""
    compared, problems = {}, []
    for source in sorted((work / "sources").iterdir()):
        expected = compiled_files(py_compile(source))
        served = compiled_files(work / "served" / source.name)
        compared[source.name] = len(expected)
        problems += [f"{source.name}: {line}" for line in differences(expected, served)]
    magic = int.from_bytes(importlib.util.MAGIC_NUMBER[:2], "little")
    report = {"magic": magic, "compared": compared, "problems": problems}
    (work / "report.json").write_text(json.dumps(report))


def py_compile(archive: Path) -> Path:
    """Return the archive that `pyodide py-compile` makes of this one (it renames wheels)."""
    command = importlib.import_module("pyodide_build.cli.py_compile").main
    folder = Path(tempfile.mkdtemp())
    shutil.copy(archive, folder)
    command([str(folder / archive.name), "--silent"], standalone_mode=False)
    (result,) = folder.iterdir()
    return result


def compiled_files(path: Path) -> dict[str, bytes]:
    """Return the .pyc files of an archive by the name of their source, wherever they stand."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".pyc")]
        return {source_of(name): archive.read(name) for name in names}


def source_of(name: str) -> str:
    """Name the .py a .pyc was made from."""
    beside = "/__pycache__/" in name
    return importlib.util.source_from_cache(name) if beside else name[:-1]


def differences(expected: dict[str, bytes], served: dict[str, bytes]) -> list[str]:
    """Name what differs: files one side lacks, and files whose code is not equal.

    Code objects compare equal whatever path they were compiled at, which does differ.
    """
    lines = [f"{name} is not compiled" for name in sorted(expected.keys() - served.keys())]
    lines += [f"{name} has no source" for name in sorted(served.keys() - expected.keys())]
    for name in sorted(expected.keys() & served.keys()):
        if expected[name][:4] != served[name][:4]:
            lines.append(f"{name} is compiled for another Python")
        elif marshal.loads(expected[name][HEADER:]) != marshal.loads(served[name][HEADER:]):
            lines.append(f"{name} is compiled to other code")
    return lines


sys.path.append("/host")
main(Path("/job"))

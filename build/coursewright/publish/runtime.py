"""The Python that pages run: pinned Pyodide, NumPy, the course's packages and its demos."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ..assets import assembler
from ..cache import cache_folder, digest, digest_of_files, kept_folder
from ..errors import CoursewrightError
from ..language.course import Course
from ..language.wheels import read_wheel
from ..node import find_node
from .wheels import course_wheel, package_wheel

KEPT = 8


class RuntimeAssemblyError(CoursewrightError):
    """The runtime cannot be assembled; the assembler has said why on stderr."""


@dataclass(frozen=True)
class Runtime:
    """An assembled runtime folder, and what loading all of it costs a reader in bytes."""

    folder: Path
    size: int


def assemble(course: Course) -> Runtime:
    """Assemble the runtime of a course, or take it from the cache if nothing changed."""
    cache = cache_folder()
    own = [package_wheel(folder, cache) for folder in course.package_folders()]
    demos = course_wheel(course, cache)
    compiled = [*own, *(wheel.file for wheel in course.wheels())]
    options = [f"--package={package.name}" for package in course.pyodide()]
    options += [f"--import={name}" for wheel in own for name in sorted(read_wheel(wheel).modules)]
    program = digest_of_files(assembler().parent, suffixes=(".py", ".mjs", ".json"))
    key = digest(program, options, *(wheel.read_bytes() for wheel in (*compiled, demos)))
    options += [*(f"--compile={wheel}" for wheel in compiled), f"--wheel={demos}"]
    made = cache / "runtimes"
    folder = kept_folder(made, key[:16], lambda out: run_assembler(out, cache, options))
    forget_oldest(made)
    manifest = json.loads((folder / "manifest.json").read_text())
    return Runtime(folder, int(manifest["bytes"]))


def run_assembler(out: Path, cache: Path, arguments: list[str]) -> None:
    """Have a runtime with the given wheels and packages written to `out`."""
    places = ["--out", str(out), "--cache", str(cache), "--node", str(find_node())]
    command = [sys.executable, str(assembler()), *places, *arguments]
    if subprocess.run(command).returncode:
        raise RuntimeAssemblyError("the Python runtime could not be assembled (see above)")


def forget_oldest(folder: Path) -> None:
    """Keep the newest few runtimes: each is 10 MB, and an author's every change makes one."""
    for old in sorted(folder.iterdir(), key=last_used, reverse=True)[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def last_used(folder: Path) -> float:
    """When a folder was last used; long ago if another build has just removed it."""
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0

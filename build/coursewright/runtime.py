"""The Python that pages run: pinned Pyodide, NumPy, the course's packages and its demos."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .assets import assembler
from .cache import cache_folder, digest, digest_of_files
from .course import Course
from .node import find_node
from .wheels import course_wheel, package_wheel

KEPT = 8


class RuntimeAssemblyError(RuntimeError):
    """The runtime cannot be assembled; the assembler has said why on stderr."""


@dataclass(frozen=True)
class Runtime:
    """An assembled runtime folder, and what loading all of it costs a reader in bytes."""

    folder: Path
    size: int


def assemble(course: Course) -> Runtime:
    """Assemble the runtime of a course, or take it from the cache if nothing changed."""
    cache = cache_folder()
    packages = [package_wheel(folder, cache) for folder in course.package_folders()]
    demos = course_wheel(course, cache)
    program = digest_of_files(assembler().parent, suffixes=(".py", ".mjs", ".json"))
    parts = [program, *(digest(wheel.read_bytes()) for wheel in (*packages, demos))]
    folder = cache / "runtimes" / digest(*parts)[:16]
    if not (folder / "manifest.json").is_file():
        compiled = [argument for wheel in packages for argument in ("--compile", str(wheel))]
        places = ["--out", str(folder), "--cache", str(cache), "--node", str(find_node())]
        command = [sys.executable, str(assembler()), *places, *compiled, "--wheel", str(demos)]
        if subprocess.run(command).returncode:
            raise RuntimeAssemblyError("the Python runtime could not be assembled (see above)")
        forget_oldest(folder.parent)
    os.utime(folder)  # in use: not among the oldest
    manifest = json.loads((folder / "manifest.json").read_text())
    return Runtime(folder, int(manifest["bytes"]))


def forget_oldest(folder: Path) -> None:
    """Keep the newest few runtimes: each is 10 MB, and an author's every change makes one."""
    kept = sorted(folder.iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in kept[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)

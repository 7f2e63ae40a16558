"""The wheels a course takes into the reader's browser: its packages; its demos and the runner."""

import base64
import csv
import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from ..archive import zipped
from ..assets import GENERATOR
from ..cache import digest_of_files, is_written, kept_folder, write_atomically
from ..language.course import Course
from ..language.diagnostics import CourseError, Diagnostic
from ..language.packages import project_name
from .checklist import checklist


def package_wheel(folder: Path, cache: Path) -> Path:
    """The wheel of a package's source folder, built anew only when its sources changed."""
    key = digest_of_files(folder)[:16]
    kept = kept_folder(cache / "wheels", key, lambda place: build_wheel(folder, place))
    return next(kept.glob("*.whl"))


def build_wheel(folder: Path, place: Path) -> None:
    """Build a package's wheel into the folder `place`."""
    # Any build backend will do; the course's own environment has it, so nothing is fetched.
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "315532800"}
    made = subprocess.run(
        [*command, "--wheel-dir", str(place), str(folder)],
        env=environment,
        capture_output=True,
        text=True,
    )
    if made.returncode:
        message = f"cannot build this package's wheel:\n{made.stderr.strip()[-2000:]}"
        raise CourseError([Diagnostic(str(folder), 1, 1, "", message)])


def course_wheel(course: Course, cache: Path) -> Path:
    """The wheel `course`: the whole demos folder, and the runner that calls what is in it.

    Beside them, if a lesson is explained back, what grades that.
    """
    contents = {f"demos/{name}": raw for name, raw in written_files(course.folder / "demos")}
    contents["coursewright/__init__.py"] = b""
    contents["coursewright/runner.py"] = (GENERATOR / "runner.py").read_bytes()
    if any(lesson.spec.teach_back for lesson in course.lessons):
        contents |= checklist()
    names = ["numpy", *map(project_name, course.package_folders())]
    names += [wheel.name for wheel in course.wheels()]
    names += [package.name for package in course.pyodide()]
    needs = [f"Requires-Dist: {name}" for name in names]
    contents |= metadata("course", "0", needs)
    raw = zipped(recorded(contents))
    name = f"course-0-{hashlib.sha256(raw).hexdigest()[:16]}"
    file = cache / "wheels" / name / "course-0-py3-none-any.whl"
    write_atomically(file, raw)  # each time: what stands there may be damaged
    return file


def written_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files in a folder that are somebody's work: their paths in it, and their contents."""
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder)
        if file.is_file() and is_written(inside):
            yield inside.as_posix(), file.read_bytes()


def metadata(name: str, version: str, extra: list[str]) -> dict[str, bytes]:
    """The metadata files of a pure-Python wheel (without RECORD)."""
    about = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *extra]
    wheel = ["Wheel-Version: 1.0", "Generator: coursewright", "Root-Is-Purelib: true"]
    return {
        f"{name}-{version}.dist-info/METADATA": ("\n".join(about) + "\n").encode(),
        f"{name}-{version}.dist-info/WHEEL": "\n".join([*wheel, "Tag: py3-none-any\n"]).encode(),
    }


def recorded(contents: dict[str, bytes]) -> dict[str, bytes]:
    """The files of a wheel with RECORD, which lists them with their hashes."""
    tops = (name.partition("/")[0] for name in contents)
    record = f"{next(top for top in tops if top.endswith('.dist-info'))}/RECORD"
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")  # quotes a comma in a file's name
    rows.writerows((name, f"sha256={short_hash(raw)}", len(raw)) for name, raw in contents.items())
    rows.writerow((record, "", ""))
    return {**contents, record: out.getvalue().encode()}


def short_hash(raw: bytes) -> str:
    """A file's hash as RECORD writes it (PEP 376)."""
    return base64.urlsafe_b64encode(hashlib.sha256(raw).digest()).rstrip(b"=").decode()

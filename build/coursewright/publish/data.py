"""The files a course's demos read: made by a function of its demos, once, and kept by its content.

Demos find them in the package `course_data`, here as in the reader's browser.
"""

import base64
import hashlib
from pathlib import Path

from ..archive import zipped
from ..baking.kitchen import Job, Kitchen
from ..baking.told import report_raised, said
from ..cache import Cache, bake_cache, cache_folder, write_atomically
from ..language.course import Course, load_course
from ..language.data import DATA
from ..language.diagnostics import CourseError
from ..language.wheels import read_wheel
from ..progress import told
from .wheels import metadata, recorded

READER = '''"""The files that were made for this course's demos."""

from pathlib import Path


def read(name: str) -> bytes:
    """Read a file by its name in `course.yml`."""
    return (Path(__file__).parent / name).read_bytes()
'''
SECONDS = 600.0  # training takes its time, once


def ready_course(folder: Path, cache: Cache | None = None) -> Course:
    """Read and check a course, and make the files its demos read if that was not done before.

    Raises `CourseError` with everything that is wrong with it.
    """
    course = load_course(folder)
    if course.spec.data:
        files = made(course, cache or bake_cache())
        course.data = read_wheel(data_wheel(files, cache_folder()))
    return course


def made(course: Course, cache: Cache) -> dict[str, bytes]:
    """The files of `data` in `course.yml`: their contents by their names."""
    with Kitchen(course, cache, seconds=SECONDS, workers=1) as kitchen:
        waiting = [kitchen.begin(data_job(target)) for target in course.spec.data.values()]
        done = told(waiting, "Making files for demos")
        outcomes = dict(zip(course.spec.data, [each.result() for each in done], strict=True))
    for name, outcome in outcomes.items():
        if "error" in outcome:
            error, at = outcome["error"], ("data", name)
            report_raised(course.source, at, "", error, f"cannot make it: {said(error)}")
    if course.source.problems:
        raise CourseError(course.source.problems)
    return {name: base64.b64decode(outcome["bytes"]) for name, outcome in outcomes.items()}


def data_job(target: str) -> Job:
    """The job of making a file."""
    return {"kind": "data", "target": target}


def data_wheel(files: dict[str, bytes], cache: Path) -> Path:
    """The wheel of the package that gives demos these files."""
    contents = {f"{DATA}/{name}": raw for name, raw in files.items()}
    contents |= {f"{DATA}/__init__.py": READER.encode(), **metadata(DATA, "0", [])}
    raw = zipped(recorded(contents))
    file = cache / "wheels" / f"{DATA}-{hashlib.sha256(raw).hexdigest()[:16]}"
    file /= f"{DATA}-0-py3-none-any.whl"
    write_atomically(file, raw)  # each time: what stands there may be damaged
    return file

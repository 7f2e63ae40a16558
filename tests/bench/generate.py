"""`bench -- generate`: a course of a thousand lessons, against MkDocs Material with the same text.

Everything is measured with a warm cache, as authors and their CI have it; a first build is told
beside it. A child process does each job alone and says how long it took; its peak memory is the
operating system's figure.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import synthetic
from run import row

MANY, FEW, RUNS = 1000, 10, 3
TIMED = """\
import sys, time
from pathlib import Path
from coursewright.language.course import load_course
from coursewright.publish.lessons import render_lessons
from coursewright.publish.site import check_course
started = time.perf_counter()
{work}
print(time.perf_counter() - started)
"""
SAVED = f"""\
import sys, time
from pathlib import Path
import synthetic
from coursewright.mkdocs_serve import MkDocsBuilder
folder = Path(sys.argv[1]).parent
build = MkDocsBuilder(folder / "mkdocs.yml")
build(folder / "site", ())
for number in range({RUNS}):
    file = folder / "course" / "lessons" / f"lesson-{{number}}.yml"
    synthetic.rewrite(file)
    started = time.perf_counter()
    assert build(folder / "site", {{file}}) == [f"lessons/lesson-{{number}}/"]
    print(time.perf_counter() - started)
build.forget()
"""
CHECK = TIMED.format(work="check_course(Path(sys.argv[1]))")
RENDER = TIMED.format(work="render_lessons(load_course(Path(sys.argv[1])), 0, '')")


def rows() -> list[dict[str, Any]]:
    """Seconds with their bars, and the ratios that have one."""
    with tempfile.TemporaryDirectory(prefix="nudge-bench-") as scratch:
        return measured(Path(scratch))


def measured(scratch: Path) -> list[dict[str, Any]]:
    """Write the courses, warm the cache, then measure in turns."""
    os.environ["NUDGE_CACHE"] = str(scratch / "cache")
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    many, few, plain = (scratch / name for name in ("many", "few", "plain"))
    for folder, lessons in ((many, MANY), (few, FEW)):
        synthetic.write_course(folder, lessons)
        synthetic.write_site(folder, ["search", "coursewright"])
    synthetic.write_plain(plain, MANY)
    tell("a first build of all lessons, with an empty cache")
    (first,), memory_first = python(RENDER, many)
    python(RENDER, few)
    mkdocs(few)
    jobs: dict[str, Callable[[], tuple[list[float], int]]] = {
        "check": lambda: python(CHECK, many),
        "many": lambda: python(RENDER, many),
        "few": lambda: python(RENDER, few),
        "build": lambda: mkdocs(many),
        "plain": lambda: mkdocs(plain),
    }
    done: dict[str, list[tuple[list[float], int]]] = {name: [] for name in jobs}
    for turn in range(RUNS):
        for name, job in jobs.items():
            tell(f"turn {turn + 1} of {RUNS}: {name}")
            done[name].append(job())
    tell("a lesson that is saved while the course is served")
    saved, memory_served = python(SAVED, many)
    seconds = {name: [each for took, _ in runs for each in took] for name, runs in done.items()}
    peaks = {name: [peak / 2**30 for _, peak in runs] for name, runs in done.items()}
    per = {
        "many": [each / MANY for each in seconds["many"]],
        "few": [each / FEW for each in seconds["few"]],
    }
    return [
        row("generate/1000/first", [first], "s", None, None),
        row("generate/1000/check", seconds["check"], "s", None, 20),
        row("generate/1000/render", seconds["many"], "s", None, 60),
        row("generate/1000/linear", per["many"], "s/lesson", per["few"], 1.2),
        row("generate/1000/build", seconds["build"], "s", seconds["plain"], 1.5),
        row("generate/1000/one", saved, "s", None, 1),
        row("generate/1000/memory/first", [memory_first / 2**30], "GiB", None, 1),
        row("generate/1000/memory/build", peaks["build"], "GiB", None, 1),
        row("generate/1000/memory/serve", [memory_served / 2**30], "GiB", None, 1),
    ]


def tell(doing: str) -> None:
    """Say what is going on: all of it takes some minutes."""
    print(f"generate > {doing}", file=sys.stderr, flush=True)


def python(code: str, folder: Path) -> tuple[list[float], int]:
    """Seconds and peak bytes of code that prints how long it took, each time it did its work."""
    said, _, peak = ran([sys.executable, "-c", code, str(folder / "course")], folder)
    return [float(line) for line in said.splitlines()], peak


def mkdocs(folder: Path) -> tuple[list[float], int]:
    """Seconds and peak bytes of a whole build of a site, the process with all it loads."""
    shutil.rmtree(folder / "site", ignore_errors=True)
    _, seconds, peak = ran([sys.executable, "-m", "mkdocs", "build", "--quiet"], folder)
    return [seconds], peak


def ran(command: list[str], folder: Path) -> tuple[str, float, int]:
    """What a command printed, how long it took, and the most memory its process had."""
    started = time.perf_counter()
    path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - started
        if process.returncode:
            raise RuntimeError(f"{' '.join(command[:4])} … ended with {process.returncode}")
        out.seek(0)
        return out.read(), seconds, usage.ru_maxrss * 1024

"""The process that runs a course's Python at build: one JSON job a line in, one outcome a line out.

Kept apart from the build so that a demo that hangs, crashes or prints cannot harm it. A few of them
run side by side; whatever ran in one before, an outcome is the same: where the system can, each job
runs in a copy of the process as it was when it was ready.
"""

import base64
import contextlib
import importlib
import io
import json
import os
import random
import select
import signal
import sys
import threading
from collections.abc import Collection, Iterator
from queue import SimpleQueue
from typing import Any, TextIO

from .. import runner
from ..language.expressions import evaluate, formatted, public_names
from .frames import frames

MEMORY = 2 << 30  # bytes; as many as four workers side by side may take
# As NumPy begins.
PRINTING: dict[str, Any] = {
    "precision": 8,
    "threshold": 1000,
    "edgeitems": 3,
    "linewidth": 75,
    "suppress": False,
    "nanstr": "nan",
    "infstr": "inf",
    "formatter": None,
    "sign": "-",
    "floatmode": "maxprec",
    "legacy": False,
}
# subtle: on a Mac a copy of a process in which Apple's libraries have begun may not go on.
FORKS = sys.platform not in ("win32", "darwin", "emscripten")


def main() -> None:
    """Read what jobs will need and get ready; answer jobs until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the build's, and it ends us
    jobs, answers = private_channel()
    limit_memory()
    with contextlib.suppress(ImportError):
        importlib.import_module("numpy")  # before any job, so that none waits for it
    # subtle: compiled code counts as new for the same second and size, however it was changed.
    sys.dont_write_bytecode = True
    given = json.loads(jobs.readline() or '{"imports": [], "packages": []}')
    if FORKS:
        import_all(given["imports"])
        forget()  # as each copy will: NumPy loads its random numbers when they are first asked for
    print("ready", file=answers, flush=True)
    for line in jobs if FORKS else arriving(jobs):
        job = json.loads(line)
        told = in_copy(job, jobs, answers) if FORKS else answer(job, given["packages"])
        print(told, file=answers, flush=True)


def import_all(statements: list[str]) -> None:
    """Import what a course's code does, so that no job waits for it; what fails does so there."""
    with contextlib.redirect_stdout(io.StringIO()):
        for statement in statements:
            with contextlib.suppress(Exception):
                exec(statement, {})


def in_copy(job: dict[str, Any], jobs: TextIO, answers: TextIO) -> str:
    """The outcome of a job that runs in a copy of this process: nothing it does stays, and it ends
    with whoever asked.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            answers.close()
            with os.fdopen(writing, "w", encoding="utf-8") as out:
                out.write(answer(job))
            with contextlib.suppress(Exception):  # what a demo has left there
                sys.stdout.flush()
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writing)
    told = written(reading, jobs.fileno(), child)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code or not told:
        message = f"the Python process ended (exit code {code})"
        return json.dumps({"error": {"type": "Crash", "message": message, "traceback": ""}})
    return told.decode()


def written(reading: int, jobs: int, child: int) -> bytes:
    """All that a child writes into a pipe; the end of the jobs is its end and ours."""
    told = []
    with os.fdopen(reading, "rb", buffering=0):
        while reading in select.select([reading, jobs], [], [])[0]:
            told.append(os.read(reading, 1 << 20))
            if not told[-1]:
                return b"".join(told)
    os.kill(child, signal.SIGKILL)  # no job comes before this one is done: nobody is there
    os._exit(0)


def arriving(jobs: TextIO) -> Iterator[str]:
    """The jobs as they come. Once no more can come, whoever asked is gone: so are we."""
    lines: SimpleQueue[str] = SimpleQueue()

    def listen() -> None:
        for line in jobs:
            lines.put(line)
        os._exit(0)  # also out of a demo that never ends

    threading.Thread(target=listen, daemon=True).start()
    while True:
        yield lines.get()


def answer(job: dict[str, Any], packages: Collection[str] = ()) -> str:
    """The outcome of a job as JSON, whatever ran before it and used these packages."""
    forget(packages)
    try:
        return json.dumps(KINDS[job["kind"]](job), allow_nan=False)
    except BaseException as error:  # whatever a lesson raises is the author's to read
        return json.dumps({"error": runner.described(error)})


def private_channel() -> tuple[TextIO, TextIO]:
    """The pipes of jobs and answers, out of a demo's reach: what it reads is empty, what it writes
    goes to stderr, also when it asks the operating system and not `sys.stdout`.
    """
    jobs = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return jobs, answers


def limit_memory() -> None:
    """Keep a demo from taking the whole machine, where the system can."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def forget(packages: Collection[str] = ()) -> None:
    """Forget what earlier jobs left: modules of demos and packages, where the random numbers stood,
    how NumPy prints and what it warns of.
    """
    gone = {"demos", *packages}
    for name in [name for name in sys.modules if name.partition(".")[0] in gone]:
        del sys.modules[name]
    random.seed(0)
    if "numpy" in sys.modules:
        numpy = sys.modules["numpy"]
        numpy.random.seed(0)
        numpy.set_printoptions(**PRINTING)
        numpy.seterr(divide="warn", over="warn", under="ignore", invalid="warn")


def demo(job: dict[str, Any]) -> dict[str, Any]:
    """Run a demo at its default settings and check what the lesson expects of the result."""
    steps = job.get("steps", runner.MOST_STEPS)
    value, displays = runner.call(job["target"], job["arguments"], steps, job.get("code"))
    outcome: dict[str, Any] = {"displays": displays}
    if job["expect"]:
        with contextlib.redirect_stdout(io.StringIO()):
            names = {**names_of(job.get("packages", [])), "result": value}
            outcome["holds"] = bool(evaluate(job["expect"], names))
        outcome["result"] = runner.ADDRESS.sub("", repr(value))[:200]
    return outcome


def claim(job: dict[str, Any]) -> dict[str, Any]:
    """Compute a number of the prose; what is printed on the way nobody sees."""
    with contextlib.redirect_stdout(io.StringIO()):
        value = evaluate(job["expression"], names_of(job["packages"]))
    return {"text": formatted(value, job["format"]), "value": repr(value)}


def names_of(packages: list[str]) -> dict[str, Any]:
    """What expressions may call of these packages."""
    names: dict[str, Any] = {}
    for package in packages:
        names |= public_names(importlib.import_module(package))
    return names


def cells(job: dict[str, Any]) -> dict[str, Any]:
    """Run the cells of a lesson one after another, up to the first that raises."""
    notebook, displays = runner.Notebook(), []
    for name, code in job["cells"]:
        try:
            displays.append(notebook.run(name, code)[1])
        except BaseException as error:
            return {"cells": displays, "failed": runner.described(error)}
    return {"cells": displays}


def exercise(job: dict[str, Any]) -> dict[str, Any]:
    """Try the answers to an exercise, each after the cells above it."""
    answers = [attempt(code, job) for code in job["answers"]]
    tried = zip(job["checks"], answers[0], strict=True)
    raised = [None if result["passed"] else raised_by(check, job) for check, result in tried]
    return {"answers": answers, "raised": raised}


def attempt(code: str, job: dict[str, Any]) -> list[dict[str, Any]]:
    """The outcomes of an answer's checks; if it raises, none passes and all say why."""
    notebook = runner.Notebook()
    for name, above in job["cells"]:
        notebook.run(name, above)
    try:
        return runner.tried(code, job["checks"], notebook)[1]
    except BaseException as error:
        said = f"{type(error).__name__}: {error}"
        return [{"passed": False, "got": said} for _ in job["checks"]]


def raised_by(check: dict[str, Any], job: dict[str, Any]) -> dict[str, str] | None:
    """What the solution raises, by itself or in a check; None if it gives something else."""
    notebook = runner.Notebook()
    for name, above in job["cells"]:
        notebook.run(name, above)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            runner.execute(job["answers"][0], notebook.names, runner.ANSWER)
            runner.value_of(check, notebook.names)
    except BaseException as error:
        return runner.described(error)
    return None


def data(job: dict[str, Any]) -> dict[str, str]:
    """Make a file for the demos to read."""
    value = runner.started(job["target"], {})
    if not isinstance(value, bytes):
        raise TypeError(f"expected bytes, got {type(value).__name__}")
    return {"bytes": base64.b64encode(value).decode()}


KINDS = {
    "data": data,
    "demo": demo,
    "claim": claim,
    "cells": cells,
    "exercise": exercise,
    "frames": frames,
}


if __name__ == "__main__":
    main()

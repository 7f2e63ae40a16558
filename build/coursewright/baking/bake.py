"""Baking: run every demo at its default settings and compute every claim, once per content.

Runs in one subprocess with a time limit; results are cached by the hash of everything they rest on.
An exception, a broken expectation or a wrong claim is a diagnostic at the author's line.
"""

import json
import os
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import Any

from ..assets import BUILD, GENERATOR
from ..cache import Cache, digest, digest_of_files
from ..language.course import Course, CourseLesson
from ..language.diagnostics import Path
from ..language.expressions import claims
from ..language.signatures import arguments_of

SECONDS = 30.0  # a demo at its default settings that takes longer is a mistake
MEMORY = 4 << 30


@dataclass
class Baked:
    """What a lesson's Python gave: displays by demo path, texts by claim (path, start)."""

    displays: dict[Path, list[dict[str, Any]]] = field(default_factory=dict)
    claims: dict[tuple[Path, int], str] = field(default_factory=dict)


class Kitchen:
    """Runs jobs in a subprocess that is started when first needed and again after a time-out."""

    def __init__(self, course: Course, cache: Cache, seconds: float = SECONDS) -> None:
        self.course, self.cache, self.seconds = course, cache, seconds
        engine = [folder for folder in course.package_folders() if folder.is_dir()]
        code = digest_of_files(course.folder / "demos", GENERATOR, *engine)
        self.environment = digest(code, sys.version)
        self.process: subprocess.Popen[str] | None = None
        self.answers: queue.Queue[str] = queue.Queue()
        self.ran = 0

    def __enter__(self) -> "Kitchen":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def outcome(self, job: dict[str, Any]) -> dict[str, Any]:
        """A job's outcome, from the cache if nothing it rests on has changed."""
        key = digest(self.environment, job)
        found = self.cache.get(key)
        if found is None:
            found = self.run(job)
            if "error" not in found:
                self.cache.put(key, found)
        result: dict[str, Any] = found
        return result

    def run(self, job: dict[str, Any]) -> dict[str, Any]:
        """Run a job in the subprocess; an answer that does not come in time is an error."""
        self.ran += 1
        process = self.process or self.start()
        assert process.stdin
        try:
            print(json.dumps(job), file=process.stdin, flush=True)
            answer = self.answers.get(timeout=self.seconds)
        except queue.Empty:
            self.stop()
            message = f"took longer than {self.seconds:g} seconds"
            return {"error": {"type": "TimeoutError", "message": message, "traceback": ""}}
        except BrokenPipeError:
            answer = ""
        if not answer:
            code = process.wait()
            self.stop()
            message = f"the Python process ended (exit code {code})"
            return {"error": {"type": "Crash", "message": message, "traceback": ""}}
        result: dict[str, Any] = json.loads(answer)
        return result

    def start(self) -> subprocess.Popen[str]:
        """Start the subprocess; a thread passes its answers on, so that waiting can time out."""
        environment = {**os.environ, "PYTHONPATH": self.search_path(), "PYTHONHASHSEED": "0"}
        self.process = process = subprocess.Popen(
            [sys.executable, "-m", "coursewright.baking.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment,
            preexec_fn=limit_memory if os.name == "posix" else None,
        )
        self.answers = queue.Queue()
        threading.Thread(target=pass_on, args=(process, self.answers), daemon=True).start()
        return process

    def search_path(self) -> str:
        """Where the subprocess finds the demos and this package."""
        places = [str(self.course.folder), str(BUILD)]
        return os.pathsep.join([*places, os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)

    def stop(self) -> None:
        """End the subprocess, if there is one."""
        if self.process:
            self.process.kill()
            self.process.wait()
            for stream in (self.process.stdin, self.process.stdout):
                if stream:
                    stream.close()
            self.process = None


def pass_on(process: subprocess.Popen[str], answers: "queue.Queue[str]") -> None:
    """Hand on each line a process writes; an empty one when it ends."""
    assert process.stdout
    try:
        for line in process.stdout:
            answers.put(line)
    except ValueError:  # the stream was closed under us, because the process was stopped
        pass
    answers.put("")


def limit_memory() -> None:
    """Keep a demo from taking the whole machine (called in the child before it starts)."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def bake(lesson: CourseLesson, course: Course, kitchen: Kitchen) -> Baked:
    """Run everything a lesson computes. Problems are reported to the lesson's source."""
    baked = Baked()
    for path, demo in lesson.spec.demos():
        function = course.function(demo.run)
        assert function is not None  # the checks came first
        job = {"kind": "demo", "target": demo.run, "expect": demo.expect or ""}
        outcome = kitchen.outcome({**job, "arguments": arguments_of(demo, function)})
        baked.displays[path] = outcome.get("displays", [])
        report_demo(lesson, path, demo.expect or "", outcome)
    for path, text in lesson.spec.texts():
        for claim in claims(text):
            job = {"kind": "claim", "expression": claim.expression, "format": claim.format}
            outcome = kitchen.outcome({**job, "packages": course.spec.claims})
            baked.claims[path, claim.start] = outcome.get("text", "")
            if "error" in outcome:
                message = f"cannot compute `{claim.expression}`: {said(outcome['error'])}"
                lesson.source.report_inside(path, claim.start, message)
    return baked


def report_demo(lesson: CourseLesson, path: Path, expect: str, outcome: dict[str, Any]) -> None:
    """Report a demo that raised, or whose result is not what the lesson expects."""
    if "error" in outcome:
        error = outcome["error"]
        lines = [line for line in error["traceback"].splitlines() if line.strip()]
        at = "\n    ".join(lines[1:-1])
        at_start = path if not expect or not at_expectation(error) else (*path, "expect")
        lesson.source.report((*at_start, *(("run",) if at_start == path else ())), said(error), at)
    elif not outcome.get("holds", True):
        message = f"expected `{expect}` to hold at the default settings, got {outcome['result']}"
        lesson.source.report((*path, "expect"), message)


def at_expectation(error: dict[str, str]) -> bool:
    """Whether an error came from reading the expectation rather than from the demo."""
    return error["type"] == "ExpressionError" or "<expression>" in error["traceback"]


def said(error: dict[str, str]) -> str:
    """An error in one line."""
    return f"{error['type']}: {error['message']}" if error["message"] else error["type"]

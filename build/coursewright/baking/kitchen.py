"""The kitchen: runs a course's Python in a few worker processes side by side, once per content.

A worker is started when first needed. One that crashes or takes too long is replaced, and only its
own job fails. Outcomes come in the order they were asked for, whichever was ready first.
"""

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ..assets import BUILD
from ..cache import Cache, cache_folder, digest, kept_folder
from ..language.course import Course
from .keys import ENVIRONMENT, Keys
from .needs import Needs

SECONDS = 30.0  # a demo at its default settings that takes longer is a mistake
STARTING = 60.0  # seconds for a process to be ready, with all it imports
WORKERS = min(4, os.cpu_count() or 1)

Job = dict[str, Any]
Outcome = dict[str, Any]


class Kitchen:
    """Answers jobs from the cache, or by running them; may be asked from several threads."""

    def __init__(
        self, course: Course, cache: Cache, seconds: float = SECONDS, workers: int = WORKERS
    ) -> None:
        self.cache, self.keys = cache, Keys(course)
        self.ran = 0
        self.begun: dict[str, Future[Outcome]] = {}
        self.lock = threading.Lock()  # held while `begun` is read or changed
        path, needs = search_path(course), Needs(course, self.keys)
        self.cooks = [Cook(path, seconds, needs) for _ in range(workers)]
        # Last in, first out: one job at a time needs one process.
        self.idle: queue.LifoQueue[Cook] = queue.LifoQueue()
        for cook in self.cooks:
            self.idle.put(cook)
        self.threads = ThreadPoolExecutor(workers)

    def __enter__(self) -> "Kitchen":
        return self

    def __exit__(self, *_: object) -> None:
        self.threads.shutdown(wait=False, cancel_futures=True)
        for cook in self.cooks:
            cook.interrupt()
        self.threads.shutdown()
        for cook in self.cooks:
            cook.stop()

    def warm(self) -> None:
        """Have a process ready for the next job, who need not wait for it to start."""
        self.threads.submit(self.start_one)

    def start_one(self) -> None:
        """Start the process that would get the next job, if it is not there."""
        cook = self.idle.get()
        try:
            if cook.process is None:
                cook.start()
        finally:
            self.idle.put(cook)

    def outcome(self, job: Job) -> Outcome:
        """A job's outcome."""
        return self.begin(job).result()

    def outcomes(self, jobs: Iterable[Job]) -> list[Outcome]:
        """The outcomes of jobs, in their order."""
        return [future.result() for future in [self.begin(job) for job in jobs]]

    def begin(self, job: Job) -> "Future[Outcome]":
        """Take a job's outcome from the cache, or have it run; one that was begun is not again."""
        key = self.keys.of(job)
        with self.lock:
            if key in self.begun:
                return self.begun[key]
            found = self.cache.get(key)
            if found is not None:
                return ready(found)
            self.ran += 1
            self.begun[key] = self.threads.submit(self.run, key, job)
            return self.begun[key]

    def run(self, key: str, job: Job) -> Outcome:
        """Run a job. What went wrong is not kept: the next build may find it mended; nor is what
        may have run other code than its key tells.

        All else can be read again, so that only the cache has to hold it.
        """
        cook = self.idle.get()
        try:
            outcome = cook.run(job)
        finally:
            self.idle.put(cook)
        if not outcome.keys() & {"error", "failed"} and self.keys.hold():
            self.cache.put(key, outcome)
            with self.lock:
                self.begun.pop(key, None)
        return outcome


class Cook:
    """One worker process, started when it is first needed and again after a failure."""

    def __init__(self, path: str, seconds: float, needs: Needs) -> None:
        self.path, self.seconds, self.needs = path, seconds, needs
        self.process: subprocess.Popen[str] | None = None
        self.answers: queue.SimpleQueue[str] = queue.SimpleQueue()

    def run(self, job: Job) -> Outcome:
        """Run a job; no answer, or none in time, is an error too."""
        try:
            process = self.process or self.start()
            answer = self.ask(process, json.dumps(job), self.seconds)
        except TimeoutError as error:
            return failure("TimeoutError", str(error))
        except queue.Empty:
            self.stop()
            return failure("TimeoutError", f"took longer than {self.seconds:g} seconds")
        if not answer:
            code = process.wait()
            self.stop()
            return failure("Crash", f"the Python process ended (exit code {code})")
        outcome: Outcome = json.loads(answer)
        return outcome

    def ask(self, process: "subprocess.Popen[str]", line: str, seconds: float) -> str:
        """The line that answers one; an empty one if the process ends before."""
        assert process.stdin
        try:
            print(line, file=process.stdin, flush=True)
        except OSError:  # it has ended already
            return ""
        return self.answers.get(timeout=seconds)

    def start(self) -> "subprocess.Popen[str]":
        """Start the process, and wait until it is ready: a job's time is its own.

        Raises `TimeoutError` if it takes too long.
        """
        self.process = process = subprocess.Popen(
            [sys.executable, "-m", "coursewright.baking.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, **ENVIRONMENT, "PYTHONPATH": self.path},
            start_new_session=True,  # see `end`
        )
        self.answers = queue.SimpleQueue()
        threading.Thread(target=pass_on, args=(process, self.answers), daemon=True).start()
        try:
            if not self.ask(process, self.needs.line, STARTING):
                self.answers.put("")  # it ended at once, which is the answer to every job
        except queue.Empty:
            self.stop()
            raise TimeoutError(f"Python was not ready within {STARTING:g} seconds") from None
        return process

    def interrupt(self) -> None:
        """Kill the process, whatever it is at; for another thread than the one that waits."""
        if process := self.process:
            end(process)

    def stop(self) -> None:
        """End the process, if there is one."""
        if process := self.process:
            end(process)
            process.wait()
            assert process.stdin
            with contextlib.suppress(OSError):  # a job it has not read
                process.stdin.close()
            self.process = None


def end(process: "subprocess.Popen[str]") -> None:
    """Kill a process that leads a session, and those it has started."""
    if sys.platform == "win32":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # they have ended
            os.killpg(process.pid, signal.SIGKILL)


def pass_on(process: "subprocess.Popen[str]", answers: "queue.SimpleQueue[str]") -> None:
    """Hand on each line a process writes, so that waiting can time out; "" when it ends."""
    assert process.stdout
    with process.stdout:
        for line in process.stdout:
            answers.put(line)
    answers.put("")


def search_path(course: Course) -> str:
    """Where a worker finds the demos, the packages' sources, the wheels and this package."""
    folders = course.package_folders()
    sources = [each / "src" if (each / "src").is_dir() else each for each in folders]
    sources += [unpacked(wheel.file) for wheel in course.wheels()]
    places = [course.folder.resolve(), *sources, BUILD, os.environ.get("PYTHONPATH", "")]
    return os.pathsep.join(str(place) for place in places).rstrip(os.pathsep)


def unpacked(wheel: Path) -> Path:
    """The folder a wheel is unpacked in: what it has beside its modules must be files."""

    def unpack(folder: Path) -> None:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)

    return kept_folder(cache_folder() / "unpacked", digest(wheel.read_bytes())[:16], unpack)


def ready(outcome: Outcome) -> "Future[Outcome]":
    """An outcome that is known, as one to wait for."""
    future: Future[Outcome] = Future()
    future.set_result(outcome)
    return future


def failure(kind: str, message: str) -> Outcome:
    """The outcome of a job that could not answer for itself."""
    return {"error": {"type": kind, "message": message, "traceback": ""}}

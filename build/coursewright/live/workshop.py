"""Where the author's server builds: in a process of its own, beside the site that is served."""

import multiprocessing
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol

from ..assets import GENERATOR
from ..errors import CoursewrightError, told
from ..language.diagnostics import Diagnostic
from ..node import find_node
from ..publish.site import SiteError


class Builder(Protocol):
    """What builds a site."""

    def __call__(self, folder: Path, changed: Collection[Path]) -> list[str] | None:
        """Build what is new after files changed into a folder.

        Returns the addresses of the pages that are in it, None for a whole site. Raises
        `SiteError`.
        """

    def sources(self) -> list[Path]:
        """The files and folders the site is made from, as far as that can be told."""


@dataclass(frozen=True)
class Result:
    """What came of a build: which pages are new (None: the whole site), or what is wrong."""

    pages: list[str] | None = None
    wrong: str = ""
    problems: list[Diagnostic] = field(default_factory=list)


class Worker:
    """Builds in a process of its own: a new one is what takes up a change of our own Python.

    `prepare` is called in that process and returns what builds.
    """

    def __init__(self, prepare: Callable[[], Builder]) -> None:
        self.prepare = prepare
        self.process: BaseProcess | None = None
        self.connection: Connection | None = None

    def build(self, folder: Path, changed: Collection[Path] = ()) -> Result:
        """Build what is new after files changed into a folder."""
        result: Result | None = self.ask((folder, changed))
        return result or Result(wrong="The build broke off; why is said above.")

    def sources(self) -> list[Path]:
        """The files and folders the site is made from, as far as that can be told."""
        return self.ask(None) or []

    def ask(self, order: tuple[Path, Collection[Path]] | None) -> Any:
        """What the process answers; None if it ends instead."""
        connection = self.connection or self.start()
        try:
            connection.send(order)
            return connection.recv()
        except (EOFError, OSError):
            self.stop()
            return None

    def start(self) -> Connection:
        """Start the process."""
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs, self.prepare), daemon=True)
        self.process.start()
        theirs.close()  # or the end of the process would not be noticed
        return self.connection

    def stop(self) -> None:
        """End the process; the next build starts another."""
        if self.process and self.connection:
            self.connection.close()
            self.process.terminate()
            self.process.join()
        self.process = self.connection = None


def work(connection: Connection, prepare: Callable[[], Builder]) -> None:
    """Build into each folder that is sent, and answer with what came of it; or with the sources."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's: it ends us
    build = prepare()
    while True:
        try:
            order = connection.recv()
        except EOFError:  # the server ended
            return
        connection.send(attempt(build, *order) if order else build.sources())


def attempt(build: Builder, folder: Path, changed: Collection[Path]) -> Result:
    """Build, or say what keeps us from it."""
    try:
        return Result(build(folder, changed))
    except SiteError as error:
        return Result(wrong=str(error), problems=error.problems)
    except Exception:  # our own mistake: whoever works on the generator needs to see where
        return Result(wrong=traceback.format_exc())


class Workshop:
    """Makes the site anew: bundles the browser side if it changed, builds beside, then swaps.

    The folder that `site` is in must be the server's own.
    """

    def __init__(self, worker: Worker, site: Path, browser: Path) -> None:
        self.worker, self.site, self.browser = worker, site, browser
        self.unbundled = False
        self.changed: set[Path] = set()  # since the last good build
        self.lock = threading.RLock()  # held while the site is swapped, and while a file is opened

    def note(self, changed: Iterable[Path]) -> None:
        """Note what must be done before the next build because these files changed."""
        for file in changed:
            self.changed.add(file)
            if file.is_relative_to(GENERATOR) and file.suffix in (".py", ".json"):
                self.worker.stop()
            bundled = [self.browser / "src", self.browser / "styles", GENERATOR / "words"]
            if any(file.is_relative_to(part) for part in bundled):
                self.unbundled = True

    def rebuild(self) -> Result:
        """Build and say how long it took; what is wrong is said, and the last good site stays."""
        started = time.monotonic()
        try:
            result = self.build()
        except (CoursewrightError, OSError) as error:
            result = Result(wrong=told(error))
        if result.wrong:
            kept = (
                "The site is as it was before." if self.site.exists() else "No site is there yet."
            )
            say(f"{result.wrong}\n{kept} Save again when it is mended.")
        else:
            self.changed.clear()
            say(f"Built in {time.monotonic() - started:.1f} s")
        return result

    def build(self) -> Result:
        """Make what is new of the site; one that is there is only touched if all went well."""
        if self.unbundled:
            bundle(self.browser)
            self.unbundled = False
        fresh = self.site.with_name("fresh")
        try:
            result = self.worker.build(fresh, self.changed)
            if not result.wrong:
                self.swap(fresh) if result.pages is None else self.patch(fresh)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return result

    def swap(self, fresh: Path) -> None:
        """Put a finished site in the place of the old one."""
        old = self.site.with_name("old")
        shutil.rmtree(old, ignore_errors=True)
        with self.lock:
            if self.site.exists():
                self.site.rename(old)
            fresh.rename(self.site)
        shutil.rmtree(old, ignore_errors=True)

    def patch(self, fresh: Path) -> None:
        """Put finished files in the place of the old ones."""
        files = [file for file in fresh.rglob("*") if file.is_file()]
        with self.lock:
            for file in files:
                place = self.site / file.relative_to(fresh)
                place.parent.mkdir(parents=True, exist_ok=True)
                file.replace(place)


def bundle(browser: Path) -> None:
    """Bundle the browser side; raises `SiteError` with what the bundler says."""
    command = [str(find_node()), "esbuild.mjs"]
    done = subprocess.run(command, cwd=browser, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise SiteError(f"{done.stdout}{done.stderr}".strip())


def say(message: str) -> None:
    """Tell the author."""
    print(message, file=sys.stderr, flush=True)

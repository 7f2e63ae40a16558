"""Where the author's server builds: in a process of its own, beside the site that is served."""

import multiprocessing
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from ..assets import GENERATOR
from ..node import NodeNotFoundError, find_node
from ..publish.site import SiteError


class Worker:
    """Builds in a process of its own: a new one is what takes up a change of our own Python.

    `prepare` is called in that process and returns what builds the site into a folder.
    """

    def __init__(self, prepare: Callable[[], Callable[[Path], None]]) -> None:
        self.prepare = prepare
        self.process: BaseProcess | None = None
        self.connection: Connection | None = None

    def build(self, folder: Path) -> None:
        """Build the site into a folder; raises `SiteError`."""
        connection = self.connection or self.start()
        try:
            connection.send(folder)
            problem = connection.recv()
        except (EOFError, OSError):
            self.stop()
            raise SiteError("The build broke off; why is said above.") from None
        if problem is not None:
            raise SiteError(problem)

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


def work(connection: Connection, prepare: Callable[[], Callable[[Path], None]]) -> None:
    """Build into each folder that is sent, and answer with what is wrong, or None."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's: it ends us
    build = prepare()
    while True:
        try:
            folder = connection.recv()
        except EOFError:  # the server ended
            return
        connection.send(attempt(build, folder))


def attempt(build: Callable[[Path], None], folder: Path) -> str | None:
    """What keeps the site from being built, or None."""
    try:
        build(folder)
    except SiteError as error:
        return str(error)
    except Exception:  # our own mistake: whoever works on the generator needs to see where
        return traceback.format_exc()
    return None


class Workshop:
    """Makes the site anew: bundles the browser side if it changed, builds beside, then swaps."""

    def __init__(self, worker: Worker, site: Path, browser: Path) -> None:
        self.worker, self.site, self.browser = worker, site, browser
        self.unbundled = False
        self.lock = threading.RLock()  # held while the site is swapped, and while a file is opened

    def note(self, changed: Iterable[Path]) -> None:
        """Note what must be done before the next build because these files changed."""
        for file in changed:
            if file.is_relative_to(GENERATOR) and file.suffix == ".py":
                self.worker.stop()
            if any(file.is_relative_to(self.browser / part) for part in ("src", "styles")):
                self.unbundled = True

    def rebuild(self) -> bool:
        """Build and say how long it took; what is wrong is said, and the last good site stays."""
        started = time.monotonic()
        try:
            self.build()
        except (SiteError, NodeNotFoundError, OSError) as error:
            kept = (
                "The site is as it was before." if self.site.exists() else "No site is there yet."
            )
            say(f"{error}\n{kept} Save again when it is mended.")
            return False
        say(f"Built in {time.monotonic() - started:.1f} s")
        return True

    def build(self) -> None:
        """Make the site; raises without having touched the one that is there."""
        if self.unbundled:
            bundle(self.browser)
            self.unbundled = False
        fresh = self.site.with_name(f".{self.site.name}-fresh")
        try:
            self.worker.build(fresh)
            self.swap(fresh)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def swap(self, fresh: Path) -> None:
        """Put a finished site in the place of the old one."""
        old = self.site.with_name(f".{self.site.name}-old")
        shutil.rmtree(old, ignore_errors=True)
        with self.lock:
            if self.site.exists():
                self.site.rename(old)
            fresh.rename(self.site)
        shutil.rmtree(old, ignore_errors=True)


def bundle(browser: Path) -> None:
    """Bundle the browser side; raises `SiteError` with what the bundler says."""
    command = [str(find_node()), "esbuild.mjs"]
    done = subprocess.run(command, cwd=browser, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise SiteError(f"{done.stdout}{done.stderr}".strip())


def say(message: str) -> None:
    """Tell the author."""
    print(message, file=sys.stderr, flush=True)

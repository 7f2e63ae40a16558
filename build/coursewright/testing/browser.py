"""A browser of the Chromium family: found on this machine, and run without a window."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import CoursewrightError

VARIABLE = "NUDGE_CHROMIUM"
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
MAC = ("Google Chrome", "Chromium", "Microsoft Edge")
WINDOWS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
# Without most of these it asks its maker's servers for things, or its user questions.
FLAGS = (
    "--headless=new",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",  # 64 MB in a container
    "--disable-gpu",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
)


class BrowserError(CoursewrightError):
    """There is no browser to run a course in, or it gave up; the message says what to do."""


def find_browser() -> Path:
    """The program of a browser; raises `BrowserError` with what to install."""
    found = next((place for place in candidates() if place.is_file()), None)
    if found is None:
        given = os.environ.get(VARIABLE)
        where = f"none at {VARIABLE}={given}" if given else "none"
        raise BrowserError(
            f"expected Chromium, Chrome or Edge to run the course in, found {where}; "
            f"install one of them, or set {VARIABLE} to its program"
        )
    return found


def candidates() -> Iterator[Path]:
    """Where a browser may be, best first; what the variable names is the only one."""
    if given := os.environ.get(VARIABLE):
        yield Path(given)
        return
    yield from (Path(found) for name in NAMES if (found := shutil.which(name)))
    yield from (Path(f"/Applications/{name}.app/Contents/MacOS/{name}") for name in MAC)
    roots = (os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"))
    yield from (Path(root) / place for root in roots if root for place in WINDOWS)


@contextmanager
def opened(program: Path, address: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The process of a browser with a fresh profile and one page open."""
    # Chromium's own sandbox refuses to work for root, whom containers often are.
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = started([str(program), *FLAGS, *root, f"--user-data-dir={profile}", address])
        try:
            yield process
        finally:
            end(process)


def started(command: list[str]) -> "subprocess.Popen[bytes]":
    """The process of a command that is not heard; raises `BrowserError`."""
    nowhere = subprocess.DEVNULL
    try:
        return subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere)
    except OSError as error:
        raise BrowserError(f"cannot start {command[0]}: {error.strerror}") from None


def end(process: "subprocess.Popen[bytes]") -> None:
    """Have a process end, whether it wants to or not."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

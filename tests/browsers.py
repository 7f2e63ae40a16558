"""The browsers the tests drive: found on this machine, or fetched.

`python tests/browsers.py chromium firefox webkit` makes sure of all three and says where they are.
A browser is taken from the machine if it has one, else from Playwright's downloads, else from apt.
`NUDGE_CHROMIUM=/path/to/chrome` names one by hand.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

# Without these Chromium asks its maker's servers for things at every start.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
NAMES = {
    "chromium": ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "firefox": ("firefox-esr", "firefox"),
}
# True once a snapshot is kept. Its cache itself exists a little earlier, while it is still empty;
# other caches stand beside it.
SNAPSHOT_KEPT = """caches.keys().then(async (names) => {
  const name = names.find((each) => each.startsWith("coursewright-snapshot "));
  return name !== undefined && (await (await caches.open(name)).keys()).length > 0; })"""
# How the page's Python came up: milliseconds by stage, and whether from a snapshot.
READY = "performance.getEntriesByName('coursewright:ready').at(-1)?.detail ?? null"
PACKAGES = {
    "chromium": ["chromium"],
    "firefox": ["firefox-esr"],
    "webkit": ["webkit2gtk-driver", "xvfb"],
}


@dataclass(frozen=True)
class Browser:
    """A browser: the engine's name, its program, and whether it is one of Playwright's builds."""

    engine: str
    program: str
    playwright: bool


def find(engine: str, playwright: Playwright) -> Browser | None:
    """The browser of an engine on this machine, or None."""
    given = os.environ.get(f"NUDGE_{engine.upper()}")
    if given:
        return Browser(engine, given, playwright=False)
    system = system_webkit() if engine == "webkit" else on_path(NAMES[engine])
    if system:
        return Browser(engine, system, playwright=False)
    program = getattr(playwright, engine).executable_path
    return Browser(engine, program, playwright=True) if Path(program).exists() else None


def on_path(names: tuple[str, ...]) -> str | None:
    """The first of these programs that is installed."""
    return next(filter(None, map(shutil.which, names)), None)


def system_webkit() -> str | None:
    """WebKitGTK's MiniBrowser, if its driver and a virtual screen are there too."""
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    ready = found and shutil.which("WebKitWebDriver") and shutil.which("Xvfb")
    return str(found[-1]) if ready else None


def ensure(engine: str, playwright: Playwright) -> Browser:
    """The browser of an engine, fetched if need be; exits with what was tried if that fails."""
    browser = find(engine, playwright)
    for fetch in (fetch_with_playwright, fetch_with_apt):
        if browser is None:
            fetch(engine)
            browser = find(engine, playwright)
    if browser is None:
        sys.exit(
            f"No {engine}: none is installed, Playwright could not download one, and apt could "
            f"not install {' '.join(PACKAGES[engine])} (it needs root). Install it and run again."
        )
    return browser


def fetch_with_playwright(engine: str) -> None:
    """Playwright's own build; fails within seconds where its servers cannot be reached."""
    print(f"Fetching {engine} with Playwright …", flush=True)
    root = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")
    command = [sys.executable, "-m", "playwright", "install", engine]
    environment = {**os.environ, "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "10000"}
    fetched = subprocess.run(command, env=environment, capture_output=True, text=True)
    if fetched.returncode == 0 and root:
        subprocess.run([*command[:3], "install-deps", engine], capture_output=True)


def fetch_with_apt(engine: str) -> None:
    """The distribution's package, where there is apt and the right to use it."""
    if not shutil.which("apt-get"):
        return
    print(f"Fetching {engine} with apt …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", *PACKAGES[engine]]):
        subprocess.run(["apt-get", *command], env=environment, capture_output=True)


if __name__ == "__main__":
    with sync_playwright() as started:
        for name in sys.argv[1:] or ["chromium"]:
            print(f"{name}: {ensure(name, started).program}", flush=True)

"""How long each demo of the course takes in Chromium, once Python is up, at its first use.

A demo that streams is played to its end; of any other one control is moved by one position. The
start of Python is not counted: each page has it up before the first demo is used. Ten seconds is
the most a reader should wait.
"""

import tempfile
from pathlib import Path
from typing import Any

import yaml
from boot import build_site
from browsers import CHROMIUM_FLAGS, ensure
from playwright.sync_api import Browser, sync_playwright
from run import ROOT, row
from serving import served
from using import demos_of, use

RUNS = 3
MOST = 10.0  # seconds
BOOTING = {"the-p-in-gpt": "four-phases", "how-does-a-brain-learn": "hill-2d"}  # both stream


def rows() -> list[dict[str, Any]]:
    """Use every demo, in several fresh browser profiles."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        site = Path(scratch) / "site"
        build_site(site)
        program = ensure("chromium", playwright).program
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        print(f"Chromium {browser.version}, {RUNS} runs each, medians; seconds, lower is better")
        with served(site, "/") as origin:
            runs = [seconds(browser, origin) for _ in range(RUNS)]
        browser.close()
    return [row(f"demos/{demo}", [run[demo] for run in runs], "s", None, MOST) for demo in runs[0]]


def seconds(browser: Browser, origin: str) -> dict[str, float]:
    """What each demo takes, by its id."""
    found = {}
    for lesson in yaml.safe_load((ROOT / "course" / "course.yml").read_text())["lessons"]:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{origin}lessons/{lesson}/")
        use(page, BOOTING[lesson])
        for demo in demos_of(page):
            took, wrong = use(page, demo)
            if wrong:
                raise RuntimeError(f"{lesson}: {demo}: {wrong}")
            found[demo] = took
        context.close()
    return found

"""The check page, start to end, in each browser engine: Blink, Gecko and WebKit."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browsers import CHROMIUM_FLAGS, Browser, ensure
from playwright.sync_api import Playwright
from selenium import webdriver
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service
from serving import served

from coursewright.node import find_node

PATIENCE = 120  # seconds for the whole chain, which boots Python four times
READ = """(() => {
  const check = document.querySelector("cw-check");
  return check.dataset.done ? check.querySelector(".cw-check-json").textContent : null;
})()"""


def wait(evaluate: Callable[[str], Any], pause: Callable[[float], Any]) -> dict:
    """The page's report, once there. Asked from outside: its policy forbids evaluated polling."""
    for _ in range(PATIENCE * 4):
        if report := evaluate(READ):
            return json.loads(report)
        pause(0.25)
    raise AssertionError(evaluate("document.querySelector('cw-check').innerText"))


def with_playwright(browser: Browser, address: str, playwright: Playwright) -> dict:
    """By Playwright: any Chromium, and its own builds of the others."""
    flags = CHROMIUM_FLAGS if browser.engine == "chromium" else []
    engine = getattr(playwright, browser.engine)
    launched = engine.launch(executable_path=browser.program, args=flags)
    page = launched.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    report = wait(page.evaluate, lambda seconds: page.wait_for_timeout(seconds * 1000))
    launched.close()
    assert complaints == []
    return report


def with_puppeteer(browser: Browser, address: str) -> dict:
    """A Firefox of the machine's own, over WebDriver BiDi."""
    script = Path(__file__).with_name("firefox.mjs")
    command = [str(find_node()), str(script), browser.program, address]
    done = subprocess.run(command, capture_output=True, text=True, timeout=2 * PATIENCE)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    # The step "Isolation of Python" asks for what the policy refuses, which Firefox calls an error.
    others = [text for text in answer["complaints"] if "Content-Security-Policy" not in text]
    assert others == []
    return answer["report"]


@contextmanager
def virtual_screen() -> Iterator[str]:
    """A display no one sees; MiniBrowser has no headless mode."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x1024x24"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as process:
        os.close(writing)
        with os.fdopen(reading) as number:
            display = number.readline().strip()  # Xvfb says which one it took, once it is ready
        try:
            yield f":{display}"
        finally:
            process.terminate()


def with_selenium(browser: Browser, address: str) -> dict:
    """WebKitGTK's MiniBrowser, through its own driver."""
    options = Options()
    options.binary_location = browser.program
    options.add_argument("--automation")
    with virtual_screen() as display:
        # As root and without a graphics card, WebKitGTK starts only so.
        switches = {
            "DISPLAY": display,
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
        }
        service = Service("/usr/bin/WebKitWebDriver", env={**os.environ, **switches})
        driver = webdriver.WebKitGTK(options=options, service=service)
        try:
            driver.get(address)
            return wait(lambda code: driver.execute_script(f"return {code}"), time.sleep)
        finally:
            driver.quit()


def report_of(browser: Browser, address: str, playwright: Playwright) -> dict:
    """What the check page says in this browser."""
    if browser.engine == "chromium" or browser.playwright:
        return with_playwright(browser, address, playwright)
    return {"firefox": with_puppeteer, "webkit": with_selenium}[browser.engine](browser, address)


# Selenium's WebKitGTK driver makes its connection in the way Selenium itself deprecates.
@pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning")
@pytest.mark.parametrize("engine", ["chromium", "firefox", "webkit"])
def test_every_engine_runs_the_whole_chain(site, playwright, engine):
    browser = ensure(engine, playwright)
    with served(site, "/course/") as origin:
        report = report_of(browser, origin + "check/", playwright)
    results = {step["name"]: f"{step['result']}: {step['words']}" for step in report["steps"]}
    print(json.dumps(report, indent=2))
    assert report["ok"], results
    assert len(results) == 12
    assert all(words.startswith("works") for words in results.values()), results

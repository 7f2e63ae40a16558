"""The same few acts of a reader in each browser engine, by the driver that each of them has.

Chromium, and Playwright's own builds of the others, by Playwright; the machine's Firefox by
Puppeteer over WebDriver BiDi; the machine's WebKit by Selenium.
"""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from browsers import CHROMIUM_FLAGS, Browser
from playwright.sync_api import Page, Playwright
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from coursewright.node import find_node

PATIENCE = 120  # seconds; the check page boots Python four times


# Brings an element into view, and is done when what is loaded near it does not move it any more:
# what other drivers wait for by themselves.
AT_REST = """const [element, done] = arguments;
let before = null;
const look = () => {
  element.scrollIntoView({ block: "center", behavior: "instant" });
  const { top, height } = element.getBoundingClientRect();
  const now = `${top} ${height} ${scrollY}`;
  if (now === before) return done();
  before = now;
  setTimeout(look, 300);
};
look();"""


class Driver(Protocol):
    """A reader's hands and eyes; selectors are of CSS, keys are named as in KeyboardEvent."""

    def open(self, address: str) -> None: ...
    def evaluate(self, code: str) -> Any: ...
    def click(self, selector: str) -> None: ...
    def focus(self, selector: str) -> None: ...
    def press(self, key: str) -> None: ...
    def type(self, text: str) -> None: ...
    def complaints(self) -> list[str]: ...


def wait(driver: Driver, code: str, seconds: float = PATIENCE) -> Any:
    """What an expression comes to, once it is true. Asked from outside: the page's policy forbids
    the drivers' own ways.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if value := driver.evaluate(code):
            return value
        time.sleep(0.25)
    shown = driver.evaluate("document.body.innerText")
    raise AssertionError(f"never came true: {code}\n{shown}")


@contextmanager
def driving(browser: Browser, playwright: Playwright) -> Iterator[Driver]:
    """A new profile of a browser, which ends with the block."""
    if browser.engine == "chromium" or browser.playwright:
        driver = with_playwright(browser, playwright)
    else:
        driver = {"firefox": with_puppeteer, "webkit": with_selenium}[browser.engine](browser)
    with driver as started:
        yield started


class ByPlaywright:
    """Any Chromium."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def open(self, address: str) -> None:
        self.page.goto(address)

    def evaluate(self, code: str) -> Any:
        return self.page.evaluate(code)

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()

    def focus(self, selector: str) -> None:
        self.page.locator(selector).first.focus()

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def complaints(self) -> list[str]:
        return self.said


@contextmanager
def with_playwright(browser: Browser, playwright: Playwright) -> Iterator[Driver]:
    """By Playwright."""
    flags = CHROMIUM_FLAGS if browser.engine == "chromium" else []
    engine = getattr(playwright, browser.engine)
    launched = engine.launch(executable_path=browser.program, args=flags)
    yield ByPlaywright(launched.new_page(viewport={"width": 1100, "height": 900}))
    launched.close()


class ByPuppeteer:
    """A Firefox of the machine's own, through `firefox.mjs`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def ask(self, *words: str) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps(words), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        assert line, "firefox.mjs has ended"
        told = json.loads(line)
        assert "error" not in told, told["error"]
        return told["value"]

    def open(self, address: str) -> None:
        self.ask("open", address)

    def evaluate(self, code: str) -> Any:
        return self.ask("evaluate", code)

    def click(self, selector: str) -> None:
        self.ask("click", selector)

    def focus(self, selector: str) -> None:
        self.ask("focus", selector)

    def press(self, key: str) -> None:
        self.ask("press", key)

    def type(self, text: str) -> None:
        self.ask("type", text)

    def complaints(self) -> list[str]:
        # Firefox calls what a policy refuses an error; the check page asks for such things.
        return [text for text in self.ask("complaints") if "Content-Security-Policy" not in text]


@contextmanager
def with_puppeteer(browser: Browser) -> Iterator[Driver]:
    """By Puppeteer, which speaks to a Firefox without a driver between them."""
    script = Path(__file__).with_name("firefox.mjs")
    command = [str(find_node()), str(script), browser.program]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        yield ByPuppeteer(process)
        assert process.stdin
        process.stdin.close()
        process.wait(30)


class BySelenium:
    """WebKitGTK's MiniBrowser, through its own driver."""

    def __init__(self, driver: webdriver.WebKitGTK) -> None:
        self.driver = driver

    def open(self, address: str) -> None:
        self.driver.get(address)

    def evaluate(self, code: str) -> Any:
        script = "const done = arguments[0]; Promise.resolve(%s).then(done, (e) => done(`${e}`));"
        return self.driver.execute_async_script(script % code)

    def click(self, selector: str) -> None:
        element = self.driver.find_element(By.CSS_SELECTOR, selector)
        self.driver.execute_async_script(AT_REST, element)
        element.click()

    def focus(self, selector: str) -> None:
        element = self.driver.find_element(By.CSS_SELECTOR, selector)
        self.driver.execute_script("arguments[0].focus()", element)

    def press(self, key: str) -> None:
        names = {"ArrowRight": Keys.ARROW_RIGHT, "ArrowLeft": Keys.ARROW_LEFT, "Enter": Keys.ENTER}
        self.driver.switch_to.active_element.send_keys(names.get(key, key))

    def type(self, text: str) -> None:
        self.driver.switch_to.active_element.send_keys(text)

    def complaints(self) -> list[str]:
        return []  # its driver has no way to tell


@contextmanager
def with_selenium(browser: Browser) -> Iterator[Driver]:
    """By Selenium."""
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
            driver.set_window_size(1100, 900)
            yield BySelenium(driver)
        finally:
            driver.quit()


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

"""A real browser on the built site, watched: what it asks for, what it complains about."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest
from browsers import CHROMIUM_FLAGS, ensure
from playwright.sync_api import Browser as PlaywrightBrowser
from playwright.sync_api import Page, Playwright, sync_playwright
from serving import served
from watching import Watched, assert_own, watch

ROOT = Path(__file__).parents[2]
BOOT = 60_000  # milliseconds; a busy machine with two cores boots Python in a few seconds


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Started once: a process can run only one."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[PlaywrightBrowser]:
    program = ensure("chromium", playwright).program
    browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session", params=["/", "/some/sub/path/"], ids=["root", "sub-path"])
def origin(site: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of the project's own site, at a server's root and below a path."""
    with served(site, request.param) as address:
        yield address


@pytest.fixture
def reader(chromium: PlaywrightBrowser, origin: str) -> Iterator[Watched]:
    """A reader with a fresh browser profile; whatever went wrong fails the test at its end."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    watched = watch(context, origin)
    yield watched
    context.close()
    assert watched.complaints == []
    assert_own(watched.requests, origin)


@pytest.fixture
def profile(chromium: PlaywrightBrowser, origin: str, request: pytest.FixtureRequest):
    """A new reader's browser, whose pages are watched: opens tabs, first on the module's page."""
    context = chromium.new_context(viewport={"width": 1100, "height": 900})
    tabs: list[Watched] = []

    def tab(path: str | None = None) -> Page:
        tabs.append(watch(context, origin))
        return tabs[-1].open(request.module.PAGE if path is None else path)

    tab.context = context
    yield tab
    context.close()
    for watched in tabs:
        assert watched.complaints == []
        assert_own(watched.requests, origin)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, build):
    """Builds the course of a folder beside this file, and returns its site."""

    def site(name: str) -> Path:
        project = tmp_path_factory.mktemp(name) / "project"
        copytree(Path(__file__).parent / name, project)
        done = build(project)
        assert done.returncode == 0, done.stderr
        return project / "site"

    return site


@pytest.fixture(scope="session")
def controls_origin(built) -> Iterator[str]:
    """A course with a control of each kind."""
    with served(built("controls")) as origin:
        yield origin


@pytest.fixture(scope="session")
def frames_site(built) -> Path:
    """A course whose demos answer without Python, one that streams apart."""
    return built("frames")


@pytest.fixture(scope="session")
def frames_origin(frames_site: Path) -> Iterator[str]:
    """The address of that course."""
    with served(frames_site) as origin:
        yield origin


@pytest.fixture
def on_a_phone(chromium: PlaywrightBrowser) -> Iterator[Callable[[str, str], Page]]:
    """Opens a page of a site on a phone, in the dark; what went wrong there fails the test."""
    opened: list[Watched] = []

    def show(origin: str, path: str) -> Page:
        size = {"width": 390, "height": 844}
        opened.append(watch(chromium.new_context(viewport=size, color_scheme="dark"), origin))
        return opened[-1].open(path)

    yield show
    for watched in opened:
        watched.page.context.close()
        assert watched.complaints == []
        assert_own(watched.requests, watched.origin)


@pytest.fixture(scope="session")
def hostile_site(built) -> Path:
    """A course whose demos raise, dawdle and never end."""
    return built("hostile")


@pytest.fixture
def hostile(chromium: PlaywrightBrowser, hostile_site: Path) -> Iterator[Watched]:
    """A reader of the hostile course."""
    with served(hostile_site) as origin:
        context = chromium.new_context()
        watched = watch(context, origin)
        yield watched
        context.close()
    assert [text for text in watched.complaints if "Content Security Policy" in text] == []
    assert_own(watched.requests, origin)


@pytest.fixture(scope="session")
def python_says():
    """What CPython answers to a demo of the project's course: its displays."""
    import json

    sys.path.insert(0, str(ROOT / "course"))
    from coursewright import runner

    def ask(target: str, **arguments: object) -> list[dict]:
        return json.loads(runner.run(target, json.dumps(arguments)))["displays"]

    return ask

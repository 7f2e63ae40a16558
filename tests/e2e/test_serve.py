"""The author's loop: `coursewright serve` builds, serves, builds again on save and reloads."""

import os
import queue
import re
import subprocess
import sys
import threading
from pathlib import Path
from shutil import copytree, ignore_patterns
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

BOOT = 60_000
SILENCE = 60  # seconds; a server that says nothing for so long hangs
BUILD = Path(__file__).parents[2] / "build"


@pytest.fixture
def project(tmp_path) -> Path:
    return Path(copytree(Path(__file__).parent / "hostile", tmp_path / "project"))


class Server:
    """A running server; a thread reads what it says, so that waiting for it can time out."""

    def __init__(self, project: Path, **environment: str) -> None:
        command = [sys.executable, "-m", "coursewright", "serve", "--port", "0"]
        self.process = subprocess.Popen(
            command, cwd=project, env=os.environ | environment, stderr=subprocess.PIPE, text=True
        )
        self.lines: queue.Queue[str] = queue.Queue()
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self) -> None:
        """Hand on each line; an empty one at the end."""
        for line in self.process.stderr:
            self.lines.put(line)
        self.lines.put("")

    def line_with(self, pattern: str) -> str:
        """The next line the server says that has `pattern` in it."""
        said = []
        while line := self.next_line(pattern, said):
            said.append(line)
            if re.search(pattern, line):
                return line
        raise AssertionError(f"the server ended without saying {pattern!r}, but {said}")

    def next_line(self, pattern: str, said: list[str]) -> str:
        try:
            return self.lines.get(timeout=SILENCE)
        except queue.Empty:
            raise AssertionError(f"expected {pattern!r}, heard only {said}") from None

    def address(self) -> str:
        """Where it serves, once its first build is done."""
        return re.search(r"http://127\.0\.0\.1:\d+/", self.line_with("Serving on"))[0]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
        self.reader.join(timeout=30)
        self.process.stderr.close()


@pytest.fixture
def start(project):
    """Starts servers of the project, which end with the test."""
    servers = []

    def begin(**environment: str) -> Server:
        servers.append(Server(project, **environment))
        return servers[-1]

    yield begin
    for server in servers:
        server.stop()


def got(address: str) -> str:
    """What a server answers, also with an error."""
    try:
        return urlopen(address, timeout=30).read().decode()
    except HTTPError as error:
        with error:
            return error.read().decode()


def edit(file: Path, old: str, new: str) -> None:
    """Save a file with a piece replaced that stands there once."""
    text = file.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new))


def test_a_saved_lesson_is_shown_and_a_broken_one_is_told(project, start, chromium):
    server = start()
    address = server.address()
    context = chromium.new_context()
    page = context.new_page()
    complaints = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.goto(address + "lessons/hostile/")
    expect(page.locator("article")).to_contain_text("Demos that misbehave.")
    with page.expect_request("**/__reload"):
        page.reload()  # the page listens from here on

    lesson = project / "course" / "lessons" / "hostile.yml"
    good = lesson.read_text()
    lesson.write_text(good.replace("Demos that misbehave.", "Demos that behave."))
    expect(page.locator("article")).to_contain_text("Demos that behave.", timeout=BOOT)
    server.line_with("Built in")

    lesson.write_text(good.replace("minutes: 1", "minutes: one"))
    told = server.line_with(r"hostile\.yml:4:10")
    assert "minutes: expected a whole number, got 'one'" in told
    page.reload()
    expect(page.locator("article")).to_contain_text("Demos that behave.")  # the last good one

    lesson.write_text(good.replace("Demos that misbehave.", "Mended."))
    expect(page.locator("article")).to_contain_text("Mended.", timeout=BOOT)
    assert complaints == []
    context.close()


def test_a_problem_found_late_leaves_the_last_good_site(project, start):
    server = start()
    address = server.address()
    index = project / "docs" / "index.md"
    good = index.read_text()
    index.write_text("# Changed\n\n[nowhere](nowhere.md)\n")
    server.line_with(r"contains a link 'nowhere\.md'")
    server.line_with("The site is as it was before")
    assert "Changed" not in got(address)
    index.write_text(good + "\nMended.\n")
    server.line_with("Built in")
    assert "Mended." in got(address)


def test_the_address_of_the_published_site_does_not_disturb_the_server(project, start):
    with (project / "mkdocs.yml").open("a") as file:
        file.write('site_url: !ENV [SITE_URL, ""]\n')
    page = got(start(SITE_URL="https://example.org/some/path/").address() + "404.html")
    assert 'href="/assets/' in page
    assert "/some/path/" not in page


@pytest.fixture
def generator(tmp_path) -> Path:
    """A copy of the generator and its browser side, to be worked on."""
    heavy = ignore_patterns("node_modules", "__pycache__")
    copy = Path(copytree(BUILD, tmp_path / "build", ignore=heavy))
    (copy / "browser" / "node_modules").symlink_to(BUILD / "browser" / "node_modules")
    return copy


def test_work_on_the_generator_and_the_browser_side_is_taken_up(generator, start):
    server = start(PYTHONPATH=str(generator))
    address = server.address()
    render = generator / "coursewright" / "pages" / "render.py"
    edit(render, '"Runs in your browser"', '"Runs where you are"')
    server.line_with("Built in")
    assert "Runs where you are" in got(address + "lessons/hostile/")

    styles = generator / "browser" / "styles" / "coursewright.css"
    good = styles.read_text()
    styles.write_text(good + '@import "./nowhere.css";\n')
    server.line_with(r"nowhere\.css")
    server.line_with("The site is as it was before")
    assert "Runs where you are" in got(address + "lessons/hostile/")

    styles.write_text(good + ".cw-brand-new { color: red; }\n")
    server.line_with("Built in")
    page = got(address + "lessons/hostile/")
    style = re.search(r'href="\.\./\.\./(assets/coursewright/coursewright-\w+\.css)"', page)[1]
    assert ".cw-brand-new" in got(address + style)

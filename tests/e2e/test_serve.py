"""The author's loop: `coursewright serve` builds, serves, and shows what a save has changed."""

import hashlib
import os
import queue
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from shutil import copytree, ignore_patterns
from urllib.error import HTTPError
from urllib.request import urlopen

import halves
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


@pytest.fixture(scope="module")
def author(tmp_path_factory):
    """An author at work on two lessons whose demos have the same ids: the project, its server."""
    project = tmp_path_factory.mktemp("author") / "project"
    copytree(Path(__file__).parent / "hostile", project)
    lessons = project / "course" / "lessons"
    hostile = lessons.joinpath("hostile.yml").read_text()
    calm = hostile.replace("id: hostile", "id: calm").replace("title: Hostile", "title: Calm")
    lessons.joinpath("calm.yml").write_text(calm)
    edit(project / "course" / "course.yml", "[hostile]", "[hostile, calm]")
    edit(project / "mkdocs.yml", "lessons/hostile.md", "lessons/hostile.md, lessons/calm.md")
    project.joinpath("site").mkdir()
    project.joinpath("site", "precious.txt").write_text("An author's own.")
    server = Server(project)
    server.site = server.address()
    yield project, server
    server.stop()


@pytest.fixture
def listening(chromium):
    """Opens a page that hears what its server says; what it complains of fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    complaints = []

    def opened(address):
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        with page.expect_request("**/__live/events"):
            page.goto(address)
        return page

    yield opened
    context.close()
    assert [text for text in complaints if "404" not in text] == []


def test_a_saved_lesson_is_shown_where_its_reader_is(author, listening):
    project, server = author
    page = listening(server.site + "lessons/hostile/")
    page.evaluate("window.stayed = true")
    source = page.locator("#slow details")
    source.locator("summary").click()
    top = page.locator("#slow").bounding_box()["y"]
    page.mouse.wheel(0, top)
    expect(page.locator("article h1")).not_to_be_in_viewport()
    top = page.locator("#slow").bounding_box()["y"]

    lesson = project / "course" / "lessons" / "hostile.yml"
    good = lesson.read_text()
    saved = time.monotonic()
    lesson.write_text(good.replace("Demos that misbehave.", "Demos that behave. " * 30))
    expect(page.locator("article")).to_contain_text("Demos that behave.", timeout=BOOT)
    print(f"a saved lesson was shown after {time.monotonic() - saved:.2f} s")
    server.line_with("Built in")
    assert page.locator("#slow").bounding_box()["y"] == pytest.approx(top, abs=1)
    assert page.evaluate("window.stayed")
    assert source.get_attribute("open") is not None

    lesson.write_text(good)
    expect(page.locator("article")).to_contain_text("Demos that misbehave.", timeout=BOOT)
    assert source.get_attribute("open") is not None  # also after a second save
    with page.expect_event("load", timeout=BOOT):  # of anything else the page is loaded anew
        edit(project / "docs" / "index.md", "# ", "# Another ")
    assert not page.evaluate("window.stayed")


def test_what_a_save_makes_wrong_is_told_on_the_page_until_it_is_mended(author, listening):
    project, server = author
    page = listening(server.site + "lessons/hostile/")
    lesson = project / "course" / "lessons" / "hostile.yml"
    good = lesson.read_text()
    lesson.write_text(good.replace("minutes: 1", "minutes: <b>one</b>"))
    server.line_with(r"hostile\.yml:4:10  minutes: expected a whole number, got '<b>one</b>'")
    told = page.get_by_role("alertdialog", name="1 problem in the course")
    expect(told.get_by_role("listitem")).to_have_text(
        "course/lessons/hostile.yml:4:10minutes: expected a whole number, got '<b>one</b>'"
    )
    expect(told.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(told).to_be_hidden()
    expect(page.locator("article")).to_contain_text("Demos that misbehave.")  # the last good one
    page.reload()
    expect(told).to_be_visible()  # it is wrong still
    told.get_by_role("button", name="Close").click()
    expect(told).to_be_hidden()

    lesson.write_text(good.replace("minutes: 1", "minutes: two"))
    expect(told).to_contain_text("got 'two'")
    page.evaluate("window.stayed = true")
    lesson.write_text(good.replace("Demos that misbehave.", "Mended."))
    expect(told).to_be_hidden(timeout=BOOT)
    expect(page.locator("article")).to_contain_text("Mended.")
    assert page.evaluate("window.stayed")
    lesson.write_text(good)
    server.line_with("Built in")


def test_a_problem_found_late_leaves_the_last_good_site(author, listening):
    project, server = author
    page = listening(server.site)
    index = project / "docs" / "index.md"
    good = index.read_text()
    index.write_text("# Changed\n\n[nowhere](nowhere.md)\n")
    server.line_with(r"contains a link 'nowhere\.md'")
    server.line_with("The site is as it was before")
    expect(page.get_by_role("alertdialog")).to_contain_text("contains a link 'nowhere.md'")
    assert "Changed" not in got(server.site)
    index.write_text(good + "\nMended.\n")
    server.line_with("Built in")
    expect(page.locator("article")).to_contain_text("Mended.", timeout=BOOT)
    expect(page.get_by_role("alertdialog")).to_be_hidden()


def test_the_contact_sheet_shows_every_demo_at_work(author, listening):
    _, server = author
    page = listening(server.site + "lessons/__demos/")
    expect(page.locator("article h2")).to_have_text(["Hostile", "Calm"])
    links = page.locator("cw-sheet-demo > a")
    addresses = [link.evaluate("(link) => link.href") for link in links.all()]
    demos = ["fragile", "slow", "endless", "attack"]
    lessons = [f"{server.site}lessons/{name}/" for name in ("hostile", "calm")]
    assert addresses == [f"{lesson}#{demo}" for lesson in lessons for demo in demos]
    for link in links.all():
        link.scroll_into_view_if_needed()
    titles = ["Raises at seven", "Takes its time", "Never ends", "Attacks"]
    expect(page.locator("cw-sheet-demo h3")).to_have_text([*titles, *titles])
    ids = page.locator("[id]").evaluate_all("all => all.map((each) => each.id)")
    assert len(ids) == len(set(ids))
    second = page.locator('cw-sheet-demo[data-lesson="calm"][data-demo="fragile"]')
    second.get_by_label("A number", exact=True).fill("6")
    expect(second.locator(".cw-outputs")).to_contain_text("took 6", timeout=BOOT)
    expect(page.locator(".cw-outputs").first).to_contain_text("took 4")


def test_while_there_is_no_site_its_page_says_what_is_wrong(project, start, listening):
    lesson = project / "course" / "lessons" / "hostile.yml"
    edit(lesson, "minutes: 1", "minutes: one")
    page = listening(start().address() + "lessons/hostile/")
    expect(page.locator("body")).to_contain_text("There is no site yet.")
    expect(page.get_by_role("alertdialog")).to_contain_text("got 'one'")
    edit(lesson, "minutes: one", "minutes: 1")
    expect(page.locator("article")).to_contain_text("Demos that misbehave.", timeout=BOOT)


def test_a_server_leaves_the_project_as_it_is_and_nothing_behind(author, tmp_path):
    project, _ = author
    before = sorted(project.iterdir())
    (tmp_path / "temporary").mkdir()
    second = Server(project, TMPDIR=str(tmp_path / "temporary"))
    try:
        assert "Demos that misbehave." in got(second.address() + "lessons/hostile/")
        assert list((tmp_path / "temporary").iterdir()) != []
    finally:
        second.stop()
    assert list((tmp_path / "temporary").iterdir()) == []
    assert sorted(project.iterdir()) == before
    assert (project / "site" / "precious.txt").read_text() == "An author's own."


def test_saved_example_sentences_bring_another_rubric_and_the_page_that_names_it(project, start):
    course = project / "course"
    lesson = course / "lessons" / "hostile.yml"
    lesson.write_text(lesson.read_text() + halves.TASK)
    (course / "explanations").mkdir()
    (course / "explanations" / "hostile.yml").write_text(halves.sentences())
    server = start()
    site = server.address()
    before = got(site + "assets/teachback/hostile.json")
    for file in (course / "explanations").iterdir():
        file.write_text(file.read_text().replace("bakes bread", "bakes cakes"))
    server.line_with(r"Changed: hostile\.yml")
    server.line_with("Built in")
    after = got(site + "assets/teachback/hostile.json")
    assert after != before
    sha = hashlib.sha256(after.encode()).hexdigest()
    assert f'data-sha="{sha}"' in got(site + "lessons/hostile/")


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
    edit(render, 'words.html("page.in-browser")', '"Runs where you are"')
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

    words = generator / "coursewright" / "words" / "en.json"
    edit(words, '"Show the Python"', '"See the Python"')
    server.line_with("Built in")
    assert "See the Python" in got(address + "lessons/hostile/")


def test_no_browser_keeps_a_preview(author, listening):
    _, server = author
    page = listening(server.site + "lessons/calm/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("navigator.serviceWorker.getRegistrations()") == []
    assert "coursewright-offline" not in got(server.site + "lessons/calm/")
    # One of a site that was looked at under the same address before ends.
    assert ".unregister()" in got(server.site + "sw.js")
    page.goto(server.site + "your-data/")
    expect(page.get_by_text("This is a preview of the course")).to_be_visible()

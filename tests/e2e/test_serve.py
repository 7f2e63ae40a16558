"""The author's loop: `coursewright serve` builds, serves, builds again on save and reloads."""

import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import expect

BOOT = 60_000


@pytest.fixture
def project(tmp_path) -> Path:
    return Path(copytree(Path(__file__).parent / "hostile", tmp_path / "project"))


@pytest.fixture
def server(project):
    """A running server, past its first build."""
    command = [sys.executable, "-m", "coursewright", "serve", "--port", "0"]
    process = subprocess.Popen(command, cwd=project, stderr=subprocess.PIPE, text=True)
    yield process
    process.terminate()
    process.communicate(timeout=30)


def line_with(process, pattern: str) -> str:
    """The next line the server says that has `pattern` in it."""
    for line in process.stderr:
        if re.search(pattern, line):
            return line
    raise AssertionError(f"the server ended without saying {pattern!r}")


def test_a_saved_lesson_is_shown_and_a_broken_one_is_told(project, server, chromium):
    address = re.search(r"http://127\.0\.0\.1:\d+/", line_with(server, "Serving on"))[0]
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
    line_with(server, "Built in")

    lesson.write_text(good.replace("minutes: 1", "minutes: one"))
    told = line_with(server, r"hostile\.yml:4:10")
    assert "minutes: expected a whole number, got 'one'" in told
    page.reload()
    expect(page.locator("article")).to_contain_text("Demos that behave.")  # the last good one

    lesson.write_text(good.replace("Demos that misbehave.", "Mended."))
    expect(page.locator("article")).to_contain_text("Mended.", timeout=BOOT)
    assert complaints == []
    context.close()

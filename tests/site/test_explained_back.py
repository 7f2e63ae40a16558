"""What a site has of a task to explain: its rubric, the checklist, and whom pages talk to."""

import gzip
import hashlib
import io
import json
import re
import zipfile

import halves
import pytest

from coursewright import runner
from coursewright.cli import main
from coursewright.publish.finish import finish

TASK = """\
teach_back:
  prompt: Explain what a half is.
  follow_up: And a quarter?
  model_answer: It is one of two equal parts.
  rubric: [{id: parts, points: 10, criterion: Two equal parts., look_for: [equal parts]}]
"""
ENDPOINT = "https://grader.example.org/v1/grade"
GRADER = "grader: {url: 'https://grader.example.org', operator: The school}\n"
RUBRIC = "assets/teachback/small.json"
CONNECT = re.compile(r'http-equiv="Content-Security-Policy"[^>]*; connect-src ([^;]*);')
SHA = re.compile(r'<cw-teach-back[^>]* data-sha="([0-9a-f]{64})"')


@pytest.fixture
def explained(project):
    """An author's project whose lesson is explained back, and graded by a service as well."""
    for name, more in (("course.yml", GRADER), ("lessons/small.yml", TASK)):
        file = project / "course" / name
        file.write_text(file.read_text() + more)
    return project


def test_the_rubric_is_published_and_the_page_names_its_hash(explained, build):
    built = build(explained)
    assert built.returncode == 0, built.stderr
    site = explained / "site"
    (sha,) = SHA.findall((site / "lessons" / "small" / "index.html").read_text())
    assert hashlib.sha256((site / RUBRIC).read_bytes()).hexdigest() == sha
    pages = {file: CONNECT.findall(file.read_text()) for file in site.rglob("*.html")}
    assert len(pages) == 5  # home, the lesson, the check, the data, and 404
    assert set(map(tuple, pages.values())) == {(f"'self' {ENDPOINT}",)}
    data = (site / "your-data" / "index.html").read_text()
    assert "but an explanation that you agree to have graded" in data
    assert not [*site.rglob("*.yml")]
    assert b"teachback/checklist.py" in the_wheel(site / "assets" / "runtime")


def test_a_rubric_that_sentences_teach_is_published_and_graded_with(project, build):
    course = project / "course"
    lesson = course / "lessons" / "small.yml"
    lesson.write_text(lesson.read_text() + halves.TASK)
    (course / "explanations").mkdir()
    (course / "explanations" / "small.yml").write_text(halves.sentences())
    built = build(project)
    assert built.returncode == 0, built.stderr
    text = (project / "site" / RUBRIC).read_text()
    assert json.loads(text)["learned"]["ideas"] == ["parts", "third", ""]
    assert verdict(text, halves.KNOWN) == "met"
    assert verdict(text, halves.NOT_SO) == "missed"
    assert b"teachback/learned.py" in the_wheel(project / "site" / "assets" / "runtime")
    assert not [*(project / "site").rglob("*.yml")]


def verdict(rubric, answer):
    """How an explanation is judged in readers' browsers."""
    given = json.dumps({"rubric": rubric, "answer": answer})
    (display,) = json.loads(runner.run("@grade", given))["displays"]
    return display[runner.GRADE]["criteria"][0]["verdict"]


def the_wheel(runtime):
    """The list of what the course brings to the reader's Python."""
    manifest = json.loads((runtime / "manifest.json").read_text())
    (url,) = (each["url"] for each in manifest["files"] if each["name"].startswith("course-"))
    with zipfile.ZipFile(io.BytesIO(gzip.decompress((runtime / url).read_bytes()))) as archive:
        return "\n".join(archive.namelist()).encode()


def test_a_rendered_folder_has_it_too_and_says_whom_pages_talk_to(explained, monkeypatch, capsys):
    monkeypatch.chdir(explained)
    assert main(["render", "--out", "out"]) == 0
    out = explained / "out"
    said = json.loads((out / "coursewright.json").read_text())
    assert said["connect"] == [ENDPOINT]
    assert f"; connect-src 'self' {ENDPOINT}; " in said["policy"]
    (sha,) = SHA.findall((out / "lessons" / "small" / "index.md").read_text())
    assert hashlib.sha256((out / RUBRIC).read_bytes()).hexdigest() == sha


def test_what_another_builder_made_gets_the_same_policy(explained, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(explained)
    assert main(["render", "--out", "out"]) == 0
    site = tmp_path / "other"
    for page in json.loads((explained / "out" / "coursewright.json").read_text())["pages"]:
        (site / page).parent.mkdir(parents=True)
        (site / page).with_suffix(".html").write_text(as_html(explained / "out" / page, explained))
    finish(explained / "out", site)
    html = (site / "lessons" / "small" / "index.html").read_text()
    assert CONNECT.findall(html) == [f"'self' {ENDPOINT}"]


def as_html(markdown, project):
    """A page as a builder may make it: its text, the ids of its headings, and what it loads."""
    said = json.loads((project / "out" / "coursewright.json").read_text())
    body = re.sub(
        r"^#+ (.*) \{#([\w-]+)\}$", r'<h2 id="\2">\1</h2>', markdown.read_text(), flags=re.M
    )
    files = "".join(f'<script type="module" src="/{name}"></script>' for name in said["scripts"])
    files += "".join(f'<link rel="stylesheet" href="/{name}">' for name in said["styles"])
    return f"<html><head>{files}</head><body>{body}</body></html>"

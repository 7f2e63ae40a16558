"""Pages an author wrote by hand, with parts of the course in them: built, and built again."""

from functools import partial

import pytest

from coursewright.live.command import site_builder
from coursewright.live.workshop import Result, Worker

MARKED = """\
---
title: Home
---
# Home

<!-- coursewright: demo small#half -->

A [link to the demo](#half).
"""
LESSON = "course/lessons/small.yml"


@pytest.fixture
def worker(project):
    builds = Worker(partial(site_builder, project / "mkdocs.yml"))
    yield builds
    builds.stop()


def test_a_demo_lives_on_a_page_of_the_authors_own(project, build):
    (project / "docs/index.md").write_text(MARKED)
    built = build(project)
    assert built.returncode == 0, built.stderr
    home = (project / "site/index.html").read_text()
    lesson = (project / "site/lessons/small/index.html").read_text()
    assert "coursewright:" not in home
    assert "I was asked for half of 4" in home
    (demo,) = (html.partition("</cw-demo>")[0] for html in home.split("<cw-demo")[1:])
    demo_there = demo.replace('"assets/', '"../../assets/').replace(' aria-level="2"', "")
    assert demo_there in lesson
    assert (project / "site/assets/runtime").is_dir()
    assert 'data-runtime="assets/runtime/"' in demo


def test_wrong_markers_fail_the_build_all_at_once_at_their_lines(project, build):
    (project / "docs/index.md").write_text(MARKED.replace("small#half", "small#halt"))
    (project / "docs/other.md").write_text("# Other\n\n<!-- coursewright: everything -->\n")
    built = build(project)
    assert built.returncode == 1
    assert "Traceback" not in built.stderr
    assert "2 problems in the course:" in built.stderr
    assert "docs/index.md:6:1  expected a demo of the course, got 'small#halt'" in built.stderr
    assert "docs/other.md:3:1  expected `demo LESSON#DEMO`, `lessons`, `reader` or" in built.stderr


def test_a_saved_demo_is_renewed_wherever_it_is_shown(project, worker, tmp_path):
    home, lesson, site = project / "docs/index.md", project / LESSON, tmp_path / "fresh"
    home.write_text(MARKED.replace("small#half", "small"))
    result = worker.build(site)
    (problem,) = result.problems
    assert (problem.file, problem.line) == (str(home), 6)

    home.write_text(MARKED)
    assert worker.build(site, {home}) == Result()
    text = lesson.read_text().replace("Some **bold** text", "New text")
    lesson.write_text(text)
    assert worker.build(site, {lesson}) == Result(["lessons/small/"])
    lesson.write_text(text.replace("start: 4", "start: 6"))
    assert worker.build(site, {lesson}) == Result()  # the whole site
    assert "I was asked for half of 6" in (site / "index.html").read_text()

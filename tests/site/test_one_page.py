"""What `serve` does with a saved lesson: its page alone is built, and is that of a whole build."""

from functools import partial
from pathlib import Path

import pytest

from coursewright.live.command import site_builder
from coursewright.live.workshop import Result, Worker

LESSON = "course/lessons/small.yml"
PAGE = "lessons/small/index.html"


@pytest.fixture
def worker(project):
    builds = Worker(partial(site_builder, project / "mkdocs.yml"))
    yield builds
    builds.stop()


def files(folder: Path) -> list[str]:
    """The files of a folder, as paths in it."""
    found = (file for file in folder.rglob("*") if file.is_file())
    return sorted(file.relative_to(folder).as_posix() for file in found)


def test_a_page_built_alone_is_to_the_byte_that_of_a_whole_build(project, worker, tmp_path):
    site = tmp_path / "fresh"
    assert worker.build(site) == Result()
    assert '<cw-sheet-demo data-lesson="small"' in (site / "lessons/__demos/index.html").read_text()
    lesson = project / LESSON
    lesson.write_text(lesson.read_text().replace("Some **bold** text", r"*New* $\sqrt{p}$ text"))

    site.rename(tmp_path / "first")
    assert worker.build(site, {lesson}) == Result(["lessons/small/"])
    notebook = "lessons/small/small.ipynb"
    assert files(site) == ["assets/coursewright/formulas.css", PAGE, notebook]
    alone = (site / PAGE).read_bytes()
    assert b"<em>New</em>" in alone

    worker.stop()  # and forgets: the next build is a whole one
    site.rename(tmp_path / "second")
    assert worker.build(site) == Result()
    assert (site / PAGE).read_bytes() == alone
    assert alone != (tmp_path / "first" / PAGE).read_bytes()


def test_what_a_build_finds_wrong_comes_with_its_place(project, worker, tmp_path):
    assert worker.build(tmp_path / "fresh") == Result()
    lesson = project / LESSON
    good = lesson.read_text()
    lesson.write_text(good.replace("minutes: 1", "minutes: one"))
    for changed in ({lesson}, {lesson, project / "mkdocs.yml"}):  # alone, and the whole
        (problem,) = worker.build(tmp_path / "fresh", changed).problems
        assert (problem.line, problem.column, problem.path) == (4, 10, "minutes")
        assert problem.message == "expected a whole number, got 'one'"
    lesson.write_text(good)
    assert worker.build(tmp_path / "fresh", {lesson}) == Result()

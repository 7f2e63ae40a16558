"""`coursewright render`: the pages and files of a course, for whatever builds the site."""

import json

import pytest

from coursewright.cli import main


@pytest.fixture
def rendered(project, monkeypatch, capsys):
    """Renders the small course into a folder; returns what the command ended with and said."""
    monkeypatch.chdir(project)

    def render(out: str = "out") -> tuple[int, str]:
        code = main(["render", "--out", out])
        said = capsys.readouterr()
        return code, said.out + said.err

    return render


def test_pages_and_files_and_what_a_builder_must_know_are_written(project, rendered):
    assert rendered() == (
        0,
        "Demos that answer without Python: 0 of 1\n"
        "  small  half: `frames: false`\n"
        "3 pages in out; coursewright.json says what each must load\n",
    )
    said = json.loads((project / "out" / "coursewright.json").read_text())
    assert said["pages"] == ["lessons/small/index.md", "check/index.md", "your-data/index.md"]
    for path in [*said["pages"], *said["scripts"], *said["styles"]]:
        assert (project / "out" / path).is_file(), path
    assert said["policy"].startswith("default-src 'self'; script-src 'self'")
    page = (project / "out" / "lessons" / "small" / "index.md").read_text()
    assert "<cw-demo" in page
    assert "run:" not in page  # nothing of the lesson's YAML is left
    assert any((project / "out" / "assets" / "runtime").iterdir())


def test_it_is_the_same_again_and_nothing_old_stays(project, rendered):
    rendered()
    first = {file: file.read_bytes() for file in (project / "out").rglob("*") if file.is_file()}
    (project / "out" / "old.md").write_text("old")
    assert rendered()[0] == 0
    again = {file: file.read_bytes() for file in (project / "out").rglob("*") if file.is_file()}
    assert again == first


def test_a_course_with_problems_is_not_written(project, rendered):
    lesson = project / "course" / "lessons" / "small.yml"
    lesson.write_text(lesson.read_text().replace("start: 4", "start: 40"))
    code, said = rendered()
    assert code == 1
    assert "expected a number from 0 to 10, got 40" in said
    assert not (project / "out").exists()


def test_a_folder_of_something_else_is_left_alone(project, rendered):
    code, said = rendered("docs")
    assert code == 1
    assert said.startswith("expected an empty folder, or one that `coursewright render` made")
    assert [file.name for file in (project / "docs").iterdir()] == ["index.md"]

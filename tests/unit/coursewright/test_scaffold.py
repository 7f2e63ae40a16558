"""Beginning a course: what `new` writes passes at once, the tutorial can be followed, and a wheel
is all it takes.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import venv
from pathlib import Path

import nbformat
import pytest
import yaml
from jsonschema import Draft202012Validator
from mkdocs.commands.build import build
from mkdocs.config import load_config

from coursewright.cli import main
from coursewright.language.schema import json_schema
from coursewright.publish import site
from coursewright.publish.runtime import Runtime
from coursewright.scaffold import files

ROOT = Path(__file__).parents[3]
TUTORIAL = ROOT / "docs" / "tutorial.md"
SNIPPET = re.compile(r"^```(sh|text|yaml|python|toml|diff)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BY_HAND = ("python3 ", ". ", "pip ", "cd ", "coursewright serve", "mkdocs ")
PLACE = re.compile(r"# (?P<more>add to )?(?P<file>[\w./-]+\.\w+)\n")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to stand in; caches of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NUDGE_CACHE", str(tmp_path / "cache"))
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [["course-of-mine"], ["1000 things", "--title", "Money: @all@ 'of' it #1"], ["sub/Größe"]],
)
def test_a_new_course_has_no_problems(here, monkeypatch, capsys, arguments):
    assert main(["new", "course", *arguments]) == 0
    monkeypatch.chdir(here / arguments[0])
    assert main(["new", "lesson", "second"]) == 0
    assert main(["check"]) == 0, capsys.readouterr().err
    title = arguments[2] if len(arguments) > 1 else None
    menu = yaml.safe_load(Path("mkdocs.yml").read_text())
    assert title in (None, menu["site_name"])
    assert menu["nav"][1] == {"Lessons": ["lessons/compound-interest.md", "lessons/second.md"]}


def test_a_new_course_needs_nothing_but_python(here):
    assert main(["new", "course", "mine"]) == 0
    demos = (here / "mine" / "course" / "demos" / "interest.py").read_text()
    imported = re.findall(r"^(?:from|import) (\w+)", demos, re.MULTILINE)
    assert set(imported) <= sys.stdlib_module_names
    assert "packages" not in (here / "mine" / "course" / "course.yml").read_text()


def test_the_editors_schema_is_written_beside_the_lessons(here):
    assert main(["new", "course", "mine"]) == 0
    course = here / "mine" / "course"
    for kind, file in (("lesson", "lessons/compound-interest.yml"), ("course", "course.yml")):
        schema = json.loads((course / f"{kind}.schema.json").read_text())
        assert schema == json_schema(kind)
        text = (course / file).read_text()
        Draft202012Validator(schema).validate(yaml.safe_load(text))
        named = re.match(r"# yaml-language-server: \$schema=(.*)\n", text)[1]
        assert ((course / file).parent / named).resolve() == course / f"{kind}.schema.json"


def test_mkdocs_builds_a_new_course(here, monkeypatch):
    bundle = here / "bundle"
    bundle.mkdir()
    meta = {"entry": "a.js", "style": "a.css", "frame_sha256": "x"}
    (bundle / "meta.json").write_text(json.dumps(meta))
    monkeypatch.setattr(site, "bundle_folder", lambda: bundle)
    monkeypatch.setattr(site, "assemble", lambda course: Runtime(bundle, 1))
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    assert main(["new", "course", "mine"]) == 0
    monkeypatch.chdir(here / "mine")
    build(load_config("mkdocs.yml", strict=True, site_dir=str(here / "site")))
    assert (
        "Interest on interest" in (here / "site/lessons/compound-interest/index.html").read_text()
    )


def test_a_folder_with_something_in_it_is_left_alone(here, capsys):
    (here / "mine").mkdir()
    (here / "mine" / "file").write_text("")
    assert main(["new", "course", "mine"]) == 1
    assert capsys.readouterr().err == "expected a new or an empty folder, got mine\n"
    assert [file.name for file in (here / "mine").iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("lessons: [one]\n", "lessons: [one, two]\n"),
        ("lessons: [one,]  # in order\n", "lessons: [one, two,]  # in order\n"),
        ("lessons:\n- one\nclaims: []\n", "lessons:\n- one\n- two\nclaims: []\n"),
        (
            "lessons:   # in order\n    -   'one'  # first\n\n# then\nclaims: []\n",
            "lessons:   # in order\n    -   'one'  # first\n    - two\n\n# then\nclaims: []\n",
        ),
        ("lessons:\r\n  - one\r\n", "lessons:\r\n  - one\r\n  - two\r\n"),
        ("lessons:\n  - one", "lessons:\n  - one\n  - two\n"),
        ("lessons: [\n  one\n]\n", "lessons: [\n  one, two\n]\n"),
    ],
)
def test_a_lesson_is_listed_by_putting_in_a_line(folder, capsys, before, after):
    start = "id: tiny # mine\ntitle: Tiny\n"
    (folder / "course.yml").write_bytes((start + before).encode())
    assert main(["new", "lesson", "two", "--course", str(folder)]) == 0
    assert (folder / "course.yml").read_bytes() == (start + after).encode()
    capsys.readouterr()
    assert main(["check", str(folder)]) == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "course", "told"),
    [
        ("one", None, "the course has a lesson 'one' already"),
        ("Two", None, "expected lower-case words joined by '-', got 'Two'"),
        ("there", None, "lessons/there.yml is there already; nothing was written"),
        (
            "two",
            "lessons: []\n",
            "expected `lessons:` with a list in course/course.yml, found none",
        ),
        (
            "two",
            "lessons: one\n",
            "expected `lessons:` with a list in course/course.yml, found none",
        ),
        ("two", "- lessons\n", "expected `lessons:` with a list in course/course.yml, found none"),
        ("two", "lessons: [a: b\n", "problem"),
    ],
)
def test_a_lesson_that_cannot_be_added_changes_nothing(folder, capsys, name, course, told):
    (folder / "lessons" / "there.yml").write_text("")
    if course:
        (folder / "course.yml").write_text(course)
    before = (folder / "course.yml").read_bytes()
    assert main(["new", "lesson", name, "--course", str(folder)]) == 1
    assert told in capsys.readouterr().err
    assert (folder / "course.yml").read_bytes() == before
    assert sorted(file.name for file in (folder / "lessons").iterdir()) == ["one.yml", "there.yml"]


def test_without_a_course_its_folder_is_asked_for(here, capsys):
    assert main(["new", "lesson", "two"]) == 1
    said = capsys.readouterr().err
    assert (
        said == "expected a course in course, found no course.yml; name its folder: --course DIR\n"
    )


def test_a_menu_without_lessons_is_left_to_the_author(folder, capsys):
    file = folder.parent / "mkdocs.yml"
    file.write_text("site_name: Tiny\n")
    assert main(["new", "lesson", "two", "--course", str(folder)]) == 0
    assert "to do: add `- lessons/two.md` to `nav:` in" in capsys.readouterr().out
    assert file.read_text() == "site_name: Tiny\n"


def test_a_page_goes_into_the_menu_below_the_last_lesson(folder):
    file = folder.parent / "mkdocs.yml"
    before = (
        b"nav:\r\n  - Lessons:\r\n    - One: lessons/one.md  # the first\r\n  - End: end.md\r\n"
    )
    file.write_bytes(before)
    assert main(["new", "lesson", "two", "--course", str(folder)]) == 0
    new = b"# the first\r\n    - lessons/two.md\r\n"
    assert file.read_bytes() == before.replace(b"# the first\r\n", new)


def test_the_tutorial_can_be_followed(here, monkeypatch, capsys):
    outputs, page = "", TUTORIAL.read_text()
    assert 2 * len(SNIPPET.findall(page)) == len(re.findall("^```", page, re.MULTILINE))
    assert "\n    " not in SNIPPET.sub("", page)  # no code without a fence
    for kind, text in SNIPPET.findall(page):
        if kind == "sh":
            outputs = "".join(replayed(line, monkeypatch, capsys) for line in text.splitlines())
        elif kind == "text":
            assert outputs.endswith(text)
        elif kind == "diff":
            changed(text)
        else:
            place = PLACE.match(text)
            file, body = Path(place["file"]), text[place.end() :]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text((file.read_text() + "\n" if place["more"] else "") + body)
    notebook = Path("notebooks/falling.ipynb").read_text()
    nbformat.validate(nbformat.reads(notebook, as_version=nbformat.NO_CONVERT))
    assert Path("falling.apkg").is_file()


def replayed(line, monkeypatch, capsys):
    """What a command of the tutorial says; installing, serving and building are left out."""
    words = shlex.split(line)
    if words[0] == "cd":
        monkeypatch.chdir(words[1])
    if line.startswith(BY_HAND):
        return ""
    assert words[0] == "coursewright"
    capsys.readouterr()
    main(words[1:])
    said = capsys.readouterr()
    return said.out + said.err


def changed(diff):
    """Change the one line that a diff shows, in whichever lesson has it."""
    old, new = (line[1:] for line in diff.splitlines())
    (file,) = (each for each in Path("course").rglob("*.yml") if old in each.read_text())
    file.write_text(file.read_text().replace(old, new))


def test_in_a_fresh_environment_the_wheel_makes_a_course_and_checks_it(tmp_path):
    if not (ROOT / "build" / "browser" / "dist" / "meta.json").is_file():
        pytest.skip("the browser side is not bundled")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    wheel = ["wheel", "--no-deps", "--no-build-isolation", "--no-index"]
    parts = [str(ROOT), str(ROOT / "teachback")]
    ran([*pip, *wheel, "-w", str(tmp_path), *parts], tmp_path)
    venv.create(tmp_path / "env", with_pip=False)
    scripts = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / Path(sys.executable).name
    place = Path(
        ran([str(python), "-c", "import site; print(site.getsitepackages()[0])"], tmp_path)
    )
    # What it depends on comes from here; a path in a .pth file brings no editable installation.
    (place / "dependencies.pth").write_text(f"{Path(nbformat.__file__).parents[1]}\n")
    ours = [str(file) for file in tmp_path.glob("*.whl")]
    assert len(ours) == 2
    to = ["install", "--no-deps", "--no-index", "--target", str(place)]
    ran([*pip, *to, *ours], tmp_path)
    command = [str(python), "-m", "coursewright"]
    assert ran([*command, "new", "course", "mine"], tmp_path).endswith("coursewright check\n")
    assert ran([*command, "check"], tmp_path / "mine") == "1 lesson, no problems\n"
    where = "import coursewright.assets as a; print(a.bundle_folder(), a.assembler())"
    assert ran([str(python), "-c", where], tmp_path).count(str(place)) == 2


def ran(command, folder):
    """What a command says, run in a folder with an environment of its own."""
    own = {"NUDGE_CACHE": str(folder / "cache"), "PATH": os.environ["PATH"], "HOME": str(folder)}
    done = subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout if command[1] != "-c" else done.stdout.rstrip("\n")


def test_nothing_is_written_where_one_file_is_there(tmp_path):
    (tmp_path / "b").write_text("mine")
    with pytest.raises(files.RefusedError, match="b is there already; nothing was written"):
        files.write_new({tmp_path / "a": "", tmp_path / "b": ""})
    assert not (tmp_path / "a").exists()

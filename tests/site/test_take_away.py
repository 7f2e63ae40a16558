"""What readers take away from a lesson: linked from its page, and whole without the course."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from serving import served

ROOT = Path(__file__).parents[2]
CARDS = """\
flashcards:
  - {front: Half of four?, back: "{= 4 / 2 | .0f =}"}
  - {front: Half of two?, back: One.}
"""
PACKAGE = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "halves"
version = "1.5"
requires-python = ">=3"
[tool.hatch.build.targets.wheel]
packages = ["src/halves"]
"""
# Nothing of this repository may have been imported; its environment lies in it.
OURS = f"""
import sys
files = [getattr(module, "__file__", None) or "" for module in sys.modules.values()]
assert not [f for f in files if f.startswith({str(ROOT)!r}) and not f.startswith(sys.prefix)]
"""


@pytest.fixture(scope="module")
def published(write_project, build, tmp_path_factory):
    """The small course with cards, whose demo needs a package of the course: its site's folder and
    address. Nothing else of it is left.
    """
    project = write_project(tmp_path_factory.mktemp("published"))
    lesson = project / "course/lessons/small.yml"
    lesson.write_text(lesson.read_text() + CARDS)
    package = project / "halves"
    (package / "src/halves").mkdir(parents=True)
    (package / "pyproject.toml").write_text(PACKAGE)
    (package / "src/halves/__init__.py").write_text("def half(x):\n    return x / 2\n")
    with (project / "course/course.yml").open("a") as file:
        file.write("packages: [../halves]\n")
    demo = project / "course/demos/small.py"
    demo.write_text("import halves\n\n" + demo.read_text().replace("x / 2", "halves.half(x)"))
    site = tmp_path_factory.mktemp("site")
    with served(site) as address:
        with (project / "mkdocs.yml").open("a") as file:
            file.write(f"site_url: {address}\n")
        built = build(project, "--site-dir", str(site))
        assert built.returncode == 0, built.stderr
        shutil.rmtree(project)
        yield site, address


def run(notebook: Path, folder: Path, **environment: str) -> str:
    """What the code cells of a notebook print, run in a new process in an empty folder."""
    folder.mkdir()
    cells = nbformat.read(notebook, as_version=4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    program = "names = {'__name__': '__main__'}\n"
    program += "".join(f"exec({each!r}, names)\n" for each in code)
    program += OURS
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def links(page: Path) -> dict[str, str]:
    """The links below "Take it with you" by their words, with what stands beside each."""
    html = page.read_text().partition("Take it with you")[2]
    found = re.findall(r'<li><a href="([^"]+)" download>([^<]+)</a><span>([^<]+)</span>', html)
    return {words: f"{href}{about}" for href, words, about in found}


def test_a_lesson_links_its_notebook_and_its_cards(published, tmp_path):
    folder = published[0] / "lessons/small"
    assert links(folder / "index.html") == {
        "Jupyter notebook": "small.ipynb: its code runs as it is, demos and all",
        "Anki deck": "small.apkg: 2 cards",
    }
    nbformat.validate(nbformat.read(folder / "small.ipynb", as_version=nbformat.NO_CONVERT))
    with zipfile.ZipFile(folder / "small.apkg") as package:
        package.extract("collection.anki2", tmp_path)
    with sqlite3.connect(tmp_path / "collection.anki2") as deck:
        backs = [row[0].split("\x1f")[1] for row in deck.execute("select flds from notes")]
    assert backs == ["<p>2</p>", "<p>One.</p>"]


def test_the_search_does_not_find_the_links_in_every_lesson(published):
    index = json.loads((published[0] / "search/search_index.json").read_text())
    assert [entry for entry in index["docs"] if "Jupyter notebook" in entry["text"]] == []


def test_a_notebook_gets_what_it_needs_from_the_site_it_came_from(published, tmp_path):
    site, address = published
    there = str(tmp_path / "installed")
    pip = {"PIP_TARGET": there, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    notebook = site / "lessons/small/small.ipynb"
    printed = run(notebook, tmp_path / "away", PYTHONPATH=there, **pip)
    assert f"{address}assets/python/halves-1.5-py3-none-any.whl" in notebook.read_text()
    assert "I was asked for half of 4.0" in printed


def test_the_projects_own_notebooks_run_with_the_wheels_of_the_site(site, tmp_path):
    wheels = sorted((site / "assets/python").glob("*.whl"), reverse=True)
    names = [wheel.name for wheel in wheels]
    assert [name.split("-")[0] for name in names] == ["pyengine", "course_data"]
    there = str(tmp_path / "installed")
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", there]
    subprocess.run([*pip, *map(str, wheels)], check=True)
    for notebook in (site / "lessons").glob("*/*.ipynb"):
        said = json.loads(notebook.read_text())["cells"][1]["source"]
        assert said[1] == (
            f"# Before that put {' and '.join(names)} beside this notebook: "
            "the course's site has them, below /assets/python/.\n"
        )
        run(notebook, tmp_path / notebook.stem, PYTHONPATH=there)

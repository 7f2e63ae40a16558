"""What the program makes is kept for this program only: another one makes it again."""

import shutil

import pytest

from coursewright.assets import GENERATOR, browser_folder
from coursewright.baking.keys import Keys
from coursewright.cache import Cache, bake_cache
from coursewright.pages import charts, formulas
from coursewright.program import READ, digest_of_program, program
from coursewright.publish import shelf
from coursewright.publish.lessons import places_of

CHART = {"mark": "bar", "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a"}}}


@pytest.fixture
def copies(tmp_path):
    """Copies of this package and of the files of the browser side that it reads."""
    ignored = shutil.ignore_patterns("__pycache__")
    package = shutil.copytree(GENERATOR, tmp_path / "coursewright", ignore=ignored)
    for name in READ:
        file = tmp_path / "browser" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(browser_folder() / name, file)
    return package, tmp_path / "browser"


@pytest.mark.parametrize("name", ["pages/charts.py", "runner.py", *READ])
def test_whatever_of_the_program_changes_it_is_another(copies, name):
    assert digest_of_program(*copies) == program()
    (file,) = (place / name for place in copies if (place / name).is_file())
    file.write_bytes(file.read_bytes() + b"\n")
    assert digest_of_program(*copies) != program()


def test_every_file_of_the_browser_side_that_a_page_is_made_with_is_read():
    named = "".join(file.read_text() for file in GENERATOR.glob("pages/*.py"))
    files = {name for name in READ if name.rpartition("/")[2] in named}
    assert files == {*READ} - {"package-lock.json"}


@pytest.fixture
def other(monkeypatch):
    """Makes the program another one."""

    def change():
        for module in (charts, formulas, shelf):
            monkeypatch.setattr(module, "program", lambda: "another")

    return change


def test_another_program_draws_a_chart_and_sets_a_formula_again(tmp_path, other):
    cache = Cache(tmp_path)

    def kept():
        charts.baked(CHART, cache)
        setter = formulas.Formulas({}, cache)
        setter.html("x", display=False)
        setter.close()
        return len([*tmp_path.glob("*/*.json")])

    assert [kept(), kept()] == [2, 2]
    other()
    assert kept() == 4


def test_another_program_renders_a_lesson_again(course, other):
    def key():
        return shelf.Shelf(course, places_of(course), bake_cache(), Keys(course)).shared

    first = key()
    assert key() == first
    other()
    assert key() != first

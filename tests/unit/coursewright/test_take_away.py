"""What readers take away is made once per content, kept as files, and made again if it is gone."""

import shutil

import pytest

from coursewright.language.course import load_course
from coursewright.pages.render import Renderer
from coursewright.publish.lessons import render_lessons

CARDS = """\
flashcards:
  - {front: "Half of ![a curve](curve.svg)?", back: "{= 4 / 2 | .0f =}"}
"""


@pytest.fixture
def course(folder):
    """The course, with a second lesson whose cards show an image."""
    lessons = folder / "lessons"
    first = (lessons / "one.yml").read_text()
    (lessons / "two.yml").write_text(first.replace("id: one", "id: two") + CARDS)
    change(folder / "course.yml", "[one]", "[one, two]")
    (folder / "images").mkdir()
    (folder / "images" / "curve.svg").write_text("<svg/>")
    return folder


@pytest.fixture
def files(course):
    """Builds the course; the files that lessons offer, by their paths in the site."""

    def build(address=""):
        return render_lessons(load_course(course), 0, address).files

    return build


def change(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def changed(before, after):
    """Which files are others now."""
    return {path for path in before | after if before.get(path) != after.get(path)}


def test_a_lesson_offers_its_notebook_and_its_cards_if_it_has_any(files):
    assert list(files()) == [
        "lessons/one/one.ipynb",
        "lessons/two/two.apkg",
        "lessons/two/two.ipynb",
    ]


def test_what_has_not_changed_is_not_made_again(files):
    first = {path: file.stat().st_mtime_ns for path, file in files().items()}
    assert {path: file.stat().st_mtime_ns for path, file in files().items()} == first


def test_what_is_gone_from_the_cache_is_made_again_and_no_lesson_is_rendered(
    files, monkeypatch, capsys
):
    first = {file: file.read_bytes() for file in files().values()}
    one, deck, _ = first
    shutil.rmtree(one.parent)
    deck.write_bytes(b"damaged")
    monkeypatch.setattr(Renderer, "body", None)  # whoever calls it fails
    assert {file: file.read_bytes() for file in files().values()} == first
    assert f"{deck.parent} is damaged or was tampered with" in capsys.readouterr().err


def test_a_change_makes_only_the_files_anew_that_rest_on_it(files, course):
    first = files()
    change(course / "lessons" / "one.yml", "Twice is more.", "Thrice is more.")
    second = files()
    assert changed(first, second) == {"lessons/one/one.ipynb"}
    change(course / "images" / "curve.svg", "<svg/>", "<svg></svg>")
    third = files()
    assert changed(second, third) == {"lessons/two/two.ipynb", "lessons/two/two.apkg"}
    change(course / "demos" / "sums.py", "2 * x", "x + x")
    assert changed(third, files()) == third.keys()


def test_a_notebook_knows_the_address_of_its_site(files, course):
    change(course / "lessons" / "one.yml", "Twice is more.", "See [there](two.md#first).")
    notebook = files("https://example.org/course")["lessons/one/one.ipynb"].read_text()
    assert "[there](https://example.org/course/lessons/two/#first)" in notebook
    assert "[there](two.ipynb#first)" in files()["lessons/one/one.ipynb"].read_text()


def test_a_time_given_to_the_build_is_that_of_the_decks(files, monkeypatch):
    first = files()["lessons/two/two.apkg"].read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert files()["lessons/two/two.apkg"].read_bytes() != first


def test_checking_a_course_writes_no_files(course):
    assert render_lessons(load_course(course), 0).files == {}

"""Cards as an Anki deck: the file Anki opens, and that importing it again updates."""

import io
import json
import sqlite3
import zipfile
from pathlib import Path

import pytest

from coursewright.cli import main
from coursewright.exports.anki import package
from coursewright.exports.selected import cooked_lessons

CARDS = r"""
flashcards:
  - front: Is $x < 2$ **even**?
    back: |
      It is {= 2 + 2 =}, $\loss{L} = {= -log(0.5) | .2f =}$:

      $$y = 1$$
  - front: A picture
    back: "![a curve](sub/curve.svg), [a place](#first), [a page](https://example.org)"
  - {front: Again, back: first}
  - {front: Again, back: "<i>second</i>"}
"""


@pytest.fixture
def cards(folder):
    """A course with cards."""
    lesson = folder / "lessons" / "one.yml"
    lesson.write_text(lesson.read_text().rstrip("\n") + CARDS)
    (folder / "images" / "sub").mkdir(parents=True)
    (folder / "images" / "sub" / "curve.svg").write_text("<svg/>")
    return folder


def exported(folder):
    """The file `coursewright export anki` writes."""
    assert main(["export", "anki", "--all", "--course", str(folder), "--out", "out/c.apkg"]) == 0
    return Path("out/c.apkg").read_bytes()


def opened(raw, tmp_path):
    """The database in a deck's file, as Anki reads it."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        (tmp_path / "collection.anki2").write_bytes(archive.read("collection.anki2"))
    return sqlite3.connect(tmp_path / "collection.anki2")


def notes(raw, tmp_path):
    """Guid, front and back of every note."""
    database = opened(raw, tmp_path)
    rows = database.execute("SELECT guid, flds FROM notes ORDER BY id").fetchall()
    database.close()
    return [(guid, *fields.split("\x1f")) for guid, fields in rows]


def test_cards_are_html_with_formulas_for_anki_and_computed_numbers(cards, tmp_path):
    found = [note[1:] for note in notes(exported(cards), tmp_path)]
    assert found == [
        (
            r"<p>Is \(x &lt; 2\) <strong>even</strong>?</p>",
            r"<p>It is 4, \({L} = 0.69\):</p>" + "\n" + r"\[y = 1\]",
        ),
        (
            "<p>A picture</p>",
            '<p><img alt="a curve" src="tiny-sub-curve.svg" />, <span>a place</span>, '
            '<a href="https://example.org">a page</a></p>',
        ),
        ("<p>Again</p>", "<p>first</p>"),
        ("<p>Again</p>", "<p><i>second</i></p>"),
    ]


def test_images_travel_in_the_file(cards):
    with zipfile.ZipFile(io.BytesIO(exported(cards))) as archive:
        assert json.loads(archive.read("media")) == {"0": "tiny-sub-curve.svg"}
        assert archive.read("0") == b"<svg/>"


def test_every_note_has_its_card_in_the_lessons_deck(cards, tmp_path):
    database = opened(exported(cards), tmp_path)
    decks = json.loads(database.execute("SELECT decks FROM col").fetchone()[0])
    used = database.execute("SELECT DISTINCT did FROM cards").fetchall()
    (count,) = database.execute("SELECT count(*) FROM cards").fetchone()
    assert [decks[str(each)]["name"] for (each,) in used] == ["Tiny::One lesson"]
    assert count == 4
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_a_changed_back_is_the_same_note_and_a_newer_one(cards, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    before = notes(exported(cards), tmp_path)
    lesson = cards / "lessons" / "one.yml"
    text = lesson.read_text().replace("back: first", "back: another")
    lesson.write_text(text.replace("title: One lesson", "title: Another title"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000100")
    raw = exported(cards)
    after = notes(raw, tmp_path)
    assert [note[0] for note in after] == [note[0] for note in before]
    assert len({note[0] for note in after}) == 4
    assert after[2][2] == "<p>another</p>"
    database = opened(raw, tmp_path)
    assert database.execute("SELECT DISTINCT mod FROM notes").fetchall() == [(1700000100,)]
    database.close()


def test_the_same_cards_at_the_same_time_give_the_same_bytes(cards):
    cooked = cooked_lessons(cards, None)
    assert package(cooked, when=1.7e9) == package(cooked, when=1.7e9)


def test_anki_opens_only_its_own_files(cards, capsys):
    assert main(["export", "anki", "one", "--course", str(cards), "--out", "cards.zip"]) == 1
    assert capsys.readouterr().err == (
        "expected a file that ends in .apkg, got cards.zip; Anki opens no other\n"
    )


def test_a_course_without_cards_says_where_to_write_them(folder, capsys):
    assert main(["export", "anki", "--all", "--course", str(folder), "--out", "c.apkg"]) == 1
    said = capsys.readouterr().err
    assert said == "expected cards, found none: write them under `flashcards:`\n"

r"""The cards of lessons as an Anki deck: one deck a lesson, below the course's.

A card is known by its course, its lesson and what the author wrote on its front: who imports a
newer file keeps what was learnt, and gets the new backs. Formulas are MathJax's \( … \), which Anki
sets; images travel inside the file.
"""

import contextlib
import itertools
import json
import os
import sqlite3
import time
from collections.abc import Iterator
from html import escape
from pathlib import Path
from xml.etree.ElementTree import Element

import genanki
import markdown
from markdown.treeprocessors import Treeprocessor

from ..archive import zipped
from ..cache import digest
from ..language.diagnostics import Path as SpecPath
from ..language.expressions import Claim, with_claims
from ..pages.prose import FORMULA, STAND_IN, markdown_and_tags, sanitized
from .prose import MACRO
from .selected import Cooked

STYLE = """\
.card {font-family: system-ui, sans-serif; font-size: 1.2rem; line-height: 1.5; text-align: left;
  max-width: 40rem; margin: 1rem auto; padding: 0 1rem;}
table {border-collapse: collapse;} td, th {border: 1px solid; padding: .2rem .6rem;}
img {max-width: 100%;}"""
MODEL = genanki.Model(
    1_714_085_921,  # Anki knows a kind of note by its number: never change it
    "Coursewright",
    fields=[{"name": "Front"}, {"name": "Back"}],
    templates=[
        {
            "name": "Card",
            "qfmt": "{{Front}}",
            "afmt": '{{FrontSide}}<hr id="answer">{{Back}}',
        }
    ],
    css=STYLE,
)


class OnACard(Treeprocessor):
    """Leaves of links only what leads somewhere from a card; images get the names Anki keeps."""

    def __init__(self, md: markdown.Markdown, course: str) -> None:
        super().__init__(md)
        self.course = course
        self.images: dict[str, str] = {}  # Anki's name -> ours

    def run(self, root: Element) -> None:
        """Rewrite the links and images of a text."""
        for element in root.iter():
            href = element.get("href", "https:") if element.tag == "a" else "https:"
            if not href.startswith(("http", "mailto:")):
                element.tag = "span"
                element.attrib.clear()
            if element.tag == "img":
                name = element.get("src", "")
                kept = f"{self.course}-{name.replace('/', '-')}"  # Anki has one folder for all
                self.images[kept] = name
                element.set("src", kept)


class Cards:
    """Writes the texts of cards as the HTML that Anki shows."""

    def __init__(self, course: str) -> None:
        self.markdown, self.raw = markdown_and_tags()
        self.links = OnACard(self.markdown, course)
        self.markdown.treeprocessors.register(self.links, "links", 14)

    def html(self, text: str, path: SpecPath, cooked: Cooked) -> str:
        """A text as HTML, its computed numbers written out."""
        numbers: list[str] = []

        def stand_in(claim: Claim) -> str:
            numbers.append(escape(cooked.claims[path, claim.start]))
            return f"\ue000{len(numbers) - 1}\ue001"

        rendered = sanitized(with_claims(text, stand_in), self.markdown, self.raw)
        with_formulas = FORMULA.sub(lambda match: formula(match["tex"], match["tag"]), rendered)
        return STAND_IN.sub(lambda match: numbers[int(match[1])], with_formulas)


def formula(tex: str, tag: str) -> str:
    """A formula as Anki's MathJax takes it."""
    left, right = (r"\[", r"\]") if tag == "div" else (r"\(", r"\)")
    return f"{left}{MACRO.sub('', tex).strip()}{right}"


def package(cooked: list[Cooked], when: float | None = None) -> bytes:
    """The cards of lessons of one course as an `.apkg` file.

    Anki takes a card it has already only from a newer file, so `when` (in seconds since 1970) is
    now, or `SOURCE_DATE_EPOCH`. With the same time the same cards give the same bytes.
    """
    moment = when if when is not None else float(os.environ.get("SOURCE_DATE_EPOCH", time.time()))
    decks: list[genanki.Deck] = []
    images: dict[str, Path] = {}
    for one in cooked:
        cards = Cards(one.course.spec.id)
        decks.append(deck(one, cards))
        images |= {kept: one.course.images[name] for kept, name in cards.links.images.items()}
    names = sorted(images)
    return zipped(
        {
            "collection.anki2": collection(decks, moment),
            "media": json.dumps({str(i): name for i, name in enumerate(names)}).encode(),
            **{str(i): images[name].read_bytes() for i, name in enumerate(names)},
        }
    )


def collection(decks: list[genanki.Deck], moment: float) -> bytes:
    """The database of decks. (genanki's `write_to_file` leaves a copy of it behind.)"""
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        ids = itertools.count(int(moment * 1000))
        genanki.Package(decks).write_to_db(database.cursor(), moment, ids)
        database.commit()
        return database.serialize()


def deck(cooked: Cooked, cards: Cards) -> genanki.Deck:
    """The deck of a lesson; its number comes from the ids, which outlive titles."""
    course, spec = cooked.course.spec, cooked.spec
    made = genanki.Deck(number(course.id, spec.id), f"{level(course.title)}::{level(spec.title)}")
    for i, front in distinct(cooked):
        card = spec.flashcards[i]
        fields = [
            cards.html(card.front, ("flashcards", i, "front"), cooked),
            cards.html(card.back, ("flashcards", i, "back"), cooked),
        ]
        guid = genanki.guid_for(course.id, spec.id, front)
        made.add_note(genanki.Note(MODEL, fields, guid=guid, tags=[course.id, spec.id]))
    return made


def distinct(cooked: Cooked) -> Iterator[tuple[int, str]]:
    """The lesson's cards by number with what tells them apart: their fronts, if need be counted."""
    fronts = [" ".join(card.front.split()) for card in cooked.spec.flashcards]
    for i, front in enumerate(fronts):
        again = fronts[:i].count(front)
        yield i, f"{front} ({again + 1})" if again else front


def number(*parts: str) -> int:
    """The number of a deck: the same for the same ids, in the range that Anki uses."""
    return int(digest("deck", *parts)[:8], 16) % (1 << 30) + (1 << 30)


def level(title: str) -> str:
    """A title as one level of Anki's tree of decks, whose levels `::` parts."""
    return title.replace("::", ": ")

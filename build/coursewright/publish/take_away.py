"""What a reader can take away from a lesson: its notebook and its cards, as files beside its page.

They are kept in the cache by what they rest on, and copied from there into the site.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from ..baking.keys import Keys
from ..cache import Cache, cache_folder, digest, kept_folder
from ..exports.carried import carrier
from ..exports.notebook import notebook
from ..exports.selected import Cooked
from ..language.blocks import ImageBlock
from ..language.course import Course, CourseLesson
from ..language.spec import Lesson
from ..pages.html import html_block, label
from ..pages.render import Body
from ..words import Words
from .wheels import package_wheel

WHEELS = "assets/python"
# Decks carry a time. Without one given, builds must not differ by the clock.
EPOCH = "1577836800"


@dataclass(frozen=True)
class TakenAway:
    """The files a lesson offers (site path -> file), and the links to them for its page."""

    files: dict[str, Path]
    html: str


class TakeAway:
    """Makes what the lessons of a course offer; `address` is the site's, or empty if not known."""

    def __init__(self, course: Course, address: str, cache: Cache, keys: Keys) -> None:
        self.cache = cache
        wheels = {each: package_wheel(each, cache_folder()) for each in course.package_folders()}
        wheels |= {wheel.file: wheel.file for wheel in course.wheels()}
        self.wheels = {f"{WHEELS}/{wheel.name}": wheel for wheel in wheels.values()}
        home = f"{address.rstrip('/')}/" if address else ""
        place = f"{home}{WHEELS}" if home else "."
        where = {each: f"{place}/{wheel.name}" for each, wheel in wheels.items()}
        names = [wheel.name for wheel in wheels.values()]
        told = {"count": len(names), "files": " and ".join(names), "folder": WHEELS}
        note = "" if home else course.words("notebook.put-beside", **told)
        self.carrier = carrier(course, keys, where, note, home)
        self.time = os.environ.get("SOURCE_DATE_EPOCH", EPOCH)
        taken = [self.carrier.names, self.carrier.places, note, home]
        self.shared = digest(taken, self.time, version("genanki"))

    def of(self, lesson: CourseLesson, course: Course, body: Body, key: str) -> TakenAway:
        """What a lesson offers whose page has such a body, which rests on `key`.

        `course` is the lesson's: while it is served, one with lessons that were saved.
        """
        claims = {(tuple(path), start): text for path, start, text in body.claims}
        cooked, name = Cooked(course, lesson, claims), lesson.spec.id
        key = digest("take away", key, self.shared, *images(lesson, course, body))
        place = self.cache.folder / key[:2]
        made = kept_folder(place, key[:24], partial(self.make, cooked))
        files = {f"lessons/{name}/{file.name}": file for file in sorted(made.iterdir())}
        return TakenAway(files, links(lesson.spec, course.words))

    def make(self, cooked: Cooked, folder: Path) -> None:
        """Write the files of a lesson into a new folder."""
        folder.mkdir()
        name = cooked.spec.id
        text = notebook(cooked, self.carrier)
        (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")
        if cooked.spec.flashcards:
            from ..exports.anki import package  # only here: most builds need no genanki

            (folder / f"{name}.apkg").write_bytes(package([cooked], float(self.time)))


def images(lesson: CourseLesson, course: Course, body: Body) -> Iterator[str | bytes]:
    """The names and contents of the images in a lesson, which its files carry."""
    blocks = [block for _, block in lesson.spec.blocks() if isinstance(block, ImageBlock)]
    names = {block.image.file for block in blocks}
    names |= {name for kind, name, _, _ in body.links if kind == "image"}
    for name in sorted(names):
        yield name
        yield course.images[name].read_bytes()


def links(spec: Lesson, words: Words) -> str:
    """The links to a lesson's files, each with what it is.

    No size: a saved lesson's page, swapped in while it is read, is to differ in what changed only.
    """
    told = [("ipynb", words.html("page.notebook"), words.html("page.notebook-about"))]
    if spec.flashcards:
        about = words.html("page.deck-about", count=len(spec.flashcards))
        told.append(("apkg", words.html("page.deck"), about))
    items = "".join(
        f'<li><a href="{spec.id}.{suffix}" download>{what}</a><span>: {about}</span></li>'
        for suffix, what, about in told
    )
    return html_block(
        f'<aside class="cw-take" data-search-exclude>{label(words("page.take"))}'
        f"<ul>{items}</ul></aside>"
    )

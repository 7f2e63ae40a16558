"""Links and images in prose: where they lead on the site, and which lead nowhere.

#id                 a place on this page
lesson.md           another lesson, and lesson.md#id a place in it
https://…           anything else, by its whole address
![words](file.svg)  a file in the course's folder `images`
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

import markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

from ..language.diagnostics import did_you_mean
from ..language.images import missing_image
from .measure import size_of

ELSEWHERE = re.compile(r"(https?://|mailto:)\S+")
IMAGES = "../../assets/images/"
KNOWN = "A link is `#id`, `lesson.md`, `lesson.md#id`, or begins with `https://`."


@dataclass(frozen=True)
class Places:
    """What prose may link to: the ids of each lesson's page, and the course's images."""

    ids: Mapping[str, frozenset[str]]
    images: Mapping[str, Path] = field(default_factory=dict)

    def resolve(self, href: str, lesson: str) -> str:
        """The address of a link on a lesson's page; raises `LinkError` if it leads nowhere."""
        if ELSEWHERE.fullmatch(href):
            return href
        page, hash_, id_ = href.partition("#")
        name = page.removesuffix(".md") if page else lesson
        if page and (not page.endswith(".md") or "/" in page):
            raise LinkError(href, f"expected a link that leads somewhere, got {href!r}", KNOWN)
        if name not in self.ids:
            hint = did_you_mean(name, self.ids) or KNOWN
            raise LinkError(href, f"expected a lesson of the course, got {page!r}", hint)
        if hash_ and id_ not in self.ids[name]:
            hint = did_you_mean(id_, self.ids[name])
            where = f"{page}" if page else "this page"
            raise LinkError(href, f"expected an id on {where}, got {'#' + id_!r}", hint)
        return f"{f'../{name}/' if page else ''}{hash_}{id_}"

    def address(self, kind: str, name: str, lesson: str) -> str | None:
        """The address of a link or an image on a lesson's page, or None if there is none."""
        try:
            if kind == "size":
                return self.size(name)
            return self.image(name) if kind == "image" else self.resolve(name, lesson)
        except LinkError:
            return None

    def image(self, name: str) -> str:
        """The address of an image; raises `LinkError` if it is not there."""
        if name not in self.images:
            raise LinkError(name, *missing_image(name, dict(self.images)))
        return IMAGES + name

    def size(self, name: str) -> str:
        """An image's width and height as `40x20`; empty where they cannot be read."""
        file = self.images.get(name)
        size = size_of(file.read_bytes()) if file and file.is_file() else None
        return f"{size[0]}x{size[1]}" if size else ""


class LinkError(ValueError):
    """A link or image that leads nowhere: what stands there, message and fix."""

    def __init__(self, href: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.href, self.fix = href, fix


class Links(Treeprocessor):
    """Writes every link of a text as the site needs it, and keeps what is wrong with any."""

    def __init__(self, md: markdown.Markdown, places: Places) -> None:
        super().__init__(md)
        self.places = places
        self.lesson = ""
        self.wrong: list[LinkError] = []
        self.found: list[tuple[str, str, str, str]] = []

    def run(self, root: Element) -> None:
        """Resolve the links and images of a text."""
        self.wrong = []
        for element in root.iter():
            try:
                if element.tag == "a" and not self.is_mail(element):
                    self.link(element)
                elif element.tag == "img":
                    self.image(element)
            except LinkError as error:
                self.wrong.append(error)
                element.attrib.clear()  # told, and not followed

    def link(self, element: Element) -> None:
        """Resolve a link."""
        href = element.get("href", "")
        address = self.places.resolve(href, self.lesson)
        self.found.append(("link", href, self.lesson, address))
        element.set("href", address)

    @staticmethod
    def is_mail(element: Element) -> bool:
        """Whether a link is `<ann@example.org>`, which Markdown keeps in a code of its own."""
        return element.get("href", "").startswith(AMP_SUBSTITUTE)

    def image(self, element: Element) -> None:
        """Resolve an image, which needs words for those who do not see it."""
        name = element.get("src", "")
        if not element.get("alt"):
            fix = "Write what it shows in the brackets: ![a falling curve](curve.svg)."
            raise LinkError(name, f"expected words for the image {name!r}, got none", fix)
        address = self.places.image(name)
        self.found.append(("image", name, self.lesson, address))
        element.set("src", address)
        for attribute, value in self.room(name).items():
            element.set(attribute, value)

    def room(self, name: str) -> dict[str, str]:
        """Attributes that keep the room for an image, which a browser loads when it comes near."""
        size = self.places.size(name)
        self.found.append(("size", name, self.lesson, size))
        sides = dict(zip(("width", "height"), size.split("x"), strict=True)) if size else {}
        return {"loading": "lazy", **sides}

"""Markers in pages written by hand, for which something of the course comes.

A marker is a comment on a line of its own: `<!-- coursewright: sources -->`. Markdown passes it on,
except in code, which shows it; so markers are looked for in what Markdown has made of a page.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..language.diagnostics import did_you_mean
from ..language.source import Place, Source
from ..words import ENGLISH, Words
from .html import html_block
from .page import ID, Page
from .render import no_script

MARKER = re.compile(r"(?P<open><|&lt;)!-- *coursewright:(?P<words>.*?)--(>|&gt;)")
KINDS = ("demo", "lessons", "reader", "sources")
CONTROLS = '<fieldset class="cw-controls"'


@dataclass(frozen=True)
class Marker:
    """A marker: what it asks for, what it stands for in a page's HTML, where its file has it."""

    words: str
    html: str
    place: Place
    alone: bool


def with_excerpts(
    html: str,
    source: Source,
    excerpts: Mapping[str, str],
    path: str,
    root: str,
    words: Words = ENGLISH,
) -> tuple[str, Page]:
    """A page's HTML with marks for blocks, and the page of these, at a path of the site.

    `root` leads from the page to the site's root. What is wrong is noted in the page's source.
    """
    parts: list[str] = []
    taken = set(ID.findall(html))
    for marker in markers(html, source.text):
        part = excerpts.get(marker.words, "")
        ids = set(ID.findall(part))
        if problem := wrong(marker, excerpts, sorted(taken & ids)):
            source.add(marker.place, "", *problem)
            continue
        taken |= ids
        html = html.replace(marker.html, f"<!--block {len(parts)}-->", 1)
        parts.append(part.replace('="../../', f'="{root}'))
    first = next((i for i, part in enumerate(parts) if CONTROLS in part), None)
    if first is not None:  # one block, also where a page has columns
        parts[first] = html_block(no_script(words) + parts[first])
    return html, Page(path, "", parts)


def markers(html: str, text: str) -> Iterator[Marker]:
    """The markers of a page. Code that shows one has it in the text as well, and in this order."""
    for shown, written in zip(MARKER.finditer(html), MARKER.finditer(text), strict=False):
        if shown["open"] == "<":
            start = text.rfind("\n", 0, written.start()) + 1
            line = text[start:].partition("\n")[0]
            place = Place(text.count("\n", 0, start) + 1, written.start() - start + 1)
            words = " ".join(shown["words"].split())
            yield Marker(words, shown[0], place, line.strip() == written[0])


def wrong(marker: Marker, excerpts: Mapping[str, str], twice: list[str]) -> tuple[str, str] | None:
    """What is wrong with a marker, and the fix; None if nothing is."""
    kind, _, name = marker.words.partition(" ")
    if not marker.alone:
        message = "expected the marker on a line of its own"
        return message, "Put nothing before it and nothing after it."
    if marker.words not in excerpts and kind == "demo":
        demos = [each.removeprefix("demo ") for each in excerpts if each.startswith("demo ")]
        message = f"expected a demo of the course, got {name!r}"
        return message, did_you_mean(name, demos) or "A demo is named LESSON#DEMO, by its ids."
    if marker.words not in excerpts:
        message = (
            f"expected `demo LESSON#DEMO`, `lessons`, `reader` or `sources`, got {marker.words!r}"
        )
        return message, did_you_mean(kind, KINDS)
    if twice:
        message = f"found the id {twice[0]!r} on this page already"
        return message, "Show a demo once on a page, and give no heading its id."
    return None

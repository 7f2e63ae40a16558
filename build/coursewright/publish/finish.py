"""The last step after a site builder that is not ours: look at what it made, add policy and worker.

A builder that does not know our pages publishes them escaped, without their scripts, or not at
all, and calls that a success. Here it fails.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html.parser import HTMLParser
from pathlib import Path

from pydantic import ValidationError

from ..errors import CoursewrightError
from .folder import MANIFEST, Manifest
from .offline import marked, write_offline
from .policy import secured
from .words import with_words

HEADING_ID = re.compile(r"^#+ .*\{#([\w-]+)\}$", re.MULTILINE)


class UnfinishedError(CoursewrightError):
    """A built site that must not be published; says everything that is wrong with it."""


class Tags(HTMLParser):
    """The ids of a page, its custom elements, its links, and the files it loads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.elements: Counter[str] = Counter()
        self.links: set[str | None] = set()
        self.files: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag is and names."""
        given = dict(attrs)
        self.ids |= {given["id"] or ""} if "id" in given else set()
        self.elements[tag] += "-" in tag
        self.links |= {given.get("href")} if tag == "a" else set()
        name = {"script": "src", "link": "href"}.get(tag)
        self.files += [given.get(name) or ""] if name else []


def finish(rendered: Path, site: Path, styles: Sequence[str] = ()) -> int:
    """Put the policy into every page of `site`, which some builder made of the folder `rendered`,
    and the worker beside them.

    `styles` are hashes of inline styles the builder's theme needs. Returns how many pages there
    are. Raises `UnfinishedError` before anything is changed.
    """
    said = manifest_of(rendered)
    named = [*said.scripts, *said.styles]
    problems = [each for page in said.pages for each in lost(rendered, page, site, named)]
    problems += published_specs(site, (Path(page).parent.name for page in said.pages))
    if problems:
        raise UnfinishedError("\n".join(problems))
    pages = sorted(site.rglob("*.html"))
    for file in pages:
        html = file.read_text(encoding="utf-8")
        html = marked(html, file.relative_to(site).as_posix(), said.offline)
        html = with_words(html, said.words)
        html = secured(html, said.frame_hash, styles, said.connect)
        file.write_text(html, encoding="utf-8")
    write_offline(site, said.offline)
    return len(pages)


def manifest_of(rendered: Path) -> Manifest:
    """What a rendered folder says of itself."""
    expected = f"expected a folder that `coursewright render` wrote at {rendered}"
    file = rendered / MANIFEST
    if not file.is_file():
        raise UnfinishedError(f"{expected}, found no {MANIFEST} there")
    try:
        return Manifest.model_validate_json(file.read_bytes())
    except ValidationError:
        raise UnfinishedError(
            f"{expected}, found a {MANIFEST} there that is damaged or of another version; "
            "render and build it again"
        ) from None


def published_specs(site: Path, lessons: Iterable[str]) -> list[str]:
    """The specs of a course that stand in a site, by the ids of its lessons, each with why not."""
    specs = {"course.yml", *(f"{lesson}.yml" for lesson in lessons)}
    found = sorted(file for file in site.rglob("*.yml") if file.name in specs)
    return [f"{file}: expected no spec in a site; it holds the answers" for file in found]


def lost(rendered: Path, page: str, site: Path, named: list[str]) -> list[str]:
    """What of a rendered page its builder has lost, each with what to do."""
    source, file = rendered / page, (site / page).with_suffix(".html")
    if not file.is_file():
        return [f"{file}: expected the page of {source}, found none"]
    markdown = source.read_text(encoding="utf-8")
    before, after = Tags(markdown), Tags(file.read_text(encoding="utf-8"))
    problems = [
        f"{file}: expected it to load {name}; name it in the builder's configuration"
        for name in named
        if not any(each.endswith(name) for each in after.files)
    ]
    if not set(HEADING_ID.findall(markdown)) <= after.ids:
        problems.append(f"{file}: expected headings with their ids; switch on `attr_list`")
    kept = before.ids <= after.ids and before.links <= after.links
    if not kept or not before.elements <= after.elements:
        problems.append(f"{file}: expected the HTML of {source} as it is, found it changed")
    return problems

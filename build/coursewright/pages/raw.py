"""Tags that an author types in Markdown: plain inline ones are kept, other HTML is refused.

What only looks like a tag (`List<int>`, `a < b`) is text.
"""

import re
from collections import Counter, defaultdict
from html.parser import HTMLParser

import markdown
import nh3
from markdown.inlinepatterns import HTML_RE, InlineProcessor

from .lint import RUNNING
from .sanitize import BLOCKS, DROPPED, INLINE, TITLED

NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
TAG = re.compile(HTML_RE, re.DOTALL)
STAND_IN = re.compile("[\x02\ue000].*", re.DOTALL)  # for what Markdown or we put back later
VOID = {"br", "wbr"}
OTHERS = ("body", "button", "fieldset", "font", "head", "html", "input", "label", "main", "marquee")
HTML = {*INLINE, *BLOCKS, *DROPPED, *RUNNING, *nh3.ALLOWED_TAGS, *OTHERS, "picture", "source"}
REFUSED = "expected Markdown, or an inline tag without attributes, got `{}`"
FIX = f"Tags are {', '.join(sorted(INLINE))}. To show one as text, write it in backticks."


class Attributes(HTMLParser):
    """The names of a tag's attributes."""

    def __init__(self, tag: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the names."""
        self.names = {name for name, _ in attrs}


def name_of(tag: str) -> str:
    """The name of a tag; of a comment it is empty."""
    name = NAME.match(tag)
    return name[1].lower() if name else ""


def is_html(tag: str) -> bool:
    """Whether what looks like a tag is one, or a comment."""
    name = name_of(tag)
    return not name or name in HTML or "-" in name


def is_allowed(tag: str) -> bool:
    """Whether an author may type a tag."""
    name = name_of(tag)
    titles = {"title"} if name in TITLED else set()
    return name in INLINE and not STAND_IN.search(tag) and Attributes(tag).names <= titles


def problems(tags: list[str]) -> dict[str, str]:
    """Which of a text's tags are wrong, and what is said of each."""
    wrong: dict[str, str] = {}
    refused: Counter[str] = Counter()  # what ends one is not told again
    begun: defaultdict[str, list[str]] = defaultdict(list)
    for tag in tags:
        name, ends = name_of(tag), tag.startswith("</")
        if ends and refused[name]:
            refused[name] -= 1
        elif not is_allowed(tag):
            refused[name] += 1
            wrong[tag] = REFUSED.format(STAND_IN.sub("…", " ".join(tag.split()))[:60])
        elif not ends:
            begun[name] += [] if name in VOID else [tag]
        elif begun[name]:
            begun[name].pop()
        else:
            wrong[tag] = f"expected `<{name}>` before `{tag}`, found none"
    for name, left in begun.items():
        wrong |= {tag: f"expected `</{name}>` after `{tag}`, found none" for tag in left}
    return wrong


class RawHtml(InlineProcessor):
    """Passes on the tags an author may type, and keeps the others in mind: they are to be told."""

    def __init__(self, md: markdown.Markdown) -> None:
        super().__init__(HTML_RE, md)
        self.md: markdown.Markdown = md
        self.tags: list[str] = []

    def handleMatch(  # type: ignore[override]
        self, match: re.Match[str], data: str
    ) -> tuple[str | None, int | None, int | None]:
        """Take up one tag."""
        tag = match[1]
        if is_html(tag):
            self.tags.append(tag)
        if not is_allowed(tag):
            return None, None, None
        return self.md.htmlStash.store(tag), match.start(0), match.end(0)

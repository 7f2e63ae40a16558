"""A page for the site builder: Markdown headings, and blocks of HTML between them.

HTML passes through Markdown untouched, but slowly. A builder that lets us look at its pages gets an
`outline` first, with a mark in place of each block, and the blocks once Markdown is done.
"""

import re
from dataclasses import dataclass

MARK = re.compile(r"<!--block (\d+)-->")
ID = re.compile(r'<[^>]* id="([^"]+)"')
FORMULA = re.compile(
    r'<span class="katex">.*?<annotation[^>]*>(?P<tex>.*?)</annotation>.*?<!--/katex-->', re.DOTALL
)
DRAWING = re.compile(r"<svg.*?</svg>", re.DOTALL)
CODE = re.compile(r"<pre.*?</pre>", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """One page: where it goes, and its parts, each a heading or a block of HTML."""

    path: str
    title: str
    parts: list[str]
    in_menu: bool = True

    @property
    def markdown(self) -> str:
        """The whole page as Markdown."""
        return "\n\n".join(self.parts) + "\n"

    @property
    def outline(self) -> str:
        """The page's Markdown with marks for its blocks."""
        marked = (
            f"<!--block {i}-->" if is_html(part) else part for i, part in enumerate(self.parts)
        )
        return "\n\n".join(marked) + "\n"

    def filled(self, html: str) -> str:
        """What Markdown made of the outline, with the blocks at their marks."""
        return MARK.sub(lambda mark: self.parts[int(mark[1])], html)

    def searched(self, html: str) -> str:
        """The same with only what a search should find: formulas as LaTeX, no drawings."""
        return MARK.sub(lambda mark: searchable(self.parts[int(mark[1])]), html)

    @property
    def ids(self) -> set[str]:
        """The ids inside the blocks, which links may name."""
        blocks = filter(is_html, self.parts)
        return {found for block in blocks for found in ID.findall(block)}


def is_html(part: str) -> bool:
    """Whether a part of a page is a block of HTML."""
    return part.startswith("<")


def searchable(html: str) -> str:
    """HTML without the tags that only give looks to formulas and code, and without drawings."""
    html = DRAWING.sub("", FORMULA.sub(lambda formula: formula["tex"], html))
    return CODE.sub(lambda code: f"<pre>{re.sub('<[^>]*>', '', code[0])}</pre>", html)

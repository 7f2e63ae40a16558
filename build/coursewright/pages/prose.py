"""Prose: an author's Markdown as HTML, with formulas, computed numbers and concept colours.

Of raw HTML a few inline tags are kept; other tags are reported where they stand.
"""

import re
import xml.etree.ElementTree as ElementTree
from html import escape, unescape
from pathlib import Path as FilePath

import markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from ..baking.bake import Baked
from ..language.diagnostics import Path
from ..language.expressions import Claim, with_claims
from ..language.source import Source
from ..language.spec import CourseSpec
from . import raw, sanitize
from .formulas import FormulaError, Formulas
from .links import Links, Places

EXTENSIONS = ["tables", "fenced_code", "sane_lists", "pymdownx.arithmatex", "smarty"]
SETTINGS = {
    "tables": {"use_align_attribute": True},  # the policy refuses inline styles
    "pymdownx.arithmatex": {"generic": True},
    "smarty": {"smart_dashes": False, "smart_ellipses": False},  # only quotation marks
}
FORMULA = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">\\[(\[](?P<tex>.*?)\\[)\]]</(?P=tag)>', re.DOTALL
)
# A claim's stand-in while Markdown runs: private-use characters, which no keyboard types.
HEADING = re.compile(r"<h([12])[ >]")
STAND_IN = re.compile("\ue000(\\d+)\ue001")
PERCENT = re.compile("(?<=[0-9\ue001]) (?=%)")  # behind a number, or a claim's stand-in
BRACKET = re.compile(r"[][]|\n[ \t]*\n")
DEEPEST = 50  # levels of lists, quotations and brackets
LONGEST = 60  # characters of a formula that messages show
PREFORMATTED = re.compile(r"<pre\b.*?</pre>", re.DOTALL)


class ConceptColors(Treeprocessor):
    """Gives bold words that name a concept the concept's colour."""

    def __init__(self, md: markdown.Markdown, words: dict[str, str]) -> None:
        super().__init__(md)
        self.words = words

    def run(self, root: ElementTree.Element) -> None:
        """Colour every `<strong>` whose whole text is a concept's word."""
        for element in root.iter("strong"):
            color = self.words.get("".join(element.itertext()).lower())
            if color:
                element.set("class", f"c-{color}")


class Percents(Treeprocessor):
    """Keeps a number and its percent sign on one line."""

    def run(self, root: ElementTree.Element) -> None:
        """Put a space that does not break before each percent sign behind a number."""
        for element in root.iter():
            element.text, element.tail = unbroken(element.text), unbroken(element.tail)


class Prose:
    """Renders a course's prose."""

    def __init__(self, course: CourseSpec, formulas: Formulas, places: Places) -> None:
        words: dict[str, str] = {
            word.lower(): c.color for c in course.concepts.values() for word in c.words
        }
        self.formulas = formulas
        self.markdown, self.raw = markdown_and_tags()
        # After the inline patterns (priority 20), which make the <strong> elements.
        self.markdown.treeprocessors.register(ConceptColors(self.markdown, words), "concepts", 15)
        self.links = Links(self.markdown, places)
        self.markdown.treeprocessors.register(self.links, "links", 14)
        self.markdown.treeprocessors.register(Percents(self.markdown), "percents", 13)

    def begin(self) -> None:
        """Begin a page: forget the styles and links of the one before."""
        self.formulas.styles, self.links.found = {}, []

    def html(self, text: str, path: Path, baked: Baked, source: Source) -> str:
        """A text as HTML. A formula that cannot be read is reported to the source."""
        values: list[tuple[str, str]] = []

        def stand_in(claim: Claim) -> str:
            values.append((baked.claims[path, claim.start], claim.expression))
            return f"\ue000{len(values) - 1}\ue001"

        self.links.lesson = FilePath(source.file).stem
        rendered = self.converted(with_claims(text, stand_in), path, source)
        for tag, message in raw.problems(self.raw.tags).items():
            at = max(text.find(raw.STAND_IN.sub("", tag)), 0)
            source.report_inside(path, at, message, raw.FIX)
        for level in sorted(set(HEADING.findall(rendered))):
            line = re.search(rf"^#{{{level}}}[ \t]", text, re.MULTILINE)
            message = f"expected a heading of the third level or below, got one of level {level}"
            fix = "Begin a section for it, or write `###`."
            source.report_inside(path, line.start() if line else 0, message, fix)
        for wrong in self.links.wrong:
            at = max(text.find(f"({wrong.href}") + 1, 0)
            source.report_inside(path, at, str(wrong), wrong.fix)

        def formula(match: re.Match[str]) -> str:
            tex = STAND_IN.sub(lambda m: values[int(m[1])][0], unescape(match["tex"]))
            return self.formula(tex, match["tag"] == "div", path, source)

        def number(match: re.Match[str]) -> str:
            computed, expression = values[int(match[1])]
            return f'<data class="cw-claim" value="{escape(expression)}">{escape(computed)}</data>'

        return without_blank_lines(STAND_IN.sub(number, FORMULA.sub(formula, rendered)))

    def converted(self, text: str, path: Path, source: Source) -> str:
        """Markdown as HTML, or nothing if it is nested too deeply and was reported."""
        try:
            if deepest(text) > DEEPEST:
                raise RecursionError
            return sanitized(text, self.markdown, self.raw)
        except RecursionError:
            self.markdown.parser.state.clear()
            self.links.wrong, self.raw.tags = [], []
            message = "expected fewer lists, quotations or brackets inside each other"
            source.report(path, message, f"At most {DEEPEST} levels can be read.")
            return ""

    def formula(self, tex: str, display: bool, path: Path, source: Source) -> str:
        """A formula's HTML, or nothing if it cannot be read and was reported."""
        try:
            html = self.formulas.html(tex, display=display)
        except FormulaError as error:
            at = max(source.text_at(path).find(tex.strip()[:20]), 0)
            shown = tex if len(tex) <= LONGEST else f"{tex[: LONGEST - 1]}…"
            source.report_inside(path, at, f"cannot read the formula `{shown}`: {error}")
            return ""
        return f'<div class="cw-math">{html}</div>' if display else html


def deepest(text: str) -> int:
    """How many brackets are open at once in a paragraph; Markdown is slow to look for each end."""
    depth = most = 0
    for found in BRACKET.finditer(text):
        depth = {"[": depth + 1, "]": max(depth - 1, 0)}.get(found[0], 0)
        most = max(most, depth)
    return most


def unbroken(text: str | None) -> str | None:
    """A text that does not break before a percent sign; code and formulas stay as they are."""
    if text is None or isinstance(text, AtomicString):
        return text
    return PERCENT.sub("\u00a0", text)


def markdown_and_tags() -> tuple[markdown.Markdown, raw.RawHtml]:
    """The Markdown of lessons, and what keeps in mind the tags that stand in a text."""
    made = markdown.Markdown(extensions=EXTENSIONS, extension_configs=SETTINGS)
    made.preprocessors.deregister("html_block")
    tags = raw.RawHtml(made)
    made.inlinePatterns.register(tags, "html", 90)  # in place of Markdown's own
    return made, tags


def sanitized(text: str, made: markdown.Markdown, tags: raw.RawHtml) -> str:
    """A text as HTML; that of an author is sanitized, which our own need not be."""
    tags.tags.clear()
    rendered = made.reset().convert(text)
    return sanitize.prose(rendered) if tags.tags else rendered


def without_blank_lines(html: str) -> str:
    """HTML in which no blank line ends the block that a Markdown page holds it in.

    Lines of preformatted text are the author's: they end in character references instead.
    """
    kept = PREFORMATTED.sub(lambda match: match[0].replace("\n", "&#10;"), html)
    return re.sub(r"\n{2,}", "\n", kept)

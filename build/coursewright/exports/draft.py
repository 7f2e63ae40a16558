"""A Jupyter notebook as a first draft of a lesson: what an author then works on, and not less.

Headings become sections, Markdown becomes text, code becomes fenced code. What a lesson cannot
hold (images that are not there, links into the notebook's folder) is named in comments at the top.
"""

import itertools
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..pages.raw import TAG, is_html, problems
from ..scaffold.files import RefusedError
from ..scaffold.yaml_text import block, clean, scalar
from .prose import pieces

MINUTES = 10  # until the author knows better
LINES = re.compile(
    r"(?P<code>^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z))"
    r"|^(?P<level>#{1,6})[ \t]+(?P<title>[^\n]*?)[ \t]*#*[ \t]*$"
    r"|^(?P<above>[^\s#>*+|-][^\n]*)\n(?P<under>=+|-{2,})[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
IMAGE = re.compile(
    r"!\[(?P<alt>[^\]]*)\](?:\(\s*(?P<file>[^()\s]*)(?:\([^()]*\)|[^()])*\)|\[[^\]]*\])"
)
HTML_IMAGE = re.compile(r"<img\b[^>]*?\bsrc=[\"']?(?P<file>[^\"'\s>]+)[^>]*>", re.IGNORECASE)
LINK = re.compile(r"(?<!!)\[(?P<words>[^\[\]]+)\]\((?P<href>[^()\s]*)[^()]*\)")
DEFINITION = re.compile(r"^ {0,3}\[(?P<name>[^\]]+)\]:[ \t]*(?P<href>\S+)[^\n]*$", re.MULTILINE)
STAND_IN = re.compile("\ue000(\\d+)\ue001")
STAND_INS = re.compile("[\ue000\ue001]")
ELSEWHERE = re.compile(r"(https?://|mailto:)\S+")
MARKS = re.compile(r"[*_`]|<[^>]*>|!?\[([^\]]*)\]\([^)]*\)")
TAKEN = {"lesson", "quiz", "teach-back", "cards", "sources"}  # ids the page gives itself
OPENINGS = {"{=": "{ =", "=}": "= }"}  # a lesson would compute what stands between them


@dataclass
class Section:
    """A heading and what stands below it, as written blocks."""

    title: str
    blocks: list[str] = field(default_factory=list)


@dataclass
class Draft:
    """A lesson that is being made from a notebook; `refuses` tells formulas KaTeX cannot read."""

    refuses: Callable[[str, bool], bool]
    title: str = ""
    sections: list[Section] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def read(self, cells: list[tuple[str, str]]) -> None:
        """Take up the cells of a notebook: their kinds and sources."""
        for kind, source in cells:
            text = clean(source).strip("\n")
            if kind == "markdown":
                self.markdown(text)
            elif kind == "code" and text.strip():
                self.section().blocks.append(self.code(text))
            elif text.strip():
                self.note("a raw cell was left out")

    def markdown(self, text: str) -> None:
        """Prose with headings: a heading opens a section, what is deeper stays in the text."""
        last = 0
        for match in LINES.finditer(text):
            level = heading_level(match)
            if not 0 < level <= 2:
                continue
            self.prose(text[last : match.start()])
            title = without_marks(match["title"] or match["above"] or "")
            if level == 1 and not self.title:
                self.title = title
            else:
                self.sections.append(Section(title or "Untitled"))
            last = match.end()
        self.prose(text[last:])

    def prose(self, text: str) -> None:
        """A text block, if there is any text. Links and images are looked for outside of code."""
        kept: list[str] = []
        words = ""
        for kind, piece in pieces(STAND_INS.sub("", text)):
            words += piece if kind == "words" else f"\ue000{len(kept)}\ue001"
            kept += [self.piece(kind, piece)] if kind != "words" else []
        whole = STAND_IN.sub(lambda match: kept[int(match[1])], self.words(words))
        if whole.strip():
            self.section().blocks.append(block("text", self.harmless(whole), 8))

    def words(self, text: str) -> str:
        """A text outside of code with words in place of its images, and of links to files."""
        text = HTML_IMAGE.sub(self.image, IMAGE.sub(self.image, text))
        return self.tags(LINK.sub(self.link, DEFINITION.sub(self.definition, text)))

    def tags(self, text: str) -> str:
        """A text whose tags a lesson keeps; if it refuses one, all of them are shown as text."""
        found = problems([match[1] for match in TAG.finditer(text) if is_html(match[1])])
        if not found:
            return text
        self.note(f"HTML is shown as text, beginning with {shortened(next(iter(found)))}")
        return TAG.sub(as_text, text)

    def piece(self, kind: str, piece: str) -> str:
        """Code as it is; a formula, if KaTeX reads it."""
        if kind == "code":
            return piece
        mark = "$" if kind == "inline" else "$$"
        if not self.refuses(piece, kind == "display"):
            return f"{mark}{piece}{mark}"
        self.note(f"a formula KaTeX cannot read is shown as code: {shortened(piece)}")
        code = fenced(piece, "latex")
        return f"`{' '.join(piece.split())}`" if kind == "inline" else f"\n\n{code}\n\n"

    def image(self, match: re.Match[str]) -> str:
        """Words in place of an image, which is noted."""
        found = match.groupdict()
        file, alt = found["file"] or "", found.get("alt") or ""
        self.note(
            f"an image to put into `images` and to name in the text: {shortened(file or alt)}"
        )
        return f"*(Image: {alt or Path(file).name[:60]})*"

    def link(self, match: re.Match[str]) -> str:
        """A link that leads somewhere from a lesson, or else its words."""
        if ELSEWHERE.fullmatch(match["href"]):
            return match[0]
        self.note(f"a link became plain words: {shortened(match['words'])} ({match['href']})")
        return match["words"]

    def definition(self, match: re.Match[str]) -> str:
        """The address of links by name; nothing if it leads nowhere from a lesson."""
        if ELSEWHERE.fullmatch(match["href"]):
            return match[0]
        self.note(f"a link became plain words: {match['name']} ({match['href']})")
        return ""

    def code(self, code: str) -> str:
        """A code cell as a block. (The one place to change for a block that runs.)"""
        return block("text", self.harmless(fenced(code, "python")), 8)

    def harmless(self, text: str) -> str:
        """A text without what a lesson takes for a computed number."""
        for found, instead in OPENINGS.items():
            if found in text:
                self.note(f"`{found}` opens or closes a computed number: it became `{instead}`")
                text = text.replace(found, instead)
        return text

    def section(self) -> Section:
        """The section that is being written."""
        if not self.sections:
            self.sections.append(Section("Introduction"))
        return self.sections[-1]

    def note(self, text: str) -> None:
        """Something for the author to look at, said once."""
        plain = STAND_IN.sub("…", text)
        if plain not in self.notes:
            self.notes.append(plain)

    def written(self, name: str) -> str:
        """The lesson as YAML."""
        title = self.title or name.replace("-", " ").capitalize()
        self.title = title
        more = ", and:" if self.notes else "."
        lines = [f"# Drafted from a notebook. Still to do: summary, minutes{more}"]
        lines += [f"#   * {' '.join(note.split())}" for note in self.notes]
        lines += [
            f"id: {name}",
            f"title: {scalar(title)}",
            f"summary: {scalar(f'About {title}.')}",
            f"minutes: {MINUTES}",
            "sections:",
        ]
        taken: set[str] = set()
        for section in self.sections or [self.section()]:
            lines += [
                f"  - id: {fresh_id(section.title, taken)}",
                f"    title: {scalar(section.title)}",
                "    blocks:",
            ]
            blocks = section.blocks or [block("text", "To be written.", 8)]
            lines += [each.replace(" " * 8, "      - ", 1) for each in blocks]
        return "\n".join(lines) + "\n"


def as_text(match: re.Match[str]) -> str:
    """A tag as text; what only looks like one is text already."""
    return match[0].replace("<", "&lt;") if is_html(match[1]) else match[0]


def draft(file: Path, name: str, refuses: Callable[[str, bool], bool]) -> Draft:
    """The draft of the lesson `name` from a notebook; raises `RefusedError` for what is none."""
    made = Draft(refuses)
    made.read(cells_of(file))
    return made


def cells_of(file: Path) -> list[tuple[str, str]]:
    """Kind and source of a notebook's cells."""
    try:
        data = json.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise RefusedError(f"cannot read {file}: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise RefusedError(f"expected a Jupyter notebook, got no JSON in {file}") from None
    if not isinstance(data, dict) or "nbformat" not in data:
        raise RefusedError(f"expected a Jupyter notebook, got other JSON in {file}")
    if data["nbformat"] != 4 or not isinstance(data.get("cells"), list):
        raise RefusedError(
            f"expected a notebook of format 4, got {data['nbformat']!r} in {file}; "
            "save it anew with a current Jupyter"
        )
    return [cell_of(cell, i, file) for i, cell in enumerate(data["cells"])]


def cell_of(cell: Any, i: int, file: Path) -> tuple[str, str]:
    """Kind and source of a cell, whose source may be lines or one text."""
    source = cell.get("source") if isinstance(cell, dict) else None
    lines = source if isinstance(source, list) else [source]
    texts = [line for line in lines if isinstance(line, str)]
    if len(texts) < len(lines):
        raise RefusedError(f"expected text as source of cell {i + 1}, got none in {file}")
    return str(cell.get("cell_type")), "".join(texts)


def heading_level(match: re.Match[str]) -> int:
    """The level of a heading, 0 of code."""
    if match["level"]:
        return len(match["level"])
    return 0 if match["code"] else 1 if match["under"][0] == "=" else 2


def without_marks(text: str) -> str:
    """A heading as plain words."""
    return " ".join(MARKS.sub(lambda match: match[1] or "", text).split())


def fenced(code: str, language: str) -> str:
    """Code between fences longer than any inside."""
    longest = max((len(ticks) for ticks in re.findall(r"`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{code}\n{fence}"


def slug(text: str) -> str:
    """Words as an id: lower case, joined by `-`; nothing if there is no letter to begin with.

    >>> slug("1. Wie groß? Über die Größe")
    'wie-gro-uber-die-groe'
    """
    ascii_ = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"^[^a-z]+", "", re.sub(r"[^a-z0-9]+", "-", ascii_)).strip("-")[:60].strip("-")


def fresh_id(title: str, taken: set[str]) -> str:
    """An id for a section that no other has."""
    base = slug(title) or "section"
    if base in TAKEN or re.fullmatch(r"question-\d+", base):
        base = f"about-{base}"
    numbered = (f"{base}-{count}" for count in itertools.count(2))
    name = next(name for name in itertools.chain([base], numbered) if name not in taken)
    taken.add(name)
    return name


def shortened(text: str) -> str:
    """A text as notes show it."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:57]}…"

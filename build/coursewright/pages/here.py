"""Where a block is rendered: its lesson, what was baked for it, and how its prose is set."""

from dataclasses import dataclass, field
from pathlib import Path as FilePath

from ..baking.bake import Baked
from ..cache import Cache
from ..language.course import Course
from ..language.diagnostics import Path
from ..language.source import Source
from ..words import Words
from .prose import Prose

RUNTIME_BYTES = "\ue002"  # stands for a number that changes with any of the course's Python


@dataclass(frozen=True)
class Here:
    """What renderers of blocks need to know; `said` keeps each text of the lesson as its HTML."""

    course: Course
    source: Source
    baked: Baked
    prose: Prose
    cache: Cache
    said: dict[Path, str] = field(default_factory=dict)

    @property
    def words(self) -> Words:
        """What is said to readers, by its key."""
        return self.course.words

    @property
    def lesson(self) -> str:
        """The lesson's id, which is its file's name."""
        return FilePath(self.source.file).stem

    @property
    def belongs(self) -> dict[str, str]:
        """Attributes of what a reader does something with: under what that is kept for them."""
        return {"data-course": self.course.spec.id, "data-lesson": self.lesson}

    def prose_html(self, text: str, path: Path) -> str:
        """Markdown as paragraphs, lists and displayed formulas."""
        self.said[path] = html = self.prose.html(text, path, self.baked, self.source)
        return html

    def line_html(self, text: str, path: Path) -> str:
        """Markdown within a line."""
        return inline(self.prose_html(text, path))


def inline(html: str) -> str:
    """HTML without the paragraph around it, if it is a single one."""
    inside = html.strip().removeprefix("<p>").removesuffix("</p>")
    return html if "<p>" in inside else inside

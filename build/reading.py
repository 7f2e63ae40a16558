"""How hard each lesson is to read: `python3 noxfile.py -s reading`.

It prints the Flesch–Kincaid grade, the years of school that a text asks for, of every lesson and of
each of its parts, and ends with 1 if a lesson asks for more than it should. What counts is prose:
no code, formulas or tables, nothing that a demo shows. A computed number counts as a word.

The formula is that of Kincaid, Fishburne, Rogers and Chissom (1975): 0.39 words per sentence + 11.8
syllables per word − 15.59. Libraries for it bring a language toolkit, or a dictionary under a
licence of its own; syllables counted by rules are right for 99 of 100 words in the lessons.
"""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from coursewright.language.blocks import DemoBlock, TableBlock
from coursewright.language.course import load_course
from coursewright.language.expressions import with_claims
from coursewright.language.nodes import texts_in
from coursewright.language.spec import Lesson
from coursewright.pages.prose import markdown_and_tags

COURSE = Path(__file__).parents[1] / "course"
MOST = 9.0  # the grade that a whole lesson may have
ENDS = ("quiz", "teach_back", "flashcards")
SENTENCE_END = re.compile(r"(?<!\bal)[.?!…]+[\"”’)]*(?=\s|$)")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d[\d.,]*")
VOWELS = re.compile(r"[aeiouy]+")
APART = re.compile(  # vowels that stand together and are said one after the other
    r"(?<![tsc])ia|(?<![tscgl])io|eo(?![pu])|iu|uou|(?<![qg])ua|tui|creat|inea|dea$|(?<![tc])i(?:et|ent)|ie(?:r|st)$"
    r"|[aeiouy]ing|ayer|ism$|thm"  # the last two have a syllable more than vowels
)
SILENT = re.compile(  # an e that is written, and not said
    r"(?:[^aeiouyl]|[aeiouy]l)e$|[^aeiouydt]ed$|(?:[^aeiouylszxcgh]|[aeiouy]l|th)es$|[gq]ue$|every"
    r"|[^aeiouyl]e(?=ment|book|work|thing|where|times?$)|[^aeiouy]e(?=ly$|ful|less|ness)"
)


def grade(pieces: list[str]) -> float:
    """The grade of texts, each of which ends its last sentence; 0 if there is no word in them.

    >>> round(grade(["The cat sat on the mat.", "It purred."]), 2)
    -2.23
    """
    sentences = [part for piece in pieces for part in SENTENCE_END.split(piece)]
    found = [words for words in map(WORD.findall, sentences) if words]
    words = [word for sentence in found for word in sentence]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(found) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    """The syllables of an English word, by its spelling. A number counts as one.

    >>> [syllables(word) for word in ("loss", "gradient", "temperature", "0.69")]
    [1, 3, 4, 1]
    """
    letters = re.sub(r"['’](s|t|ll|re|ve|d|m)$", "", word.lower())
    count = len(VOWELS.findall(letters)) + len(APART.findall(letters))
    return max(count - len(SILENT.findall(letters)), 1)


def parts(lesson: Lesson) -> Iterator[tuple[str, list[str]]]:
    """The parts of a lesson, each with the texts that a reader reads in it, as Markdown."""
    yield "introduction", [lesson.title, lesson.summary, *lesson.objectives]
    for section in lesson.sections:
        texts = [section.title]
        for block in section.blocks:
            if isinstance(block, DemoBlock):
                texts += [block.demo.title, block.demo.try_]
            elif not isinstance(block, TableBlock):
                texts += [text for _, text in texts_in(block)]
        yield section.id, texts
    for name in ENDS:
        found = getattr(lesson, name)
        texts = [text for each in ([found] if found else []) for _, text in texts_in(each)]
        if texts:
            yield name, texts


def prose(text: str) -> list[str]:
    """A text in Markdown as the paragraphs and list items that are left of it as prose."""
    made, _ = markdown_and_tags()
    reader = Reader()
    reader.feed(made.convert(with_claims(text, lambda _: "1")))
    reader.close()
    return [piece for piece in "".join(reader.words).split("\n\n") if piece.strip()]


class Reader(HTMLParser):
    """Reads what a page says, and leaves out what is no prose."""

    SKIPPED = ("table", "pre", "code")
    ENDING = ("p", "li", "blockquote", "h3", "h4", "h5", "h6", "br")

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.open: list[str] = []  # what is being left out

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin to leave something out, or a piece of its own."""
        if tag in self.ENDING and not self.open:
            self.words.append("\n\n")
        elif tag in self.SKIPPED or ("class", "arithmatex") in attrs:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """End what is left out, or a piece."""
        if self.open[-1:] == [tag]:
            self.open.pop()
        elif tag in self.ENDING:
            self.words.append("\n\n")

    def handle_data(self, data: str) -> None:
        """Keep what is read."""
        if not self.open:
            self.words.append(data)


def grades(lesson: Lesson) -> tuple[float, dict[str, float]]:
    """The grade of a whole lesson, and those of its parts."""
    read = {
        name: [piece for text in texts for piece in prose(text)] for name, texts in parts(lesson)
    }
    whole = grade([piece for pieces in read.values() for piece in pieces])
    return whole, {name: grade(pieces) for name, pieces in read.items()}


def main(course: Path = COURSE) -> int:
    """Print the grades of a course's lessons; 1 if one of them is too high."""
    high = []
    for lesson in load_course(course).lessons:
        whole, each = grades(lesson.spec)
        print(f"{whole:5.1f}  {lesson.spec.id}")
        print("\n".join(f"       {number:5.1f}  {name}" for name, number in each.items()))
        high += [lesson.spec.id] if whole > MOST else []
    for name in high:
        print(f"{name} is harder to read than grade {MOST}: shorten its sentences", file=sys.stderr)
    return 1 if high else 0


if __name__ == "__main__":
    sys.exit(main())

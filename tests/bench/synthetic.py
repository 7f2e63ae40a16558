"""A course of any size for `bench -- generate`: real sentences, every kind of block, four demos.

Each lesson has 8 sections and at least 25 KB of prose, put together from this project's own pages;
formulas, computed numbers and the demos' settings differ from lesson to lesson. `markdown_pages`
writes the same text as plain Markdown, for a site that has nothing but pages.
"""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
SECTIONS, BYTES = 8, 25_000
SENTENCE = re.compile(r"[A-Z][^|{}\[\]#<>$\\`*_]{30,240}[.!?]")
CHOICE = {"choice": ["square", "cube"], "start": "square", "label": "Kind"}
DEMOS = '''\
"""Demos of a synthetic course."""

import math
from collections.abc import Iterator

from pyengine import show


def curve(p: float) -> show.Display:
    """A curve of twenty points."""
    xs = [x / 20 for x in range(1, 21)]
    line = show.line(xs, [-math.log(x) * p for x in xs])
    return show.curve(line, x="probability", y="loss", summary=f"A curve scaled by {p:.3f}.")


def figure(n: int, kind: str = "square") -> show.Display:
    """One figure."""
    value = n * n if kind == "square" else n**3
    return show.figure(f"{kind} of {n}", value, verdict="large" if value > 99 else "small")


def total(n: float) -> str:
    """A sentence."""
    return f"The numbers up to {n:g} add up to {n * (n + 1) / 2:.1f}."


def descend(rate: float) -> Iterator[str]:
    """Ten steps downhill."""
    w = 3.0
    for step in range(10):
        w -= rate * 2 * w
        yield f"step {step}: w = {w:.4f}"
'''


def sentences() -> list[str]:
    """Sentences of the project's own pages, without their markup."""
    lessons = [file.read_text() for file in sorted((ROOT / "course" / "lessons").glob("*.yml"))]
    pages = [file.read_text() for file in sorted((ROOT / "docs").rglob("*.md"))]
    text = "\n\n".join([*lessons, *pages])
    text = re.sub(r"```.*?```|\{=.*?=\}|\$+[^$]*\$+|<[^>]*>", "", text, flags=re.DOTALL)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"[`*]", "", text)
    found = re.split(r"(?<=[.!?:])\s+|\n\s*\n", text)
    plain = {" ".join(each.split()) for each in found}
    return sorted(each for each in plain if SENTENCE.fullmatch(each))


class Writer:
    """Writes the lessons; the same seed writes the same course."""

    def __init__(self, seed: int = 0) -> None:
        self.pool = sentences()
        self.random = random.Random(seed)

    def paragraph(self, count: int = 6) -> str:
        """Some sentences, a few words of them emphasized."""
        chosen = self.random.sample(self.pool, count)
        words = chosen[0].split(" ")
        words[1] = f"**{words[1]}**"
        return " ".join([" ".join(words), *chosen[1:]])

    def prose(self, size: int, *first: str) -> str:
        """Paragraphs and a list, up to a size."""
        parts = [self.paragraph(), *first]
        parts.append("\n".join(f"- {sentence}" for sentence in self.random.sample(self.pool, 4)))
        while sum(map(len, parts)) < size:
            parts.append(self.paragraph())
        return "\n\n".join(parts) + "\n"

    def lesson(self, number: int) -> dict[str, Any]:
        """A lesson."""
        return {
            "id": f"lesson-{number}",
            "title": f"Lesson {number}",
            "summary": self.random.choice(self.pool),
            "minutes": 30,
            "objectives": self.random.sample(self.pool, 3),
            "sections": [self.section(number, s) for s in range(SECTIONS)],
            "quiz": [self.question(i) for i in range(5)],
            "flashcards": [
                {"front": front, "back": back}
                for front, back in (self.random.sample(self.pool, 2) for _ in range(6))
            ],
        }

    def section(self, number: int, s: int) -> dict[str, object]:
        """A section: prose, and a demo in every other one."""
        size, n = BYTES // SECTIONS, number * SECTIONS + s
        formula = f"$$L = -\\frac{{{n}}}{{{n + 2}}} \\log p_{{{n}}}$$"
        value = f"Its value is {{= {n} / {n + 2} | .3f =}}, or $p_{{{n}}} \\approx {n}$."
        blocks: list[dict[str, object]] = [
            {"think_first": self.random.choice(self.pool)},
            {"text": self.prose(size * 2 // 3, formula, value)},
            {"callout": {"kind": "insight", "text": self.paragraph(2)}},
            {"text": self.prose(size // 3)},
        ]
        if s % 2 == 0:
            blocks.insert(2, {"demo": self.demo(number, s // 2)})
        return {"id": f"part-{s}", "title": f"Part {s} of lesson {number}", "blocks": blocks}

    def demo(self, number: int, which: int) -> dict[str, object]:
        """One of four demos, started where no other lesson starts it."""
        start = number % 1000 + 1
        run, controls = [
            ("curve", {"p": slider(start / 1000, start / 1000 + 2, 0.1, start / 1000)}),
            ("figure", {"n": slider(1, 1001, 1, start), "kind": CHOICE}),
            ("total", {"n": {"number": [0, 2000], "start": start, "label": "Up to"}}),
            ("descend", {"rate": slider(0, 1.1, 0.001, start / 1000)}),
        ][which]
        return {
            "id": f"demo-{which}",
            "title": f"Demo {which}",
            "run": f"some:{run}",
            "try": self.random.choice(self.pool),
            "controls": controls,
        }

    def question(self, right: int) -> dict[str, object]:
        """A question with three options."""
        ask, *texts = self.random.sample(self.pool, 4)
        options: list[dict[str, object]] = [
            {"text": text, "why": self.random.choice(self.pool)} for text in texts
        ]
        options[right % 3]["correct"] = True
        return {"ask": ask, "options": options}


def slider(low: float, high: float, step: float, start: float) -> dict[str, object]:
    """A slider."""
    ends = [round(low, 3), round(high, 3)]
    return {"slider": ends, "step": step, "start": round(start, 3), "label": "Setting"}


def rewrite(file: Path) -> None:
    """Change a lesson as an author may: words, a formula, a number to compute, a demo's start."""
    new = "Rewritten: $q_{77}$ is {= 1 / 77 | .5f =}, and its value is"
    text = file.read_text().replace("Its value is", new, 1)
    file.write_text(re.sub(r"start: \d+(?=\n *label: Up to)", "start: 1777", text, count=1))


class Block(yaml.SafeDumper):
    """Writes texts of several lines as blocks, as authors do."""


Block.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    ),
)


def write_course(folder: Path, lessons: int) -> Path:
    """Write a course and the configuration of its site into a folder; returns the course."""
    course = folder / "course"
    (course / "lessons").mkdir(parents=True)
    (course / "demos").mkdir()
    (course / "demos" / "some.py").write_text(DEMOS)
    names = [f"lesson-{number}" for number in range(lessons)]
    about = {
        "id": "synthetic",
        "title": "Synthetic",
        "lessons": names,
        "claims": ["pyengine"],
        "packages": [str(ROOT / "pyengine")],
    }
    (course / "course.yml").write_text(yaml.safe_dump(about, sort_keys=False))
    writer = Writer()
    for number, name in enumerate(names):
        text = yaml.dump(writer.lesson(number), Dumper=Block, sort_keys=False, allow_unicode=True)
        (course / "lessons" / f"{name}.yml").write_text(text)
    return course


def write_site(folder: Path, plugins: list[str]) -> Path:
    """Write the configuration of a site of Material's, as authors have it; returns its file."""
    (folder / "docs").mkdir(parents=True)
    about = {
        "site_name": "Synthetic",
        "strict": True,
        "theme": {"name": "material", "font": False},
        "plugins": plugins,
        "markdown_extensions": ["attr_list", "tables", {"pymdownx.arithmatex": {"generic": True}}],
    }
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(about, sort_keys=False))
    (folder / "docs" / "index.md").write_text("# Synthetic\n")
    return folder / "mkdocs.yml"


def markdown_page(lesson: dict[str, Any]) -> str:
    """All text of a lesson as plain Markdown."""
    return "\n\n".join(markdown_parts(lesson)) + "\n"


def markdown_parts(lesson: dict[str, Any]) -> Iterator[str]:
    """The texts of a lesson under their headings."""
    yield f"# {lesson['title']}"
    yield lesson["summary"]
    yield "\n".join(f"- {goal}" for goal in lesson["objectives"])
    for section in lesson["sections"]:
        yield f"## {section['title']} {{#{section['id']}}}"
        for block in section["blocks"]:
            ((kind, body),) = block.items()
            if kind == "demo":
                yield f"### {body['title']}\n\n{body['try']}"
            else:
                text = body["text"] if kind == "callout" else body
                yield re.sub(r"\{=(.*?)\|.*?=\}", r"`\1`", text)
    yield "## Questions"
    for question in lesson["quiz"]:
        yield question["ask"]
        yield "\n".join(f"- {o['text']} {o['why']}" for o in question["options"])
    yield "## Cards"
    yield from (f"{card['front']}\n\n{card['back']}" for card in lesson["flashcards"])


def write_plain(folder: Path, lessons: int) -> None:
    """Write the same lessons as plain pages."""
    config = write_site(folder, ["search"])
    pages = config.parent / "docs" / "lessons"
    pages.mkdir()
    writer = Writer()
    for number in range(lessons):
        (pages / f"lesson-{number}.md").write_text(markdown_page(writer.lesson(number)))

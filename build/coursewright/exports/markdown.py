"""The blocks and the end of a lesson as Markdown cells of a notebook.

What is folded on the page is a `<details>`, which Jupyter shows folded as well.
"""

import re
from collections.abc import Iterator
from textwrap import indent

from ..language.blocks import (
    Block,
    CalloutBlock,
    CellBlock,
    DemoBlock,
    ExerciseBlock,
    ImageBlock,
    Predict,
    PredictBlock,
    StepsBlock,
    Table,
    TableBlock,
    TextBlock,
    ThinkFirstBlock,
    Video,
    VideoBlock,
)
from ..language.diagnostics import Path
from ..language.review import Multi, Numeric, Option, Order, Question, Single, TeachBack
from ..pages.html import number
from ..pages.questions import shuffled
from .prose import for_notebook, pieces
from .selected import Cooked

ATTACHMENT = "attachment:"
LETTERS = "ABCDEFGH"
SPECIAL = re.compile(r"[\\`*_\[\]<$|]")


class Writer:
    """Writes the Markdown of one lesson; `address` is that of the site, if it is known."""

    def __init__(self, cooked: Cooked, address: str) -> None:
        self.cooked, self.address = cooked, address
        self.words = cooked.course.words

    def prose(self, text: str, path: Path) -> str:
        """A text with its numbers, formulas and links as a notebook has them."""
        return for_notebook(self.cooked.text(text, path), self.resolve).strip("\n")

    def line(self, text: str, path: Path) -> str:
        """A text within a line."""
        return " ".join(self.prose(text, path).split())

    def resolve(self, href: str) -> str:
        """A link of a lesson: a notebook carries its images; other lessons are on the site, or
        notebooks beside this.
        """
        if href in self.cooked.course.images:
            return attachment(href)
        there = rf"{self.address}lessons/\1/" if self.address else r"\1.ipynb"
        return re.sub(r"^([a-z][a-z0-9-]*)\.md(?=#|$)", there, href)

    def block(self, block: Block, path: Path) -> str:
        """A block that does not run."""
        match block:
            case TextBlock(text=text):
                return self.prose(text, (*path, "text"))
            case ThinkFirstBlock(think_first=text):
                return quoted(
                    self.words("page.think-first"), self.prose(text, (*path, "think_first"))
                )
            case CalloutBlock(callout=callout):
                text = self.prose(callout.text, (*path, "callout", "text"))
                return quoted(self.words(f"page.{callout.kind.replace('_', '-')}"), text)
            case StepsBlock(steps=steps):
                return listed([self.prose(s, (*path, "steps", i)) for i, s in enumerate(steps)])
            case TableBlock(table=table):
                return self.table(table, (*path, "table"))
            case ImageBlock(image=image):
                words = image.caption and self.line(image.caption, (*path, "image", "caption"))
                shown = f"![{plain(image.alt)}]({attachment(image.file)})"
                return shown + (f"\n\n{words}" if words else "")
            case VideoBlock(video=video):
                return self.video(video)
            case PredictBlock(predict=predict):
                return self.predict(predict, (*path, "predict"))
            case DemoBlock() | CellBlock() | ExerciseBlock():
                raise TypeError(f"expected a block without code, got {type(block).__name__}")

    def video(self, video: Video) -> str:
        """A link to a video."""
        link, by = f"[{plain(video.title)}]({video.url})", plain(video.by)
        facts = self.words("notebook.video", link=link, by=by)
        if video.minutes:
            minutes = number(video.minutes)
            facts = self.words("notebook.video-minutes", link=link, by=by, number=minutes)
        return f"**{self.words('page.video')}:** {facts}"

    def table(self, table: Table, path: Path) -> str:
        """A table; bars inside a cell must not end it."""
        heads = [self.cell(text, (*path, "columns", i)) for i, text in enumerate(table.columns)]
        rows = [
            [self.cell(text, (*path, "rows", r, c)) for c, text in enumerate(row)]
            for r, row in enumerate(table.rows)
        ]
        lines = [f"| {' | '.join(row)} |" for row in [heads, ["---"] * len(heads), *rows]]
        words = table.caption and self.line(table.caption, (*path, "caption"))
        return "\n".join(lines) + (f"\n\n{words}" if words else "")

    def cell(self, text: str, path: Path) -> str:
        """A cell of a table."""
        return without_bars(self.line(text, path))

    def predict(self, predict: Predict, path: Path) -> str:
        """A guess to commit to, and folded below it what happens."""
        texts = [self.line(t, (*path, "options", i)) for i, t in enumerate(predict.options)]
        why = self.prose(predict.why, (*path, "why"))
        then = f"\n\n[{self.words('page.see-happen')}](#{predict.then})" if predict.then else ""
        answer = f"**{LETTERS[predict.answer - 1]}.** {texts[predict.answer - 1]}\n\n{why}{then}"
        ask = f"{anchor(predict.id)}**{self.words('page.predict')}.** "
        ask += self.prose(predict.ask, (*path, "ask"))
        return "\n\n".join([ask, lettered(texts), folded(self.words("page.what-happens"), answer)])

    def review(self) -> Iterator[str]:
        """What stands at the lesson's end, cell by cell."""
        spec = self.cooked.spec
        if spec.quiz:
            yield f"## {anchor('quiz')}{self.words('page.quiz')}"
            yield from (self.question(each, i) for i, each in enumerate(spec.quiz))
        if spec.teach_back:
            yield self.teach_back(spec.teach_back)
        if spec.flashcards:
            yield f"## {anchor('cards')}{self.words('page.cards')}"
        for i, card in enumerate(spec.flashcards):
            back = self.prose(card.back, ("flashcards", i, "back"))
            front = self.prose(card.front, ("flashcards", i, "front"))
            yield f"{front}\n\n{folded(self.words('cards.show'), back)}"
        if spec.sources:
            links = "\n".join(f"* [{plain(each.title)}]({each.url})" for each in spec.sources)
            yield f"## {anchor('sources')}{self.words('page.sources')}\n\n{links}"

    def question(self, question: Question, i: int) -> str:
        """A question of the quiz with its answer folded."""
        path: Path = ("quiz", i)
        name = f"question-{i + 1}"
        ask = self.prose(question.ask, (*path, "ask"))
        heading = self.words("page.question", question=i + 1)
        parts = [f"{anchor(name)}**{heading}.** {ask}"]
        match question:
            case Single(options=options) | Multi(options=options):
                texts = [
                    self.line(option.text, (*path, "options", o, "text"))
                    for o, option in enumerate(options)
                ]
                parts += [lettered(texts), self.answer(self.reasons(options, path))]
            case Numeric(answer=answer, unit=unit):
                why = self.prose(question.why, (*path, "why"))
                value = f"{number(answer)} {plain(unit)}" if unit else number(answer)
                parts.append(self.answer(f"**{value}**\n\n{why}"))
            case Order(items=items):
                texts = [self.line(text, (*path, "items", k)) for k, text in enumerate(items)]
                mixed = [texts[k] for k in shuffled(len(texts), name)]
                why = self.prose(question.why, (*path, "why"))
                parts += [lettered(mixed), self.answer(f"{listed(texts)}\n\n{why}")]
        return "\n\n".join(parts)

    def answer(self, text: str) -> str:
        """The answer to a question."""
        return folded(self.words("page.answer"), text)

    def reasons(self, options: list[Option], path: Path) -> str:
        """Why each option is right or wrong."""
        return "\n".join(
            f"* **{LETTERS[o]}. {self.words('quiz.right' if option.correct else 'quiz.not-so')}** "
            + self.line(option.why, (*path, "options", o, "why"))
            for o, option in enumerate(options)
        )

    def teach_back(self, task: TeachBack) -> str:
        """The task to explain the lesson back."""
        at = "teach_back"
        criteria = "\n".join(
            f"* {self.line(each.criterion, (at, 'rubric', i, 'criterion'))} "
            f"({self.words('page.points', points=each.points)})"
            for i, each in enumerate(task.rubric)
        )
        return "\n\n".join(
            [
                f"## {anchor('teach-back')}{self.words('page.teach-back')}",
                self.prose(task.prompt, (at, "prompt")),
                folded(self.words("page.expected"), criteria),
                folded(
                    self.words("teach.model"), self.prose(task.model_answer, (at, "model_answer"))
                ),
                quoted(self.words("page.and-then"), self.prose(task.follow_up, (at, "follow_up"))),
            ]
        )


def attachment(image: str) -> str:
    """The address of an image of the course in a notebook that carries it."""
    return ATTACHMENT + attached_name(image)


def attached_name(image: str) -> str:
    """The name that an image of the course has in a notebook."""
    return image.replace("/", "-")


def plain(text: str) -> str:
    """A text that is no Markdown, in Markdown."""
    return SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))


def anchor(name: str) -> str:
    """A place that links lead to."""
    return f'<a id="{name}"></a>'


def quoted(label: str, text: str) -> str:
    """A remark beside the text."""
    return indent(f"**{label}**\n\n{text}", "> ", lambda line: True).replace("> \n", ">\n")


def folded(label: str, text: str) -> str:
    """Something to look at after trying; the blank lines let Markdown be read inside."""
    return f"<details><summary>{label}</summary>\n\n{text}\n\n</details>"


def lettered(texts: list[str]) -> str:
    """Options with their letters."""
    return "\n".join(f"* **{LETTERS[i]}.** {text}" for i, text in enumerate(texts))


def listed(texts: list[str]) -> str:
    """A numbered list, whose items may have several paragraphs."""
    items = (
        f"{i + 1}. " + indent(text, " " * len(f"{i + 1}. ")).lstrip()
        for i, text in enumerate(texts)
    )
    return "\n".join(items)


def without_bars(text: str) -> str:
    r"""A text whose bars do not end a table's cell.

    >>> print(without_bars("a | b, $|x|$"))
    a \| b, $\vert x\vert $
    """
    parts = []
    for kind, piece in pieces(text):
        if kind in ("words", "code"):
            parts.append(re.sub(r"(?<!\\)\|", r"\\|", piece))
        else:
            mark = "$" if kind == "inline" else "$$"
            tex = piece.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
            parts.append(f"{mark}{tex}{mark}")
    return "".join(parts)

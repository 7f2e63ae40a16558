"""The blocks of a section: each is a mapping with one key, which says its kind."""

from __future__ import annotations

import ast
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, Tag, ValidationInfo, field_validator, model_validator

from ..runner import MOST_STEPS
from .controls import Control
from .expressions import DEEPEST_CODE, depth
from .nodes import (
    Cell,
    Identifier,
    Line,
    Name,
    Node,
    PlainText,
    Positive,
    Prose,
    Target,
    Text,
    Url,
    check_differ,
    kind_of,
)

IMAGE = r"^\w[\w.-]*(/\w[\w.-]*)*\.(svg|png|jpe?g|webp|avif|gif)$"
File = Annotated[str, Field(pattern=IMAGE)]


class PythonError(ValueError):
    """What is wrong with code, and in which line of it."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


def python(code: str) -> str:
    """Code that Python can read, however it looks in the page."""
    try:
        if depth(ast.parse(code)) > DEEPEST_CODE:
            raise RecursionError
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        said = "nested too deeply"
        if isinstance(error, SyntaxError | ValueError):
            said = getattr(error, "msg", str(error))
        line = getattr(error, "lineno", None)
        place = f" in its line {line}" if line else ""
        raise PythonError(f"expected Python, found{place}: {said}", line) from None
    return code


Code = Annotated[str, Field(min_length=1), AfterValidator(python)]

CLOSE = 1e-6  # share by which numbers may differ that Python computes here and at a reader's


class Demo(Node):
    """A function and the controls that set its arguments.

    The function is one of the course's `demos` folder, or the last in `code`.
    """

    id: Identifier
    title: PlainText
    run: Target | None = None
    code: Code | None = None
    try_: Annotated[PlainText, Field(alias="try")]
    controls: dict[Name, Control] = {}
    steps: Annotated[int, Field(gt=0, le=MOST_STEPS)] | None = None
    frames: bool = True
    expect: Text | None = None
    within: Annotated[float, Field(gt=0, lt=1)] = (
        CLOSE  # share by which readers' numbers may differ
    )
    differs: PlainText | None = None  # why they may be others altogether

    @model_validator(mode="after")
    def run_or_code(self) -> Demo:
        """A demo names its function, or holds it."""
        if (self.run is None) == (self.code is None):
            which = "neither" if self.run is None else "both"
            raise ValueError(f"expected a function as `run` or as `code`, got {which}")
        return self

    @property
    def code_key(self) -> str:
        """The key that says which Python it is: what goes wrong there is told at it."""
        return "run" if self.code is None else "code"

    @property
    def file(self) -> str:
        """What Python calls its code, where that stands in the lesson."""
        return f"<{self.target.partition(':')[0]}.py>"

    @property
    def target(self) -> str:
        """Module and function, as in `run`; code of a lesson is a module of its own."""
        if self.code:
            name = last_function(self.code)
            return f"{inline_module(self.code)}:{name}"
        return self.run or ""


def inline_module(code: str) -> str:
    """The module name that code in a lesson goes by: it says its content."""
    return f"inline_{sha256(code.encode()).hexdigest()[:8]}"


def last_function(code: str) -> str:
    """The name of the last public function that code defines, or nothing."""
    names = [node.name for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)]
    return next((name for name in reversed(names) if not name.startswith("_")), "")


class Callout(Node):
    """A remark beside the text, in one of five roles."""

    kind: Literal["insight", "misconception", "depth", "real_world", "analogy"]
    text: Prose


class Table(Node):
    """Rows under headings."""

    caption: Line | None = None
    columns: Annotated[list[Line], Field(min_length=2)]
    rows: Annotated[list[list[Cell]], Field(min_length=1)]

    @field_validator("rows")
    @classmethod
    def rows_as_wide(cls, rows: list[list[str]], info: ValidationInfo) -> list[list[str]]:
        """Every row has a cell under each heading."""
        width = len(info.data.get("columns", rows[0]))
        for i, row in enumerate(rows):
            if len(row) != width:
                raise ValueError(
                    f"expected {width} cells in every row, got {len(row)} in row {i + 1}"
                )
        return rows


class Image(Node):
    """A picture from the course's folder; `alt` says in words what it shows."""

    file: File
    alt: PlainText
    caption: Line | None = None


class Predict(Node):
    """A guess to commit to; then what really happens, side by side with it."""

    id: Identifier
    ask: Prose
    options: Annotated[list[Line], Field(min_length=2, max_length=5)]
    answer: Annotated[int, Field(gt=0)]
    why: Prose
    then: Identifier | None = None

    @field_validator("options")
    @classmethod
    def options_differ(cls, options: list[str]) -> list[str]:
        """No two guesses are the same."""
        check_differ(options, "options that differ")
        return options

    @field_validator("answer")
    @classmethod
    def one_of_them(cls, answer: int, info: ValidationInfo) -> int:
        """The answer is an option's number, counted from 1."""
        count = len(info.data.get("options", range(answer)))
        if answer > count:
            raise ValueError(f"expected the number of an option, from 1 to {count}, got {answer}")
        return answer


class CodeCell(Node):
    """Python a reader can change and run; the cells of a lesson share their names."""

    id: Identifier
    code: Code


class Check(Node):
    """A call of what the reader wrote, and what it should give, as written in Python."""

    call: Text
    gives: Text
    within: Positive | None = None
    hidden: bool = False


class WrongAnswer(Node):
    """An answer readers are likely to give, and what to tell them."""

    says: Line
    code: Code


class Exercise(Node):
    """Code to write, checked by calling it."""

    id: Identifier
    ask: Prose
    starter: Code
    checks: Annotated[list[Check], Field(min_length=1)]
    hints: list[Line] = []
    solution: Code
    wrong: list[WrongAnswer] = []


class Video(Node):
    """A link to a video elsewhere: nothing of it is loaded until a reader follows it."""

    url: Url
    title: PlainText
    by: PlainText
    minutes: Positive | None = None


class TextBlock(Node):
    """Prose in Markdown, with $formulas$ and {= computed numbers =}."""

    text: Prose


class ThinkFirstBlock(Node):
    """A question to commit to before reading on."""

    think_first: Prose


class CalloutBlock(Node):
    """A callout as a block."""

    callout: Callout


class StepsBlock(Node):
    """What to do, one numbered step after another."""

    steps: Annotated[list[Prose], Field(min_length=2)]


class TableBlock(Node):
    """A table as a block."""

    table: Table


class ImageBlock(Node):
    """An image as a block."""

    image: Image


class VideoBlock(Node):
    """A link to a video as a block."""

    video: Video


class PredictBlock(Node):
    """A prediction as a block."""

    predict: Predict


class CellBlock(Node):
    """A cell as a block."""

    cell: CodeCell


class ExerciseBlock(Node):
    """An exercise as a block."""

    exercise: Exercise


class DemoBlock(Node):
    """A demo as a block."""

    demo: Demo


Block = Annotated[
    Annotated[TextBlock, Tag("<text>")]
    | Annotated[ThinkFirstBlock, Tag("<think_first>")]
    | Annotated[CalloutBlock, Tag("<callout>")]
    | Annotated[StepsBlock, Tag("<steps>")]
    | Annotated[TableBlock, Tag("<table>")]
    | Annotated[ImageBlock, Tag("<image>")]
    | Annotated[VideoBlock, Tag("<video>")]
    | Annotated[PredictBlock, Tag("<predict>")]
    | Annotated[CellBlock, Tag("<cell>")]
    | Annotated[ExerciseBlock, Tag("<exercise>")]
    | Annotated[DemoBlock, Tag("<demo>")],
    kind_of(
        *("text", "think_first", "callout", "steps", "table", "image", "video"),
        *("predict", "cell", "exercise", "demo"),
    ),
]

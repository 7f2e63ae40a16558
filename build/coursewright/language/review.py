"""What stands at a lesson's end: a quiz, explaining it back, and cards to come back to."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, field_validator

from .nodes import Identifier, Line, Node, PlainText, Prose, Text, check_differ

FULL_MARKS = 10  # what the points of a rubric add up to


class Option(Node):
    """An answer to choose, and why it is right or wrong."""

    text: Line
    correct: bool = False
    why: Line
    misconception: Identifier | None = None


def check_options(options: list[Option]) -> list[Option]:
    """Options differ, and one at least is right."""
    check_differ([option.text for option in options], "options that differ")
    if not any(option.correct for option in options):
        raise ValueError("expected an option with `correct: true`, got none")
    return options


Options = Annotated[list[Option], Field(min_length=3, max_length=4)]


class Single(Node):
    """A question with one right answer."""

    ask: Prose
    kind: Literal["single"] = "single"
    options: Options

    @field_validator("options")
    @classmethod
    def one_is_right(cls, options: list[Option]) -> list[Option]:
        """Exactly one option is right."""
        right = sum(option.correct for option in check_options(options))
        if right > 1:
            raise ValueError(f"expected one correct option, got {right}; or set `kind: multi`")
        return options


class Multi(Node):
    """A question with several right answers, of which all are wanted."""

    ask: Prose
    kind: Literal["multi"]
    options: Options

    @field_validator("options")
    @classmethod
    def some_are_right(cls, options: list[Option]) -> list[Option]:
        """Some options are right, and not all."""
        if all(option.correct for option in check_options(options)):
            raise ValueError("expected an option that is not correct, got none")
        return options


class Numeric(Node):
    """A question whose answer is a number."""

    ask: Prose
    kind: Literal["numeric"]
    answer: float
    tolerance: Annotated[float, Field(ge=0)]
    unit: PlainText | None = None
    why: Prose


class Order(Node):
    """A question whose answer is an order; `items` stand in the right one."""

    ask: Prose
    kind: Literal["order"]
    items: Annotated[list[Line], Field(min_length=3, max_length=8)]
    why: Prose

    @field_validator("items")
    @classmethod
    def items_differ(cls, items: list[str]) -> list[str]:
        """No two orders are both right."""
        check_differ(items, "items that differ")
        return items


def question_kind(value: Any) -> str:
    """The tag of a question: its kind, by default one right answer."""
    if not isinstance(value, dict):
        return f"<{getattr(value, 'kind', '')}>"
    return f"<{value.get('kind', 'single')}>"


Question = Annotated[
    Annotated[Single, Tag("<single>")]
    | Annotated[Multi, Tag("<multi>")]
    | Annotated[Numeric, Tag("<numeric>")]
    | Annotated[Order, Tag("<order>")],
    Discriminator(question_kind),
]


class Criterion(Node):
    """Something an explanation should say, and how one tells that it does.

    Phrases may be left out where example sentences teach it: see `explanations`.
    """

    id: Identifier
    points: Annotated[int, Field(gt=0)]
    criterion: Line
    look_for: list[Text] = []
    contradicts: list[Text] = []
    examples: dict[Literal["met", "partly", "missed"], Text] = {}


class Misconception(Node):
    """A wrong idea readers are known to have; quiz options may name it."""

    id: Identifier
    says: Line
    look_for: list[Text] = []
    instead: Line | None = None


class TeachBack(Node):
    """What to explain in one's own words, and how the explanation is judged."""

    prompt: Prose
    rubric: Annotated[list[Criterion], Field(min_length=1)]
    misconceptions: list[Misconception] = []
    follow_up: Prose
    model_answer: Prose

    @field_validator("rubric")
    @classmethod
    def full_marks(cls, rubric: list[Criterion]) -> list[Criterion]:
        """The points add up."""
        total = sum(criterion.points for criterion in rubric)
        if total != FULL_MARKS:
            raise ValueError(f"expected points that add up to {FULL_MARKS}, got {total}")
        check_differ([criterion.id for criterion in rubric], "every id once")
        return rubric

    @field_validator("misconceptions")
    @classmethod
    def ids_differ(cls, misconceptions: list[Misconception]) -> list[Misconception]:
        """Quiz options name one of them."""
        check_differ([each.id for each in misconceptions], "every id once")
        return misconceptions


class Flashcard(Node):
    """A question to answer from memory, again and again, and its answer."""

    front: Prose
    back: Prose

"""The lesson language: one class per thing an author can write.

The classes say what is allowed; `load` turns what they refuse into diagnostics with line and fix.
Text stays text whatever YAML would guess; numbers are read from text.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
)

from .diagnostics import Path


class Node(BaseModel):
    """Base of everything in a lesson: unknown keys are mistakes, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=80)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Target = Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]*:[a-z_][a-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]
Positive = Annotated[float, Field(gt=0)]
Url = Annotated[str, Field(pattern=r"^https?://\S+$")]


ROUNDING = 1e-6  # of a step: 0.1 is no binary fraction


class Slider(Node):
    """A number between two ends, moved in steps."""

    slider: tuple[float, float]
    step: Positive
    start: float
    label: Text

    @field_validator("slider")
    @classmethod
    def ends_in_order(cls, ends: tuple[float, float]) -> tuple[float, float]:
        """The lower end comes first."""
        if ends[0] >= ends[1]:
            raise ValueError(
                f"expected [low, high] with low < high, got [{ends[0]:g}, {ends[1]:g}]"
            )
        return ends

    @field_validator("step")
    @classmethod
    def step_fits(cls, step: float, info: ValidationInfo) -> float:
        """A slider can be moved by at least one step."""
        low, high = info.data.get("slider", (0.0, step))
        if step > (high - low) * (1 + ROUNDING):
            wide = f"from {low:g} to {high:g}"
            raise ValueError(f"expected a step that fits into the slider {wide}, got {step:g}")
        return step

    @field_validator("start")
    @classmethod
    def start_within(cls, start: float, info: ValidationInfo) -> float:
        """A slider starts between its ends and on one of its steps, or browsers move it there."""
        low, high = info.data.get("slider", (start, start))
        if not low <= start <= high:
            raise ValueError(f"expected a number from {low:g} to {high:g}, got {start:g}")
        step = info.data.get("step")
        steps = (start - low) / step if step else 0.0
        if step and abs(steps - round(steps)) > ROUNDING:
            near = low + math.floor(steps) * step
            wanted = f"{near:g} or {near + step:g}" if near + step <= high else f"{near:g}"
            raise ValueError(
                f"expected a whole number of steps of {step:g} from {low:g}, "
                f"such as {wanted}, got {start:g}"
            )
        return start


def options(value: Any) -> Any:
    """Options may be a list of texts or a mapping label -> value; both become a mapping."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        for i, item in enumerate(value):
            if item in value[:i]:
                raise ValueError(f"expected every option once, got {item!r} again")
        return {item: item for item in value}
    return value


class Choice(Node):
    """One of a few named options."""

    choice: Annotated[dict[str, str], BeforeValidator(options), Field(min_length=2)]
    start: Text
    label: Text

    @field_validator("start")
    @classmethod
    def start_is_an_option(cls, start: str, info: ValidationInfo) -> str:
        """A choice starts at one of its options."""
        known = info.data.get("choice", {start: start})
        if start not in known:
            raise ValueError(f"expected one of {', '.join(map(repr, known))}, got {start!r}")
        return start


def kind_of(kinds: tuple[str, ...]) -> Discriminator:
    """Tells variants of a mapping apart by the one telling key they have."""

    def tag(value: Any) -> str | None:
        keys = value if isinstance(value, dict) else getattr(type(value), "model_fields", ())
        found = [kind for kind in kinds if kind in keys]
        return f"<{found[0]}>" if len(found) == 1 else None

    return Discriminator(tag)


CONTROL_KINDS = ("slider", "choice")
Control = Annotated[
    Annotated[Slider, Tag("<slider>")] | Annotated[Choice, Tag("<choice>")], kind_of(CONTROL_KINDS)
]


class Demo(Node):
    """A function of the course's `demos` folder and the controls that set its arguments."""

    id: Identifier
    title: Text
    run: Target
    try_: Annotated[str, Field(alias="try", min_length=1)]
    controls: dict[Name, Control] = {}
    expect: Text | None = None


class Callout(Node):
    """A remark beside the text, in one of five roles."""

    kind: Literal["insight", "misconception", "depth", "real_world", "analogy"]
    text: Text


class TextBlock(Node):
    """Prose in Markdown, with $formulas$ and {= computed numbers =}."""

    text: Text


class ThinkFirstBlock(Node):
    """A question to commit to before reading on."""

    think_first: Text


class CalloutBlock(Node):
    """A callout as a block."""

    callout: Callout


class DemoBlock(Node):
    """A demo as a block."""

    demo: Demo


BLOCK_KINDS = ("text", "think_first", "callout", "demo")
Block = Annotated[
    Annotated[TextBlock, Tag("<text>")]
    | Annotated[ThinkFirstBlock, Tag("<think_first>")]
    | Annotated[CalloutBlock, Tag("<callout>")]
    | Annotated[DemoBlock, Tag("<demo>")],
    kind_of(BLOCK_KINDS),
]


class Section(Node):
    """One concept of the lesson; the generator numbers it."""

    id: Identifier
    title: Text
    blocks: Annotated[list[Block], Field(min_length=1)]


class Reference(Node):
    """A work the lesson rests on."""

    title: Text
    url: Url
    kind: Literal["paper", "talk", "book", "code", "page"] = "page"


class Lesson(Node):
    """One lesson: one file, one page."""

    id: Identifier
    title: Text
    summary: Text
    minutes: Annotated[int, Field(gt=0)]
    needs: list[Identifier] = []
    objectives: list[Text] = []
    sources: list[Reference] = []
    sections: Annotated[list[Section], Field(min_length=1)]

    def blocks(self) -> Iterator[tuple[Path, Block]]:
        """Every block with its path in the file."""
        for s, section in enumerate(self.sections):
            for b, block in enumerate(section.blocks):
                yield ("sections", s, "blocks", b), block

    def demos(self) -> Iterator[tuple[Path, Demo]]:
        """Every demo with its path in the file."""
        for path, block in self.blocks():
            if isinstance(block, DemoBlock):
                yield (*path, "demo"), block.demo

    def texts(self) -> Iterator[tuple[Path, str]]:
        """Every piece of Markdown with its path in the file."""
        for path, block in self.blocks():
            match block:
                case TextBlock(text=text):
                    yield (*path, "text"), text
                case ThinkFirstBlock(think_first=text):
                    yield (*path, "think_first"), text
                case CalloutBlock(callout=callout):
                    yield (*path, "callout", "text"), callout.text


class Concept(Node):
    """An idea with a colour of its own: bold words in prose that name it take that colour."""

    color: Literal["prob", "loss", "grad", "rate", "valid"]
    words: Annotated[list[Text], Field(min_length=1)]


class CourseSpec(Node):
    """`course.yml`: what the course is called, its lessons in order, what its demos need."""

    id: Identifier
    title: Text
    lessons: Annotated[list[Identifier], Field(min_length=1)]
    packages: list[Text] = []
    claims: list[Text] = []
    concepts: dict[Identifier, Concept] = {}

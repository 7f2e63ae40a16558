"""The controls of a demo: how a reader sets an argument of its function."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
)

from .nodes import Node, PlainText, Text, check_differ, kind_of
from .quoting import shortened

ROUNDING = 1e-6  # of a step: 0.1 is no binary fraction
WIDEST = 1e12  # from the low to the high end of a logarithmic scale
MOST_STEPS = 100  # in a factor of ten; with more, three digits would not tell them apart
LARGEST_SEED = 2**32 - 1  # the largest that NumPy takes everywhere


def two_ends(value: Any) -> Any:
    """Two numbers, before anything is asked of them."""
    if isinstance(value, str):
        raise ValueError(f"expected [low, high], got {shortened(value)}")
    if isinstance(value, list) and len(value) != 2:
        raise ValueError(f"expected [low, high], got a list of {len(value)}")
    return value


def in_order(ends: tuple[float, float]) -> tuple[float, float]:
    """The lower end comes first."""
    low, high = ends
    if low >= high:
        raise ValueError(f"expected [low, high] with low < high, got [{low:g}, {high:g}]")
    return ends


def ends_before(info: ValidationInfo) -> tuple[float, float]:
    """The ends a control has, as far as they hold."""
    found = (info.data.get(key) for key in ("slider", "log_slider", "number"))
    return next(filter(None, found), (-math.inf, math.inf))


def fits_between(step: float, info: ValidationInfo) -> float:
    """There is room for at least one step."""
    low, high = ends_before(info)
    if step > (high - low) * (1 + ROUNDING):
        what = "slider" if "slider" in info.data else "numbers"
        wide = f"from {low:g} to {high:g}"
        raise ValueError(f"expected a step that fits into the {what} {wide}, got {step:g}")
    return step


def within(start: float, info: ValidationInfo) -> float:
    """A number starts between its ends."""
    low, high = ends_before(info)
    if not low <= start <= high:
        raise ValueError(f"expected a number from {low:g} to {high:g}, got {start:g}")
    return start


def on_a_step(start: float, info: ValidationInfo) -> float:
    """A number starts on one of its steps, or browsers move it there."""
    low, high = ends_before(info)
    step = info.data.get("step")
    if not step or math.isinf(low):
        return start
    steps = (start - low) / step
    if abs(steps - round(steps)) > ROUNDING:
        near = low + math.floor(steps) * step
        wanted = f"{near:g} or {near + step:g}" if near + step <= high else f"{near:g}"
        raise ValueError(
            f"expected a whole number of steps of {step:g} from {low:g}, "
            f"such as {wanted}, got {start:g}"
        )
    return start


Ends = Annotated[tuple[float, float], BeforeValidator(two_ends), AfterValidator(in_order)]
Step = Annotated[float, Field(gt=0), AfterValidator(fits_between)]
Start = Annotated[float, AfterValidator(within)]
SteppedStart = Annotated[Start, AfterValidator(on_a_step)]


class ControlNode(Node):
    """Base of all controls; `kind` is the key that tells it."""

    partly_usable: ClassVar[bool] = False
    kind: ClassVar[str]


class Slider(ControlNode):
    """A number between two ends, moved in steps."""

    kind: ClassVar[str] = "slider"

    slider: Ends
    step: Step
    start: SteppedStart
    label: PlainText


class LogSlider(ControlNode):
    """A number above 0 on a logarithmic scale: every step multiplies it by the same factor."""

    kind: ClassVar[str] = "log_slider"

    log_slider: Ends
    steps: int = 20
    start: Start
    label: PlainText

    @field_validator("log_slider")
    @classmethod
    def has_a_logarithm(cls, ends: tuple[float, float]) -> tuple[float, float]:
        """A logarithmic scale has no 0, and a reader can move over it."""
        low, high = ends
        if low <= 0:
            raise ValueError(f"expected [low, high] above 0, got [{low:g}, {high:g}]")
        if high / WIDEST > low:
            raise ValueError(
                f"expected [low, high] within a factor of {WIDEST:g}, got [{low:g}, {high:g}]"
            )
        return ends

    @field_validator("steps")
    @classmethod
    def some_steps(cls, steps: int) -> int:
        """There is a step, and none is too small to be seen in three digits."""
        if not 1 <= steps <= MOST_STEPS:
            raise ValueError(
                f"expected from 1 to {MOST_STEPS} steps in a factor of ten, got {steps}"
            )
        return steps

    def positions(self, whole: bool) -> list[float]:
        """Where it can be moved: both ends, the start, and numbers of three digits between them.

        >>> LogSlider(log_slider=(0.01, 1), steps=2, start=0.5, label="p").positions(whole=False)
        [0.01, 0.0316, 0.1, 0.316, 0.5, 1.0]
        """
        low, high = self.log_slider
        bottom = math.log10(low)
        count = round(self.steps * (math.log10(high) - bottom))
        steps = (10 ** (bottom + i / self.steps) for i in range(1, count))
        rounded = (float(round(step) if whole else f"{step:.3g}") for step in steps)
        return sorted({low, self.start, high, *(step for step in rounded if low < step < high)})


class Number(ControlNode):
    """A number between two ends, typed."""

    kind: ClassVar[str] = "number"

    number: Ends
    step: Step | None = None
    start: SteppedStart
    label: PlainText


def options(value: Any) -> Any:
    """Options may be a list of texts or a mapping label -> value; both become a mapping."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        check_differ(value, "every option once", "again")
        return {item: item for item in value}
    return value


class Choice(ControlNode):
    """One of a few named options."""

    kind: ClassVar[str] = "choice"

    choice: Annotated[
        dict[str, str],
        BeforeValidator(options, json_schema_input_type=list[str] | dict[str, str]),
        Field(min_length=2),
    ]
    start: Text
    label: PlainText

    @field_validator("start")
    @classmethod
    def start_is_an_option(cls, start: str, info: ValidationInfo) -> str:
        """A choice starts at one of its options."""
        known = info.data.get("choice", {start: start})
        if start not in known:
            raise ValueError(f"expected one of {', '.join(map(repr, known))}, got {start!r}")
        return start


class Toggle(ControlNode):
    """On or off; it starts at its value."""

    kind: ClassVar[str] = "toggle"

    toggle: bool
    label: PlainText


class TextLine(ControlNode):
    """A line of text; it starts at its value."""

    kind: ClassVar[str] = "text"

    max: Annotated[int, Field(ge=1)] = 200
    text: str
    label: PlainText

    @field_validator("text")
    @classmethod
    def one_short_line(cls, text: str, info: ValidationInfo) -> str:
        """A text that could have been typed here."""
        if "\n" in text or "\r" in text:
            raise ValueError("expected one line of text, got a line break in it")
        most = info.data.get("max", len(text))
        if len(text) > most:
            raise ValueError(f"expected at most {most} characters, got {len(text)}")
        return text


class Seed(ControlNode):
    """A button that adds 1 to a whole number, which starts at its value."""

    kind: ClassVar[str] = "seed"

    seed: int
    label: PlainText

    @field_validator("seed")
    @classmethod
    def a_seed(cls, seed: int) -> int:
        """Random number generators take it."""
        if not 0 <= seed <= LARGEST_SEED:
            raise ValueError(f"expected a whole number from 0 to {LARGEST_SEED}, got {seed}")
        return seed


Control = Annotated[
    Annotated[Slider, Tag("<slider>")]
    | Annotated[LogSlider, Tag("<log_slider>")]
    | Annotated[Number, Tag("<number>")]
    | Annotated[Choice, Tag("<choice>")]
    | Annotated[Toggle, Tag("<toggle>")]
    | Annotated[TextLine, Tag("<text>")]
    | Annotated[Seed, Tag("<seed>")],
    kind_of("slider", "log_slider", "number", "choice", "toggle", "text", "seed"),
]

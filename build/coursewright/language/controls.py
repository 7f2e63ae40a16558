"""The controls of a demo: how a reader sets an argument of its function."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, Tag, ValidationInfo, field_validator

from .nodes import Node, Positive, Text, kind_of

ROUNDING = 1e-6  # of a step: 0.1 is no binary fraction


class Slider(Node):
    """A number between two ends, moved in steps."""

    partly_usable: ClassVar[bool] = False

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

    partly_usable: ClassVar[bool] = False

    choice: Annotated[
        dict[str, str],
        BeforeValidator(options, json_schema_input_type=list[str] | dict[str, str]),
        Field(min_length=2),
    ]
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


Control = Annotated[
    Annotated[Slider, Tag("<slider>")] | Annotated[Choice, Tag("<choice>")],
    kind_of("slider", "choice"),
]

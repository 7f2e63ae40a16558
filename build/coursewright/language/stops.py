"""The stops of a demo's controls: what a reader can set without typing, as the page sends it.

A demo whose controls have few stops between them is run at every one when the page is built.
"""

from decimal import Decimal
from math import prod
from typing import Any

from .blocks import Demo
from .controls import Choice, Control, LogSlider, Number, Slider, Toggle
from .signatures import Function, arguments_of, typed

MOST_STOPS = 200  # of all controls together
COUNTABLE = 10**9


def why_no_frames(demo: Demo, function: Function) -> str:
    """Why a demo is not run at every stop of its controls, or nothing if it is."""
    if not demo.frames:
        return "`frames: false`"
    if function.streams:
        return "it streams"
    if not demo.controls:
        return "no controls"
    counts = [count(each, function.parameters[name]) for name, each in demo.controls.items()]
    if 0 in counts:
        return f"no end of values for `{list(demo.controls)[counts.index(0)]}`"
    total = prod(counts)
    shown = f"{total:,}" if total < COUNTABLE else "countless"
    return f"{shown} stops, more than {MOST_STOPS}" if total > MOST_STOPS else ""


def start(demo: Demo, function: Function) -> dict[str, Any]:
    """The arguments a demo starts with."""
    return {name: as_sent(value) for name, value in arguments_of(demo, function).items()}


def grid(demo: Demo, function: Function) -> dict[str, list[Any]]:
    """The stops of each control of a demo that `why_no_frames` has nothing against."""
    return {
        name: [as_sent(stop) for stop in stops(control, function.parameters[name])]
        for name, control in demo.controls.items()
    }


def count(control: Control, annotation: str) -> int:
    """How many stops a control has; 0 if it has none, since it takes whatever is typed."""
    if isinstance(control, Slider | Number):
        return scale(control, annotation)[2]
    return len(stops(control, annotation))


def stops(control: Control, annotation: str) -> list[Any]:
    """The values of a control's stops, in their order."""
    match control:
        case Slider() | Number():
            low, step, number = scale(control, annotation)
            # subtle: browsers add up decimals, so that three steps of 0.1 are 0.3.
            return [float(low + i * step) for i in range(number)]
        case LogSlider():
            return list(control.positions(annotation == "int"))
        case Choice():
            return [typed(text, annotation) for text in control.choice.values()]
        case Toggle():
            return [False, True]
    return []


def scale(control: Slider | Number, annotation: str) -> tuple[Decimal, Decimal, int]:
    """The first stop of a control, how far apart its stops are, and how many there are."""
    ends = control.slider if isinstance(control, Slider) else control.number
    # In ten digits, as the page has them: of sums with more than 15, browsers think differently.
    low, high, step = (Decimal(f"{value:.10g}") for value in (*ends, control.step or 1))
    if control.step is None and annotation != "int":
        return low, step, 0
    return low, step, int((high - low) / step) + 1


def as_sent(value: Any) -> Any:
    """A control's value as Python gets it from the page, where JavaScript writes 1.0 as `1`."""
    return int(value) if isinstance(value, float) and value.is_integer() else value

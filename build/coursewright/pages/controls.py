"""Controls of a demo as form elements, disabled until the page's script can answer them."""

import json
from decimal import Decimal
from html import escape

from ..language.blocks import Demo
from ..language.controls import Choice, LogSlider, Number, Seed, Slider, TextLine, Toggle
from ..language.signatures import Function, typed
from ..words import ENGLISH, Words
from .html import number, written

OFF = {"autocomplete": "off"}  # or a browser may come back to what a reader left
NOTE = '<p class="cw-control-note" role="status"></p>'


def control(demo: Demo, name: str, function: Function, words: Words = ENGLISH) -> str:
    """One control, disabled until the page's script can answer it."""
    spec = demo.controls[name]
    identifier = f"{demo.id}-{name}"
    annotation = function.parameters[name]
    match spec:
        case Choice():
            return choice(spec, name, identifier, annotation)
        case Slider():
            return part(spec.kind, name, slider(spec, identifier, words))
        case LogSlider():
            return part(spec.kind, name, log_slider(spec, identifier, annotation == "int", words))
        case Number():
            return part(spec.kind, name, number_box(spec, identifier, annotation == "int"))
        case Toggle():
            return part(spec.kind, name, toggle(spec, identifier))
        case TextLine():
            return part(spec.kind, name, text_line(spec, identifier))
        case Seed():
            return part(spec.kind, name, seed(spec, identifier, words))


def part(kind: str, name: str, inside: str) -> str:
    """What holds the elements of one control."""
    return f'<div class="cw-control" data-name="{name}" data-kind="{kind}">{inside}</div>'


def label(words: str, identifier: str) -> str:
    """What a control is called."""
    return f'<label for="{identifier}">{escape(words)}</label>'


def entry(kind: str, attributes: dict[str, str]) -> str:
    """An `<input>` that starts at what the page says."""
    return f'<input type="{kind}"{written({**attributes, **OFF})}>'


def slider(spec: Slider, identifier: str, words: Words) -> str:
    """A slider beside a box for the exact number."""
    low, high = spec.slider
    ends = {"min": number(low), "max": number(high), "step": number(spec.step)}
    common = {**ends, "value": number(spec.start)}
    exact = words("page.exact", label=spec.label)
    return (
        label(spec.label, identifier)
        + entry("range", {"id": identifier, **common})
        + entry("number", {**common, "aria-label": exact})
        + NOTE
    )


def log_slider(spec: LogSlider, identifier: str, whole: bool, words: Words) -> str:
    """A slider that counts through its positions, beside a box for the exact number."""
    positions = spec.positions(whole)
    texts = [plain(value) for value in positions]
    start = plain(spec.start)
    scale = {
        "id": identifier,
        "min": "0",
        "max": str(len(positions) - 1),
        "value": str(positions.index(spec.start)),
        "aria-valuetext": start,
        "data-positions": " ".join(texts),
    }
    ends = {"min": texts[0], "max": texts[-1], "step": "1" if whole else "any"}
    exact = words("page.exact", label=spec.label)
    box = entry("number", {**ends, "value": start, "aria-label": exact})
    return label(spec.label, identifier) + entry("range", scale) + box + NOTE


def plain(value: float) -> str:
    """A number as browsers write it, which begin with exponents at a millionth.

    >>> plain(100.0), plain(0.00002), plain(1e-9)
    ('100', '0.00002', '1e-9')
    """
    if abs(value) >= 1e-6 or value == 0:
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    return repr(value).replace("e-0", "e-")


def number_box(spec: Number, identifier: str, whole: bool) -> str:
    """A box for a number."""
    low, high = spec.number
    step = plain(spec.step) if spec.step else "1" if whole else "any"
    bounds = {"min": plain(low), "max": plain(high), "step": step}
    box = entry("number", {"id": identifier, **bounds, "value": plain(spec.start)})
    return label(spec.label, identifier) + box + NOTE


def choice(spec: Choice, name: str, identifier: str, annotation: str) -> str:
    """Named options, each with the value Python gets."""
    labels = []
    for i, (words, text) in enumerate(spec.choice.items()):
        value = escape(json.dumps(typed(text, annotation)))
        checked = " checked" if words == spec.start else ""
        labels.append(
            f'<label data-value="{value}"><input type="radio" name="{identifier}" value="{i}"'
            f'{checked} autocomplete="off"><span>{escape(words)}</span></label>'
        )
    return (
        f'<fieldset class="cw-control cw-choice" data-name="{name}" data-kind="choice">'
        f"<legend>{escape(spec.label)}</legend>{''.join(labels)}</fieldset>"
    )


def toggle(spec: Toggle, identifier: str) -> str:
    """A box to check, its label around it."""
    checked = {"checked": ""} if spec.toggle else {}
    box = entry("checkbox", {"id": identifier, **checked})
    return f'<label for="{identifier}">{box}<span>{escape(spec.label)}</span></label>'


def text_line(spec: TextLine, identifier: str) -> str:
    """A box for a line of text."""
    plain_text = {"spellcheck": "false", "autocapitalize": "off"}
    most = {"maxlength": str(spec.max)}
    box = entry("text", {"id": identifier, **most, "value": spec.text, **plain_text})
    return label(spec.label, identifier) + box


def seed(spec: Seed, identifier: str, words: Words) -> str:
    """A button, and the number it has come to."""
    shown = words.html("page.seed", number=f"<span>{spec.seed}</span>")
    return (
        f'<button type="button" class="cw-button" id="{identifier}">'
        f"{escape(spec.label)}</button>"
        f'<output for="{identifier}">{shown}</output>'
    )

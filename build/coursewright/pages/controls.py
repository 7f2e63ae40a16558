"""Controls of a demo as form elements, disabled until the page's script can answer them."""

import json
from html import escape

from ..language.blocks import Demo
from ..language.controls import Choice, Slider
from ..language.signatures import Function, typed
from .html import number, written


def control(demo: Demo, name: str, function: Function) -> str:
    """One control, disabled until the page's script can answer it."""
    spec = demo.controls[name]
    if isinstance(spec, Slider):
        return slider(spec, name, f"{demo.id}-{name}")
    return choice(spec, name, f"{demo.id}-{name}", function.parameters[name])


def slider(spec: Slider, name: str, identifier: str) -> str:
    """A slider beside a box for the exact number."""
    low, high = spec.slider
    ends = {"min": number(low), "max": number(high), "step": number(spec.step)}
    common = {**ends, "value": number(spec.start), "autocomplete": "off"}
    exact = {**common, "aria-label": f"{spec.label}, exact"}
    return (
        f'<div class="cw-control" data-name="{name}" data-kind="slider">'
        f'<label for="{identifier}">{escape(spec.label)}</label>'
        f'<input type="range" id="{identifier}"{written(common)}>'
        f'<input type="number"{written(exact)}>'
        '<p class="cw-control-note" role="status"></p></div>'
    )


def choice(spec: Choice, name: str, identifier: str, annotation: str) -> str:
    """Named options, each with the value Python gets."""
    labels = []
    for i, (label, text) in enumerate(spec.choice.items()):
        value = escape(json.dumps(typed(text, annotation)))
        checked = " checked" if label == spec.start else ""
        labels.append(
            f'<label data-value="{value}"><input type="radio" name="{identifier}" value="{i}"'
            f'{checked} autocomplete="off"><span>{escape(label)}</span></label>'
        )
    return (
        f'<fieldset class="cw-control cw-choice" data-name="{name}" data-kind="choice">'
        f"<legend>{escape(spec.label)}</legend>{''.join(labels)}</fieldset>"
    )

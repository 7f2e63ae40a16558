"""What every display has in common: the bundle, how numbers are written, the palette."""

import math
from collections.abc import Collection
from typing import Any

from pyengine.errors import EngineTypeError, EngineValueError

TEXT = "text/plain"
CHART = "application/vnd.vegalite.v6+json"
ELEMENTS = "application/vnd.nudge.elements+json"
DISPLAYS = "application/vnd.nudge.displays+json"

# One colour per concept, everywhere. The page knows the same names and has a dark scheme for them.
CONCEPTS = {
    "prob": "#0b62a4",
    "loss": "#b8340a",
    "grad": "#00755a",
    "rate": "#7a3e9d",
    "valid": "#8a5a00",
    "soft": "#56606f",
}
INK = "#1b2330"
CARD = "#ffffff"
LINE = "#e3dfd4"

Node = str | list[Any]  # an element: its text, or [tag, attributes, *children]
Bundle = dict[str, Any]

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Display:
    """Something to show: a dict from MIME type to data, as Jupyter's display protocol wants it.

    >>> Display({"text/plain": "loss 0.69"})._repr_mimebundle_()
    {'text/plain': 'loss 0.69'}
    """

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> Bundle:
        """Return the bundle: of these MIME types only, and without those."""
        kept = self.bundle if include is None else {k: self.bundle.get(k) for k in include}
        return {k: v for k, v in kept.items() if v is not None and k not in (exclude or ())}

    def __repr__(self) -> str:
        return str(self.bundle[TEXT])


class Result(Display):
    """Several displays in order, and the values they show as attributes."""

    def __init__(self, displays: tuple[Display, ...], values: dict[str, Any]) -> None:
        bundles = [display.bundle for display in displays]
        text = "\n".join(str(bundle[TEXT]) for bundle in bundles)
        super().__init__({TEXT: text, DISPLAYS: bundles})
        self.values = values

    def __getattr__(self, name: str) -> Any:
        values = self.__dict__.get("values", {})
        if name in values:
            return values[name]
        known = ", ".join(values) or "none"
        raise AttributeError(f"this result has no value {name!r}; it has: {known}")


def result(*displays: Display, **values: Any) -> Result:
    """Bundle displays, and keep values under names: `result(..., loss=x).loss` is x.

    The values are for checks and for further computing; only the displays are shown.

    >>> shown = result(Display({"text/plain": "loss 0.69"}), loss=0.693)
    >>> shown.loss
    0.693
    >>> shown
    loss 0.69
    """
    for each in displays:
        if not isinstance(each, Display):
            got = f"{each!r} ({type(each).__name__})"
            fix = "Values to keep are passed by name: loss=..."
            raise EngineTypeError("result", "displays made by pyengine.show", got, fix)
    for name in values:
        if name.startswith("_") or name in ("bundle", "values"):
            raise EngineValueError("result", "a name that is free", repr(name), "Choose another.")
    return Result(displays, values)


def number(value: float, digits: int = 2) -> str:
    """Write a number for reading: `digits` decimals, and never a small number as 0.

    >>> number(0.6931), number(-0.35), number(3, digits=0)
    ('0.69', '−0.35', '3')
    >>> number(0.00042), number(3.2e-7), number(1.5e9)
    ('0.00042', '3.2×10⁻⁷', '1.5×10⁹')
    >>> number(float("inf")), number(-0.0)
    ('∞', '0.00')
    """
    if math.isnan(value):
        return "not a number"
    sign, size = ("−" if value < 0 else ""), abs(value)
    if math.isinf(size):
        return f"{sign}∞"
    if size == 0 or 10**-digits <= size < 1e6:
        return sign + f"{size:,.{digits}f}"
    if 1e-5 <= size < 1e6:
        return sign + f"{float(f'{size:.{max(digits, 1) - 1}e}'):.12f}".rstrip("0")
    figures, exponent = f"{size:.{max(digits - 1, 1)}e}".split("e")
    return f"{sign}{figures}×10{str(int(exponent)).translate(SUPERSCRIPTS)}"


_CONTROLS = {code: chr(0x2400 + code) for code in range(32)}
_VISIBLE = _CONTROLS | {ord(" "): "␣", ord("\n"): "⏎", ord("\t"): "⇥", 0xA0: "⍽"}


def visible(token: str) -> str:
    r"""Write a token so that its white space can be seen.

    >>> visible(" the"), visible("\n"), visible("")
    ('␣the', '⏎', '∅')
    """
    return token.translate(_VISIBLE) or "∅"


def label(name: str | float) -> str:
    """Write a label: numbers as they are, and of text the white space around it made visible.

    >>> label(3), label(" cat"), label("New York")
    ('3', '␣cat', 'New York')
    """
    words = f"{name:g}" if isinstance(name, float) else str(name)
    return words if words and words == words.strip() else visible(words)


def colour(concept: str) -> str:
    """Return the colour of a concept, for charts."""
    if concept in CONCEPTS:
        return CONCEPTS[concept]
    raise EngineValueError("show", f"a concept, one of {', '.join(CONCEPTS)}", repr(concept))


def classes(base: str, concept: str) -> dict[str, str]:
    """Return attributes for text in the colour of a concept; "" for no colour of its own."""
    if concept and colour(concept):
        base = f"{base} c-{concept}".strip()
    return {"class": base} if base else {}

"""The chain rule, laid out in a row: each value, the local slope to the next, its gradient."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pyengine.errors import EngineValueError
from pyengine.scalar import Value
from pyengine.show._display import ELEMENTS, SUPERSCRIPTS, TEXT, Display, Node, number


@dataclass(frozen=True)
class Step:
    """One station of a chain.

    Args:
        name: what it is called, such as "z".
        value: the number it holds.
        formula: how it was computed, such as "w × x"; empty for a given number.
        slope: local derivative with respect to the station before; None for the first.
        grad: derivative of the chain's last value with respect to this one, if known.
    """

    name: str
    value: float
    formula: str = ""
    slope: float | None = None
    grad: float | None = None


def steps(source: Value, output: Value) -> list[Step]:
    """Read the chain from `source` to `output` out of a graph, after `output.backward()`.

    The values with a label become the stations; unlabelled ones between two of them are folded
    into the slope from one to the next. Thus the gradient of `source` is the product of the
    slopes.

    Raises:
        EngineValueError: there is no way from `source` to `output`, or more than one (the
            gradient is then a sum over the ways, which one row cannot show).

    >>> w, x = Value(0.5, label="w"), Value(2.0, label="x")
    >>> z = (w * x).named("z")
    >>> loss = ((z - 3) ** 2).named("L")
    >>> loss.backward()
    >>> [(step.name, step.formula, step.slope) for step in steps(w, loss)]
    [('w', '', None), ('z', 'w × x', 2.0), ('L', '(z − 3)²', -4.0)]
    """
    stations = [Step(source.label or "input", source.data, "", None, source.grad)]
    slope = 1.0
    for value, local in _way(source, output):
        slope *= local
        if value.label or value is output:
            name = value.label or "output"
            stations.append(Step(name, value.data, formula(value), slope, value.grad))
            slope = 1.0
    return stations


def chain(stations: Sequence[Step], *, digits: int = 2) -> Display:
    """Show stations in a row, with `× slope` on each edge and the gradient under each value.

    >>> chain([Step("w", 0.5), Step("z", 1.0, "w × 2", slope=2.0), Step("L", 4.0, slope=-4.0)])
    w = 0.50 → (× 2.00) → z = w × 2 = 1.00 → (× −4.00) → L = 4.00
    """
    if not stations:
        raise EngineValueError("chain", "at least one step", "none")
    last = stations[-1].name
    items = [_station(stations[0], last, digits)]
    text = _equation(stations[0], digits)
    for before, step in pairwise(stations):
        slope = "?" if step.slope is None else number(step.slope, digits)
        meaning = f"slope of {step.name} with respect to {before.name}: {slope}"
        edge: Node = ["span", {"class": "chain-slope"}, f"× {slope}"]
        items.append(["li", {"class": "chain-edge", "aria-label": meaning}, edge])
        items.append(_station(step, last, digits))
        text += f" → (× {slope}) → {_equation(step, digits)}"
    return Display({TEXT: text, ELEMENTS: ["ol", {"class": "chain"}, *items]})


def _station(step: Step, last: str, digits: int) -> Node:
    parts: list[Node] = [["span", {"class": "chain-name"}, step.name]]
    if step.formula:
        parts.append(["span", {"class": "chain-formula"}, step.formula])
    parts.append(["span", {"class": "chain-value"}, number(step.value, digits)])
    if step.grad is not None:
        words = f"d{last}/d{step.name} {number(step.grad, digits)}"
        parts.append(["span", {"class": "chain-grad c-grad"}, words])
    return ["li", {"class": "chain-node"}, *parts]


def _equation(step: Step, digits: int) -> str:
    return " = ".join(
        part for part in (step.name, step.formula, number(step.value, digits)) if part
    )


def _way(source: Value, output: Value) -> list[tuple[Value, float]]:
    """The values on the only way from `source` to `output`, each with its local derivative."""
    reached = {source}
    for value in output.walk():
        if any(each in reached for each in value.inputs):
            reached.add(value)
    if output not in reached:
        raise EngineValueError(
            "steps", "an output computed from the source", "two unrelated values"
        )
    way = []
    value = output
    while value is not source:
        edges = [(each, local) for each, local in value.edges if each in reached]
        if len(edges) > 1:
            got = f"{len(edges)} that meet in {formula(value)}"
            fix = (
                "The gradient is the sum over all of them: show each as a chain of explicit Steps."
            )
            raise EngineValueError("steps", "one way from source to output", got, fix)
        way.append((value, edges[0][1]))
        value = edges[0][0]
    return way[::-1]


_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "/"}


def formula(value: Value, depth: int = 4) -> str:
    """Write how a value was computed, down to labelled values and plain numbers.

    >>> p = Value(0.5, label="p")
    >>> formula(-p.log()), formula((p + 1) * 2)
    ('−log(p)', '(p + 1) × 2')
    """
    if not value.inputs:
        return _name(value)
    if not depth:
        return "…"  # an unlabelled graph may be 100,000 values deep
    words = [_operand(each, depth - 1, value.op) for each in value.inputs]
    if value.op in _SIGNS:
        return f" {_SIGNS[value.op]} ".join(words)
    if value.op == "neg":
        return f"−{words[0]}"
    if value.op.startswith("**"):
        return words[0] + value.op[2:].translate(SUPERSCRIPTS)
    return f"{value.op}({formula_or_name(value.inputs[0], depth - 1)})"


def sign(op: str) -> str:
    """Write an operation as one reads it.

    >>> sign("*"), sign("**2"), sign("neg"), sign("tanh")
    ('×', '( )²', '−( )', 'tanh')
    """
    if op.startswith("**"):
        return "( )" + op[2:].translate(SUPERSCRIPTS)
    return "−( )" if op == "neg" else _SIGNS.get(op, op)


def formula_or_name(value: Value, depth: int) -> str:
    """Write a value's label if it has one, otherwise its formula."""
    return value.label or formula(value, depth)


def _operand(value: Value, depth: int, op: str) -> str:
    """Write an operand of `op`, in parentheses where it would be misread without them."""
    words = formula_or_name(value, depth)
    if value.label:
        return words
    sum_or_product = value.op in _SIGNS and op != "+"
    power_of_power = value.op.startswith("**") and op.startswith("**")
    return f"({words})" if sum_or_product or power_of_power or words[0] == "−" else words


def _name(value: Value) -> str:
    if value.label:
        return value.label
    whole = math.isfinite(value.data) and value.data == int(value.data)
    return number(value.data, 0 if whole else 2)

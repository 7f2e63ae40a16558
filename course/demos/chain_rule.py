"""The chain rule on a formula of one's own: every local slope, and what follows from them."""

import ast
import math
import operator
from collections.abc import Callable, Iterator

from pyengine import EngineValueError, Value, show

MOST = 30  # values in a formula: more would not fit the picture
NUDGE = 0.0001
CLOSE = 0.01  # farther than this from what nudging finds, in proportion, there is a corner
OPERATORS: dict[type[ast.operator], Callable[[Value, Value], Value]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
FUNCTIONS = {
    "tanh": Value.tanh,
    "sigmoid": Value.sigmoid,
    "exp": Value.exp,
    "log": Value.log,
    "relu": Value.relu,
}
ALLOWED = f"Allowed are a, b, c, numbers, + - * / **, parentheses, {', '.join(FUNCTIONS)}."


def graph(formula: str, a: float, b: float, c: float) -> show.Result:
    """Compute a formula in a, b and c, and share out the blame for its result by the chain rule."""
    inputs = {"a": a, "b": b, "c": c}
    result = compute(formula, inputs)
    result.backward()  # fills in the gradient of everything it was computed from

    used = [value for value in result.walk() if value.label in inputs]
    used.sort(key=lambda value: value.label)
    measured = [by_nudging(formula, inputs, value.label) for value in used]
    rows = [
        [value.label, products(value, result), number(value.grad), number(slope)]
        for value, slope in zip(used, measured, strict=True)
    ]
    headers = ["input", "slopes on its way to L", "gradient", "by nudging"]
    return show.result(
        verdict(used, measured),
        show.graph(result),
        show.table(headers, rows, concepts={"gradient": "grad"}),
        value=result.data,
        gradients=[value.grad for value in used],
        nudged=measured,
        blamed=max(used, key=lambda value: abs(value.grad)).label,
    )


def compute(formula: str, inputs: dict[str, float]) -> Value:
    """Compute a formula. Python only takes it apart; nothing but what is listed above can run."""
    try:
        tree = ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise refused("a formula such as a * tanh(b)", repr(formula)) from None
    leaves = {name: Value(x, label=name) for name, x in inputs.items()}
    result = value_of(tree, leaves)
    if not result.inputs or not any(value.label for value in result.walk()):
        raise refused("something computed from a, b or c, such as a * b", repr(formula))
    if len(result.walk()) > MOST:
        raise refused(f"at most {MOST} values in it", f"{len(result.walk())}", "Shorten it.")
    if not math.isfinite(result.data):
        raise EngineValueError("formula", "a result that a 64-bit float can hold", f"{result.data}")
    return result.named("L")


def value_of(part: ast.expr, leaves: dict[str, Value]) -> Value:
    """Turn a part of the formula into a `Value`: first its own parts, then what joins them."""
    match part:
        case ast.Name(id=name) if name in leaves:
            return leaves[name]
        case ast.Constant(value=int() | float() as x) if math.isfinite(x):
            return Value(x)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -value_of(inner, leaves)
        case ast.BinOp(left=base, op=ast.Pow(), right=exponent):
            return value_of(base, leaves) ** plain(value_of(exponent, leaves))
        case ast.BinOp(left=left, op=join, right=right) if type(join) in OPERATORS:
            return OPERATORS[type(join)](value_of(left, leaves), value_of(right, leaves))
        case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]) if name in FUNCTIONS:
            return FUNCTIONS[name](value_of(inner, leaves))
    raise refused("only what is allowed", f"{ast.unparse(part)!r}")


def plain(exponent: Value) -> float:
    """Return the number that an exponent is; one that depends on an input is refused."""
    if any(value.label for value in exponent.walk()):
        raise refused("a plain number as exponent", "a, b or c in it", "Write exp(b * log(a)).")
    return exponent.data


def refused(expected: str, got: str, fix: str = ALLOWED) -> EngineValueError:
    """Say what a formula should have been."""
    return EngineValueError("formula", expected, got, fix)


def by_nudging(formula: str, inputs: dict[str, float], name: str) -> float:
    """Measure the slope for one input without any calculus: nudge it up, nudge it down, compare."""
    try:
        up, down = (
            compute(formula, {**inputs, name: inputs[name] + nudge}) for nudge in (NUDGE, -NUDGE)
        )
    except EngineValueError:  # such as the log of what is 0 after the nudge
        return math.nan
    return (up.data - down.data) / (2 * NUDGE)


def ways(source: Value, result: Value) -> Iterator[list[float]]:
    """Yield the local slopes along each way from `source` to `result`."""
    if result is source:
        yield []
    for part, slope in result.edges:
        for way in ways(source, part):
            yield [*way, slope]


def products(source: Value, result: Value) -> str:
    """Write the chain rule out: slopes on one way multiply, and different ways add up."""
    return " + ".join(
        " × ".join(f"({n})" if n[0] == "−" else n for n in map(show.number, way))
        for way in ways(source, result)
    )


def number(slope: float) -> str:
    """Write a slope, or a dash where there is none."""
    return "–" if math.isnan(slope) else show.number(slope, 4)


def verdict(used: list[Value], measured: list[float]) -> show.Display:
    """Say in words which input is most to blame, and where calculus and nudging disagree."""
    most = max(used, key=lambda value: abs(value.grad))
    corner = not all(
        math.isclose(value.grad, slope, rel_tol=CLOSE, abs_tol=NUDGE)
        for value, slope in zip(used, measured, strict=True)
    )
    judged, words = "no blame arrives", "raising any input a little changes nothing"
    if corner:
        judged = "nudging disagrees"
        words = "there is a corner or an edge here, and no single slope; move a slider a little"
    elif most.grad:
        way = "rises" if most.grad > 0 else "falls"
        judged = f"input {most.label} is most to blame"
        words = f"raise it by 0.01 and L {way} by about {show.number(abs(most.grad) / 100, 4)}"
    return show.figure(
        f"gradient of {most.label}", most.grad, verdict=judged, words=words, concept="grad"
    )

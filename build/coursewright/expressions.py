"""Expressions in lessons: `-log(0.9)` in prose, `abs(result.loss - 0.69) < 0.01` under a demo.

They are a small part of Python, checked before they run: arithmetic, comparisons, calls of known
functions, attributes without underscores. Nothing else can be written, so nothing else can happen.
"""

import ast
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ALLOWED = (
    ast.Expression, ast.Constant, ast.Name, ast.Load, ast.Attribute, ast.Call, ast.keyword,
    ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow,
    ast.UnaryOp, ast.UAdd, ast.USub, ast.Not, ast.BoolOp, ast.And, ast.Or,
    ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE,
    ast.List, ast.Tuple, ast.Subscript,
)  # fmt: skip
BASICS: Mapping[str, Any] = {
    **{name: getattr(math, name) for name in ("exp", "log", "log2", "log10", "sqrt", "tanh", "pi")},
    **{function.__name__: function for function in (abs, min, max, round, sum, len)},
}
FORMAT = re.compile(r"[+]?,?(\.\d{1,2})?[efg%]|,?d|,")
CLAIM = re.compile(r"\{=(?P<expression>.*?)=\}", re.DOTALL)


class ExpressionError(ValueError):
    """An expression that may not be written, or a format that is none; says which part and why.

    `start` is where in the text the claim begins.
    """

    def __init__(self, message: str, start: int = 0) -> None:
        super().__init__(message)
        self.start = start


@dataclass(frozen=True)
class Claim:
    """A number in prose that is computed, not typed: `{= -log(0.9) | .2f =}`."""

    expression: str
    format: str
    start: int
    end: int


def claims(text: str) -> list[Claim]:
    """The claims of a text, in order.

    Raises `ExpressionError` for an unmatched delimiter or a format that is none.
    """
    found = []
    for match in CLAIM.finditer(text):
        expression, bar, form = match["expression"].rpartition("|")
        if not bar:
            expression, form = match["expression"], ""
        if form.strip() and not FORMAT.fullmatch(form.strip()):
            wanted = "expected a format such as .2f"
            raise ExpressionError(f"{wanted}, got {form.strip()!r}", match.start())
        try:
            parse(expression.strip())
        except ExpressionError as error:
            raise ExpressionError(str(error), match.start()) from None
        found.append(Claim(expression.strip(), form.strip(), match.start(), match.end()))
    rest = CLAIM.sub(lambda match: " " * len(match[0]), text)
    for delimiter, other in (("{=", "=}"), ("=}", "{=")):
        if delimiter in rest:
            message = f"expected {other} to go with {delimiter}, found none"
            raise ExpressionError(message, rest.index(delimiter))
    return found


def parse(text: str) -> ast.Expression:
    """The checked syntax tree of an expression; raises `ExpressionError`."""
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError as error:
        raise ExpressionError(f"cannot read the expression {text!r}: {error.msg}") from None
    for node in ast.walk(tree):
        if not isinstance(node, ALLOWED):
            what = type(node).__name__
            raise ExpressionError(f"{what} is not allowed in the expression {text!r}")
        name = getattr(node, "attr", getattr(node, "id", ""))
        if name.startswith("_"):
            raise ExpressionError(f"the name {name!r} is not allowed in the expression {text!r}")
        if isinstance(node, ast.Constant) and not isinstance(node.value, (int, float, str)):
            raise ExpressionError(f"{node.value!r} is not allowed in the expression {text!r}")
    return tree


def evaluate(text: str, names: Mapping[str, Any]) -> Any:
    """The value of an expression over `names` and a few functions of mathematics."""
    known = {**BASICS, **names}
    tree = parse(text)
    unknown = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} - known.keys()
    if unknown:
        raise ExpressionError(f"unknown name {sorted(unknown)[0]!r} in the expression {text!r}")
    return eval(compile(tree, "<expression>", "eval"), {"__builtins__": {}}, known)


def formatted(value: Any, form: str) -> str:
    """A computed value as prose shows it: with a real minus sign, and no trailing zeros of `g`."""
    try:
        text = format(value.item() if hasattr(value, "item") else value, form)
    except (TypeError, ValueError):
        raise ExpressionError(f"expected a number to format as {form!r}, got {value!r}") from None
    return text.replace("-", "−", 1) if text.startswith("-") else text

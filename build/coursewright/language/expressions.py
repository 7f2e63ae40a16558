"""Expressions in lessons: `-log(0.9)` in prose, `abs(result.loss - 0.69) < 0.01` under a demo.

They are a small part of Python, checked before they run: arithmetic, comparisons, calls of known
functions by name. Attributes are read of two things only: of a module that `claims:` in
`course.yml` makes known, what it defines itself; of a demo's `result`, its data, no methods.
"""

import ast
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from .diagnostics import did_you_mean

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
# What authors call the parts of Python that are refused.
REFUSED = {
    **dict.fromkeys(("ListComp", "SetComp", "DictComp", "GeneratorExp"), "a loop with `for`"),
    **dict.fromkeys(("In", "NotIn"), "`in`"),
    **dict.fromkeys(("Is", "IsNot"), "`is`"),
    **dict.fromkeys(("Dict", "Set"), "a collection in braces"),
    **dict.fromkeys(("JoinedStr", "TemplateStr"), "a text with a letter before its quotes"),
    **dict.fromkeys(("BitAnd", "BitOr", "BitXor", "LShift", "RShift"), "arithmetic on bits"),
    "Await": "`await`",
    "IfExp": "`if`",
    "Invert": "`~`",
    "Lambda": "`lambda`",
    "MatMult": "`@`",
    "NamedExpr": "`:=`",
    "Slice": "a slice with `:`",
    "Starred": "`*` before a value",
    "Yield": "`yield`",
}
ASSIGNED = re.compile(r"(?<![=<>!*/+-])=(?!=)")
FORMAT = re.compile(r"[+]?,?(\.\d{1,2})?[efg%]|,?d|,")
LONGEST = 1000  # characters; longer is no number in a sentence any more
DEEPEST = 100  # levels of nesting; Python's compiler gives up somewhere above a thousand
LARGEST = 100_000  # bits of a whole number; a power has more in an instant, and then never ends
MOST_TOLD = 20  # problems in one text; then the author has enough to do
DEEPEST_CODE = 300  # levels of nesting of a module's code, which is walked by recursion
RESULT = "result"  # what an expectation calls the value its demo returned


class ExpressionError(ValueError):
    """An expression that may not be written, or a format that is none; says which part and why.

    `start` is where in the text the claim begins.
    """

    def __init__(self, message: str, hint: str = "", start: int = 0) -> None:
        super().__init__(f"{message}, {hint}" if hint else message)
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

    Raises `ExpressionError` for the first that is wrong; `claim_problems` tells them all.
    """
    found, problems = read_claims(text)
    if problems:
        raise problems[0]
    return found


def with_claims(text: str, replace: Callable[[Claim], str]) -> str:
    """A text with something else in place of each claim."""
    parts, last = [], 0
    for claim in claims(text):
        parts += [text[last : claim.start], replace(claim)]
        last = claim.end
    return "".join([*parts, text[last:]])


def claim_problems(text: str) -> list[tuple[int, str]]:
    """Everything wrong with the claims of a text: where each problem begins, and what it is."""
    problems = sorted((problem.start, str(problem)) for problem in read_claims(text)[1])
    return problems[:MOST_TOLD]


def read_claims(text: str) -> tuple[list[Claim], list[ExpressionError]]:
    """The claims of a text that can be read, and what is wrong with the others."""
    found: list[Claim] = []
    problems: list[ExpressionError] = []
    if "{=" not in text and "=}" not in text:  # as in most texts, which are read often
        return found, problems
    rest = list(text)
    for start, end in spans(text):
        rest[start:end] = " " * (end - start)
        try:
            found.append(read_claim(text, start, end))
        except ExpressionError as error:
            problems.append(ExpressionError(str(error), start=start))
    for delimiter, other in (("{=", "=}"), ("=}", "{=")):
        message = f"expected {other} to go with {delimiter}, found none"
        alone = re.finditer(re.escape(delimiter), "".join(rest))
        problems += [ExpressionError(message, start=match.start()) for match in alone]
    return found, problems


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where claims stand: from each `{=` to the next `=}`, if there is one."""
    start = text.find("{=")
    while start >= 0 and (end := text.find("=}", start + 2)) >= 0:
        yield start, end + 2
        start = text.find("{=", end + 2)


def read_claim(text: str, start: int, end: int) -> Claim:
    """The claim that stands at a place, delimiters and all; raises `ExpressionError`."""
    inside = text[start + 2 : end - 2]
    expression, bar, form = inside.rpartition("|")
    if not bar:
        expression, form = inside, ""
    if form.strip() and not FORMAT.fullmatch(form.strip()):
        raise ExpressionError(f"expected a format such as .2f, got {quoted(form.strip())}")
    parse(expression.strip())
    return Claim(expression.strip(), form.strip(), start, end)


def parse(text: str) -> ast.Expression:
    """The checked syntax tree of an expression; raises `ExpressionError`."""
    if not text:
        raise ExpressionError("expected an expression such as 0.5 ** 2, got nothing")
    if len(text) > LONGEST:
        message = f"expected at most {LONGEST} characters, got {len(text):,}"
        raise ExpressionError(f"{message} in the expression {quoted(text)}")
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError as error:
        said = "`==` compares, `=` does not" if ASSIGNED.search(text) else error.msg
        raise ExpressionError(f"cannot read the expression {quoted(text)}: {said}") from None
    except (ValueError, MemoryError, RecursionError):  # a null character; nested too deeply
        raise ExpressionError(f"cannot read the expression {quoted(text)}") from None
    if depth(tree) > DEEPEST:
        raise ExpressionError(f"too many operations in a row in the expression {quoted(text)}")
    for what in (not_allowed(node) for node in ast.walk(tree)):
        if what:
            raise ExpressionError(f"{what} is not allowed in the expression {quoted(text)}")
    return tree


def quoted(text: str) -> str:
    """A text as messages show it: its beginning, if it is long."""
    return repr(text) if len(text) <= 60 else f"{text[:57]!r}…"


def depth(tree: ast.AST) -> int:
    """How deeply a syntax tree is nested. A loop: recursion is what has to be kept from it."""
    levels, level = 0, [tree]
    while level:
        levels += 1
        level = [inner for node in level for inner in ast.iter_child_nodes(node)]
    return levels


def not_allowed(node: ast.AST) -> str:
    """What about a node is outside the small part of Python, or nothing."""
    if not isinstance(node, ALLOWED):
        return REFUSED.get(type(node).__name__, type(node).__name__)
    name = getattr(node, "attr", getattr(node, "id", ""))
    if name.startswith("_"):
        return f"the name {name!r}"
    if isinstance(node, ast.Constant) and not isinstance(node.value, (int, float, str)):
        return repr(node.value)
    if isinstance(node, ast.Attribute) and not readable(node):
        return f"`.{node.attr}` of anything but a module or `{RESULT}`"
    if isinstance(node, ast.Call) and not isinstance(node.func, (ast.Name, ast.Attribute)):
        return not_allowed(node.func) or "a call of anything but a named function"
    return ""


def readable(node: ast.Attribute) -> bool:
    """Whether an attribute is one of a name (a module's, it must turn out) or of the result."""
    return isinstance(node.value, ast.Name) or root(node) == RESULT


def root(node: ast.expr) -> str:
    """The name a chain such as `result.rows[0].loss` begins with, or nothing."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def evaluate(text: str, names: Mapping[str, Any]) -> Any:
    """The value of an expression over `names` and a few functions of mathematics."""
    known = {**BASICS, **names}
    tree = parse(text)
    unknown = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} - known.keys()
    if unknown:
        name = min(unknown)
        raise ExpressionError(f"unknown name {name!r}", did_you_mean(name, known))
    guarded = ast.fix_missing_locations(Guarded().visit(tree))
    return eval(compile(guarded, "<expression>", "eval"), {"__builtins__": {}}, {**known, **GUARDS})


def asks_for(text: str) -> set[str]:
    """The names in an expression that only the modules in `claims:` can give."""
    names = {node.id for node in ast.walk(parse(text)) if isinstance(node, ast.Name)}
    return names - BASICS.keys() - {RESULT}


class Guarded(ast.NodeTransformer):
    """Reads attributes through `GUARDS`, because only the value tells what may be read of it.

    So are powers, products and remainders computed, because only the values tell whether that ends.
    """

    def visit_Attribute(self, node: ast.Attribute) -> ast.Call:
        """`schedule.cosine` becomes a call of the guard of modules on `schedule` and 'cosine'."""
        guard = ast.Name(".result" if root(node) == RESULT else ".module", ast.Load())
        self.generic_visit(node)
        return ast.Call(guard, [node.value, ast.Constant(node.attr)], [])

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """`a ** b` becomes a call of the guard of powers, and so on."""
        self.generic_visit(node)
        guard = OPERATORS.get(type(node.op))
        if guard is None:
            return node
        return ast.Call(ast.Name(guard, ast.Load()), [node.left, node.right], [])


def of_module(module: Any, name: str) -> Any:
    """A public function or constant that a module itself defines."""
    if not isinstance(module, ModuleType):
        kind = type(module).__name__
        raise ExpressionError(f"expected a module before `.{name}`, got a value of type {kind}")
    if name not in public_names(module):
        raise ExpressionError(f"the module {module.__name__} defines no public name {name!r}")
    return getattr(module, name)


def of_result(value: Any, name: str) -> Any:
    """A piece of a demo's result: data, since a method could do anything."""
    piece = getattr(value, name)
    if callable(piece) or isinstance(piece, ModuleType):
        kind = "a function" if callable(piece) else "a module"
        raise ExpressionError(f"expected data of the {RESULT}, got {kind} for `.{name}`")
    return piece


def power(base: Any, exponent: Any) -> Any:
    """A power that is not too large to be computed."""
    whole = isinstance(base, int) and isinstance(exponent, int)
    if whole and abs(base) > 1 and exponent * base.bit_length() > LARGEST:
        raise ExpressionError("the power is too large to compute")
    return base**exponent


def product(left: Any, right: Any) -> Any:
    """A product that is no long repetition."""
    for many, times in ((left, right), (right, left)):
        repeats = isinstance(many, (str, list, tuple)) and isinstance(times, int)
        if repeats and len(many) * times > LARGEST:
            raise ExpressionError("the repetition is too long to compute")
    return left * right


def remainder(left: Any, right: Any) -> Any:
    """A remainder of numbers: with a text on its left `%` would format, to any length."""
    if isinstance(left, str):
        raise ExpressionError("expected a number before `%`, got a text")
    return left % right


# Names no author can write.
OPERATORS: Mapping[type[ast.operator], str] = {
    ast.Pow: ".power",
    ast.Mult: ".product",
    ast.Mod: ".remainder",
}
GUARDS: Mapping[str, Any] = {
    ".module": of_module,
    ".result": of_result,
    ".power": power,
    ".product": product,
    ".remainder": remainder,
}


def public_names(module: ModuleType) -> dict[str, Any]:
    """What expressions may take from a module: its `__all__`, or else what it defines itself.

    Its submodules count as its own (`pyengine.schedule`), what it imports does not (`math`).
    """
    listed = getattr(module, "__all__", None)
    values = {name: getattr(module, name) for name in (listed or vars(module))}
    return {
        name: value
        for name, value in values.items()
        if not name.startswith("_") and (listed or is_own(value, module.__name__))
    }


def is_own(value: Any, module: str) -> bool:
    """Whether a value is a submodule of a module, or a function or constant it defines."""
    if isinstance(value, ModuleType):
        return value.__name__.startswith(f"{module}.")
    return not callable(value) or getattr(value, "__module__", None) == module


def formatted(value: Any, form: str) -> str:
    """A computed number as prose shows it: finite, with real minus signs and no minus zero."""
    wanted = f"a number to format as {form!r}" if form else "a number"
    number = value.item() if getattr(value, "size", 0) == 1 else value  # one number of NumPy's
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise ExpressionError(f"expected {wanted}, got {repr(value)[:60]}")
    try:
        text = format(number, form)
    except (ValueError, OverflowError):  # `d` of a fraction; or more digits than Python writes
        if form.endswith("d") and isinstance(number, float):
            wanted = f"a whole number to format as {form!r}"
            raise ExpressionError(f"expected {wanted}, got {number}") from None
        raise ExpressionError("the number is too large to write") from None
    if "n" in text:  # nan, inf; also of 1e308 as a percentage
        raise ExpressionError(f"expected a finite number, got {text}")
    if not re.search("[1-9]", text):
        text = text.removeprefix("-")
    return text.replace("-", "−")

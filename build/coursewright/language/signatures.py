"""What the functions of a course's demos look like, read from their source without running it."""

import ast
import importlib.util
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, TypeGuard

from .blocks import Demo
from .controls import Choice, Control, LogSlider, Number, Seed, Slider, TextLine, Toggle
from .diagnostics import Path, did_you_mean
from .expressions import DEEPEST_CODE, depth
from .source import Source

NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
TRUTHS = {"true": True, "false": False}
# Annotations a control's value never fits. An unknown one (an alias) is taken at its word.
NO_CONTROL = {"None", "bytes", "dict", "frozenset", "list", "set", "tuple"}
SET_BY = {
    "bool": "a toggle",
    "str": "a text or a choice",
    "Literal": "a choice",
    "int": "a number or a slider",
    "float": "a number or a slider",
}
NUMBERS = ({"int", "float"}, "numbers", "a number")
# What each kind of control sets: the annotations, in words, and what to annotate instead.
SETS = {
    "slider": NUMBERS,
    "log_slider": NUMBERS,
    "number": NUMBERS,
    "toggle": ({"bool"}, "true or false", "bool"),
    "text": ({"str"}, "words", "str"),
    "seed": ({"int"}, "whole numbers", "int"),
}


@dataclass(frozen=True)
class Function:
    """A demo's function: source, parameters (name -> annotation), and which have no default.

    `unnamed` are the parameters that a call cannot name: those before a `/`.
    """

    source: str
    line: int
    parameters: dict[str, str]
    needed: frozenset[str]
    streams: bool
    unnamed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Module:
    """A demo module: its functions, or the syntax error it has."""

    file: str
    text: str
    functions: dict[str, Function]
    error: SyntaxError | None = None


def read_module(file: FilePath, shown: str) -> Module:
    """Read a demo module's functions from its syntax tree."""
    raw = file.read_bytes()
    try:
        text = importlib.util.decode_source(raw)
    except (SyntaxError, UnicodeDecodeError) as error:
        return Module(shown, "", {}, undecodable(raw, str(error)))
    return module_of(text, shown)


def module_of(text: str, shown: str) -> Module:
    """What a demo module's text says."""
    try:
        tree = ast.parse(text)
        if depth(tree) > DEEPEST_CODE:
            raise RecursionError
    except SyntaxError as error:
        return Module(shown, text, {}, error)
    except ValueError as error:  # a null character
        return Module(shown, text, {}, SyntaxError(str(error)))
    except (RecursionError, MemoryError):
        return Module(shown, text, {}, SyntaxError("nested too deeply"))
    lines = text.split("\n")
    found = {node.name: function(node, lines) for node in tree.body if is_function(node)}
    return Module(shown, text, found)


def undecodable(raw: bytes, said: str) -> SyntaxError:
    """The error of a file that is not in the encoding it says, or in none Python knows."""
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        place = (before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1)
        said = f"expected UTF-8 text, got byte 0x{raw[error.start]:02x}; save the file as UTF-8"
        return SyntaxError(said, (None, *place, None))
    return SyntaxError(said)


def is_function(node: ast.stmt) -> TypeGuard[ast.FunctionDef]:
    """Whether a statement defines a public function."""
    return isinstance(node, ast.FunctionDef) and not node.name.startswith("_")


def function(node: ast.FunctionDef, lines: list[str]) -> Function:
    """What a function's definition says."""
    by_place = [*node.args.posonlyargs, *node.args.args]
    required = by_place[: len(by_place) - len(node.args.defaults)]
    keyword = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    needed = {a.arg for a in required} | {a.arg for a, default in keyword if default is None}
    return Function(
        source="\n".join(lines[node.lineno - 1 : node.end_lineno]),
        line=node.lineno,
        parameters={a.arg: written(a.annotation) for a in [*by_place, *node.args.kwonlyargs]},
        needed=frozenset(needed),
        streams=any(isinstance(inner, (ast.Yield, ast.YieldFrom)) for inner in body(node)),
        unnamed=frozenset(a.arg for a in node.args.posonlyargs),
    )


def body(node: ast.AST) -> Iterator[ast.AST]:
    """Everything inside a function that is not inside another one within it."""
    for inner in ast.iter_child_nodes(node):
        if not isinstance(inner, NESTED):
            yield inner
            yield from body(inner)


def written(annotation: ast.expr | None) -> str:
    """An annotation as text, without its quotation marks; of `float | None` what is not None."""
    if annotation is None:
        return ""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return without_none(annotation.value)
    return without_none(ast.unparse(annotation))


def without_none(annotation: str) -> str:
    """An annotation but for the `None` that a default may be."""
    kinds = alternatives(annotation)
    return " | ".join(kind for kind in kinds if kind != "None") or annotation


def alternatives(annotation: str) -> list[str]:
    """The types an annotation allows: those of a union, or it alone.

    >>> alternatives("float | None"), alternatives("Optional[int]"), alternatives("str")
    (['float', 'None'], ['int', 'None'], ['str'])
    """
    node = parsed(annotation)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return alternatives(ast.unparse(node.left)) + alternatives(ast.unparse(node.right))
    if isinstance(node, ast.Subscript) and base(annotation) == "Optional":
        return [*alternatives(ast.unparse(node.slice)), "None"]
    return [annotation]


def parsed(annotation: str) -> ast.expr | None:
    """The syntax tree of an annotation, or nothing where it is none (`"no type"`)."""
    try:
        return ast.parse(annotation, mode="eval").body
    except SyntaxError:
        return None


def base(annotation: str) -> str:
    """The last word of a type's name, without what it is of: `Literal` of `typing.Literal[1]`."""
    return annotation.partition("[")[0].rpartition(".")[2].strip()


def arguments_of(demo: Demo, function: Function) -> dict[str, Any]:
    """The arguments a demo starts with; a control's value has its parameter's type."""
    return {
        name: start_of(control, function.parameters[name])
        for name, control in demo.controls.items()
    }


def start_of(control: Control, annotation: str) -> Any:
    """The value a control starts with, in its parameter's type."""
    match control:
        case Choice():
            return typed(control.choice[control.start], annotation)
        case Toggle():
            return control.toggle
        case TextLine():
            return control.text
        case Seed():
            return control.seed
        case Slider() | LogSlider() | Number():
            return int(control.start) if annotation == "int" else control.start


def typed(text: str, annotation: str) -> Any:
    """A choice's value as its parameter's annotation wants it: text unless that says otherwise.

    Raises `ValueError`, which says what was expected.
    """
    kind = base(annotation)
    if kind == "bool":
        return one_of(TRUTHS, text)
    if kind == "Literal":
        return one_of({str(value): value for value in literals(annotation)}, text)
    if kind in NO_CONTROL:
        raise ValueError(f"expected no choice for a parameter of type {annotation}")
    return number(text, kind) if annotation in ("int", "float") else text


def one_of(known: dict[str, Any], text: str) -> Any:
    """The value a text stands for."""
    if text not in known:
        raise ValueError(f"expected {' or '.join(known)}")
    return known[text]


def literals(annotation: str) -> list[Any]:
    """The values of a `Literal[...]`."""
    node = parsed(annotation)
    inside = node.slice if isinstance(node, ast.Subscript) else None
    items = inside.elts if isinstance(inside, ast.Tuple) else [inside]
    return [item.value for item in items if isinstance(item, ast.Constant)]


def number(text: str, kind: str) -> float:
    """A finite number of a kind, `int` or `float`."""
    try:
        value = int(text) if kind == "int" else float(text)
    except ValueError:
        raise ValueError(f"expected a {'whole ' if kind == 'int' else ''}number") from None
    if not math.isfinite(value):
        raise ValueError("expected a finite number")
    return value


def named(demo: Demo) -> str:
    """A demo's function as its author knows it."""
    return demo.run or demo.target.partition(":")[2]


def check_controls(demo: Demo, function: Function, path: Path, source: Source) -> None:
    """Report controls the function does not take, and parameters no control sets."""
    known = list(function.parameters)
    for name, control in demo.controls.items():
        at = (*path, "controls", name)
        if name not in function.parameters:
            hint = did_you_mean(name, known) or f"It takes: {', '.join(known) or 'nothing'}."
            source.report(at, f"{named(demo)} has no parameter '{name}'", hint, at_key=True)
        else:
            check_control(control, function.parameters[name], at, source)
    at = (*path, demo.code_key)
    missing = sorted(function.needed - demo.controls.keys())
    if missing:
        message = f"{named(demo)} needs {', '.join(map(repr, missing))}, which no control sets"
        source.report(at, message, "Add a control, or give the parameter a default.")
    unnamed = sorted(function.unnamed & demo.controls.keys())
    if unnamed:
        message = f"{named(demo)} takes {', '.join(map(repr, unnamed))} by position only"
        source.report(at, message, "Controls set parameters by name: remove the `/`.")


def check_control(control: Control, annotation: str, path: Path, source: Source) -> None:
    """Report a control whose values are not what its parameter says it takes."""
    if isinstance(control, Choice):
        return check_options(control, annotation, path, source)
    misfits = (NO_CONTROL | SET_BY.keys()) - SETS[control.kind][0]
    if all(base(kind) in misfits for kind in alternatives(annotation)):
        report_misfit(control.kind, annotation, path, source)
    elif annotation == "int" and isinstance(control, (Slider, LogSlider, Number)):
        check_whole(control, path, source)


def report_misfit(kind: str, annotation: str, path: Path, source: Source) -> None:
    """Report a kind of control that never sets what its parameter takes."""
    _, things, wanted = SETS[kind]
    fitting = SET_BY.get(base(alternatives(annotation)[0]))
    message = f"expected {fitting or 'no control'} for a parameter of type {annotation}"
    instead = f"use {fitting}" if fitting else "give the parameter a default"
    hint = f"A {kind} sets {things}: {instead}, or annotate the parameter as {wanted}."
    source.report((*path, kind), f"{message}, got a {kind}", hint, at_key=True)


def check_whole(control: Slider | LogSlider | Number, path: Path, source: Source) -> None:
    """Report what is a fraction in a control whose parameter takes whole numbers."""
    low, high = getattr(control, control.kind)
    step = getattr(control, "step", None)
    last = ("start", control.start) if step is None else ("step", step)
    for key, value in ((control.kind, low), (control.kind, high), last):
        if not value.is_integer():
            message = f"expected a whole number for a parameter of type int, got {value:g}"
            hint = "Use whole numbers, or annotate the parameter as float."
            source.report((*path, key), message, hint)


def check_options(choice: Choice, annotation: str, path: Path, source: Source) -> None:
    """Report options that are nothing the parameter takes."""
    for label, value in choice.choice.items():
        try:
            typed(value, annotation)
        except ValueError as error:
            source.report((*path, "choice"), f"{error} for {label!r}, got {value!r}")

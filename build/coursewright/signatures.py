"""What the functions of a course's demos look like, read from their source without running it."""

import ast
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, TypeGuard

from .diagnostics import Path, did_you_mean
from .source import Source
from .spec import Choice, Demo

NUMBERS = {"float": float, "int": int}


@dataclass(frozen=True)
class Function:
    """A demo's function: source, parameters (name -> annotation), and which have no default."""

    source: str
    line: int
    parameters: dict[str, str]
    needed: frozenset[str]
    streams: bool


@dataclass(frozen=True)
class Module:
    """A demo module: its functions, or the syntax error it has."""

    file: str
    text: str
    functions: dict[str, Function]
    error: SyntaxError | None = None


def read_module(file: FilePath, shown: str) -> Module:
    """Read a demo module's functions from its syntax tree."""
    text = file.read_text(encoding="utf-8")
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        return Module(shown, text, {}, error)
    lines = text.splitlines()
    found = {node.name: function(node, lines) for node in tree.body if is_function(node)}
    return Module(shown, text, found)


def is_function(node: ast.stmt) -> TypeGuard[ast.FunctionDef]:
    """Whether a statement defines a public function."""
    return isinstance(node, ast.FunctionDef) and not node.name.startswith("_")


def function(node: ast.FunctionDef, lines: list[str]) -> Function:
    """What a function's definition says."""
    arguments = [*node.args.args, *node.args.kwonlyargs]
    required = node.args.args[: len(node.args.args) - len(node.args.defaults)]
    keyword = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    needed = {a.arg for a in required} | {a.arg for a, default in keyword if default is None}
    return Function(
        source="\n".join(lines[node.lineno - 1 : node.end_lineno]),
        line=node.lineno,
        parameters={a.arg: ast.unparse(a.annotation) if a.annotation else "" for a in arguments},
        needed=frozenset(needed),
        streams=any(isinstance(inner, (ast.Yield, ast.YieldFrom)) for inner in ast.walk(node)),
    )


def arguments_of(demo: Demo, function: Function) -> dict[str, Any]:
    """The arguments a demo starts with; a control's value has its parameter's type."""
    values = {}
    for name, control in demo.controls.items():
        annotation = function.parameters[name]
        if isinstance(control, Choice):
            values[name] = typed(control.choice[control.start], annotation)
        else:
            values[name] = int(control.start) if annotation == "int" else control.start
    return values


def typed(text: str, annotation: str) -> Any:
    """A choice's value as its parameter's annotation wants it: text unless that says a number."""
    return NUMBERS.get(annotation, str)(text)


def check_controls(demo: Demo, function: Function, path: Path, source: Source) -> None:
    """Report controls the function does not take, and parameters no control sets."""
    known = list(function.parameters)
    for name, control in demo.controls.items():
        at = (*path, "controls", name)
        if name not in function.parameters:
            hint = did_you_mean(name, known) or f"It takes: {', '.join(known) or 'nothing'}."
            source.report(at, f"{demo.run} has no parameter '{name}'", hint, at_key=True)
        elif isinstance(control, Choice):
            check_options(control, function.parameters[name], at, source)
    missing = sorted(function.needed - demo.controls.keys())
    if missing:
        message = f"{demo.run} needs {', '.join(map(repr, missing))}, which no control sets"
        source.report((*path, "run"), message, "Add a control, or give the parameter a default.")


def check_options(control: Choice, annotation: str, path: Path, source: Source) -> None:
    """Report options that are no number where the parameter is one."""
    for label, value in control.choice.items():
        try:
            typed(value, annotation)
        except ValueError:
            source.report((*path, "choice"), f"expected a number for {label!r}, got {value!r}")

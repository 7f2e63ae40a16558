"""Runs demos, cells and exercises and turns what they give into displays, at build and in the page.

Standard library only: in the reader's browser it travels with the demos, beside Pyodide.
"""

import ast
import base64
import contextlib
import importlib
import inspect
import io
import json
import linecache
import math
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

MOST_PRINTED = 20_000  # characters of printed output that are kept
MOST_SHOWN = 2_000_000  # characters of all displays as JSON; a page does not take more
MOST_KEPT = 3_500_000  # characters of all checkpoints of a run; with more, no answer is taken
SEVERAL = "application/vnd.nudge.displays+json"
CHECKS = "application/vnd.nudge.checks+json"
STREAM = "application/vnd.nudge.stream+json"
KEPT = "application/vnd.nudge.kept+json"
GRADE = "application/vnd.nudge.grade+json"
MOST_STEPS = 10_000  # of a generator at build, if the lesson does not say how many
ANSWER = "<answer>"  # the file that an answer to an exercise is in, to Python
CLOSE = 1e-9  # numbers that differ by less, or by that share, are the same
REPRESENTATIONS = {
    "text/html": "_repr_html_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
}
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")  # differs from run to run
SURROGATE = re.compile("[\ud800-\udfff]")  # half a character, which no file can hold


def run(target: str, arguments: str) -> str:
    """Call `module:function` of the package `demos` with JSON arguments; the outcome as JSON.

    Other targets are `@cell`, `@exercise`, `@edited` and `@grade`: see `ACTIONS`.

    The outcome is `{"displays": [bundle, ...]}` or `{"error": {"type", "message", "traceback"}}`,
    a bundle being Jupyter's: a mapping of MIME types to data.
    """
    try:
        action = ACTIONS.get(target)
        given = json.loads(arguments)
        displays = action(**given) if action else call(target, given)[1]
        return json.dumps({"displays": displays}, allow_nan=False)
    except BaseException as error:  # also SystemExit, KeyboardInterrupt: the reader must see them
        return json.dumps({"error": described(error)})


def call(
    target: str, arguments: dict[str, Any], steps: int = MOST_STEPS, code: str | None = None
) -> tuple[Any, list[dict[str, Any]]]:
    """The value a demo returns, and its displays (what it printed comes first).

    Of a generator it is what it yields last, or in the step with that number.
    """

    def demo() -> Any:
        value = started(target, arguments, code)
        return value if not isinstance(value, Iterator) else advanced(value, steps, math.inf)[0]

    return watched(demo)


def started(
    target: str,
    arguments: dict[str, Any],
    code: str | None = None,
    resume: Callable[[Any], Any] | None = None,
) -> Any:
    """What a demo's function returns: its result, or a generator that has not begun.

    `code` is its module where it is in no file: in a lesson, or as a reader has changed it.
    `resume` is for a function with a parameter of that name: see `Stream`.
    """
    module, _, name = target.partition(":")
    if code is None:
        function = getattr(importlib.import_module(f"demos.{module}"), name)
    else:
        names: dict[str, Any] = {"__name__": f"demos.{module}", "__package__": "demos"}
        execute(code, names, f"<{module}.py>")
        function = names.get(name)
        if not callable(function):
            raise NameError(f"expected a function {name!r} in the code, found none")
    given = as_annotated(function, arguments)
    if resume and "resume" in inspect.signature(function).parameters:
        given = {"resume": resume, **given}
    return function(**given)


def advanced(steps: Iterator[Any], most: int, milliseconds: float) -> tuple[Any, int, bool]:
    """Let a generator do steps: what it yielded last, how many it did, and whether it ended."""
    until = time.perf_counter() + milliseconds / 1000
    value, done = None, 0
    for value in steps:
        done += 1
        if done == most or time.perf_counter() > until:
            return value, done, False
    return value, done, True


class Stream:
    """A streaming demo under way: its generator, and how many steps it has done.

    A demo whose function has a parameter `resume` hands each of its training runs to that: an
    object with `checkpoint() -> bytes` and `restore(bytes)`. So it can be kept, and go on later.
    """

    def __init__(
        self, run: str, arguments: dict[str, Any], code: str | None, kept: dict[str, Any] | None
    ) -> None:
        self.runs: list[Any] = []
        self.checkpoints: list[str] = kept["checkpoints"] if kept else []
        self.done: int = kept["steps"] if kept else 0
        self.steps = iter(started(run, arguments, code, self.resume))

    def resume(self, run: Any) -> Any:
        """Put one of the demo's runs where it was when it was kept, if it was."""
        if len(self.runs) < len(self.checkpoints):
            run.restore(base64.b64decode(self.checkpoints[len(self.runs)]))
        self.runs.append(run)
        return run

    def kept(self) -> dict[str, Any]:
        """What it can go on from."""
        found = [base64.b64encode(run.checkpoint()).decode() for run in self.runs]
        if (size := sum(map(len, found))) > MOST_KEPT:
            raise ValueError(
                f"expected checkpoints of up to {MOST_KEPT:,} characters, got {size:,}"
            )
        return {"steps": self.done, "checkpoints": found}


STREAMS: dict[str, Stream] = {}


def stream(
    stream: str,
    run: str,
    arguments: dict[str, Any],
    fresh: bool,
    milliseconds: float,
    code: str | None = None,
    kept: dict[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Let a streaming demo go on, or begin anew: for a while, or for one step if that is 0.

    What begins anew goes on from `kept` if that is there; what is to go on is lost if this Python
    has not begun it. The displays are those of the last step; they end with how it stands.
    """
    if fresh:
        STREAMS.pop(stream, None)
        STREAMS[stream] = Stream(run, arguments, code, kept)
    if stream not in STREAMS:
        return [{STREAM: {"steps": 0, "ended": False, "lost": True}}]
    under_way = STREAMS[stream]
    found: list[Any] = []

    def work() -> Any:
        most = MOST_STEPS if milliseconds else 1
        found[:] = advanced(under_way.steps, most, milliseconds or math.inf)
        return found[0]

    _, displays = watched(work)
    _, done, ended = found
    under_way.done += done
    return [*displays, {STREAM: {"steps": under_way.done, "ended": ended}}]


def keep(stream: str) -> list[dict[str, Any]]:
    """What a streaming demo can go on from, in another Python; nothing if it has no runs."""
    under_way = STREAMS.get(stream)
    return [{KEPT: under_way.kept()}] if under_way and under_way.runs else []


def watched(work: Callable[[], Any]) -> tuple[Any, list[dict[str, Any]]]:
    """What some work returns, and its displays (what it printed comes first)."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), without_keyboard():
        value = work()
        displays = bundles(value)
    displays = [*bundles_of_text(ADDRESS.sub("", printed.getvalue())), *displays]
    size = len(json.dumps(displays, allow_nan=False))
    if size > MOST_SHOWN:
        raise ValueError(f"expected displays of up to {MOST_SHOWN:,} characters, got {size:,}")
    return value, displays


class NoKeyboard(io.TextIOBase):
    """The standard input of a page: nobody can type while Python runs."""

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        """Refuse."""
        raise EOFError("a page cannot ask while Python runs: write what you would type as a value")

    read = readline


@contextlib.contextmanager
def without_keyboard() -> Iterator[None]:
    """Have `input()` say why it cannot work, instead of failing in the depths of the system."""
    before, sys.stdin = sys.stdin, NoKeyboard()
    try:
        yield
    finally:
        sys.stdin = before


class Notebook:
    """The cells of a lesson: what they have defined so far, and which of them did."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.done: set[str] = set()

    def run(self, name: str, code: str) -> tuple[Any, list[dict[str, Any]]]:
        """Run a cell."""
        self.done.discard(name)
        value, displays = watched(lambda: execute(code, self.names, f"<cell {name}>"))
        self.done.add(name)
        return value, displays


NOTEBOOKS: dict[str, Notebook] = {}


def cell(lesson: str, name: str, code: str, above: dict[str, str]) -> list[dict[str, Any]]:
    """Run a cell of a lesson, after the cells above it that have not been run yet."""
    notebook = NOTEBOOKS.setdefault(lesson, Notebook())
    for other, text in above.items():
        if other not in notebook.done:
            notebook.run(other, text)
    return notebook.run(name, code)[1]


def exercise(lesson: str, code: str, checks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Run an answer to an exercise, on a copy of what the lesson's cells defined, and check it.

    Each check is `{"call": …, "gives": …, "within": …}`. The displays end with their outcomes.
    """
    displays, outcomes = tried(code, checks, NOTEBOOKS.get(lesson, Notebook()))
    return [*displays, {CHECKS: outcomes}]


def tried(
    code: str, checks: list[dict[str, Any]], notebook: Notebook
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The displays of an answer to an exercise, and the outcome of each check."""
    names = dict(notebook.names)
    _, displays = watched(lambda: execute(code, names, ANSWER))
    return displays, [checked(check, names) for check in checks]


def checked(check: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    """What a check gives: the value in words, and whether it is the one that is wanted."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            value = value_of(check, names)
            passed = same(value, wanted(check["gives"]), check.get("within", CLOSE))
            return {"passed": passed, "got": ADDRESS.sub("", repr(plain(value)))[:500]}
    except Exception as error:
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return {"passed": False, "got": said[:500]}


def value_of(check: dict[str, Any], names: dict[str, Any]) -> Any:
    """What the call of a check gives."""
    return eval(compile(check["call"], "<check>", "eval"), names)


def wanted(text: str) -> Any:
    """The value a lesson wants, as it is written in Python; what is no value is text."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def same(value: Any, other: Any, within: float) -> bool:
    """Whether two values are the same, numbers up to rounding."""
    value, other = plain(value), plain(other)
    if isinstance(value, list) and isinstance(other, list):
        return len(value) == len(other) and all(map(same, value, other, [within] * len(value)))
    if isinstance(value, dict) and isinstance(other, dict):
        return value.keys() == other.keys() and all(
            same(item, other[key], within) for key, item in value.items()
        )
    if isinstance(value, bool) or isinstance(other, bool):
        return value is other
    if isinstance(value, int | float) and isinstance(other, int | float):
        return math.isclose(value, other, rel_tol=CLOSE, abs_tol=within)
    return bool(value == other)


def edited(run: str, code: str, arguments: dict[str, Any]) -> list[dict[str, Any]]:
    """Call a demo's function as a reader has changed it."""
    return watched(lambda: started(run, arguments, code))[1]


def grade(rubric: str, answer: str, words: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Grade an explanation by a rubric, which is JSON: one display, of the result.

    `words` are what the grader says in a course that is not in English.
    """
    import teachback  # only here: in the browser it is there if a lesson of the course asks for it

    result = teachback.grade(teachback.Rubric.from_json(rubric), answer, words or {})
    return [{GRADE: plain(result.as_dict())}]


def execute(code: str, names: dict[str, Any], file: str) -> Any:
    """Run code, and return the value of the expression it ends with, or None."""
    lines = [f"{line}\n" for line in code.splitlines()]  # without it marks are off in a last line
    linecache.cache[file] = (len(code), None, lines, file)
    tree = ast.parse(code, file)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, file, "exec"), names)
    if isinstance(last, ast.Expr):
        return eval(compile(ast.Expression(last.value), file, "eval"), names)
    return None


ACTIONS: dict[str, Callable[..., list[dict[str, Any]]]] = {
    "@cell": cell,
    "@exercise": exercise,
    "@edited": edited,
    "@stream": stream,
    "@keep": keep,
    "@grade": grade,
}


def as_annotated(function: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments with whole numbers as the annotation says: JSON writes 1.0 and 1 alike as `1`."""
    annotations = getattr(function, "__annotations__", {})

    def converted(name: str, value: Any) -> Any:
        kind = annotations.get(name)
        if kind in (float, "float") and type(value) is int:
            return float(value)
        if kind in (int, "int") and isinstance(value, float) and value.is_integer():
            return int(value)
        return value

    return {name: converted(name, value) for name, value in arguments.items()}


def bundles_of_text(text: str) -> list[dict[str, Any]]:
    """A display of a text, cut where no one reads on; none of an empty one."""
    if len(text) > MOST_PRINTED:
        text = text[:MOST_PRINTED] + f"\n… {len(text) - MOST_PRINTED:,} characters more"
    return [{"text/plain": plain(text)}] if text else []


def bundles(value: Any) -> list[dict[str, Any]]:
    """The displays of a value by Jupyter's protocol, several flattened into a list."""
    if value is None:
        return []
    if isinstance(value, type):  # what it says of its objects is not said of itself
        return bundles_of_text(ADDRESS.sub("", repr(value)))
    if hasattr(value, "_repr_mimebundle_"):
        bundle = without_metadata(value._repr_mimebundle_())
        if not isinstance(bundle, dict):
            raise TypeError(f"expected a mapping of MIME types, got {type(bundle).__name__}")
        displays: list[dict[str, Any]] = plain(bundle.get(SEVERAL, [bundle]))
        return displays
    rich = {kind: represented(value, name) for kind, name in REPRESENTATIONS.items()}
    rich = {kind: shown for kind, shown in rich.items() if shown is not None}
    text = bundles_of_text(ADDRESS.sub("", repr(value)))
    return [{**rich, **(text[0] if text else {})}] if rich else text


def represented(value: Any, name: str) -> Any:
    """What one of Jupyter's methods gives for a value; None if it has none, or nothing to show."""
    method = getattr(value, name, None)
    shown = plain(without_metadata(method())) if callable(method) else None
    return ADDRESS.sub("", shown) if isinstance(shown, str) and name != "_repr_png_" else shown


def without_metadata(shown: Any) -> Any:
    """What a method of Jupyter's shows: it may give a pair, with notes for Jupyter."""
    return shown[0] if isinstance(shown, tuple) else shown


def plain(data: Any) -> Any:
    """The same data as JSON has it: NumPy's numbers and arrays as Python's, no nan, no infinity.

    Bytes become text as Jupyter writes them, in base 64.
    """
    if isinstance(data, str):
        return SURROGATE.sub("\ufffd", data)
    if isinstance(data, bytes):
        return base64.b64encode(data).decode()
    if hasattr(data, "tolist"):
        data = data.tolist()
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, dict):
        return {plain(str(key)): plain(item) for key, item in data.items()}
    if isinstance(data, (list, tuple)):
        return [plain(item) for item in data]
    return data


def described(error: BaseException) -> dict[str, str]:
    """An exception in words, its traceback cut to the demo's own code and what that called."""
    frames = error.__traceback__
    while frames and not_the_authors(frames.tb_frame.f_code.co_filename):
        frames = frames.tb_next
    lines = traceback.format_exception(type(error), error, frames)
    return {
        "type": type(error).__name__,
        "message": words_of(error),
        "traceback": "".join(lines),
    }


def words_of(error: BaseException) -> str:
    """What an exception says, if it can be asked."""
    try:
        return str(error)
    except Exception:
        return ""


def not_the_authors(file: str) -> bool:
    """Whether a file is this package's, or part of how Python imports."""
    return file.startswith(str(Path(__file__).parent)) or "importlib" in file

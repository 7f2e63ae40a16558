"""Calls a demo and turns what it returns into displays, at build and in the page alike.

Standard library only: in the reader's browser it travels with the demos, beside Pyodide.
"""

import contextlib
import importlib
import io
import json
import math
import re
import traceback
from pathlib import Path
from typing import Any

MOST_PRINTED = 20_000  # characters of printed output that are kept
MOST_SHOWN = 2_000_000  # characters of all displays as JSON; a page does not take more
SEVERAL = "application/vnd.nudge.displays+json"
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")  # differs from run to run


def run(target: str, arguments: str) -> str:
    """Call `module:function` of the package `demos` with JSON arguments; the outcome as JSON.

    The outcome is `{"displays": [bundle, ...]}` or `{"error": {"type", "message", "traceback"}}`,
    a bundle being Jupyter's: a mapping of MIME types to data.
    """
    try:
        _, displays = call(target, json.loads(arguments))
        return json.dumps({"displays": displays}, allow_nan=False)
    except BaseException as error:  # also SystemExit, KeyboardInterrupt: the reader must see them
        return json.dumps({"error": described(error)})


def call(target: str, arguments: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
    """The value a demo returns, and its displays (what it printed comes first)."""
    module, _, name = target.partition(":")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        function = getattr(importlib.import_module(f"demos.{module}"), name)
        value = function(**as_annotated(function, arguments))
        displays = bundles(value)
    displays = [*bundles_of_text(printed.getvalue()), *displays]
    size = len(json.dumps(displays, allow_nan=False))
    if size > MOST_SHOWN:
        raise ValueError(f"expected displays of up to {MOST_SHOWN:,} characters, got {size:,}")
    return value, displays


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
    return [{"text/plain": text}] if text else []


def bundles(value: Any) -> list[dict[str, Any]]:
    """The displays of a value by Jupyter's protocol, several flattened into a list."""
    if value is None:
        return []
    if hasattr(value, "_repr_mimebundle_"):
        bundle = value._repr_mimebundle_()
        bundle = bundle[0] if isinstance(bundle, tuple) else bundle
        displays: list[dict[str, Any]] = plain(bundle.get(SEVERAL, [bundle]))
        return displays
    return bundles_of_text(ADDRESS.sub("", repr(value)))


def plain(data: Any) -> Any:
    """The same data as JSON has it: NumPy's numbers and arrays as Python's, no nan, no infinity."""
    if hasattr(data, "tolist"):
        data = data.tolist()
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, dict):
        return {str(key): plain(item) for key, item in data.items()}
    if isinstance(data, (list, tuple)):
        return [plain(item) for item in data]
    return data


def described(error: BaseException) -> dict[str, str]:
    """An exception in words, its traceback cut to the demo's own code and what that called."""
    frames = error.__traceback__
    while frames and frames.tb_next and not_the_authors(frames.tb_frame.f_code.co_filename):
        frames = frames.tb_next
    lines = traceback.format_exception(type(error), error, frames)
    return {
        "type": type(error).__name__,
        "message": str(error),
        "traceback": "".join(lines),
    }


def not_the_authors(file: str) -> bool:
    """Whether a file is this package's, or part of how Python imports."""
    return file.startswith(str(Path(__file__).parent)) or "importlib" in file

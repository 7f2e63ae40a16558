"""Calls a demo and turns what it returns into displays, at build and in the page alike.

Standard library only: in the reader's browser it travels with the demos, beside Pyodide.
"""

import contextlib
import importlib
import io
import json
import math
import traceback
from pathlib import Path
from typing import Any

MOST_PRINTED = 20_000  # characters of printed output that are kept
SEVERAL = "application/vnd.nudge.displays+json"
MIME_OF_METHOD = {"_repr_html_": "text/html", "_repr_svg_": "image/svg+xml"}


def run(target: str, arguments: str) -> str:
    """Call `module:function` of the package `demos` with JSON arguments; the outcome as JSON.

    The outcome is `{"displays": [bundle, ...]}` or `{"error": {"type", "message", "traceback"}}`,
    a bundle being Jupyter's: a mapping of MIME types to data.
    """
    try:
        _, displays = call(target, json.loads(arguments))
    except BaseException as error:  # also SystemExit, KeyboardInterrupt: the reader must see them
        return json.dumps({"error": described(error)})
    return json.dumps({"displays": displays}, allow_nan=False)


def call(target: str, arguments: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
    """The value a demo returns, and its displays (what it printed comes first)."""
    module, _, function = target.partition(":")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        value = getattr(importlib.import_module(f"demos.{module}"), function)(**arguments)
        displays = bundles(value)
    text = printed.getvalue()
    if len(text) > MOST_PRINTED:
        text = text[:MOST_PRINTED] + f"\n… {len(text) - MOST_PRINTED:,} characters more"
    return value, ([{"text/plain": text}] if text else []) + displays


def bundles(value: Any) -> list[dict[str, Any]]:
    """The displays of a value by Jupyter's protocol, several flattened into a list."""
    if value is None:
        return []
    if hasattr(value, "_repr_mimebundle_"):
        bundle = value._repr_mimebundle_()
        bundle = bundle[0] if isinstance(bundle, tuple) else bundle
        displays: list[dict[str, Any]] = finite(bundle.get(SEVERAL, [bundle]))
        return displays
    bundle = {"text/plain": repr(value)}
    for method, mime in MIME_OF_METHOD.items():
        if hasattr(value, method):
            bundle[mime] = getattr(value, method)()
    return [bundle]


def finite(data: Any) -> Any:
    """The same data with nan and infinities as null: JSON knows neither."""
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, dict):
        return {str(key): finite(item) for key, item in data.items()}
    if isinstance(data, (list, tuple)):
        return [finite(item) for item in data]
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

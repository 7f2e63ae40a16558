"""A demo with its baked output, to be brought to life by the page's custom element."""

import json
from html import escape
from typing import Any

from ..language.blocks import Demo
from ..language.diagnostics import Path
from ..language.signatures import Function
from ..words import ENGLISH, Words
from . import charts, elements, rich
from .controls import control
from .here import RUNTIME_BYTES, Here
from .html import code_html, written
from .lint import unsafe_parts


def demo_html(demo: Demo, path: Path, here: Here) -> str:
    """A demo with its baked output, to be brought to life by the page's custom element."""
    function = here.course.function(demo.target)
    assert function is not None  # the checks came first
    controls = "".join(control(demo, name, function, here.words) for name in demo.controls)
    at = (*path, demo.code_key)
    frames = here.baked.frames.get(path)
    outputs = "".join(output(bundle, at, here) for bundle in here.baked.displays[path])
    attributes = {
        "class": "cw-demo",
        "id": demo.id,
        **here.belongs,
        "data-run": demo.target,
        "data-runtime": "../../assets/runtime/",
        "data-bytes": RUNTIME_BYTES,
        "aria-labelledby": f"{demo.id}-title",
        **({"data-frames": f"../../assets/{frames.file}"} if frames and frames.file else {}),
        **({"data-inline": ""} if demo.code else {}),
        **({"data-streams": ""} if function.streams else {}),
        **({"data-resumes": ""} if resumes(demo, function) else {}),
    }
    code = here.course.modules[demo.target.partition(":")[0]].text
    return (
        f"<cw-demo{written(attributes)}>"
        f'<div class="cw-demo-head"><h3 id="{demo.id}-title">{escape(demo.title)}</h3></div>'
        f'<p class="cw-demo-try">{escape(demo.try_)}</p>'
        + (f'<fieldset class="cw-controls" disabled>{controls}</fieldset>' if controls else "")
        + f'<div class="cw-outputs">{outputs}</div>'
        '<div class="cw-foot"><details class="cw-source"><summary>'
        f"{here.words.html('demo.source')}</summary>"
        f"{code_html(code)}</details>"
        '<p class="cw-status"></p></div></cw-demo>'
    )


def resumes(demo: Demo, function: Function) -> bool:
    """Whether a demo's runs are kept, to go on after the page was left."""
    return function.streams and "resume" in function.parameters.keys() - demo.controls.keys()


def output(bundle: dict[str, Any], path: Path, here: Here) -> str:
    """One display as a page may hold it; what would run or load something is reported."""
    html = drawn(bundle, path, here)
    if unsafe := unsafe_parts(html):
        message = f"expected a display that loads nothing from elsewhere, got {unsafe[0]}"
        here.source.report(path, message)
        return ""
    return html


def drawn(bundle: dict[str, Any], path: Path, here: Here) -> str:
    """One display in the richest form a page can hold; what cannot be drawn is reported."""
    tree = bundle.get("application/vnd.nudge.elements+json")
    spec = bundle.get("application/vnd.vegalite.v6+json")
    if spec is not None:
        try:
            svg = charts.baked(spec, here.cache, here.words("chart.name"))
        except charts.ChartError as error:
            here.source.report(path, f"cannot draw the chart: {error}")
            return ""
        return wrapped("chart", chart(spec, svg, tree, here.words))
    if tree is not None:
        return wrapped("elements", elements.html(tree))
    if picture := rich.picture(bundle, here.words("output.picture")):
        return wrapped("picture", picture)
    if html := rich.html(bundle):
        return wrapped("html", f'<div class="cw-html">{html}</div>')
    return wrapped("text", f"<pre>{escape(str(bundle.get('text/plain', '')))}</pre>")


def wrapped(kind: str, html: str) -> str:
    """A display in its output box."""
    return f'<div class="cw-output" data-kind="{kind}">{html}</div>'


def chart(spec: dict[str, Any], svg: str, table: Any, words: Words = ENGLISH) -> str:
    """A chart as figure, with its data folded below."""
    summary = escape(str(spec.get("description", "")))
    data = (
        f'<details class="cw-data"><summary>{words.html("chart.table")}</summary>'
        f'<div class="cw-table">{elements.html(table)}</div></details>'
    )
    kept = {"data-spec": json.dumps(spec, separators=(",", ":"))} if has_lines(spec) else {}
    return (
        f'<figure{written({"class": "cw-chart", **kept})}><div class="cw-chart-plot">{svg}</div>'
        f'<figcaption class="cw-chart-summary">{summary}</figcaption></figure>'
        + (data if table is not None else "")
    )


def has_lines(spec: dict[str, Any]) -> bool:
    """Whether a reader may keep a chart's curves: the page then needs more than their picture.

    Lines that are filled are ground to walk on, and dashed ones stand for comparison.

    >>> has_lines({"mark": "line"}), has_lines({"layer": [{"mark": {"type": "bar"}}]})
    (True, False)
    """
    marks = [layer.get("mark") for layer in spec.get("layer", [spec])]
    known = [mark if isinstance(mark, dict) else {"type": mark} for mark in marks]
    return any(
        mark["type"] == "line" and not mark.keys() & {"fill", "strokeDash"} for mark in known
    )

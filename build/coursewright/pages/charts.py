"""Charts baked as SVG: a Vega-Lite spec drawn for a wide and a narrow page, in the page's colours.

The drawing uses the light scheme's colours and then names them as CSS variables, so one SVG serves
both schemes. The browser draws live charts with the same configuration (`palette.json`).
"""

import json
import re
from functools import cache
from html import escape
from importlib.metadata import version
from typing import Any

import vl_convert

from ..assets import browser_folder
from ..cache import Cache, digest
from ..program import program
from .slim import slim

WIDTHS = {"cw-wide": 620, "cw-narrow": 320}
VEGA_LITE = "6.4"
COLOR = re.compile(r"#[0-9a-f]{6}\b", re.IGNORECASE)


class ChartError(ValueError):
    """A spec Vega-Lite cannot draw; says why in one line."""


@cache
def palette() -> dict[str, Any]:
    """Colours and chart configuration shared with the browser side."""
    loaded: dict[str, Any] = json.loads((browser_folder() / "src" / "palette.json").read_text())
    return loaded


def themed(svg: str) -> str:
    """An SVG with the palette's colours as CSS variables."""
    names = {value["light"].lower(): name for name, value in palette()["colors"].items()}

    def variable(match: re.Match[str]) -> str:
        name = names.get(match[0].lower())
        return f"var(--cw-{name})" if name else match[0]

    return COLOR.sub(variable, svg)


def draw(spec: dict[str, Any], kind: str, name: str = "Chart") -> str:
    """One SVG of a chart; its ids are made its own, since a page holds many charts.

    It is called by its description, or else by `name`.

    Raises `ChartError`.
    """
    if not isinstance(spec, dict):
        raise ChartError(f"expected a mapping as chart, got {spec!r}")
    own_config = spec.get("config", {})
    if not isinstance(own_config, dict):
        raise ChartError(f"expected a mapping as config, got {own_config!r}")
    config = palette()["vegaConfig"] | own_config
    full = {
        **spec,
        "config": config,
        "width": WIDTHS[kind],
        "autosize": {"type": "fit-x", "contains": "padding"},
    }
    try:
        svg = vl_convert.vegalite_to_svg(full, vl_version=VEGA_LITE, allowed_base_urls=[])
    except ValueError as error:
        raise ChartError(reason(str(error))) from None
    own = digest(spec, kind)[:8]
    svg = re.sub(r'\bid="([^"]+)"', rf'id="\1-{own}"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#\1-{own})", svg)
    label = escape(str(spec.get("description", name)))
    svg = re.sub(
        r'^<svg[^>]*viewBox="([^"]*)"[^>]*>',
        rf'<svg class="{kind}" viewBox="\1" role="img" aria-label="{label}">',
        svg,
    )
    return themed(slim(heard_as_one(svg)))


def heard_as_one(svg: str) -> str:
    """A picture with the name of the whole only: what Vega says of its parts goes unheard.

    >>> heard_as_one('<svg role="img" aria-label="Up"><g role="graphics-object"></g></svg>')
    '<svg role="img" aria-label="Up"><g></g></svg>'
    """
    root, end, parts = svg.partition(">")
    return root + end + re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", parts)


def reason(said: str) -> str:
    """What Vega-Lite said in a line, without the spec itself and the frames of its JavaScript."""
    lines = [line.strip() for line in said.splitlines()]
    told = [line for line in lines[1:] if not line.startswith("at ")]
    return re.sub(r"\{.*\}", "{…}", (told or lines)[0].removeprefix("Error: "))


def baked(spec: dict[str, Any], cache: Cache, name: str = "Chart") -> str:
    """Both SVGs of a chart, from the cache if they were drawn before; raises `ChartError`."""
    key = digest("chart", program(), version("vl-convert-python"), spec, name)
    svgs = cache.get(key)
    if svgs is None:
        svgs = "".join(draw(spec, kind, name) for kind in WIDTHS)
        cache.put(key, svgs)
    return str(svgs)

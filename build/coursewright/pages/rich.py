"""Displays as pictures and HTML, for a page: no script of theirs runs, and nothing is loaded.

A picture is drawn as an image, also one in SVG: browsers run and load nothing inside an image.
"""

import base64
from html import escape
from typing import Any

from . import sanitize
from .measure import size_of
from .prose import without_blank_lines


def picture(bundle: dict[str, Any], name: str = "A picture") -> str:
    """The picture of a display, or nothing if it has none; what it is called if it does not say."""
    svg, png = bundle.get("image/svg+xml"), bundle.get("image/png")
    if isinstance(svg, str):
        kind, encoded = "svg+xml", base64.b64encode(svg.encode()).decode()
    elif isinstance(png, str):
        kind, encoded = "png", "".join(png.split())
    else:
        return ""
    source = f"data:image/{kind};base64,{encoded}"
    return f'<img src="{escape(source)}" alt="{escape(words(bundle, name))}"{room(encoded)}>'


def room(encoded: str) -> str:
    """The attributes that keep the room for a picture; none if it cannot be read."""
    try:
        size = size_of(base64.b64decode(encoded))
    except ValueError:
        return ""
    return f' width="{size[0]}" height="{size[1]}"' if size else ""


def words(bundle: dict[str, Any], name: str) -> str:
    """What a picture is called: the display's text, if it says more than where the object is."""
    text = str(bundle.get("text/plain", ""))
    return name if not text or text.startswith("<") else text[:500]


def html(bundle: dict[str, Any]) -> str:
    """The HTML of a display, sanitized; nothing if it has none, or none that can be seen."""
    given = bundle.get("text/html")
    return without_blank_lines(sanitize.display(given)) if isinstance(given, str) else ""

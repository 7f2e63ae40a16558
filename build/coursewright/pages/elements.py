"""Displays made of text elements: the small tree `[tag, attributes, *children]` as safe HTML.

The page builds the same tree with the same lists (`vocabulary.json`), so a display looks the same
baked and live. What is not on the lists is dropped, whoever wrote it.
"""

import json
import re
from functools import cache
from html import escape
from typing import Any

from ..assets import browser_folder
from .html import written

CLASS = re.compile(r"[a-z][a-z0-9 _-]*")


@cache
def vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    """The tags and attributes that may be used."""
    lists = json.loads((browser_folder() / "src" / "vocabulary.json").read_text())
    return frozenset(lists["tags"]), frozenset(lists["attributes"])


def html(tree: Any) -> str:
    """The HTML of an elements tree."""
    if isinstance(tree, str):
        return escape(tree)
    if not isinstance(tree, list) or len(tree) < 2 or not isinstance(tree[1], dict):
        return ""
    tag, attributes, *children = tree
    tags, known = vocabulary()
    if not isinstance(tag, str) or tag not in tags:
        return ""
    kept = {k: v for k, v in attributes.items() if k in known and isinstance(v, str)}
    if not CLASS.fullmatch(kept.get("class", "a")):
        del kept["class"]
    opening = f"<{tag}{written(kept)}>"
    inside = "".join(html(child) for child in children)
    return opening if tag == "br" else f"{opening}{inside}</{tag}>"

"""Drawings without what draws nothing: Vega's SVG is mostly groups, names and too exact numbers.

A page may hold dozens of charts, each twice; every element of them costs a phone time.
"""

import re
from xml.etree import ElementTree as ET

NUMBER = re.compile(r"-?\d+\.\d{2,}")
SPACES = ("transform", "d")  # what is counted in pixels
SAID_ANYWAY = {"opacity": "1", "stroke-width": "1", "transform": "translate(0,0)"}
OF_NO_USE = ("class", "pointer-events")  # no style is for them, and nobody can press a picture
INHERITED = ("font-family", "font-size", "font-weight", "text-anchor", "stroke-dasharray", "fill")
DRAWS = {"path", "rect", "circle", "ellipse", "line", "polygon", "polyline"}
NO_COLOR = {None, "none", "transparent"}


def slim(svg: str) -> str:
    """The same picture with fewer elements; what cannot be read as XML stays as it is.

    >>> slim('<svg><g fill="none"><g class="a"><path d="M0,0h1.23456" fill="red" opacity="1"/>'
    ... '<path d="M0,0h9" class="background"/></g></g></svg>')
    '<svg><g fill="red"><path d="M0,0h1.2" /></g></svg>'
    """
    try:
        root = ET.fromstring(svg)
    except ET.ParseError:
        return svg
    tidy(root, fill=None, stroke=None)
    for part in list(root.iter()):
        unwrap(part)
    share(root)
    return ET.tostring(root, encoding="unicode")


def tidy(part: ET.Element, fill: str | None, stroke: str | None) -> None:
    """Leave out what cannot be seen, below one element whose colours are inherited."""
    for child in list(part):
        own = child.get("fill", fill), child.get("stroke", stroke)
        if is_unseen(child, *own):
            part.remove(child)
            continue
        for name in OF_NO_USE:
            child.attrib.pop(name, None)
        for name, usual in SAID_ANYWAY.items():
            if child.get(name) == usual:
                del child.attrib[name]
        for name in SPACES:
            if name in child.attrib:
                child.set(name, NUMBER.sub(shorter, child.attrib[name]))
        tidy(child, *own)


def is_unseen(part: ET.Element, fill: str | None, stroke: str | None) -> bool:
    """Whether nothing is drawn: no colour, no line to follow, or not displayed.

    Without a word on it a shape is filled in black, and has no stroke.
    """
    if part.get("display") == "none" or (part.tag == "path" and not part.get("d")):
        return True
    if part.tag == "g":
        return len(part) == 0
    blank = fill in NO_COLOR - {None} and stroke in NO_COLOR
    return part.tag in DRAWS and blank


def unwrap(part: ET.Element) -> None:
    """Put what bare groups hold in their place, and let go of those that hold nothing."""
    at = 0
    while at < len(part):
        child = part[at]
        if child.tag == "g" and (not child.attrib or len(child) == 0):
            part[at : at + 1] = list(child)
        else:
            at += 1


def share(part: ET.Element) -> None:
    """Say once, of a group, what each of its children says."""
    for child in part:
        share(child)
    for name in INHERITED if part.tag == "g" else ():
        said = {child.get(name) for child in part}
        if len(said) == 1 and None not in said:
            part.set(name, said.pop() or "")
            for child in part:
                del child.attrib[name]


def shorter(number: re.Match[str]) -> str:
    """A number to a tenth of a pixel."""
    return f"{float(number[0]):.1f}".rstrip("0").rstrip(".")

"""A last look at a page before it is handed over: nothing in it runs by itself or calls elsewhere.

Everything an author writes is escaped or checked where it is rendered. This looks at what came out,
so that a mistake of ours there does not reach a reader.
"""

import re
from html.parser import HTMLParser

RUNNING = {"script", "iframe", "frame", "object", "embed", "base", "meta", "link", "form", "style"}
CHANGING = {"animate", "animatemotion", "animatetransform", "set"}  # in SVG: attributes, later
REFUSED = {"style", "srcdoc", "ping"}
LOADED = {"src", "srcset", "imagesrcset", "poster", "data", "background", "formaction", "action"}
LEADING = {"href", "xlink:href"}
PAINTED = {"fill", "stroke", "filter", "mask", "clip-path", "cursor"}
PAINTED |= {"marker", "marker-start", "marker-mid", "marker-end"}
PICTURES = {"img", "image", "source"}
BETWEEN = re.compile(r"[\s,]+")
IGNORED = re.compile(r"[\x00-\x20]+")  # by browsers, in an address
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\]{2}", re.IGNORECASE)
TO_FOLLOW = re.compile(r"https?:|mailto:", re.IGNORECASE)
OTHERS_PAINT = re.compile(r"\\|url\((?!#)", re.IGNORECASE)


def unsafe_parts(html: str) -> list[str]:
    """What in a page's HTML may run or load something from elsewhere; none, if all is well."""
    looker = Looker()
    looker.feed(html)
    looker.close()
    return looker.found


class Looker(HTMLParser):
    """Goes through the tags of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at a tag and its attributes."""
        if tag in RUNNING | CHANGING:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if is_unsafe(tag, name, value or ""):
                self.found.append(f'<{tag} {name}="{(value or "")[:60]}">')


def is_unsafe(tag: str, name: str, value: str) -> bool:
    """Whether an attribute runs something, or loads it from elsewhere."""
    if name.startswith("on") or name in REFUSED:
        return True
    if name in PAINTED:
        return bool(OTHERS_PAINT.search(value))
    if name in LEADING and tag == "a" and TO_FOLLOW.match(IGNORED.sub("", value)):
        return False
    if name not in LOADED | LEADING:
        return False
    if tag in PICTURES and value.startswith("data:image/"):
        return False
    addresses = BETWEEN.split(value) if name.endswith("srcset") else [IGNORED.sub("", value)]
    return any(ELSEWHERE.match(each) for each in addresses)

"""A last look at a page before it is handed over: nothing in it runs by itself or calls elsewhere.

Everything an author writes is escaped or checked where it is rendered. This looks at what came out,
so that a mistake of ours there does not reach a reader.
"""

import re
from html.parser import HTMLParser

RUNNING = {"script", "iframe", "frame", "object", "embed", "base", "meta", "link", "form", "style"}
LOADED = {"src", "srcset", "poster", "data", "background", "formaction", "action"}
LEADING = {"href", "xlink:href"}
ELSEWHERE = re.compile(r"\s*([a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
TO_FOLLOW = re.compile(r"\s*(https?:|mailto:)", re.IGNORECASE)


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
        if tag in RUNNING:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if is_unsafe(name, value or ""):
                self.found.append(f'<{tag} {name}="{(value or "")[:60]}">')


def is_unsafe(name: str, value: str) -> bool:
    """Whether an attribute runs something, or loads it from elsewhere."""
    if name.startswith("on") or name in ("style", "srcdoc"):
        return True
    if name in LOADED:
        return bool(ELSEWHERE.match(value)) and not value.startswith("data:image/")
    return name in LEADING and bool(ELSEWHERE.match(value)) and not TO_FOLLOW.match(value)

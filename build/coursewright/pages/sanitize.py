"""HTML that others wrote, made harmless by nh3: what a display brings, what an author types.

Lists say what is kept. Scripts, handlers, styles, frames, forms and addresses that a page would
load go; `lint` looks at every page again.
"""

import re

import nh3

WORD = re.compile(r"\w+")
INLINE = frozenset(
    WORD.findall(
        "abbr b br cite code del dfn em i ins kbd mark q s samp small strong sub sup u var wbr"
    )
)
BLOCKS = frozenset(
    WORD.findall(
        "a blockquote caption col colgroup dd details div dl dt figcaption figure h1 h2 h3 h4 h5 "
        "h6 hr img li ol p pre span summary table tbody td tfoot th thead time tr ul"
    )
)
TITLED = frozenset({"abbr", "dfn"})
TITLES = {tag: {"title"} for tag in TITLED}
SPANS = {"colspan", "rowspan"}
# Gone with all that is in them; of other tags the text stays.
DROPPED = {
    *("script", "style", "template", "noscript", "title", "svg", "math", "iframe", "object"),
    *("noembed", "noframes", "plaintext", "xmp", "select", "textarea", "audio", "video", "canvas"),
}
TO_FOLLOW = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)


def address(tag: str, name: str, value: str) -> str | None:
    """An attribute's value, unless it is an address that is not followed by a click or drawn."""
    if name == "href":
        return value if TO_FOLLOW.match(value) else None
    if name == "src":
        return value if PICTURE.fullmatch(value) else None
    return value


DISPLAYS = nh3.Cleaner(
    tags={*INLINE, *BLOCKS},
    clean_content_tags=DROPPED,
    attributes={
        **TITLES,
        "a": {"href"},
        "img": {"src", "alt", "width", "height"},
        "td": SPANS,
        "th": {*SPANS, "scope"},
        "ol": {"start"},
        "details": {"open"},
        "time": {"datetime"},
    },
    attribute_filter=address,
    url_schemes={"http", "https", "mailto", "data"},
)
# What our own Markdown makes, and the tags that an author may type.
PROSE = nh3.Cleaner(
    tags={*INLINE, *BLOCKS},
    clean_content_tags=DROPPED,
    attributes={
        **TITLES,
        "a": {"href", "title"},
        "img": {"src", "alt", "title", "loading", "width", "height"},
        "td": {"align"},
        "th": {"align"},
        "ol": {"start"},
        **{tag: {"class"} for tag in ("code", "div", "span")},
        "strong": {"class"},
    },
    link_rel=None,
    url_schemes={"http", "https", "mailto"},
)


def display(html: str) -> str:
    """The HTML of a display as a page may hold it; empty if nothing in it can be seen."""
    kept = DISPLAYS.clean(html).strip()
    return kept if ' src="data:' in kept or re.sub(r"<[^>]*>", "", kept).strip() else ""


def prose(html: str) -> str:
    """The HTML of a text in which an author has typed tags: every tag closed, nothing else left."""
    return PROSE.clean(html)

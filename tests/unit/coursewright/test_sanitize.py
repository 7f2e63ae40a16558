"""HTML that others wrote: what is kept of it, and that no page ever holds what would run."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursewright.pages import rich, sanitize
from coursewright.pages.lint import unsafe_parts

PIXEL = "data:image/png;base64,iVBORw0KGgo="
HARMLESS = {
    "<table><tr><th scope=col>a<td colspan=2>1</table>": (
        '<table><tbody><tr><th scope="col">a</th><td colspan="2">1</td></tr></tbody></table>'
    ),
    "H<sub>2</sub>O <kbd>Ctrl</kbd>": "H<sub>2</sub>O <kbd>Ctrl</kbd>",
    '<p class=x style="color:red" id=y onclick=z>red': "<p>red</p>",
    f'<img src="{PIXEL}" alt=dot>': f'<img src="{PIXEL}" alt="dot">',
    '<a href="https://example.org/">x</a>': (
        '<a href="https://example.org/" rel="noopener noreferrer">x</a>'
    ),
    '<a href="/here">x</a>': '<a rel="noopener noreferrer">x</a>',
    "<details open><summary>a</summary>b</details>": (
        '<details open=""><summary>a</summary>b</details>'
    ),
    "a < b & c": "a &lt; b &amp; c",
}
HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt\n>alert(1)</sCrIpT >",
    "<script src=//example.org/x.js>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    '<img src="https://example.org/x.png" srcset="https://example.org/y.png 2x">',
    '<img src="data:text/html,<script>alert(1)</script>">',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a><animate attributeName=href values=javascript:alert(1) /><text>x</text></a></svg>",
    "<svg><set attributeName=href to=javascript:alert(1)></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'/></svg>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 "
    "onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><annotation-xml encoding=text/html><style><img src onerror=alert(1)></style>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<xmp><p title='</xmp><img src onerror=alert(1)>'></xmp>",
    "<textarea><img title='</textarea><img src onerror=alert(1)>'></textarea>",
    "<select><style></select><img src onerror=alert(1)></style>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt&colon;alert(1)">x</a>',
    '<a href="jav&#x09;ascript:alert(1)">x</a>',
    '<a href="&#1;javascript:alert(1)">x</a>',
    '<a href=" \n javascript:alert(1)">x</a>',
    '<a href="vbscript:x">x</a><a href="data:text/html,x">y</a>',
    '<p style="background:url(https://example.org/)">x</p>',
    "<style>@import '//example.org/x.css'; body {background: url(//example.org)}</style>",
    '<link rel=stylesheet href="//example.org/x.css"><link rel=preconnect href=//example.org>',
    '<meta http-equiv=refresh content="0;url=https://example.org">',
    '<base href="https://example.org/">',
    '<form action="https://example.org/"><input name=x><button formaction=//example.org>x</form>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe><iframe src=//example.org></iframe>',
    "<object data=//example.org/x></object><embed src=//example.org/x>",
    "<video poster=//example.org/x src=//example.org/x></video><audio src=//example.org/x>",
    "<table background=//example.org/x><td background=//example.org/x>x",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee><details ontoggle=alert(1) open>x</details>",
    "<cw-demo data-run=x></cw-demo><x onclick=alert(1)>y</x>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<p id=cw-page name=x class=cw-demo>x</p>",
    "</div></div><script>alert(1)</script>",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
]
PIECES = st.one_of(
    st.sampled_from([*HOSTILE, *HARMLESS]),
    st.text(max_size=12),
    st.sampled_from(["<", ">", "</", "'", '"', "<!--", "-->", "<svg>", "</p>", "<style>", "&lt;"]),
)
KEPT = {"title", "href", "src", "alt", "width", "height", "colspan", "rowspan", "scope", "start"}


class Seen(HTMLParser):
    """The tags and attributes of a fragment, and how deep it ends."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.depth = set(), set(), 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.depth += tag not in {"br", "wbr", "hr", "img", "col"}

    def handle_endtag(self, tag):
        self.depth -= 1


def assert_harmless(html: str) -> None:
    seen = Seen(html)
    assert seen.tags <= sanitize.INLINE | sanitize.BLOCKS
    assert seen.attributes <= KEPT | {"open", "datetime", "rel"}
    assert seen.depth == 0  # nothing of it ends the block around it
    assert unsafe_parts(html) == []
    assert "alert" not in "".join(str(each) for each in seen.attributes)


@pytest.mark.parametrize(("given", "kept"), HARMLESS.items())
def test_what_means_something_is_kept(given, kept):
    assert sanitize.display(given) == kept


@pytest.mark.parametrize("given", HOSTILE)
def test_nothing_hostile_is_kept_of_a_display(given):
    assert_harmless(sanitize.display(given))
    assert_harmless(sanitize.display(f"<table><tr><td>{given}</table><p>after"))


@given(st.lists(PIECES, max_size=6).map("".join))
@settings(max_examples=300, deadline=None)
def test_any_html_a_display_brings_gives_a_page_that_passes_the_last_look(html):
    kept = rich.html({"text/html": html})
    assert_harmless(kept)
    assert "\n\n" not in kept  # a blank line would end the block in the page's Markdown


@pytest.mark.parametrize("given", ["", "<script>alert(1)</script>", "<svg><text>x</text></svg>"])
def test_html_in_which_nothing_can_be_seen_counts_as_none(given):
    assert sanitize.display(given) == ""


def test_a_picture_is_an_image_with_words_for_those_who_do_not_see_it():
    svg = {"image/svg+xml": "<svg onload='x'/>", "text/plain": 'A "curve"'}
    assert rich.picture(svg) == (
        '<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9J3gnLz4=" alt="A &quot;curve&quot;">'
    )
    png = {"image/png": "iVBO\nRw0K", "text/plain": "<Figure object>"}
    assert rich.picture(png) == '<img src="data:image/png;base64,iVBORw0K" alt="A picture">'
    assert unsafe_parts(rich.picture(svg) + rich.picture(png)) == []
    assert rich.picture({"text/plain": "x"}) == ""
    assert unsafe_parts(rich.picture({"image/png": '" onerror="alert(1)'})) == []

"""Pages are looked at before they are handed over: nothing in them runs or calls elsewhere."""

import pytest

from coursewright.language.course import load_course
from coursewright.pages import blocks
from coursewright.pages.lint import unsafe_parts
from coursewright.publish.lessons import render_lessons


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<SCRIPT src=x.js></SCRIPT>",
        '<img src=x onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" java&#115;cript:alert(1)">x</a>',
        '<img src="https://example.org/x.png">',
        '<img src="//example.org/x.png">',
        '<p style="position: fixed">x</p>',
        '<iframe src="x.html"></iframe>',
        '<svg><a xlink:href="javascript:alert(1)">x</a></svg>',
        '<form action="/x"></form>',
        '<object data="https://example.org/x"></object>',
        '<svg><image xlink:href="https://example.org/x.png"/></svg>',
        '<svg><use href="https://example.org/x.svg#a"/></svg>',
        '<svg><use href="data:image/svg+xml,x#a"/></svg>',
        '<svg><path fill="url(https://example.org/x.svg#a)"/></svg>',
        '<svg><path filter="u\\72l(https://example.org/x.svg#a)"/></svg>',
        '<svg><a><set attributeName="href" to="javascript:alert(1)"/></a></svg>',
        '<link href="https://example.org/x.css">',
        '<img srcset="a.png 1x, https://example.org/x.png 2x">',
        '<img src="/\\example.org/x.png">',
        '<img src="ht\ntps://example.org/x.png">',
        '<a href="#x" ping="https://example.org">x</a>',
        '<button formaction="https://example.org">x</button>',
        '<video poster="https://example.org/x.png"></video>',
        '<table background="https://example.org/x.png"></table>',
    ],
)
def test_what_runs_or_calls_elsewhere_is_found(html):
    assert len(unsafe_parts(f"<p>before</p>\n{html}\n")) >= 1


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://example.org">x</a> <a href="#id">y</a> <a href="../other/">z</a>',
        '<img src="../../assets/images/x.svg" alt="x">',
        '<img src="data:image/png;base64,AAAA" alt="x">',
        "<p>An onload=… in a text, and &lt;script&gt; as words.</p>",
        '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>',
        '<svg><image xlink:href="data:image/png;base64,AAAA"/></svg>',
        '<svg><a xlink:href="https://example.org"><path fill="url(#own)"/></a></svg>',
        '<img srcset="a.png 1x, b.png 2x" alt="Written as url(x).">',
    ],
)
def test_what_a_page_may_hold_is_not(html):
    assert unsafe_parts(html) == []


def test_a_mistake_of_ours_does_not_reach_a_reader(folder, monkeypatch):
    monkeypatch.setattr(blocks, "label", lambda words: "<script>1</script>")
    with pytest.raises(RuntimeError, match="the page of one holds <script>, which no page may"):
        render_lessons(load_course(folder), runtime_bytes=0)


def test_what_stands_for_a_size_in_our_pages_is_no_size_where_it_is_typed(folder, problems):
    (folder / "demos" / "sums.py").write_text('def double(x):\n    return "\ue002"\n')
    lesson = folder / "lessons" / "one.yml"
    lesson.write_text(lesson.read_text().replace("          expect: result == 4\n", ""))
    html = render_lessons(load_course(folder), runtime_bytes=23456).pages[0].markdown
    assert 'data-bytes="23456"' in html
    assert html.count("23456") == 1
    (said,) = problems("What comes next?", "What \ue002 next?")
    assert "found the control character U+E002" in said

"""Markers in pages written by hand: what comes for them, and what is said of wrong ones."""

import re
from pathlib import Path

import markdown
import pytest

from coursewright.language.course import Course, load_course
from coursewright.language.source import Source
from coursewright.pages.excerpts import excerpts
from coursewright.pages.markers import with_excerpts
from coursewright.publish.lessons import render_lessons

DEMO = (
    '<div><cw-demo id="half" data-runtime="../../assets/runtime/">'
    "2 &quot;../../x&quot;</cw-demo></div>"
)
KNOWN = {"demo small#half": DEMO, "sources": "<ul><li>A book</li></ul>", "lessons": "<p>One</p>"}
SOURCES = """\
minutes: 3
objectives: [double a <number>]
sources:
  - {title: A talk, url: https://example.org/talk, kind: talk}
  - {title: A book, url: https://example.org/book, kind: book}
"""


def shown(text: str, root: str = "") -> tuple[str, list[str]]:
    """A page as its reader gets it, and what is said of it."""
    source = Source("docs/page.md", text)
    html = markdown.markdown(text, extensions=["fenced_code", "attr_list"])
    html, page = with_excerpts(html, source, KNOWN, "page.md", root)
    return page.filled(html), [str(problem) for problem in source.problems]


def test_a_demo_comes_for_its_marker_with_addresses_that_hold_on_this_page():
    html, problems = shown("# A\n\n<!-- coursewright: demo small#half -->\n\nAfter.\n", "../")
    assert problems == []
    assert html == (
        '<h1>A</h1>\n<div><cw-demo id="half" data-runtime="../assets/runtime/">'
        "2 &quot;../../x&quot;</cw-demo></div>\n\n<p>After.</p>"
    )


def test_spaces_in_a_marker_and_lines_around_it_do_not_matter():
    html, problems = shown(
        "Before.\n<!--  coursewright:  sources-->\n<!-- coursewright: lessons -->"
    )
    assert problems == []
    assert re.sub(r"\s", "", html) == "<p>Before.</p><ul><li>Abook</li></ul><p>One</p>"


def test_other_comments_and_markers_in_code_stay_as_they_are():
    text = "<!-- mine -->\n\n    <!-- coursewright: x -->\n\n```\n<!-- coursewright: y -->\n```\n"
    html, problems = shown(text)
    assert problems == []
    assert html == markdown.markdown(text, extensions=["fenced_code"])


def test_a_word_that_asks_for_nothing_is_told_at_its_line_though_code_shows_the_same():
    marker = "<!-- coursewright: sorces -->"
    _, problems = shown(f"---\ntitle: A\n---\n\n    {marker}\n\n  {marker}\n")
    assert problems == [
        "docs/page.md:7:3  expected `demo LESSON#DEMO`, `lessons`, `reader` or `sources`, "
        "got 'sorces'\n"
        "    did you mean 'sources'?"
    ]


def test_a_demo_that_is_not_there_is_told_with_the_right_name_or_how_it_looks():
    _, problems = shown("<!-- coursewright: demo small#halv -->\n\n<!-- coursewright: demo -->\n")
    assert problems == [
        "docs/page.md:1:1  expected a demo of the course, got 'small#halv'\n"
        "    did you mean 'small#half'?",
        "docs/page.md:3:1  expected a demo of the course, got ''\n"
        "    A demo is named LESSON#DEMO, by its ids.",
    ]


def test_a_marker_within_a_line_is_told():
    _, problems = shown("See <!-- coursewright: sources -->\n")
    assert problems == [
        "docs/page.md:1:5  expected the marker on a line of its own\n"
        "    Put nothing before it and nothing after it."
    ]


@pytest.mark.parametrize("before", ["## Half {#half}", "<!-- coursewright: demo small#half -->"])
def test_an_id_that_the_page_has_already_is_told(before):
    _, problems = shown(f"{before}\n\n<!-- coursewright: demo small#half -->\n")
    assert problems == [
        "docs/page.md:3:1  found the id 'half' on this page already\n"
        "    Show a demo once on a page, and give no heading its id."
    ]


@pytest.fixture
def pair(folder: Path) -> Course:
    """A course of two lessons, the second of which needs the first and has a source of its own."""
    listed, file = folder / "course.yml", folder / "lessons" / "one.yml"
    listed.write_text(listed.read_text().replace("[one]", "[one, two]"))
    file.write_text(file.read_text().replace("minutes: 3\n", SOURCES))
    text = file.read_text().replace("id: one", "id: two").replace("One lesson", "Two & more")
    text = text.replace("A talk, url: https://example.org/talk", "A page, url: https://example.org")
    text = text.replace("objectives: [double a <number>]", "needs: [one]")
    (folder / "lessons" / "two.yml").write_text(text)
    return load_course(folder)


def test_a_course_offers_its_demos_as_they_stand_in_its_lessons(pair):
    pages = render_lessons(pair, 10).pages
    found = excerpts(pair, pages)
    assert list(found) == ["demo one#doubler", "demo two#doubler", "sources", "lessons", "reader"]
    part = found["demo two#doubler"].removeprefix("<div data-search-exclude>")
    part = part.removesuffix("</div>")
    assert '<h3 aria-level="2" id="doubler-title">' in part  # no section's title stands above it
    assert part.replace(' aria-level="2"', "") in pages[1].parts
    html, page = with_excerpts(
        "<!-- coursewright: demo one#doubler -->",
        Source("a.md", "<!-- coursewright: demo one#doubler -->"),
        found,
        "a.md",
        "",
    )
    assert page.filled(html).count("<noscript>") == 1
    assert 'data-frames="assets/frames/' in page.filled(html)


def test_each_source_stands_once_with_all_lessons_that_rest_on_it(pair):
    one, two = (f'<a href="../../lessons/{name}/">{{}}</a>' for name in ("one", "two"))
    pages = render_lessons(pair, 10).pages
    assert excerpts(pair, pages)["sources"] == (
        f'<div class="cw-sources"><h3>{one.format("One lesson")}</h3><ul>'
        '<li><a href="https://example.org/talk">A talk</a> (talk)</li>'
        '<li><a href="https://example.org/book">A book</a> '
        f"(book; also in {two.format('Two &amp; more')})</li></ul>"
        f"<h3>{two.format('Two &amp; more')}</h3><ul>"
        '<li><a href="https://example.org">A page</a> (talk)</li></ul></div>'
    )


def test_the_table_of_lessons_says_what_each_takes_needs_and_gives(pair):
    table = excerpts(pair, render_lessons(pair, 10).pages)["lessons"]
    rows = [re.findall(r'data-head="(.*?)">(.*?)</td>', row) for row in table.split("<tr>")[2:]]
    one = '<a href="../../lessons/one/">One lesson</a>'
    assert rows[0] == [
        ("Lesson", one),
        ("Minutes", "3"),
        ("Needs", "no other lesson"),
        ("After it you can", "<ul><li>double a &lt;number&gt;</li></ul>"),
    ]
    assert rows[1][1:] == [("Minutes", "3"), ("Needs", one)]

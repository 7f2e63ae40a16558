"""Tags in an author's Markdown: plain inline ones are kept, others are told at their line."""

import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursewright.language.diagnostics import CourseError
from coursewright.pages import raw
from coursewright.pages.lint import unsafe_parts
from coursewright.pages.prose import markdown_and_tags, sanitized
from coursewright.publish.site import check_course

TYPED = [
    *("<b>", "</b>", "<abbr title='x'>", '<abbr title="$y$">', "<script>", "</script>", "<br>"),
    *("<img src=x onerror=alert(1)>", "`", "*", "$", "[", "](#x)", "\n\n", "| a |\n|--:|\n", "> "),
    *("<!--", "-->", "<a href='javascript:x'>", "<int>", "&lt;", "\\", "    ", "word ", "</p>"),
    *("![x](y.png)", "<style>", "<svg onload=x>", "<kbd", "<", ">", '"', "\ue0000\ue001", "\x02"),
]


def rendered(text: str) -> str:
    return sanitized(text, *markdown_and_tags())


def test_inline_tags_are_kept_and_what_only_looks_like_one_is_text():
    text = 'H<sub>2</sub>O, <abbr title="a b">AB</abbr>, List<int>, a < b, *x <kbd>y</kbd>*<br>z'
    assert rendered(text) == (
        '<p>H<sub>2</sub>O, <abbr title="a b">AB</abbr>, List&lt;int&gt;, a &lt; b, '
        "<em>x <kbd>y</kbd></em><br>z</p>"
    )


def test_markdown_beside_a_tag_is_what_it_was():
    text = "| a |\n|--:|\n| <b>1</b> |\n\n![x](y.png) [l](#a) $a<b>c$\n\n```python\nx = 1\n```"
    with_tag, without = rendered(text), rendered(text.replace("<b>1</b>", "1"))
    plain = without.replace(" />", ">")
    assert with_tag.replace("<b>1</b>", "1") == plain
    assert 'align="right"' in plain


REFUSED = "expected Markdown, or an inline tag without attributes, got `{}`"


@pytest.mark.parametrize(
    ("typed", "tag", "said"),
    [
        ("a <script>x</script>", "<script>", REFUSED),
        ("<img src=x>", "<img src=x>", REFUSED),
        ("a <b onclick='x'>b</b>", "<b onclick='x'>", REFUSED),
        ("<!-- hidden -->", "<!-- hidden -->", REFUSED),
        ("<div>\na\n</div>", "<div>", REFUSED),
        ("<cw-demo>", "<cw-demo>", REFUSED),
        ("a <kbd>b", "<kbd>", "expected `</kbd>` after `<kbd>`, found none"),
        ("a</kbd> <kbd>b", "</kbd>", "expected `<kbd>` before `</kbd>`, found none"),
        ("<b>a <i>b</i> c</b><br>", None, ""),
    ],
)
def test_what_is_wrong_with_a_tag_is_told(typed, tag, said):
    made, tags = markdown_and_tags()
    sanitized(typed, made, tags)
    told = next(iter(raw.problems(tags.tags).items()), None)
    assert told == ((tag, said.format(tag)) if tag else None)


def test_it_is_told_where_it_stands(folder):
    lesson = folder / "lessons" / "one.yml"
    lesson.write_text(
        lesson.read_text().replace("And $x^2$", "And\n          `b` <img src=x> $x^2$")
    )
    with pytest.raises(CourseError) as told:
        check_course(folder)
    place = "course/lessons/one.yml:14:15  sections[0].blocks[1].text: "
    assert f"{place}{REFUSED.format('<img src=x>')}\n    {raw.FIX}" in str(told.value)


def test_in_code_everything_is_text():
    assert rendered("`<script>`\n\n```\n<div>\n```") == (
        "<p><code>&lt;script&gt;</code></p>\n<pre><code>&lt;div&gt;\n</code></pre>"
    )


@given(st.lists(st.sampled_from(TYPED), max_size=12).map("".join))
@settings(max_examples=400, deadline=None)
def test_whatever_an_author_types_the_html_passes_the_last_look(text):
    # Links are checked by another part, which knows where they may lead.
    html = rendered(text)
    assert [each for each in unsafe_parts(html) if "href" not in each] == []


def test_the_tag_pattern_is_markdowns_own():
    assert markdown.inlinepatterns.HTML_RE in raw.TAG.pattern

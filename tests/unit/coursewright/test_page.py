"""A page as its parts: what goes through Markdown, and what is put into its place afterwards."""

import markdown
import pytest

from coursewright.cache import Cache
from coursewright.pages.formulas import Formulas
from coursewright.pages.html import code_html, html_block
from coursewright.pages.page import Page, searchable

BLOCK = html_block('<p id="here">A *block* of <b>HTML</b>.</p><svg><text id="drawn">3</text></svg>')


def made_of(text: str) -> str:
    return markdown.markdown(text, extensions=["attr_list"])


@pytest.fixture
def page() -> Page:
    return Page("a.md", "A", ["# A {#a}", BLOCK, BLOCK, "## B {#b}", BLOCK])


def test_blocks_put_in_afterwards_are_as_if_markdown_had_passed_them_on(page):
    assert page.filled(made_of(page.outline)) == made_of(page.markdown)


def test_an_outline_holds_headings_and_no_block(page):
    assert "## B {#b}" in page.outline
    assert "HTML" not in page.outline


def test_a_page_knows_the_ids_in_its_blocks(page):
    assert page.ids == {"here", "drawn"}


def test_a_search_finds_a_pages_text_but_not_what_its_drawings_are_made_of(page):
    assert made_of(page.markdown).count("<text") == 3
    found = page.searched(made_of(page.outline))
    assert "A *block* of <b>HTML</b>." in found
    assert "<text" not in found


def test_a_search_finds_a_formula_by_its_latex(tmp_path):
    formulas = Formulas({}, Cache(tmp_path))
    try:
        one, two = (formulas.html(tex, display=False) for tex in (r"\frac{1}{2}", "a < b"))
    finally:
        formulas.close()
    assert searchable(f"<p>{one} and {two}.</p>") == r"<p>\frac{1}{2} and a &lt; b.</p>"


def test_a_search_finds_code_as_it_reads():
    coloured = code_html("if p < 1:\n    pass")
    assert "<span" in coloured
    assert (
        searchable(coloured) == '<div class="highlight"><pre>if p &lt; 1:\n    pass\n</pre></div>'
    )

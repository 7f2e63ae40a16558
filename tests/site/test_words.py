"""No word slips past the catalogue: with all of it in brackets, pages have no word beside them.

What the page's script adds is looked at in `e2e/test_words.py`.
"""

import json
import re
from html.parser import HTMLParser

import pytest
from wrapped import bare, wrapped_course

from coursewright.words import english

HIDDEN = {"pre", "code", "svg", "script", "style"}  # the author's Python, and pictures
SAID = {"aria-label", "alt", "title", "placeholder", "data-head", "aria-valuetext"}
VOID = {"input", "img", "br", "meta", "link", "hr"}
PAGES = ["index.html", "check/index.html", "your-data/index.html", "lessons/xx/index.html"]
BLOCK = re.compile(r'<script type="application/json" id="coursewright-words"[^>]*>(.*?)</')
CODE = re.compile(r"```.*?```|`[^`]*`|\]\([^)]*\)|<[^>]*>", re.DOTALL)  # and addresses, and tags
ARTICLE = re.compile(r'<article class="md-content__inner.*?</article>', re.DOTALL)


class Reading(HTMLParser):
    """What a reader sees of some HTML, or is told of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.told, self.hidden = "", [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        theirs = "headerlink" in (given.get("class") or "")  # the theme's
        if self.hidden or tag in HIDDEN or theirs:
            self.hidden += [] if tag in VOID else [tag]
        else:
            self.told += [value for name, value in attrs if name in SAID and value]

    def handle_endtag(self, tag):
        if self.hidden:
            self.hidden.pop()

    def handle_data(self, data):
        self.text += "" if self.hidden else data


@pytest.fixture(scope="module")
def wrapped(tmp_path_factory, build):
    """The built site of the course whose words are in brackets."""
    project = wrapped_course(tmp_path_factory.mktemp("wrapped"))
    done = build(project)
    assert done.returncode == 0, done.stderr
    return project / "site"


@pytest.mark.parametrize("page", PAGES)
def test_every_word_of_a_page_is_the_authors_or_the_catalogues(wrapped, page):
    article = ARTICLE.search((wrapped / page).read_text(encoding="utf-8"))[0]
    read = Reading(article)
    assert "⟦" in read.text
    assert bare(read.text) == []
    assert [told for told in read.told if bare(told)] == []


def test_the_menu_and_a_pages_title_have_the_catalogues_words(wrapped):
    html = (wrapped / "your-data" / "index.html").read_text(encoding="utf-8")
    assert "<title>⟦Your data⟧ - Xx</title>" in html
    assert '<meta name="description" content="⟦What this browser keeps' in html
    assert "⟦Check your browser⟧" in html


def test_every_page_brings_the_words_of_its_script_and_no_policy_names_them(wrapped):
    for page in [*PAGES, "404.html"]:
        html = (wrapped / page).read_text(encoding="utf-8")
        block = re.search(
            r'<script type="application/json" id="coursewright-words"[^>]*>(.*?)</', html
        )
        words = json.loads(block[1])
        assert words["quiz.check"] == "⟦Check⟧"
        assert words["cards.due"] == {"one": "⟦1 card is due⟧", "other": "⟦{count} cards are due⟧"}
        assert not [key for key in words if key.startswith(("page.", "notebook."))]
        assert html.index("Content-Security-Policy") < html.index("coursewright-words")


def test_what_is_to_do_is_named_in_the_catalogues_words(wrapped):
    outline = json.loads((wrapped / "assets/reader/course.json").read_text(encoding="utf-8"))
    titles = [part["title"] for part in outline["lessons"][0]["parts"]]
    assert titles == [
        *("Xx", "Xxx", "⟦Check yourself⟧", "⟦Teach it back⟧", "⟦Cards to come back to⟧")
    ]


def test_a_notebook_has_the_catalogues_words(wrapped):
    cells = json.loads((wrapped / "lessons/xx/xx.ipynb").read_text(encoding="utf-8"))["cells"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert [text for text in prose if bare(CODE.sub("", text))] == []
    first = next("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    assert first.startswith("# ⟦Run this cell first.⟧\n")


def test_a_theme_in_another_language_is_refused_and_missing_keys_are_told(project, build):
    course = project / "course" / "course.yml"
    course.write_text(course.read_text() + "words: words/de.json\n")
    (project / "course" / "words").mkdir()
    (project / "course" / "words" / "de.json").write_text('{"demo.source": "Python zeigen"}')
    done = build(project)
    assert done.returncode == 1  # it is strict
    told = "the course's words are in 'de', the theme's in 'en'; set `theme: {language: de}`"
    assert told in done.stderr
    config = project / "mkdocs.yml"
    config.write_text(config.read_text().replace("font: false", "font: false, language: de"))
    done = build(project)
    assert done.returncode == 0, done.stderr
    count = len(english())
    assert f"English stands for {count - 1} of {count} keys, which are not here: " in done.stderr
    html = (project / "site/lessons/small/index.html").read_text(encoding="utf-8")
    assert '<html lang="de"' in html
    assert "<summary>Python zeigen</summary>" in html
    assert 'id="coursewright-words" lang="de"' in html

"""Blocks that are read and not operated: steps, tables, images, videos; and links in prose."""

import re
from pathlib import Path

import pytest

from coursewright.baking.bake import bake
from coursewright.baking.kitchen import Kitchen
from coursewright.cache import Cache
from coursewright.language.course import load_course
from coursewright.language.diagnostics import CourseError
from coursewright.publish.lessons import render_lessons

LESSON = "course/lessons/one.yml"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
LAST = "      - callout:\n          kind: insight\n          text: Twice is more.\n"


@pytest.fixture
def page(folder):
    """Renders the lesson with a block added, and returns the HTML of that block."""
    (folder / "images").mkdir()
    (folder / "images" / "curve.svg").write_text(SVG)
    (folder / "course.yml").write_text((folder / "course.yml").read_text() + "packages: []\n")

    def render(text: str) -> str:
        file = folder / "lessons" / "one.yml"
        file.write_text(file.read_text().replace(LAST, text))
        (rendered,) = render_lessons(load_course(folder), runtime_bytes=0).pages
        *_, block, end = rendered.parts
        assert "<cw-lesson" in end
        return block

    return render


@pytest.fixture
def wrong(page):
    """What is said about the lesson with a block added."""

    def say(block: str) -> list[str]:
        with pytest.raises(CourseError) as told:
            page(block)
        return [str(diagnostic) for diagnostic in told.value.diagnostics]

    return say


def test_steps_are_a_numbered_list_of_prose(page):
    html = page("      - steps:\n          - Guess **first**.\n          - Then look at $x$.\n")
    assert html.startswith('<div class="cw-block"><ol class="cw-steps"><li><p>Guess <strong>')
    assert html.count("<li>") == 2
    assert "katex" in html


def test_a_table_has_headings_and_a_caption_and_its_cells_are_prose(page):
    html = page(
        "      - table:\n"
        "          caption: What to *do*\n"
        "          columns: [Do, Avoid]\n"
        "          rows:\n"
        "            - ['{= 1 + 1 =}', '']\n"
    )
    assert "<caption>What to <em>do</em></caption>" in html
    assert '<th scope="col">Do</th><th scope="col">Avoid</th>' in html
    assert re.search(r'<td><data class="cw-claim"[^>]*>2</data></td><td></td>', html)


def test_a_line_does_not_end_between_a_number_and_its_percent_sign(page):
    html = page(
        "      - text: |\n"
        "          At 10 % of it, **5 %** and {= 20 + 3 =} %; but the % sign, `7 % 2`.\n"
    )
    words = re.sub(r"<[^>]*>", "", html)
    assert "At 10\u00a0% of it, 5\u00a0%" in words
    assert "23\u00a0%; but the % sign, 7 % 2." in words


def test_an_image_is_a_figure_with_words(page):
    html = page("      - image: {file: curve.svg, alt: A falling <curve>, caption: It falls.}\n")
    assert (
        '<img src="../../assets/images/curve.svg" alt="A falling &lt;curve&gt;" loading="lazy" '
        'width="1" height="1">'
        "<figcaption>It falls.</figcaption>" in html
    )


def test_a_video_is_a_link_with_what_one_wants_to_know_first(page):
    html = page(
        "      - video: {url: 'https://example.org/talk', title: A talk, by: Ada, minutes: 12}\n"
    )
    assert '<a href="https://example.org/talk" rel="noopener">A talk</a>' in html
    assert "Ada · 12 minutes" in html


def test_links_lead_to_places_on_the_site(page):
    html = page(
        "      - text: |\n"
        "          [here](#first), [the lesson](one.md), [there](one.md#doubler),\n"
        "          [out](https://example.org/?a=1), ![a curve](curve.svg)\n"
    )
    assert re.findall(r'(?:href|src)="([^"]*)"', html) == [
        "#first",
        "../one/",
        "../one/#doubler",
        "https://example.org/?a=1",
        "../../assets/images/curve.svg",
    ]


@pytest.mark.parametrize(
    ("link", "column", "told"),
    [
        ("[x](#frist)", 15, "expected an id on this page, got '#frist'\n    did you mean 'first'?"),
        (
            "[x](onne.md)",
            15,
            "expected a lesson of the course, got 'onne.md'\n    did you mean 'one'?",
        ),
        (
            "[x](one.md#dubler)",
            15,
            "expected an id on one.md, got '#dubler'\n    did you mean 'doubler'?",
        ),
        (
            "[x](../other/)",
            15,
            "expected a link that leads somewhere, got '../other/'\n"
            "    A link is `#id`, `lesson.md`, `lesson.md#id`, or begins with `https://`.",
        ),
        (
            "[x](javascript:alert)",
            15,
            "expected a link that leads somewhere, got 'javascript:alert'\n"
            "    A link is `#id`, `lesson.md`, `lesson.md#id`, or begins with `https://`.",
        ),
        (
            "![x](curve.png)",
            16,
            "expected a file images/curve.png in the course, found none\n"
            "    did you mean 'curve.svg'?",
        ),
        (
            "![](curve.svg)",
            15,
            "expected words for the image 'curve.svg', got none\n"
            "    Write what it shows in the brackets: ![a falling curve](curve.svg).",
        ),
    ],
)
def test_a_link_that_leads_nowhere_is_told_where_it_stands(wrong, link, column, told):
    (said,) = wrong(f"      - text: |\n          {link}\n")
    assert said == f"{LESSON}:23:{column}  sections[0].blocks[3].text: {told}"


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (
            "      - table: {columns: [a, b], rows: [[1, 2], [3]]}\n",
            "22:40  sections[0].blocks[3].table.rows: "
            "expected 2 cells in every row, got 1 in row 2",
        ),
        (
            "      - table: {columns: [a], rows: [[1]]}\n",
            "22:26  sections[0].blocks[3].table.columns: expected at least 2 entries, "
            "got a list of 1",
        ),
        (
            "      - image: {file: curv.svg, alt: A curve}\n",
            "22:23  sections[0].blocks[3].image.file: expected a file images/curv.svg in the "
            "course, found none\n    did you mean 'curve.svg'?",
        ),
        (
            "      - image: {file: ../secret.png, alt: A curve}\n",
            "22:23  sections[0].blocks[3].image.file: expected an image below the course's folder "
            "`images`, such as curve.svg, got '../secret.png'",
        ),
        (
            "      - image: {file: curve.svg}\n",
            "22:16  sections[0].blocks[3].image: missing key 'alt'\n    Add `alt: …` here.",
        ),
        (
            "      - steps: [Only one.]\n",
            "22:16  sections[0].blocks[3].steps: expected at least 2 entries, got a list of 1",
        ),
        (
            "      - video: {url: youtube, title: T, by: B}\n",
            "22:22  sections[0].blocks[3].video.url: expected a web address, got 'youtube'",
        ),
    ],
)
def test_a_block_that_cannot_be_is_told(wrong, block, told):
    assert wrong(block) == [f"{LESSON}:{told}"]


def test_every_text_of_a_lesson_is_found_where_it_stands(folder):
    block = (
        "      - steps: ['One {= 1 =}.', Two.]\n"
        "      - table: {caption: C, columns: [a, b], rows: [[c, d]]}\n"
    )
    file = folder / "lessons" / "one.yml"
    file.write_text(file.read_text().replace(LAST, block))
    lesson = load_course(folder).lessons[0]
    assert [(path[3:], text) for path, text in lesson.spec.texts()][2:] == [
        ((3, "steps", 0), "One {= 1 =}."),
        ((3, "steps", 1), "Two."),
        ((4, "table", "caption"), "C"),
        ((4, "table", "columns", 0), "a"),
        ((4, "table", "columns", 1), "b"),
        ((4, "table", "rows", 0, 0), "c"),
        ((4, "table", "rows", 0, 1), "d"),
    ]
    with Kitchen(load_course(folder), Cache(Path("cache"))) as kitchen:
        baked = bake(lesson, load_course(folder), kitchen)
    assert "1" in baked.claims.values()

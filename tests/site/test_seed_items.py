"""Everything the course set out to teach is on its pages, as the kind of block it should be."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

ITEMS = yaml.safe_load((Path(__file__).parents[1] / "seed_items.yml").read_text())
CASES = [(lesson, item) for lesson, items in ITEMS.items() for item in items]
# What each kind of block is on a page: its tag or class, and what else it must have.
LOOKS = {
    "text": "cw-text",
    "think_first": "cw-think",
    "insight": "cw-insight",
    "misconception": "cw-misconception",
    "depth": "cw-depth",
    "real_world": "cw-real-world",
    "analogy": "cw-analogy",
    "steps": "cw-steps",
    "table": "table",
    "video": "cw-video",
    "claim": "cw-claim",
    "demo": "cw-demo",
    "stream": "cw-demo",
    "predict": "cw-question",
    "quiz": "cw-question",
    "teach_back": "cw-teach",
    "flashcard": "cw-card",
    "source": "li",
}
EMPTY = {"input", "br", "img", "hr", "meta", "link", "col", "wbr", "source"}


@dataclass
class Element:
    """An element of a page: its tag, its attributes, and the words in it."""

    tag: str
    attributes: dict[str, str]
    section: str
    words: list[str] = field(default_factory=list, repr=False)
    # Not in its repr: each holds all below it, and a failing test would write them out for ever.
    inside: list["Element"] = field(default_factory=list, repr=False)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def looks(self, kind: str) -> bool:
        classes = self.attributes.get("class", "").split()
        return LOOKS[kind] in (*classes, self.tag)


class Elements(HTMLParser):
    """All elements of a page, each with the id of the heading above it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element] = []
        self.open: list[Element] = []
        self.section = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "h2":
            self.section = given.get("id", "")
        element = Element(tag, given, self.section)
        self.found.append(element)
        for each in self.open:
            each.inside.append(element)
        if tag not in EMPTY:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while any(each.tag == tag for each in self.open):
            if self.open.pop().tag == tag:
                break

    def handle_data(self, data: str) -> None:
        for each in self.open:
            each.words.append(data)


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, list[Element]]:
    """The elements of each lesson's page."""
    found = {}
    for lesson in ITEMS:
        reader = Elements()
        reader.feed((site / "lessons" / lesson / "index.html").read_text())
        found[lesson] = reader.found
    return found


def candidates(page: list[Element], at: str, kind: str) -> Iterator[Element]:
    """The blocks of a kind that have an id, or stand in the section with that id."""
    for element in page:
        if element.looks(kind) and at in (element.attributes.get("id"), element.section):
            yield element


@pytest.mark.parametrize(("lesson", "item"), CASES, ids=[item["item"] for _, item in CASES])
def test_an_item_is_where_it_should_be(lesson, item, pages):
    at, kind, says = item["at"], item["kind"], item.get("says", "")
    found = [each for each in candidates(pages[lesson], at, kind) if says in each.text]
    if kind == "claim":  # the whole number, as the page shows it
        found = [each for each in found if each.text == says]
    assert found, f"no {kind} that says {says!r} at #{at}"
    if kind in ("demo", "stream"):
        (demo,) = found
        assert demo.attributes["data-run"]
        assert demo.attributes["data-runtime"]
        assert ("data-streams" in demo.attributes) == (kind == "stream")
        tags = [each.tag for each in demo.inside]
        assert {"input", "figure"} & {*tags} or "table" in tags
        assert any("cw-control" in each.attributes.get("class", "") for each in demo.inside)
        assert any(each.attributes.get("class") == "cw-output" for each in demo.inside)
        wanted = item.get("sets", {})
        stands = settings(demo)
        assert {name: stands.get(name) for name in wanted} == wanted
    if kind in ("predict", "quiz"):
        (question,) = found
        assert (question.attributes["data-kind"] == "predict") == (kind == "predict")
        assert item.get("right", "") in right_answer(question)


def settings(demo: Element) -> dict[str, str]:
    """What each control of a demo stands at when the page is opened."""
    controls = [each for each in demo.inside if "data-name" in each.attributes]
    return {each.attributes["data-name"]: stands_at(each) for each in controls}


def stands_at(control: Element) -> str:
    """What one control stands at, as a reader would say it."""
    labels = [each for each in control.inside if each.tag == "label"]
    chosen = [each.text for each in labels if any("checked" in i.attributes for i in each.inside)]
    typed = [i for i in control.inside if i.attributes.get("type") in ("number", "text")]
    match control.attributes["data-kind"]:
        case "choice":
            return chosen[0]
        case "toggle":
            return "on" if chosen else "off"
        case "seed":
            return control.text.split()[-1]
        case _:
            return typed[0].attributes["value"]


def right_answer(question: Element) -> str:
    """The words of the option that counts as right."""
    options = [
        each for each in question.inside if "cw-option" in each.attributes.get("class", "").split()
    ]
    (right,) = json.loads(question.attributes["data-answer"])
    return options[int(right)].text


def test_there_are_many_items_and_every_demo_of_the_course_is_one(pages):
    assert len(CASES) >= 70
    asked = {(lesson, item["at"]) for lesson, item in CASES if item["kind"] in ("demo", "stream")}
    there = {
        (lesson, each.attributes["id"])
        for lesson, page in pages.items()
        for each in page
        if each.tag == "cw-demo"
    }
    assert asked == there

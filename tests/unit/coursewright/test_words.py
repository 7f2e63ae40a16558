"""The words of the interface: one catalogue, its plural forms, what a course says instead."""

import json
import re

import pytest

from coursewright.assets import GENERATOR, browser_folder
from coursewright.cli import main
from coursewright.language.course import load_course
from coursewright.publish.policy import inline_hashes
from coursewright.publish.words import with_words, words_block
from coursewright.words import ENGLISH, PLACEHOLDER, Words, english, plural_forms
from teachback import wording

PAGE = '<html><head><meta charset="utf-8"><title>x</title></head><body></body></html>'
CALL = re.compile(
    r"\b(?:say|sayAround|words|pieces)(?:\.html)?\(\s*(?P<quote>[\"'])(?P<key>[a-z]+\.[\w.-]+)(?P=quote)"
)
# What is put into a page as a text, or as what a part of it is called.
LITERAL = re.compile(
    r"(?:\[|textContent = |aria-label\"[:,] |\b(?:title|label|words|said|alt): )"
    r"[\"`][A-Z][a-z][^\"`]*"
)
KEYS = ['["Mod-Enter']


def translate(folder, language, texts):
    """Give a course words of its own."""
    course = folder / "course.yml"
    course.write_text(course.read_text() + f"words: words/{language}.json\n")
    (folder / "words").mkdir()
    file = folder / "words" / f"{language}.json"
    file.write_text(json.dumps(texts, ensure_ascii=False, indent=2), encoding="utf-8")
    return file


def test_a_text_has_its_values_and_a_count_chooses_its_form():
    assert ENGLISH("page.concepts", count=1) == "1 concept"
    assert ENGLISH("page.concepts", count=0) == "0 concepts"
    polish = Words("pl", {"page.concepts": {"one": "{count} a", "few": "{count} b", "other": "?"}})
    assert [polish("page.concepts", count=n) for n in (1, 2, 22)] == ["1 a", "2 b", "22 b"]
    assert polish("page.deck-about", count=2) == "2 cards"  # English, by its own rule


def test_as_html_a_text_is_escaped_and_its_values_are_html():
    words = Words("de", {"exercise.gives": "{call} < {value} & 'mehr'"})
    html = words.html("exercise.gives", call="<code>f()</code>", value="{call}")
    assert html == "<code>f()</code> &lt; {call} &amp; 'mehr'"


def test_plural_forms_are_those_of_the_language():
    assert plural_forms("en") == plural_forms("de") == ("one", "other")
    assert plural_forms("pl") == ("one", "few", "many", "other")
    assert plural_forms("ja") == ("other",)
    with pytest.raises(ValueError, match="klingon"):
        plural_forms("klingon")


def test_keys_that_are_missing_are_noted_and_stay_english(folder, capsys):
    texts = {key: text for key, text in english().items() if not key.startswith("quiz.")}
    translate(folder, "de", texts | {"cards.show": "Antwort zeigen"})
    course = load_course(folder)
    assert course.words("cards.show") == "Antwort zeigen"
    assert course.words("quiz.right") == "Right."
    count = len(english()) - len(texts)
    told = (
        f"course/words/de.json:1:1  English stands for {count} of {len(english())} keys, which "
        "are not here: quiz.check, quiz.again, quiz.right, quiz.not-so, quiz.wrong, …\n"
    )
    assert main(["check", str(folder)]) == 0
    assert capsys.readouterr().err == told


def test_the_catalogue_that_is_printed_is_where_a_translation_begins(folder, capsys):
    assert main(["words"]) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed) == english()
    translate(folder, "fr-CA", {}).write_text(
        printed.replace('"one"', '"many": "x {count} {number}", "one"'), encoding="utf-8"
    )
    with pytest.raises(Exception, match=r"expected no \{number\} in it"):
        load_course(folder)


def test_a_translation_of_everything_is_noted_nowhere(folder):
    translate(folder, "de", english())
    course = load_course(folder)
    assert course.notes == []
    assert (course.words.language, course.words.own) == ("de", english())


def test_every_key_that_is_said_is_in_the_catalogue_and_every_key_is_said():
    browser = sorted((browser_folder() / "src").rglob("*.ts"))
    python = sorted(GENERATOR.rglob("*.py"))
    text = "\n".join(file.read_text(encoding="utf-8") for file in [*browser, *python])
    said = {call["key"] for call in CALL.finditer(text)}
    assert sorted(said - english().keys()) == []
    begun = tuple(re.findall(r"[`\"']([a-z]+\.[a-z-]*)[${]", text))  # `data.${kind}`
    unsaid = [
        key
        for key in english()
        if not re.search(rf"[\"'`]{re.escape(key)}[\"'`]", text) and not key.startswith(begun)
    ]
    assert [key for key in unsaid if not key.startswith("checklist.")] == []


def test_no_literal_is_put_into_a_page():
    assert LITERAL.findall('h("p", {}, ["Try again"])') == ['["Try again']
    files = sorted((browser_folder() / "src").rglob("*.ts"))
    found = [text for file in files for text in LITERAL.findall(file.read_text(encoding="utf-8"))]
    assert found == KEYS, "put these into words/en.json, and `say` them by their keys"


def test_the_catalogue_reads_well():
    for key, text in english().items():
        assert re.fullmatch(r"[a-z]+\.[a-z_-]+", key), key
        forms = text if isinstance(text, dict) else {"other": text}
        assert set(forms) in ({"other"}, {"one", "other"}), key
        for each in forms.values():
            assert "{" not in PLACEHOLDER.sub("", each), key


def test_the_checklist_says_alone_what_the_catalogue_has_of_it():
    ours = {key: text for key, text in english().items() if key.startswith("checklist.")}
    assert ours == wording.ENGLISH


def test_a_page_in_english_carries_no_words_and_another_one_its_own():
    assert words_block(ENGLISH) == ""
    assert with_words(PAGE, "") == PAGE
    own = {"quiz.right": "</script><b>", "page.quiz": "Zum Prüfen", "quiz.check": "Prüfen"}
    block = words_block(Words("de", own))
    page = with_words(with_words(PAGE, block), block)
    data = re.search(r'id="coursewright-words" lang="de">(.*?)</script>', page)[1]
    assert json.loads(data) == {"quiz.right": "</script><b>", "quiz.check": "Prüfen"}
    assert page.count("coursewright-words") == 1
    assert inline_hashes(page) == []  # the policy names scripts, and this is none
    assert with_words(page, "") == PAGE

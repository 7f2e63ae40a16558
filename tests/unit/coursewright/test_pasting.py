"""Slips of a teacher's hand: what is proposed, pasted, makes the course right again."""

import re
from pathlib import Path

import pytest

from coursewright.language.course import load_course
from coursewright.language.diagnostics import CourseError, Diagnostic

X = "            x: {slider: [0, 10], step: 1, start: 2, label: A number}\n"
QUIZ = """\
quiz:
  - ask: Which is it?
    options:
      - {text: One, correct: true, why: Yes.}
      - {text: Two, why: No.}
      - {text: Three, why: No.}
"""
# What stands in the lesson, and what was written instead.
SLIPS = {
    "a colon in a title": ("title: One lesson", "title: One lesson: the first"),
    "a colon in a summary": ("It is short.", "In short: it is short."),
    "a colon in an entry": ("next?\n", "next: one or two?\n"),
    "a colon in a label": ("label: A number", "label: How: much?"),
    "a comma in a label": ("label: A number", "label: A number, or two"),
    "a question mark and a comma in an answer": ("why: Yes.", "why: Yes, why not?"),
    "a comma in an answer": ("text: One,", "text: One, or so,"),
    "a quotation mark in the middle": ("title: One lesson", 'title: "One" more lesson'),
    "an apostrophe between apostrophes": ("title: One lesson", "title: 'It's one lesson'"),
    "a title in open quotation marks": ("title: One lesson", 'title: "One lesson'),
    "a title in quotation marks closed only": ("ask: Which is it?", "ask: 'Which' is it?"),
    "a tab for an indent": ("          kind: insight", "\t\t  kind: insight"),
    "a space from a web page": ("  - id: first", "  -\u00a0id: first"),
    "one space too many": ("    title: The first", "     title: The first"),
    "one space too few": ("          title: A doubler", "         title: A doubler"),
    "an id beside its dash": ("  - id: first\n    title", "  - id: first\n   title"),
    "no dash": ("      - think_first:", "        think_first:"),
    "no dash before an answer": ("      - {text: Two,", "        {text: Two,"),
    "no space after a dash": ("      - think_first:", "      -think_first:"),
    "no space after a colon": ("title: One lesson", "title:One lesson"),
    "no space after a colon in braces": ("start: 2,", "start:2,"),
    "no colon": ("minutes: 3", "minutes 3"),
    "an equals sign": ("minutes: 3", "minutes = 3"),
    "a star for a dash": ("      - think_first:", "      * think_first:"),
    "text beside its bar": ("- text: |\n          The", "- text: | The"),
    "no bar": ("- text: |\n          The", "- text:\n          Note: the"),
    "a text out of its block": ("          And $x^2$", "        And $x^2$"),
    "a bracket left open": ("[0, 10]", "[0, 10"),
    "a bracket never opened": ("[0, 10]", "0, 10]"),
    "a brace left open": ("label: A number}", "label: A number"),
    "a brace closed twice": ("label: A number}", "label: A number}}"),
    "no comma": ("step: 1, start", "step: 1 start"),
    "bold at the start": ("text: Twice is more.", "text: **Twice** is more."),
    "a link at the start": ("text: Twice", "text: [Twice](#first)"),
    "code at the start": ("text: Twice is more.", "text: `2 * x` is more."),
    "a computed number at the start": ("text: Twice is", "text: {= 2 * 2 =} is"),
    "a percent sign at the start": ("summary: It is short.", "summary: %50 of it is short."),
    "an at sign at the start": ("summary: It is short.", "summary: @home it is short."),
    "a number sign": ("title: One lesson", "title: Lesson #1"),
    "an ampersand": ("title: One lesson", "title: &c."),
    "an exclamation mark": ("title: One lesson", "title: !Look"),
    "LaTeX in double quotation marks": ("It is short.", '"It is $\\prob$."'),
    "a text below its key": ("title: One lesson", "title:\n  Step 1: one lesson"),
    "a colon too many": ("title: One lesson", "title:: One lesson"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_what_is_proposed_can_be_pasted_and_makes_the_course_right(name, folder):
    old, new = SLIPS[name]
    file = folder / "lessons" / "one.yml"
    text = file.read_text() + QUIZ
    assert text.count(old) == 1
    file.write_text(text)
    load_course(folder)
    file.write_text(text.replace(old, new))
    told = problems(folder)
    assert told
    paste(file, told)
    assert problems(folder) == []


def test_slips_at_once_are_told_at_once(folder):
    file = folder / "lessons" / "one.yml"
    text = file.read_text() + QUIZ
    for name in AT_ONCE:
        text = text.replace(*SLIPS[name])
    file.write_text(text)
    told = problems(folder)
    assert len(told) == len(AT_ONCE)
    paste(file, told)
    assert problems(folder) == []


AT_ONCE = (
    *("a colon in a title", "an at sign at the start", "no colon", "one space too many"),
    *("no space after a dash", "a bracket left open", "bold at the start", "a comma in an answer"),
)


def problems(folder: Path) -> list[Diagnostic]:
    """What is wrong with a course."""
    try:
        load_course(folder)
    except CourseError as error:
        return error.diagnostics
    return []


def paste(file: Path, told: list[Diagnostic]) -> None:
    """Put the lines that are proposed in place of those that were told."""
    lines = file.read_text().split("\n")
    for problem in reversed(told):
        found = re.fullmatch(r"(?:.*\. )?Write:\n(.*)", problem.fix, re.DOTALL)
        if found:
            lines[problem.line - 1] = re.sub("^ {6}", "", found[1], flags=re.MULTILINE)
    file.write_text("\n".join(lines))

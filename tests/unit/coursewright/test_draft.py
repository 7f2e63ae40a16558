"""A lesson drafted from a notebook: it passes at once, and reads as if a person had written it."""

import doctest
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursewright.cli import main
from coursewright.exports import draft
from coursewright.language.files import read
from coursewright.language.spec import Lesson
from coursewright.scaffold import yaml_text

FIRST = r"""# Learning, *step* by step: why?

A first word, see [the docs](https://example.org) and [my file](data/x.csv).

## 1. The loss

It is $-\log p$, and \(x\), not $\nope{x}$.

$$\sum_i x_i$$

### Deeper

![a curve](figures/loss.png) and <img src="attachment:b.png">

```python
# no heading, and [no link](here)
```

## The loss
"""
CODE = 'x = 1\nprint(f"{x=}")\n\n# ```\n'
WANTED = r"""# Drafted from a notebook. Still to do: summary, minutes, and:
#   * a link became plain words: my file (data/x.csv)
#   * a formula KaTeX cannot read is shown as code: \nope{x}
#   * an image to put into `images` and to name in the text: figures/loss.png
#   * an image to put into `images` and to name in the text: attachment:b.png
#   * `=}` opens or closes a computed number: it became `= }`
id: my-notes
title: 'Learning, step by step: why?'
summary: 'About Learning, step by step: why?.'
minutes: 10
sections:
  - id: introduction
    title: Introduction
    blocks:
      - text: |
          A first word, see [the docs](https://example.org) and my file.
  - id: the-loss
    title: 1. The loss
    blocks:
      - text: |
          It is $-\log p$, and $x$, not `\nope{x}`.

          $$\sum_i x_i$$

          ### Deeper

          *(Image: a curve)* and *(Image: attachment:b.png)*

          ```python
          # no heading, and [no link](here)
          ```
  - id: the-loss-2
    title: The loss
    blocks:
      - text: |
          ````python
          x = 1
          print(f"{x= }")

          # ```
          ````
"""


def notebook(file, *cells):
    """Write a notebook of (kind, source) cells."""
    found = [{"cell_type": kind, "metadata": {}, "source": source} for kind, source in cells]
    data = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": found}
    file.write_text(json.dumps(data))
    return file


@pytest.fixture
def notes(folder):
    """A notebook beside the course; its sources are lines, or one text."""
    lines = FIRST.splitlines(keepends=True)
    return notebook(folder.parent / "My notes.ipynb", ("markdown", lines), ("code", CODE))


def test_a_notebook_becomes_a_lesson_that_reads_as_written_by_hand(notes, folder, capsys):
    assert main(["import", str(notes)]) == 0
    assert (folder / "lessons" / "my-notes.yml").read_text() == WANTED
    said = capsys.readouterr().out
    assert said.startswith("course/lessons/my-notes.yml\ncourse/course.yml (a line added)\n")
    assert "  to do: a link became plain words: my file (data/x.csv)\n" in said


def test_the_draft_has_no_problems(notes, folder, capsys):
    assert main(["import", str(notes)]) == 0
    assert main(["check", str(folder)]) == 0, capsys.readouterr().err


def test_a_notebook_of_anything_passes(folder, capsys):
    file = notebook(
        folder.parent / "odd.ipynb",
        (
            "markdown",
            "Lesson\n======\n\nQuiz\n----\n\n[x][1], ![y][2]\n\n[1]: a.html\n\n## Größe\n",
        ),
        ("markdown", "    indented code\n\nthen $\\begin{align} a &= b \\\\ c &= d \\end{align}$"),
        ("markdown", "# Question 1\r\n\ttab\x0c\u2028\x1b[0m\n## Question-1\n## 数学\n## "),
        ("raw", "raw"),
        ("code", "%matplotlib inline\n!pip install x\n"),
        ("code", ""),
        ("markdown", "[![badge](b.svg)](https://example.org) {= 1 =} #not a heading\n####### no"),
        ("markdown", "> quoted\n\n* [`code` in a link](other.ipynb)\n* $5 and $6\n\n---\n"),
    )
    assert main(["import", str(file), "--out", "course/lessons/odd.yml"]) == 0
    assert main(["check", str(folder)]) == 0, capsys.readouterr().err


def test_html_that_a_lesson_refuses_is_shown_as_text(folder, capsys):
    file = notebook(
        folder.parent / "html.ipynb",
        ("markdown", "<div align=center>H<sub>2</sub>O</div>"),
        ("markdown", "\nPress <kbd>x</kbd> in List<int>."),
    )
    assert main(["import", str(file)]) == 0
    assert "HTML is shown as text, beginning with <div align=center>" in capsys.readouterr().out
    text = (folder / "lessons" / "html.yml").read_text()
    assert "&lt;div align=center>H&lt;sub>2&lt;/sub>O&lt;/div>" in text
    assert "Press <kbd>x</kbd> in List<int>." in text
    assert main(["check", str(folder)]) == 0, capsys.readouterr().err


def test_an_empty_notebook_is_a_lesson_to_write(folder, capsys):
    file = notebook(folder.parent / "empty.ipynb")
    assert main(["import", str(file)]) == 0
    assert main(["check", str(folder)]) == 0, capsys.readouterr().err
    assert "To be written." in (folder / "lessons" / "empty.yml").read_text()


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["markdown", "code"]),
            st.text(st.sampled_from(list("ab #\n\t`$[](){}=!|>-*~'\":é\u2028\x00\ue000"))),
        ),
        max_size=4,
    )
)
def test_whatever_the_cells_hold_the_draft_is_a_lesson(tmp_path, cells):
    file = notebook(tmp_path / "any.ipynb", *cells)
    made = draft.draft(file, "any", lambda tex, display: "a" in tex).written("any")
    source = read("any.yml", made.encode())
    assert source.problems == []
    Lesson.model_validate(source.data)


@settings(deadline=None)
@given(st.text(min_size=1))
def test_prose_in_block_style_is_read_back(text):
    written = yaml_text.block("text", f"a{text}b", 2)
    lines = yaml_text.clean(f"a{text}b").split("\n")
    expected = "\n".join(line.rstrip() for line in lines).strip("\n")
    assert yaml.safe_load(written) == {"text": expected}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"# Not JSON", "expected a Jupyter notebook, got no JSON in it.ipynb"),
        (b"\xff\xfe", "expected a Jupyter notebook, got no JSON in it.ipynb"),
        (b"[]", "expected a Jupyter notebook, got other JSON in it.ipynb"),
        (b'{"a": 1}', "expected a Jupyter notebook, got other JSON in it.ipynb"),
        (
            b'{"nbformat": 3, "worksheets": []}',
            "expected a notebook of format 4, got 3 in it.ipynb; save it anew with a current "
            "Jupyter",
        ),
        (
            b'{"nbformat": 4, "cells": [{"cell_type": "code"}]}',
            "expected text as source of cell 1, got none in it.ipynb",
        ),
        (None, "cannot read it.ipynb: No such file or directory"),
    ],
    ids=["text", "bytes", "list", "mapping", "old", "no source", "not there"],
)
def test_what_is_no_notebook_is_told(folder, capsys, content, told):
    if content is not None:
        Path("it.ipynb").write_bytes(content)
    assert main(["import", "it.ipynb"]) == 1
    assert capsys.readouterr().err == told + "\n"
    assert not (folder / "lessons" / "it.yml").exists()


def test_nothing_is_overwritten(notes, folder, capsys):
    before = (folder / "course.yml").read_text()
    (folder / "lessons" / "my-notes.yml").write_text("mine")
    assert main(["import", str(notes)]) == 1
    assert capsys.readouterr().err == (
        "course/lessons/my-notes.yml is there already; nothing was written\n"
    )
    assert (folder / "course.yml").read_text() == before


def test_a_lesson_has_a_name_that_a_page_can_have(notes, capsys):
    assert main(["import", str(notes), "--out", "My Lesson.yml"]) == 1
    said = capsys.readouterr().err
    assert said == "expected a lesson's file such as my-lesson.yml, got My Lesson.yml\n"


def test_a_draft_can_stand_outside_of_a_course(notes, folder, capsys):
    before = (folder / "course.yml").read_text()
    assert main(["import", str(notes), "--out", "other/draft.yml"]) == 0
    assert "id: draft\n" in Path("other/draft.yml").read_text()
    assert (folder / "course.yml").read_text() == before


def test_without_a_course_a_file_has_to_be_named(notes, tmp_path, monkeypatch, capsys):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert main(["import", str(notes)]) == 1
    said = capsys.readouterr().err
    assert said == "expected a course in `course`, found none; name a file with --out\n"


@pytest.mark.parametrize("module", [draft, yaml_text])
def test_the_examples_hold(module):
    assert doctest.testmod(module).failed == 0

"""A small course of its own, as an author's folder: `mkdocs.yml`, `docs/`, `course/`."""

from collections.abc import Callable
from pathlib import Path

import pytest

MKDOCS = """\
site_name: Small
theme: {name: material, font: false}
plugins: [search, coursewright]
nav: [index.md, lessons/small.md, check.md]
"""
COURSE = """\
id: small
title: Small
lessons: [small]
"""
LESSON = """\
id: small
title: A <small> lesson
summary: "It says <b>nothing</b> & costs nothing."
minutes: 1
sections:
  - id: first
    title: "First: *what* is it?"
    blocks:
      - text: |
          Some **bold** text, `<script>alert(1)</script>` and $\\frac{1}{2}$.

          | p | loss |
          |---|---|
          | 0.5 | {= -log(0.5) | .2f =} |
      - demo:
          id: half
          title: Half of it
          run: small:half
          try: Move it.
          controls:
            x: {slider: [0, 10], step: 1, start: 4, label: A number}
          frames: false
"""
DEMO = """\
def half(x):
    print("I was asked for half of", x)
    if x == 7:
        raise ValueError("seven cannot be halved here")
    return x / 2
"""


FILES = {
    "mkdocs.yml": MKDOCS,
    "docs/index.md": "# Home\n",
    "course/course.yml": COURSE,
    "course/lessons/small.yml": LESSON,
    "course/demos/__init__.py": "",
    "course/demos/small.py": DEMO,
}


@pytest.fixture(scope="session")
def write_project() -> Callable[[Path], Path]:
    """Writes an author's project with one lesson into a folder."""

    def write(folder: Path) -> Path:
        for file, text in FILES.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text)
        return folder

    return write


@pytest.fixture
def project(tmp_path: Path, write_project: Callable[[Path], Path]) -> Path:
    """An author's project with one lesson."""
    return write_project(tmp_path)

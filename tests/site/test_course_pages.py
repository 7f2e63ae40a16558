"""What the hand-written pages say of the course is what the built site has."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
LESSONS = [yaml.safe_load(file.read_text()) for file in (ROOT / "course/lessons").glob("*.yml")]
NUMBERS = {1: "One lesson", 2: "Two lessons", 3: "Three lessons"}


@pytest.mark.parametrize("page", ["teachers.md", "hosting.md", "how-it-works.md"])
def test_what_python_costs_a_reader_is_the_size_of_its_files(page, site):
    lesson = (site / "lessons/the-p-in-gpt/index.html").read_text()
    (size,) = set(re.findall(r'data-bytes="(\d+)"', lesson))
    said = set(re.findall(r"[Aa]bout (\d+) MB", (ROOT / "docs" / page).read_text()))
    assert said == {f"{int(size) / 1e6:.0f}"}


def test_the_home_page_tells_how_many_lessons_there_are_and_how_long_they_take():
    home = (ROOT / "docs/index.md").read_text()
    assert f"{NUMBERS[len(LESSONS)]}, under 40 minutes each." in home
    assert max(lesson["minutes"] for lesson in LESSONS) < 40

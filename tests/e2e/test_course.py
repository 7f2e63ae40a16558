"""The course itself on a phone in the dark: every demo of every lesson is used, and answers."""

from pathlib import Path

import pytest
import yaml
from serving import served
from using import demos_of, use

COURSE = Path(__file__).parents[2] / "course" / "course.yml"
LESSONS = yaml.safe_load(COURSE.read_text())["lessons"]


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_demo_of_a_lesson_answers(lesson, site, on_a_phone):
    with served(site, "/") as origin:
        page = on_a_phone(origin, f"lessons/{lesson}/")
        demos = demos_of(page)
        assert demos
        wrong = {demo: use(page, demo)[1] for demo in demos}
        assert {demo: what for demo, what in wrong.items() if what} == {}
        assert page.evaluate("document.documentElement.scrollWidth") == 390
